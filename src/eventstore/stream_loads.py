"""Reads whole streams with their snapshots: those wanted while a call is under way share the next.

There is no timer, so a single reader waits for nobody, and none is answered by a call that began
before he asked.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg

from db.database import Database
from eventstore.snapshot import FORMAT
from eventstore.stored_event import COLUMNS, KEY_COLUMNS

STREAMS_MAX: Final = 32

_READ: Final = f"SELECT {COLUMNS}, {KEY_COLUMNS} FROM read_streams($1, $2, 0, $3)"  # noqa: S608 (our own column list)

_Waiting: TypeAlias = dict[UUID, list[asyncio.Future[list[asyncpg.Record]]]]
"""Those who wait for each stream."""


@dataclass(slots=True, eq=False)
class _Queue:
    waiting: _Waiting = field(default_factory=dict)
    worker: asyncio.Task[None] | None = None


class StreamLoads:
    """One a process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queues: dict[int, _Queue] = {}

    async def rows(self, tenant_id: int, stream_id: UUID) -> list[asyncpg.Record]:
        """The snapshot of a stream, if any, as a row of position 0, and the events after it."""
        queue = self._queues.setdefault(tenant_id, _Queue())
        rows: asyncio.Future[list[asyncpg.Record]] = asyncio.get_running_loop().create_future()
        queue.waiting.setdefault(stream_id, []).append(rows)
        if queue.worker is None:
            queue.worker = asyncio.create_task(self._work(tenant_id, queue))
        return await rows

    async def aclose(self) -> None:
        """Nobody waits any more, or shall."""
        workers = [queue.worker for queue in self._queues.values() if queue.worker is not None]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, tenant_id: int, queue: _Queue) -> None:
        wanted: _Waiting = {}
        try:
            while queue.waiting:
                taken = list(queue.waiting)[:STREAMS_MAX]
                wanted = {stream_id: queue.waiting.pop(stream_id) for stream_id in taken}
                await self._read(tenant_id, wanted)
        finally:
            queue.worker = None
            for rows in (*_all(wanted), *_all(queue.waiting)):
                rows.cancel()
            queue.waiting.clear()

    async def _read(self, tenant_id: int, wanted: _Waiting) -> None:
        try:
            found = await self._database.read(_READ, tenant_id, list(wanted), FORMAT)
        except Exception as error:  # noqa: BLE001 - each of those who wait must hear of it
            for rows in _all(wanted):
                rows.set_exception(error)
            return
        of: dict[UUID, list[asyncpg.Record]] = {stream_id: [] for stream_id in wanted}
        for row in found:
            of[row["stream_id"]].append(row)
        for stream_id, waiting in wanted.items():
            for rows in waiting:
                if not rows.done():
                    rows.set_result(of[stream_id])


def _all(waiting: _Waiting) -> Iterable[asyncio.Future[list[asyncpg.Record]]]:
    """Those who have not given up."""
    return [rows for each in waiting.values() for rows in each if not rows.done()]
