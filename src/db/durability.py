"""What the server promises about acknowledged writes, for printing at start."""

from dataclasses import dataclass
from typing import Final

import asyncpg

SETTINGS: Final = ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")
SELECT_SETTINGS: Final = """
SELECT name, setting FROM pg_settings
WHERE name = ANY ($1::text[] || ARRAY['server_version'])
"""


@dataclass(frozen=True, slots=True)
class Durability:
    """The settings that decide whether an acknowledged append survives a crash."""

    server_version: str
    fsync: str
    synchronous_commit: str
    full_page_writes: str
    wal_sync_method: str

    @property
    def is_safe(self) -> bool:
        """Whether an acknowledged commit survives a loss of power, as by PostgreSQL's defaults."""
        return (
            self.fsync == "on"
            and self.full_page_writes == "on"
            and self.synchronous_commit != "off"
        )

    def __str__(self) -> str:
        return (
            f"PostgreSQL {self.server_version}: fsync={self.fsync} "
            f"synchronous_commit={self.synchronous_commit} "
            f"full_page_writes={self.full_page_writes} wal_sync_method={self.wal_sync_method}"
        )


async def read_durability(dsn: str) -> Durability:
    """The settings as a new session of this role has them."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(SELECT_SETTINGS, list(SETTINGS))
    finally:
        await connection.close()
    return Durability(**{row["name"]: row["setting"] for row in rows})
