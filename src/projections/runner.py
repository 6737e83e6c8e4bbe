"""Moves every projection of every tenant forward by itself: rows and checkpoint in one transaction.

Any number of processes may run; the row lock on a checkpoint gives each (projection, tenant) to one
of them at a time, and a dead one's share is free as soon as its connection is gone. A projection
that fails stops for its tenant only.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from opentelemetry import metrics, trace

from db.database import Connection, Database
from eventstore.codec import UnreadableEvent
from eventstore.reading import READ_MAX, Filter, read_after
from eventstore.registry import read_names
from eventstore.store import EventStore
from eventstore.wakeups import unless
from projections.projection import Projection

_LOGGER: Final = logging.getLogger(__name__)
_TRACER: Final = trace.get_tracer(__name__)
_METER: Final = metrics.get_meter(__name__)
_FOLDED: Final = _METER.create_counter("nguon.projection.events", description="Events folded")
_LAG: Final = _METER.create_gauge(
    "nguon.projection.lag",
    unit="{event}",
    description="Positions between the head and the checkpoint",
)

BATCH_MAX: Final = READ_MAX
"""Positions of a batch: no more than what one reading gives, or some would be passed over."""
CONCURRENT_MAX: Final = 4
POLL_S: Final = 1.0
RETRY_S: Final = 5.0

_SEED: Final = """
INSERT INTO checkpoint (tenant_id, projection, position, version) VALUES ($1, $2, 0, $3)
ON CONFLICT DO NOTHING
"""
_CLAIM: Final = """
SELECT position FROM checkpoint WHERE tenant_id = $1 AND projection = $2 AND version = $3
FOR UPDATE SKIP LOCKED
"""
_ADVANCE: Final = "UPDATE checkpoint SET position = $3 WHERE tenant_id = $1 AND projection = $2"
_HEAD: Final = "SELECT head FROM tenant_log WHERE tenant_id = $1"
_LAGGING: Final = """
SELECT l.tenant_id, p.projection, l.head - coalesce(c.position, 0) AS lag
FROM tenant_log l
CROSS JOIN unnest($2::text[]) AS p (projection)
LEFT JOIN checkpoint c ON c.tenant_id = l.tenant_id AND c.projection = p.projection
WHERE l.tenant_id = ANY ($1::int[])
"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a projection of a tenant does not move."""

    reason: str
    since_s: float


class Runner:
    """Runs projections."""

    def __init__(
        self, database: Database, store: EventStore, projections: Sequence[Projection]
    ) -> None:
        self._database = database
        self._store = store
        self._projections = {projection.name: projection for projection in projections}
        self._known = read_names()
        self.stopped: dict[tuple[str, int], Stopped] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the projections."""
        return tuple(self._projections)

    def projection(self, name: str) -> Projection:
        """The projection of a name. Raises KeyError."""
        return self._projections[name]

    async def run(self, stop: asyncio.Event) -> None:
        """Follow all logs until `stop` is set; outlives a restart of the database."""
        while not stop.is_set():
            ticket = self._store.ticket()
            try:
                moved = await self.advance()
            except Exception:
                _LOGGER.exception("projections: a round failed, going on")
                moved = False
            if not moved:
                await unless(stop, self._store.wait_for_append(ticket, POLL_S))

    async def advance(self) -> bool:
        """One batch of each (projection, tenant) that is behind; whether any of them moved."""
        behind = [key for key, lag in (await self.lag()).items() if lag > 0]
        due = [key for key in behind if not self._resting(*key)]
        due.sort(key=lambda key: self.names.index(key[0]))
        room = asyncio.Semaphore(CONCURRENT_MAX)

        async def batch(key: tuple[str, int]) -> bool:
            async with room:
                return await self._try_batch(*key)

        return any(await asyncio.gather(*map(batch, due)))

    async def catch_up(self) -> None:
        """Run until every projection that is not stopped has reached the heads as of each round."""
        while await self.advance():
            pass

    async def lag(self) -> dict[tuple[str, int], int]:
        """Positions between the head and the checkpoint, by (projection, tenant)."""
        tenants = [tenant.tenant_id for tenant in await self._store.tenants()]
        if not tenants:
            return {}
        async with self._database.rollup(tenants) as connection:
            rows = await connection.fetch(_LAGGING, tenants, list(self._projections))
        found = {(row["projection"], row["tenant_id"]): int(row["lag"]) for row in rows}
        for (projection, tenant), lag in found.items():
            _LAG.set(lag, {"projection": projection, "tenant": tenant})
        return found

    async def caught_up(self) -> bool:
        """Whether every projection has reached the head of every log."""
        return all(lag <= 0 for lag in (await self.lag()).values())

    def _resting(self, projection: str, tenant: int) -> bool:
        stopped = self.stopped.get((projection, tenant))
        return stopped is not None and time.monotonic() - stopped.since_s < RETRY_S

    async def _try_batch(self, projection: str, tenant: int) -> bool:
        key = (projection, tenant)
        try:
            moved = await self._batch(self._projections[projection], tenant)
        except UnreadableEvent as poison:
            self.stopped[key] = Stopped(str(poison), time.monotonic())
            _LOGGER.error("projection %s of tenant %d stopped: %s", projection, tenant, poison)  # noqa: TRY400
            return False
        except Exception as failure:
            self.stopped[key] = Stopped(type(failure).__name__, time.monotonic())
            _LOGGER.exception("projection %s of tenant %d stopped", projection, tenant)
            return False
        self.stopped.pop(key, None)
        return moved

    async def _batch(self, projection: Projection, tenant: int) -> bool:
        """Fold one batch; False when there was nothing to do or another process is at it."""
        with _TRACER.start_as_current_span(
            "projection batch",
            attributes={"nguon.projection": projection.name, "nguon.tenant": tenant},
        ) as span:
            async with self._database.tenant(tenant) as connection:
                folded = await self.fold(connection, projection, tenant)
            span.set_attribute("nguon.positions", folded)
        _FOLDED.add(folded, {"projection": projection.name})
        return folded > 0

    async def fold(
        self, connection: Connection, projection: Projection, tenant: int, until: int | None = None
    ) -> int:
        """Fold one batch in the caller's transaction, not beyond a position; how many there were.

        0 when another process is at it, or when the rows are of another version of the fold.
        """
        version = projection.version
        await connection.execute(_SEED, tenant, projection.name, version)
        position = await connection.fetchval(_CLAIM, tenant, projection.name, version)
        if position is None:
            return 0
        if until is None:
            until = await connection.fetchval(_HEAD, tenant)
        until = min(until, position + BATCH_MAX)
        if until <= position:
            return 0
        wanted = Filter(types=projection.types, known=self._known, until=until)
        events = await read_after(connection, tenant, position, BATCH_MAX, wanted)
        for stored in events:
            if stored.type not in self._known:
                # Of a newer program perhaps, which would not come back to it.
                raise UnreadableEvent(stored, "no event of this name is known")
        if events:
            await projection.apply(connection, tenant, events)
        await connection.execute(_ADVANCE, tenant, projection.name, until)
        return int(until - position)
