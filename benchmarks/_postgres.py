"""Peers that are nothing but PostgreSQL, through the product's own driver: rows and message-db."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import uuid4

import asyncpg

from _compare import Contender, Run, drive
from _peers import node_environment
from _server import CONNECTIONS, Server

if TYPE_CHECKING:
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Pool, Connection = asyncpg.Pool, asyncpg.Connection

PAYLOAD: Final = b'{"groups":["ETHNIC_MINORITY","YOUTH_UNION"],"ageBand":"18-30","inFavor":7}'
TYPE: Final = "candidate.cell_vote_held"

_CHANNEL: Final = "bench"
_NOTIFY: Final = f"SELECT pg_notify('{_CHANNEL}', $1)"
_RAW_TABLE: Final = """
CREATE TABLE raw_event (
  tenant_id int, position bigint, stream_id uuid, version int, type text, data bytea,
  recorded_at timestamptz,
  PRIMARY KEY (tenant_id, position)
)
"""
_RAW_INSERT: Final = "INSERT INTO raw_event VALUES ($1, $2, $3, $4, $5, $6, $7)"
_RAW_INSERT_AND_NOTIFY: Final = (
    f"WITH inserted AS ({_RAW_INSERT}) SELECT pg_notify('{_CHANNEL}', $8)"
)
_COLUMNS: Final = """
SELECT string_agg(
  format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum
)
FROM pg_attribute WHERE attrelid = 'event'::regclass AND attnum > 0 AND NOT attisdropped
"""
_WRITE: Final = "SELECT message_store.write_message($1, $2, $3, $4, NULL, $5)"
# Without the package's extension: gen_random_uuid() has been PostgreSQL's own since version 13,
# and pgcrypto is not everywhere.
_MESSAGE_DB: Final = (
    "schema/message-store.sql",
    "tables/messages.sql",
    "types/message.sql",
    "functions/*.sql",
    "indexes/*.sql",
)


class RawInsert:
    """One row a statement and commit, with no version, no command id and nothing to keep."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._position = 0

    def append(self, writers: int, events: int) -> Contender:
        """A round; several events of a command are inserted in one transaction."""

        async def step(_writer: int) -> None:
            async with self._pool.acquire() as connection:
                if events == 1:
                    await connection.execute(_RAW_INSERT, *self._row())
                else:
                    rows = [self._row() for _ in range(events)]
                    await connection.executemany(_RAW_INSERT, rows)

        return lambda seconds: drive(writers, events, step, seconds=seconds)

    async def send(self, number: int) -> int:
        """Insert a row and tell the listeners the number, in one transaction that is durable."""
        await self._pool.execute(_RAW_INSERT_AND_NOTIFY, *self._row(), str(number))
        return number

    def _row(self) -> tuple[object, ...]:
        self._position += 1
        return 1, self._position, uuid4(), 1, TYPE, PAYLOAD, datetime.now(UTC)


class Copy:
    """COPY of the very rows that the store wrote, into their columns with a primary key alone."""

    def __init__(self, pool: Pool, rows: Sequence[Sequence[object]]) -> None:
        self._pool = pool
        self._rows = rows
        self._shift = 0

    @classmethod
    async def of_log(cls, server: Server, pool: Pool, count: int) -> "Copy":
        """Of the first rows of the logs, which must be there."""
        product = await asyncpg.connect(server.superuser_of_product())
        try:
            columns = await product.fetchval(_COLUMNS)
            rows = await product.fetch("SELECT * FROM event LIMIT $1", count)
        finally:
            await product.close()
        assert len(rows) == count
        await pool.execute(
            f"CREATE TABLE copied_event ({columns}, PRIMARY KEY (tenant_id, position))"
        )
        return cls(pool, [tuple(row) for row in rows])

    async def run(self, _seconds: float) -> Run:
        """One COPY in one transaction; the rows are ready before the clock starts."""
        self._shift += len(self._rows)
        records = [(row[0], self._shift + place, *row[2:]) for place, row in enumerate(self._rows)]

        async def step(_writer: int) -> None:
            async with self._pool.acquire() as connection:
                await connection.copy_records_to_table("copied_event", records=records)

        return await drive(1, len(records), step, commands=1)


class MessageDb:
    """message-db's `write_message` with the expected version, by prepared statements."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def append(self, writers: int, events: int, tenants: int) -> Contender:
        """A round. A tenant is a category, because the function locks the whole category."""

        async def step(writer: int) -> None:
            stream = f"candidate{writer % tenants}-{uuid4()}"
            data = PAYLOAD.decode()
            messages = [(str(uuid4()), stream, TYPE, data, last) for last in range(-1, events - 1)]
            async with self._pool.acquire() as connection:
                if events == 1:
                    await connection.fetchval(_WRITE, *messages[0])
                else:
                    await connection.executemany(_WRITE, messages)

        return lambda seconds: drive(writers, events, step, seconds=seconds)


@asynccontextmanager
async def open_rows(server: Server, name: str) -> AsyncIterator[Pool]:
    """A database of its own with the table of `RawInsert`."""
    dsn = await server.create_database(name)
    async with _pool(dsn) as pool:
        await pool.execute(_RAW_TABLE)
        yield pool


@asynccontextmanager
async def open_message_db(server: Server) -> AsyncIterator[tuple[str, MessageDb]]:
    """Its name with the version, and the store. Raises PeerFailed."""
    package = node_environment("message-db") / "@eventide" / "message-db"
    manifest = json.loads((package / "package.json").read_text(encoding="utf-8"))
    dsn = await server.create_database("peer_message_db")
    async with _pool(dsn, search_path="message_store, public") as pool:
        for pattern in _MESSAGE_DB:
            for path in _files(package / "database", pattern):
                await pool.execute(path.read_text(encoding="utf-8"))
        yield f"message-db {manifest['version']}", MessageDb(pool)


class Notify:
    """A notification by itself, in a transaction that writes nothing."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def send(self, number: int) -> int:
        """The number that the listeners are told."""
        await self._pool.execute(_NOTIFY, str(number))
        return number


@asynccontextmanager
async def listeners(dsn: str, count: int, arrived: Callable[[int], None]) -> AsyncIterator[None]:
    """So many listeners on one connection, which is what the followers of a process have too."""

    def listener() -> Callable[..., None]:
        return lambda _connection, _pid, _channel, payload: arrived(int(payload))

    connection = await asyncpg.connect(dsn)
    try:
        for _ in range(count):
            await connection.add_listener(_CHANNEL, listener())
        yield
    finally:
        await connection.close()


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


@asynccontextmanager
async def _pool(dsn: str, **settings: str) -> AsyncIterator[Pool]:
    async def spared(_connection: Connection) -> None:
        """No reset, which costs a round trip; the product's connections need none either."""

    async with asyncpg.create_pool(
        dsn,
        min_size=CONNECTIONS,
        max_size=CONNECTIONS,
        reset=spared,
        server_settings=settings,
    ) as pool:
        yield pool
