"""The peer of `lag`: rows copied into another table by SQL alone, as NOTIFY tells of them.

`python _consumer.py DSN`: the copying process, which goes on until its input ends.
"""

import asyncio
import sys
from collections.abc import Collection
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import asyncpg
import uvloop

from _peers import Process
from _postgres import PAYLOAD, TYPE, Pool, open_rows
from _server import Server

_CHANNEL: Final = "lag"
_TABLE: Final = """
CREATE TABLE copied_row (
  tenant_id int, position bigint, stream_id uuid, type text, recorded_at timestamptz,
  PRIMARY KEY (tenant_id, position)
)
"""
_SEND: Final = f"""
WITH inserted AS (INSERT INTO raw_event VALUES ($1, $2, $3, $4, $5, $6, $7))
SELECT pg_notify('{_CHANNEL}', $8)
"""  # noqa: S608 (our own channel)
_COPY: Final = """
INSERT INTO copied_row
SELECT e.tenant_id, e.position, e.stream_id, e.type, e.recorded_at
FROM unnest($1::int[], $2::bigint[]) AS told (tenant_id, position)
JOIN raw_event e USING (tenant_id, position)
"""
_THERE: Final = """
SELECT tenant_id, position
FROM unnest($1::int[], $2::bigint[]) AS asked (tenant_id, position)
JOIN copied_row USING (tenant_id, position)
"""


class Consumed:
    """Inserts rows, each with a notification in its transaction, and sees which were copied."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._position = 0

    async def send(self, tenant: int) -> tuple[int, int]:
        """Durable when this returns."""
        self._position += 1
        sent = tenant, self._position
        row = (*sent, uuid4(), 1, TYPE, PAYLOAD, datetime.now(UTC))
        await self._pool.execute(_SEND, *row, f"{tenant} {sent[1]}")
        return sent

    async def there(self, asked: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
        """Which of these rows are in the other table."""
        rows = await self._pool.fetch(_THERE, *zip(*asked, strict=True))
        return [(row["tenant_id"], row["position"]) for row in rows]


async def open_consumed(server: Server, stack: AsyncExitStack) -> Consumed:
    """A database of its own with both tables, and the process that copies."""
    pool = await stack.enter_async_context(open_rows(server, "peer_lag"))
    await pool.execute(_TABLE)
    process = await Process.start(sys.executable, __file__, server.address_of("peer_lag"))
    stack.push_async_callback(process.aclose)
    await process.ask(op="begin")
    return Consumed(pool)


async def main(dsn: str) -> None:
    """Copy what was told of since the last copy, again and again."""
    told: asyncio.Queue[tuple[int, int]] = asyncio.Queue()

    def hear(_connection: object, _pid: int, _channel: str, payload: object) -> None:
        tenant, position = str(payload).split()
        told.put_nowait((int(tenant), int(position)))

    listening, writing = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    await listening.add_listener(_CHANNEL, hear)

    async def copy() -> None:
        while True:
            some = [await told.get()]
            while not told.empty():
                some.append(told.get_nowait())
            await writing.execute(_COPY, *zip(*some, strict=True))

    copying = asyncio.create_task(copy())
    while await asyncio.to_thread(sys.stdin.readline):
        print("{}", flush=True)
    copying.cancel()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
