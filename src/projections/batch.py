"""A batch of some projections of a tenant: claimed, folded and checked off in one transaction."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

import asyncpg

from db.database import CONNECTION_LOST, Connection, DatabaseUnavailable
from domain.calendar import VIETNAM
from eventstore.codec import UnreadableEvent
from eventstore.reading import Filter, read_after
from eventstore.stored_event import StoredEvent
from projections.progress import skipped_in, skipped_positions
from projections.projection import Projection, RecordedDay, Settling, recorded_days

BATCH_MAX: Final = 10_000
"""How many positions a batch may pass over."""

_SEED: Final = """
INSERT INTO checkpoint (tenant_id, projection, position, version)
SELECT $1, p.projection, 0, p.version FROM unnest($2::text[], $3::int[]) AS p (projection, version)
ON CONFLICT DO NOTHING
"""
_CLAIM: Final = """
SELECT c.projection, c.position, l.head, array(
  SELECT data FROM event WHERE tenant_id = $1 AND type = 'projection.event_skipped'
) AS skips
FROM checkpoint c
JOIN tenant_log l ON l.tenant_id = c.tenant_id
JOIN unnest($2::text[], $3::int[]) AS p (projection, version)
  ON p.projection = c.projection AND p.version = c.version
WHERE c.tenant_id = $1
FOR UPDATE OF c SKIP LOCKED
"""
_ADVANCE: Final = """
WITH resumed AS (
  DELETE FROM stop WHERE tenant_id = $1 AND projection = ANY ($2::text[]) AND position <= $3
)
UPDATE checkpoint SET position = $3, moved_at = clock_timestamp()
WHERE tenant_id = $1 AND projection = ANY ($2::text[])
"""
_STOP: Final = """
INSERT INTO stop (tenant_id, projection, position, reason, since)
VALUES ($1, $2, $3, $4, clock_timestamp())
ON CONFLICT (tenant_id, projection) DO UPDATE
SET position = excluded.position, reason = excluded.reason,
  since = CASE WHEN stop.position = excluded.position THEN stop.since ELSE excluded.since END
WHERE (stop.position, stop.reason) <> (excluded.position, excluded.reason)
"""
_NEXT: Final = """
SELECT position FROM event
WHERE tenant_id = $1 AND position > $2
  AND (type = ANY ($3::text[]) OR type <> ALL ($4::text[])) AND position <> ALL ($5::bigint[])
ORDER BY position LIMIT 1
"""
_DAYS: Final = """
SELECT (recorded_at AT TIME ZONE $6)::date AS day, min(position) AS first, max(position) AS last
FROM event
WHERE tenant_id = $1 AND position > $2 AND position <= $3 AND type = ANY ($4::text[])
  AND position <> ALL ($5::bigint[])
GROUP BY day ORDER BY first
"""
_PASSING: Final = (
    *CONNECTION_LOST,
    DatabaseUnavailable,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.ObjectNotInPrerequisiteStateError,
)
"""What says nothing about the events: the same batch may succeed a moment later."""


class Unfoldable(Exception):
    """One of the at most `count` events of a batch after a position cannot be folded."""

    def __init__(self, position: int, count: int, failure: Exception) -> None:
        # Whatever else a fold raises may quote a personal value.
        told = str(failure) if isinstance(failure, UnreadableEvent) else type(failure).__name__
        super().__init__(told)
        self.position = position
        self.count = count


async def fold(
    connection: Connection,
    projections: Sequence[Projection],
    tenant: int,
    known: Collection[str],
    size: int,
) -> dict[str, int]:
    """Fold at most `size` events, of one reading; how many positions each checkpoint moved.

    Left out are those that another process is at, and whose rows are of another version of the
    fold. `known` are the names of all events. Raises Unfoldable when one of them cannot go on.
    """
    claims = await _claims(connection, projections, tenant)
    if not claims:
        return {}
    after = min(claim.position for claim in claims)
    until = min(claims[0].head, after + BATCH_MAX)
    if until <= after:
        return {}
    types = frozenset[str]().union(*(claim.projection.types for claim in claims))
    wanted = Filter(types=types, known=known, until=until)
    with _blaming(after, size):
        events = await read_after(connection, tenant, after, size, wanted)
    if len(events) == size:
        until = events[-1].position
    moving = [claim for claim in claims if claim.position < until]
    for claim in moving:
        await _fold_one(connection, claim, tenant, known, events)
    names = [claim.projection.name for claim in moving]
    await connection.execute(_ADVANCE, tenant, names, until)
    return {claim.projection.name: until - claim.position for claim in moving}


async def _fold_one(
    connection: Connection,
    claim: "_Claim",
    tenant: int,
    known: Collection[str],
    events: Sequence[StoredEvent],
) -> None:
    """Fold what there is for one projection among the events."""
    projection = claim.projection
    wanted = Filter(types=projection.types, known=known, skipped=claim.skipped)
    own = [event for event in events if event.position > claim.position and wanted.wants(event)]
    if not own:
        return
    with _blaming(claim.position, len(events)):
        await _apply(connection, projection, tenant, known, own)
        if isinstance(projection, Settling):
            await projection.settle(connection, tenant, recorded_days(own))


@contextmanager
def _blaming(position: int, count: int) -> Iterator[None]:
    """What fails here is the fault of one of so many events after a position, or passes."""
    try:
        yield
    except Exception as failure:
        if _is_passing(failure):
            raise
        raise Unfoldable(position, count, failure) from failure


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of a log for one projection: its events after a position, up to another one."""

    after: int
    until: int
    events: Sequence[StoredEvent]


async def fold_part(
    connection: Connection, projection: Projection, tenant: int, known: Collection[str], part: Part
) -> bool:
    """Fold what was read already; whether the checkpoint was where that begins, and free.

    What a projection settles is left unsettled: see `settle_until`. Raises Unfoldable.
    """
    if await _claim(connection, projection, tenant) != part.after:
        return False
    if part.events:
        skipped = await skipped_positions(connection, tenant, projection.name)
        events = [event for event in part.events if event.position not in skipped]
        try:
            await _apply(connection, projection, tenant, known, events)
        except Exception as failure:
            if _is_passing(failure):
                raise
            raise Unfoldable(events[0].position - 1, len(events), failure) from failure
    await connection.execute(_ADVANCE, tenant, [projection.name], part.until)
    return True


async def settle_until(
    connection: Connection, projection: Projection, tenant: int, until: int
) -> None:
    """Have a projection settle what it has folded up to a position. Raises Unfoldable."""
    if not isinstance(projection, Settling):
        return
    settled = await projection.settled(connection, tenant)
    skipped = await skipped_positions(connection, tenant, projection.name)
    given = (list(projection.types), list(skipped), str(VIETNAM))
    rows = await connection.fetch(_DAYS, tenant, settled, until, *given)
    if not rows:
        return
    try:
        await projection.settle(connection, tenant, [RecordedDay(*row) for row in rows])
    except Exception as failure:
        if _is_passing(failure):
            raise
        raise Unfoldable(settled, rows[-1]["last"] - settled, failure) from failure


async def _apply(
    connection: Connection,
    projection: Projection,
    tenant: int,
    known: Collection[str],
    events: list[StoredEvent],
) -> None:
    _require_known(events, known)
    if events:
        await projection.apply(connection, tenant, events)


async def record_stop(
    connection: Connection,
    projection: Projection,
    tenant: int,
    known: Collection[str],
    failed: Unfoldable,
) -> bool:
    """Remember that the next event of a projection cannot be folded; whether that is news.

    It is not if another process is at it, or was able to.
    """
    claims = await _claims(connection, [projection], tenant)
    if not claims or claims[0].position != failed.position:
        return False
    position = failed.position
    given = (list(projection.types), list(known), list(claims[0].skipped))
    following = await connection.fetchval(_NEXT, tenant, position, *given)
    if following is None:
        return False
    if following > position + 1:
        await connection.execute(_ADVANCE, tenant, [projection.name], following - 1)
    written = await connection.execute(_STOP, tenant, projection.name, following, str(failed))
    return bool(written != "INSERT 0 0")


class _Claim(NamedTuple):
    """A checkpoint that is locked, and what its projection passes over by decision."""

    projection: Projection
    position: int
    head: int
    skipped: frozenset[int]


async def _claims(
    connection: Connection, projections: Sequence[Projection], tenant: int
) -> list[_Claim]:
    """The checkpoints, locked, without those of another process's or another version's."""
    whose = {projection.name: projection for projection in projections}
    given = (tenant, list(whose), [projection.version for projection in projections])
    rows = await connection.fetch(_CLAIM, *given)
    if len(rows) < len(projections):
        # Those that are not another's are not there yet.
        await connection.execute(_SEED, *given)
        rows = await connection.fetch(_CLAIM, *given)
    return [
        _Claim(whose[name], position, head, skipped_in(skips, name))
        for name, position, head, skips in rows
    ]


async def _claim(connection: Connection, projection: Projection, tenant: int) -> int | None:
    """The checkpoint, locked; None while another process is at it, or another version's."""
    claims = await _claims(connection, [projection], tenant)
    return claims[0].position if claims else None


def _require_known(events: Sequence[StoredEvent], known: Collection[str]) -> None:
    """Raises UnreadableEvent for one of a newer program, which would not come back to it."""
    for stored in events:
        if stored.type not in known:
            raise UnreadableEvent(stored, "no event of this name is known")


def _is_passing(failure: Exception) -> bool:
    # The driver's own complaints about a value are both of its kinds.
    return isinstance(failure, _PASSING) and not isinstance(failure, ValueError)
