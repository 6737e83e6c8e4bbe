"""How many people stand where, and how many were admitted when.

Postings, and sums of them by unit.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from db.database import Connection
from domain.candidate import CandidateEntryVoided
from domain.case import CaseEntry, Stage
from domain.events import EVENTS
from domain.part import AssignedToPart, Unit, whereabouts
from domain.placement import units_of_others
from domain.record import Entry, live_entries
from domain.timeline import FLOWS, Postings
from eventstore.codec import Codec
from eventstore.reading import read_streams
from eventstore.stored_event import StoredEvent
from projections.carry_forward import carry_forward
from projections.progress import skipped_positions
from projections.projection import Recorded
from projections.sending import Sending

_INSERT: Final = """
INSERT INTO posting (
  tenant_id, position, ordinal, unit, person, account, groups, effective_on, n, is_apart
)
SELECT $1, * FROM unnest(
  $2::bigint[], $3::smallint[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::date[],
  $9::smallint[], $10::boolean[]
)
"""

_INSERT_UNIT: Final = """
INSERT INTO unit (tenant_id, unit, origin, organization_id, effective_on)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""

_PERSONS: Final = """
SELECT p.person, p.unit, p.account
FROM posting p
WHERE p.tenant_id = $1 AND p.position <= $2 AND p.effective_on <= $3 AND p.unit = ANY ($4::uuid[])
  AND p.groups & $5 = $5 AND p.account <> ALL ($6::text[])
GROUP BY p.person, p.unit, p.account
HAVING sum(p.n) > 0
ORDER BY p.person
LIMIT $7
"""

_SETTLED: Final = """
SELECT coalesce(max(position), 0) FROM balance_epoch WHERE tenant_id = $1
"""

_FLOWS: Final = list(FLOWS)
_Row: TypeAlias = tuple[int, int, UUID, UUID, str, int, date, int, bool]
_PORTION: Final = 500
"""Rows that are sent at once: few enough to leave before the next ones are folded."""


class PipelineProjection:
    """Keeps `posting` and `unit`, and the balances of `balance`.

    After each event, the person's timeline with it less the timeline without it.
    """

    name = "pipeline"
    version = 1
    """Raised where the same events fold to other rows, or the rows to other answers."""
    types = frozenset(
        cls.TOPIC
        for cls in EVENTS
        if issubclass(cls, CaseEntry | AssignedToPart | CandidateEntryVoided)
    )
    tables = ("posting", "unit", "balance", "balance_epoch")

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """Fold again each person whom the events concern."""
        streams = await self._streams(connection, tenant_id, events)
        fresh = {event.position for event in events}
        units: set[Unit] = set()
        rows: list[_Row] = []
        async with Sending(connection, _INSERT, tenant_id) as sending:
            for person, stream in streams.items():
                rows += self._rows(person, stream, fresh, units)
                if len(rows) >= _PORTION:
                    await sending.begin(rows)
                    rows = []
            if rows:
                await sending.begin(rows)
        if units:
            await connection.executemany(
                _INSERT_UNIT, [(tenant_id, *unit) for unit in sorted(units)]
            )

    async def settled(self, connection: Connection, tenant_id: int) -> int:
        """The position that the balances reach."""
        position: int = await connection.fetchval(_SETTLED, tenant_id)
        return position

    async def settle(
        self, connection: Connection, tenant_id: int, events: Sequence[Recorded]
    ) -> None:
        """Bring the balances to where the events bring them."""
        await carry_forward(connection, tenant_id, events)

    async def _streams(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> dict[UUID, list[StoredEvent]]:
        """All that is recorded of each person, up to the last event: read unless it begins here."""
        streams: dict[UUID, list[StoredEvent]] = {}
        for event in events:
            streams.setdefault(event.stream_id, []).append(event)
        begun = [person for person, stream in streams.items() if stream[0].version > 1]
        if begun:
            skipped = await skipped_positions(connection, tenant_id, self.name)
            read = await read_streams(connection, tenant_id, begun, until=events[-1].position)
            for person, stream in read.items():
                streams[person] = [event for event in stream if event.position not in skipped]
        return streams

    def _rows(
        self, person: UUID, stream: list[StoredEvent], fresh: set[int], units: set[Unit]
    ) -> list[_Row]:
        rows = []
        entries: list[Entry] = []
        postings = Postings()
        apart: set[UUID] = set()
        is_assigned = False
        for stored in stream:
            entry = self._codec.decode_clear(stored)
            entries.append(entry)
            posted = postings.add(entry)
            is_assigned = is_assigned or _assigns(entry)
            apart.update(*map(units_of_others, (entry, *entry.brought())))
            if stored.position not in fresh:
                continue
            if is_assigned:
                units.update(whereabouts(entries, live_entries(entries)).refined)
            lines = sorted(posted.items())
            for ordinal, ((day, unit, account, groups), n) in enumerate(lines):
                place = (stored.position, ordinal, unit, person)
                rows.append((*place, account, groups, day, n, unit in apart))
        return rows


def _assigns(entry: Entry) -> bool:
    if isinstance(entry, AssignedToPart):
        return True
    brought = entry.brought()
    return bool(brought) and any(isinstance(each, AssignedToPart) for each in brought)


class Standing(NamedTuple):
    """Where one person stands."""

    person: UUID
    unit: UUID
    stage: Stage


PERSONS_MAX: Final = 20_000


async def persons(
    connection: Connection,
    tenant_id: int,
    position: int,
    effective: date,
    units: list[UUID],
    groups: int,
) -> list[Standing]:
    """The people of some units of one tenant on a day, at most `PERSONS_MAX`, unordered."""
    rows = await connection.fetch(
        _PERSONS, tenant_id, position, effective, units, groups, _FLOWS, PERSONS_MAX
    )
    return [Standing(row["person"], row["unit"], Stage(row["account"])) for row in rows]
