"""The table of snapshots: read together with the events after them, written beside everything else.

A write that fails, or that there is no room for, is no loss: the next reader offers another.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, TypeAlias
from uuid import UUID

from db.database import Database
from eventstore.snapshot import FORMAT, Snapshot
from eventstore.stored_event import StoredEvent
from eventstore.stream_loads import StreamLoads

WAITING_MAX: Final = 32

# The lock lets an erasure wait, which then finds what was written.
_PUT: Final = """
INSERT INTO snapshot (tenant_id, stream_id, version, format, person_id, data)
SELECT $1, $2, $3, $4, $5, $6
WHERE $5::uuid IS NULL OR EXISTS (
  SELECT FROM person_key WHERE tenant_id = $1 AND person_id = $5 FOR KEY SHARE
)
ON CONFLICT (tenant_id, stream_id)
DO UPDATE SET version = excluded.version, format = excluded.format,
  person_id = excluded.person_id, data = excluded.data
WHERE snapshot.version < excluded.version OR snapshot.format <> excluded.format
"""
_DROP: Final = """
DELETE FROM snapshot WHERE tenant_id = $1 AND stream_id = $2 AND version = $3 AND format = $4
"""

_Work: TypeAlias = tuple[str, Callable[[], tuple[object, ...]]]
"""A statement, and what makes its parameters after the tenant and the stream."""

_logger: Final = logging.getLogger("nguon.eventstore")


class SnapshotTable:
    """One a process; `aclose` gives up what is still waiting."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loads = StreamLoads(database)
        self._waiting: dict[tuple[int, UUID], _Work] = {}
        self._worker: asyncio.Task[None] | None = None
        self._is_closed = False

    async def aclose(self) -> None:
        """Cancel the write under way, and take no further one."""
        await self._loads.aclose()
        self._is_closed = True
        self._waiting.clear()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait({self._worker})

    async def read(
        self, tenant_id: int, stream_id: UUID
    ) -> tuple[Snapshot | None, list[StoredEvent]]:
        """The snapshot of a stream, if any, and the events after it; one round trip."""
        rows = await self._loads.rows(tenant_id, stream_id)
        snapshot = None
        if rows and rows[0]["position"] == 0:
            snapshot = Snapshot(*[rows[0][name] for name in Snapshot.__struct_fields__])
            rows = rows[1:]
        return snapshot, [StoredEvent(*row) for row in rows]

    def offer(self, tenant_id: int, stream_id: UUID, take: Callable[[], Snapshot]) -> None:
        """Let a snapshot be taken and written in a moment, unless there is a newer one by then."""

        def values() -> tuple[object, ...]:
            taken = take()
            return taken.version, FORMAT, taken.person_id, taken.data

        self._queue(tenant_id, stream_id, (_PUT, values))

    def drop(self, snapshot: Snapshot) -> None:
        """Let one that is of no use be deleted in a moment, unless another has taken its place."""
        values = snapshot.version, FORMAT
        self._queue(snapshot.tenant_id, snapshot.stream_id, (_DROP, lambda: values))

    def _queue(self, tenant_id: int, stream_id: UUID, work: _Work) -> None:
        place = tenant_id, stream_id
        if self._is_closed or place in self._waiting or len(self._waiting) >= WAITING_MAX:
            return
        self._waiting[place] = work
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        """One after the other, on one connection at a time, until none is left."""
        while self._waiting:
            place, (statement, values) = next(iter(self._waiting.items()))
            tenant_id, stream_id = place
            try:
                async with self._database.tenant(tenant_id) as connection:
                    await connection.execute(statement, tenant_id, stream_id, *values())
            except Exception as error:  # noqa: BLE001 (whatever it is, nobody has waited for it)
                _logger.warning(
                    "the snapshot of record %s of tenant %d is left as it is: %s",
                    stream_id,
                    tenant_id,
                    type(error).__name__,
                )
            self._waiting.pop(place, None)
