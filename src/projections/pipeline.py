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
from domain.placement import HandedOver, Received, units_of_others
from domain.record import Entry, live_entries
from domain.timeline import FLOWS, Postings
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent
from projections.carry_forward import carry_forward
from projections.people import People
from projections.projection import RecordedDay

_INSERT: Final = """
INSERT INTO posting (
  tenant_id, position, ordinal, unit, person, account, groups, effective_on, n, is_apart
)
SELECT $1, * FROM unnest($2::public.new_posting[])
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
_PLACING: Final = {AssignedToPart.TOPIC, HandedOver.TOPIC, Received.TOPIC}
"""After which a person is assigned to a part, or counted in units of other tenants."""
_Row: TypeAlias = tuple[int, int, UUID, UUID, str, int, date, int, bool]


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
        self.people = People(self.name, _Person)

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """Fold again each person whom the events concern."""
        until = events[-1].position
        people = await self.people.concerned(connection, tenant_id, events, until)
        units: set[Unit] = set()
        rows: list[_Row] = []
        for person, stream in people:
            for stored in stream:
                posted = person.post(stored, self._codec.decode_clear(stored))
                if stored.position >= events[0].position:
                    rows += posted
                    units.update(person.refined())
            self.people.keep(tenant_id, person)
        if rows:
            # What is read together, for having been recorded together, lies together.
            rows.sort()
            await connection.execute(_INSERT, tenant_id, rows)
        if units:
            await connection.executemany(
                _INSERT_UNIT, [(tenant_id, *unit) for unit in sorted(units)]
            )

    async def settled(self, connection: Connection, tenant_id: int) -> int:
        """The position that the balances reach."""
        position: int = await connection.fetchval(_SETTLED, tenant_id)
        return position

    async def settle(
        self, connection: Connection, tenant_id: int, days: Sequence[RecordedDay]
    ) -> None:
        """Bring the balances to where the events of these days bring them."""
        await carry_forward(connection, tenant_id, days)


class _Person:
    """One person: what each event posts, one after the other."""

    def __init__(self, person: UUID) -> None:
        self.person = person
        self.version = 0
        self._postings = Postings()
        self._apart: set[UUID] = set()
        self._is_assigned = False

    def post(self, stored: StoredEvent, entry: Entry) -> list[_Row]:
        """The rows of the next event."""
        self.version = stored.version
        posted = self._postings.add(entry)
        if stored.type in _PLACING:
            told = (entry, *entry.brought())
            self._apart.update(*map(units_of_others, told))
            self._is_assigned |= any(isinstance(each, AssignedToPart) for each in told)
        rows = []
        for ordinal, ((day, unit, account, groups), n) in enumerate(sorted(posted.items())):
            place = (stored.position, ordinal, unit, self.person)
            rows.append((*place, account, groups, day, n, unit in self._apart))
        return rows

    def refined(self) -> list[Unit]:
        """The units that were refined for the person, by all events so far."""
        if not self._is_assigned:
            return []
        entries = self._postings.entries
        return whereabouts(entries, live_entries(entries)).refined


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
