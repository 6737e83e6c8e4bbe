"""Forward-only migrations: numbered SQL files, each applied once, in order, in one transaction.

There is no way back and no branch: a gap or a changed file is refused before anything runs.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

FOLDER: Final = Path(__file__).parent / "migrations"
FILE_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
LOCK: Final = 0x4E_67_75_6F_6E  # "Nguon": one runner at a time in a database
LOCK_TIMEOUT_S: Final = 10
STATEMENT_TIMEOUT_S: Final = 300

CREATE_MIGRATION: Final = """
CREATE TABLE IF NOT EXISTS migration (
  number int NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT migration_pk PRIMARY KEY (number)
)
"""
HAS_MIGRATION: Final = "SELECT to_regclass('public.migration') IS NOT NULL"
SELECT_APPLIED: Final = "SELECT number, name, sha256 FROM migration ORDER BY number"
INSERT_APPLIED: Final = "INSERT INTO migration (number, name, sha256) VALUES ($1, $2, $3)"


class MigrationRefused(Exception):
    """The files and what the database says was applied do not fit together."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the folder."""

    number: int
    name: str
    sql: str
    sha256: str


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """All files in order; raises `MigrationRefused` for a gap or a name of another form."""
    migrations = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
        match = FILE_NAME.fullmatch(path.name)
        if match is None or int(match[1]) != number:
            message = f"migration {path.name} should be number {number:04}"
            raise MigrationRefused(message)
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        migrations.append(Migration(number, match[2], content.decode(), digest))
    return migrations


async def pending(dsn: str, folder: Path = FOLDER) -> list[Migration]:
    """What `migrate` would apply; writes nothing."""
    connection = await asyncpg.connect(dsn)
    try:
        return await _unapplied(connection, read_migrations(folder))
    finally:
        await connection.close()


async def migrate(owner_dsn: str, folder: Path = FOLDER) -> list[Migration]:
    """Bring the database to the newest schema and return what was applied; none the second time.

    Raises `MigrationRefused` when an applied file has changed or is missing, and asyncpg's error
    when a file fails: the files before it stay applied, the failed one leaves nothing.
    """
    migrations = read_migrations(folder)
    connection = await asyncpg.connect(owner_dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        if not await connection.fetchval(HAS_MIGRATION):
            await connection.execute(CREATE_MIGRATION)
            await connection.execute("GRANT SELECT ON migration TO nguon_app")
        unapplied = await _unapplied(connection, migrations)
        for migration in unapplied:
            await _apply(connection, migration)
        return unapplied
    finally:
        await connection.close()


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(
            f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s';"
            f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_S}s'"
        )
        await connection.execute(migration.sql)
        await connection.execute(INSERT_APPLIED, migration.number, migration.name, migration.sha256)


async def _unapplied(
    connection: "asyncpg.Connection[asyncpg.Record]", migrations: list[Migration]
) -> list[Migration]:
    if not await connection.fetchval(HAS_MIGRATION):
        return migrations
    applied = await connection.fetch(SELECT_APPLIED)
    for place, row in enumerate(applied):
        file = migrations[place] if place < len(migrations) else None
        if file is None or (file.number, file.sha256) != (row["number"], row["sha256"]):
            message = (
                f"migration {row['number']:04}_{row['name']} was applied to this database "
                "but its file is missing or has changed"
            )
            raise MigrationRefused(message)
    return migrations[len(applied) :]
