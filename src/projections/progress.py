"""How far each projection of each tenant has come, and which of them stand still.

Measured for whoever asks, in the worker or beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
import msgspec
from opentelemetry import metrics

from db.database import Connection, Database
from eventstore.store import EventStore

_METER: Final = metrics.get_meter(__name__)
_LAG: Final = _METER.create_gauge(
    "nguon.projection.lag",
    unit="{event}",
    description="Positions between the head and the checkpoint",
)
_WAITING: Final = _METER.create_gauge(
    "nguon.projection.waiting", unit="s", description="Age of the oldest event not yet folded"
)
_STOPPED: Final = _METER.create_gauge(
    "nguon.projection.stopped", description="1 while an event cannot be folded"
)

STALLED_S: Final = 60.0
"""How long the checkpoint of a projection that is behind may stay where it is."""

_PROGRESS: Final = """
SELECT p.projection, l.tenant_id, l.head, coalesce(c.position, 0) AS position,
  extract(epoch FROM clock_timestamp() - c.moved_at)::float8 AS still_s,
  s.position AS stopped_at, s.reason, s.since
FROM tenant_log l
CROSS JOIN unnest($2::text[]) AS p (projection)
LEFT JOIN checkpoint c ON c.tenant_id = l.tenant_id AND c.projection = p.projection
LEFT JOIN stop s ON s.tenant_id = l.tenant_id AND s.projection = p.projection
WHERE l.tenant_id = ANY ($1::int[]) AND (NOT $3 OR l.head > coalesce(c.position, 0))
ORDER BY l.tenant_id, array_position($2::text[], p.projection)
"""
_WAITING_SINCE: Final = """
SELECT tenant_id, position,
  extract(epoch FROM clock_timestamp() - recorded_at)::float8 AS waiting_s
FROM recorded_at_positions($1::int[], $2::bigint[])
"""
_SKIPPED: Final = """
SELECT data FROM event WHERE tenant_id = $1 AND type = 'projection.event_skipped'
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """The event that a projection cannot fold, and why."""

    position: int
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """One projection of one tenant.

    `waiting_s` is the age of the oldest event that is not folded, 0 without one; `still_s` is how
    long the checkpoint has not moved, None before the first batch.
    """

    projection: str
    tenant_id: int
    head: int
    position: int
    still_s: float | None
    waiting_s: float
    stop: Stop | None

    @property
    def lag(self) -> int:
        """Positions between the head and the checkpoint."""
        return self.head - self.position

    def stalls(self, watched_s: float) -> bool:
        """Whether nobody moves it though it is behind.

        It was watched for `watched_s`, is not known to be stopped, and had `STALLED_S` to move.
        """
        still_s = watched_s if self.still_s is None else min(self.still_s, watched_s)
        return self.stop is None and self.lag > 0 and min(still_s, self.waiting_s) >= STALLED_S


async def read_progress(
    database: Database, store: EventStore, projections: Sequence[str]
) -> list[Progress]:
    """All of them by tenant, in one transaction, told to the metrics as well."""
    found = await _read(database, store, projections, behind_only=False)
    for each in found:
        whose: dict[str, str | int] = {"projection": each.projection, "tenant": each.tenant_id}
        _LAG.set(each.lag, whose)
        _WAITING.set(each.waiting_s, whose)
        _STOPPED.set(int(each.stop is not None), whose)
    return found


async def read_behind(
    database: Database, store: EventStore, projections: Sequence[str]
) -> list[Progress]:
    """Those that are behind: few at most times, where all are hundreds of tenants'."""
    return await _read(database, store, projections, behind_only=True)


async def _read(
    database: Database, store: EventStore, projections: Sequence[str], *, behind_only: bool
) -> list[Progress]:
    tenants = [tenant.tenant_id for tenant in await store.tenants()]
    if not tenants:
        return []
    async with database.rollup(tenants) as connection:
        rows = await connection.fetch(_PROGRESS, tenants, list(projections), behind_only)
        ages = await _ages(connection, rows)
    return [_progress(row, ages.get((row["tenant_id"], row["position"] + 1), 0.0)) for row in rows]


async def skipped_positions(
    connection: Connection, tenant_id: int, projection: str
) -> frozenset[int]:
    """The positions that a projection of a tenant passes over by an operator's decision."""
    rows = await connection.fetch(_SKIPPED, tenant_id)
    return skipped_in([row["data"] for row in rows], projection)


def skipped_in(skips: Sequence[bytes], projection: str) -> frozenset[int]:
    """The positions that concern one projection, of all skips of a tenant."""
    found = [_SKIP.decode(data) for data in skips]
    return frozenset(each.skipped for each in found if each.projection == projection)


class _Skip(msgspec.Struct):
    """What is asked of a stored skip."""

    projection: str
    skipped: int


_SKIP: Final = msgspec.json.Decoder(_Skip)


async def _ages(
    connection: Connection, rows: Sequence[asyncpg.Record]
) -> dict[tuple[int, int], float]:
    behind = {
        (row["tenant_id"], row["position"] + 1) for row in rows if row["head"] > row["position"]
    }
    if not behind:
        return {}
    tenants, positions = zip(*sorted(behind), strict=True)
    found = await connection.fetch(_WAITING_SINCE, list(tenants), list(positions))
    return {(row["tenant_id"], row["position"]): row["waiting_s"] for row in found}


def _progress(row: asyncpg.Record, waiting_s: float) -> Progress:
    stop = row["stopped_at"]
    return Progress(
        projection=row["projection"],
        tenant_id=row["tenant_id"],
        head=row["head"],
        position=row["position"],
        still_s=row["still_s"],
        waiting_s=max(0.0, waiting_s),
        stop=None if stop is None else Stop(stop, row["reason"], row["since"]),
    )
