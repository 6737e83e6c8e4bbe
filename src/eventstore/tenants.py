"""The directory of tenants: codes to numbers, and who belongs to which province."""

import time
from dataclasses import dataclass
from typing import Final

import asyncpg

from db.database import Database
from domain.errors import organization_not_found

REFRESH_S: Final = 1.0

_DIRECTORY: Final = "SELECT tenant_id, code, province_id FROM tenant_directory()"
_ADD: Final = "SELECT add_tenant($1)"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A province's own office (`province_id` is its own number) or an organization under one."""

    tenant_id: int
    code: str
    province_id: int


async def add_tenant(owner_dsn: str, code: str) -> int:
    """Add a tenant with an empty log, as the owner; gives the number of the one that is there."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        number: int = await connection.fetchval(_ADD, code)
    finally:
        await connection.close()
    return number


class Tenants:
    """All tenants; looked up again at most each second, and at once for an unknown code."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_code: dict[str, Tenant] = {}
        self._looked_s = -REFRESH_S

    async def all(self) -> list[Tenant]:
        """All tenants by number."""
        if time.monotonic() - self._looked_s >= REFRESH_S:
            await self._look()
        return list(self._by_code.values())

    async def of_code(self, code: str) -> Tenant:
        """The tenant whose log an organization of a code belongs to. Raises NotFound."""
        own = "/".join(code.split("/")[:2])
        if own not in self._by_code:
            await self._look()
        if own not in self._by_code:
            raise organization_not_found(code)
        return self._by_code[own]

    async def of_province(self, province_id: int) -> list[int]:
        """The numbers of a province's tenants, its own office included."""
        return [t.tenant_id for t in await self.all() if t.province_id == province_id]

    async def _look(self) -> None:
        rows = await self._database.read(_DIRECTORY)
        self._by_code = {row["code"]: Tenant(*row) for row in rows}
        self._looked_s = time.monotonic()
