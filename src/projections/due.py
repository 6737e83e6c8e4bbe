"""What is due of each person on each day, and the meetings and reconciliations that return.

Rows of dues are those of the person's story after an event less those before it: what does not
change keeps its row. What an organization owes of the latter is derived where it is asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from db.database import Connection
from domain.activity import ActivityEntryVoided, ActivityHeld, ActivityKind
from domain.candidate import CandidateEntryVoided
from domain.case import CaseEntry
from domain.due import DueLine, DueLines
from domain.due_kind import DueKind
from domain.events import EVENTS
from domain.meeting import MeetingEntryVoided, MeetingHeld, MeetingKind
from domain.part import AssignedToPart
from domain.procedure import RuleBook, rule_book
from domain.record import Entry, Record, Voided
from domain.rulebook import Rulebook, RuleTightened, rulebook_id
from eventstore.codec import Codec
from eventstore.reading import read_streams
from eventstore.stored_event import StoredEvent
from projections.people import People
from projections.progress import skipped_positions

STILL_KNOWN: Final = 2**63 - 1
"""In the place of the position at which a row was superseded."""

_INSERT: Final = "INSERT INTO due SELECT * FROM unnest($1::public.due[])"
_SUPERSEDE: Final = """
UPDATE due d SET superseded = o.superseded
FROM unnest($2::uuid[], $3::bigint[], $4::smallint[], $5::bigint[])
  AS o (person, position, ordinal, superseded)
WHERE d.tenant_id = $1 AND d.person = o.person AND d.position = o.position
  AND d.ordinal = o.ordinal
"""
_STANDING: Final = """
SELECT DISTINCT person FROM due WHERE tenant_id = $1 AND until > $2 AND superseded = $3
"""
_TENANT: Final = "SELECT code FROM tenant WHERE tenant_id = $1"
_INSERT_RECURRING: Final = """
INSERT INTO recurring (
  tenant_id, position, record_id, version, organization_id, kind, effective_on, voids
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_RECURRING: Final = (MeetingHeld, MeetingEntryVoided, ActivityHeld, ActivityEntryVoided)


class _Row(NamedTuple):
    """A row, and where it stood or stands in the log."""

    person: UUID
    position: int
    ordinal: int
    superseded: int
    line: DueLine


class DueProjection:
    """Keeps `due` and `recurring`."""

    name = "due"
    version = 1
    """Raised where the same events fold to other rows, and where a limit that ships is changed."""
    types = frozenset(
        cls.TOPIC
        for cls in EVENTS
        if issubclass(cls, CaseEntry | AssignedToPart | CandidateEntryVoided)
        or cls in {*_RECURRING, RuleTightened}
    )
    tables = ("due", "recurring")

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self.people = People(self.name, _Person)

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """Fold again each person whom the events concern, everybody for a tightened rule."""
        last = events[-1].position
        recurring = [row for event in events for row in self._recurring(tenant_id, event)]
        await connection.executemany(_INSERT_RECURRING, recurring)
        changed = [event for event in events if event.type.startswith("candidate.")]
        tightened = [event for event in events if event.type == RuleTightened.TOPIC]
        standing: set[UUID] = set()
        if tightened:
            first = min(event.effective_on for event in tightened)
            rows = await connection.fetch(_STANDING, tenant_id, first, STILL_KNOWN)
            standing = {row["person"] for row in rows}
        if changed or standing:
            skipped = await skipped_positions(connection, tenant_id, self.name)
            books = await self._books(connection, tenant_id, last, skipped)
            people = await self.people.concerned(connection, tenant_id, changed, last, standing)
            found: list[_Row] = []
            for person, stream in people:
                told = [(each, self._codec.decode_clear(each)) for each in stream]
                found += person.rows(told, books)
                self.people.keep(tenant_id, person)
            await _write(connection, tenant_id, events[0].position, found)

    async def _books(
        self, connection: Connection, tenant_id: int, last: int, skipped: frozenset[int]
    ) -> list[tuple[int, RuleBook]]:
        """The rule books of the tenant up to a position, each from a position on; 0 for the first.

        The tenant tightens rules a few times in all its years.
        """
        code = await connection.fetchval(_TENANT, tenant_id)
        stream_id = rulebook_id(code)
        streams = await read_streams(connection, tenant_id, {stream_id}, until=last)
        stored = [e for e in streams.get(stream_id, []) if e.position not in skipped]
        entries = [self._codec.decode_clear(each) for each in stored]
        books = [(0, rule_book())]
        for count, each in enumerate(stored, start=1):
            if each.type == RuleTightened.TOPIC:
                record = Record.of(entries[:count])
                assert isinstance(record, Rulebook)
                books.append((each.position, record.book(rule_book())))
        return books

    def _recurring(self, tenant_id: int, stored: StoredEvent) -> Iterator[tuple[object, ...]]:
        if not stored.type.startswith(("meeting.", "activity.")):
            return
        entry = self._codec.decode_clear(stored)
        kind, voids = _recurring_kind(entry), None
        if isinstance(entry, Voided):
            kind, voids = "", entry.voided_version
        if kind is not None:
            place = (tenant_id, stored.position, stored.stream_id, stored.version)
            yield (*place, entry.organization_id, kind, stored.effective_on, voids)


class _Person:
    """What was ever due of one person, and which of it stands."""

    def __init__(self, person: UUID) -> None:
        self.person = person
        self.version = 0
        self._fold = DueLines(rule_book())
        self._books = 1
        self._standing: dict[DueLine, tuple[int, int]] = {}

    def rows(
        self, told: Sequence[tuple[StoredEvent, Entry]], books: Sequence[tuple[int, RuleBook]]
    ) -> Iterator[_Row]:
        """The rows that end with the next events and rule books, and those that stand then."""
        steps: list[tuple[int, Entry | RuleBook]] = [
            *((stored.position, entry) for stored, entry in told),
            *books[self._books :],
        ]
        if len(books) > self._books:
            steps.sort(key=lambda each: each[0])
        for position, step in steps:
            before = self._fold.lines
            if isinstance(step, RuleBook):
                self._fold.go_by(step)
            else:
                self._fold.add(step)
            if self._fold.lines is not before:
                yield from self._changed(position, before)
        if told:
            self.version = told[-1][0].version
        self._books = len(books)
        for line, place in self._standing.items():
            yield _Row(self.person, *place, STILL_KNOWN, line)

    def _changed(self, position: int, before: frozenset[DueLine]) -> Iterator[_Row]:
        after = self._fold.lines
        for line in before - after:
            yield _Row(self.person, *self._standing.pop(line), position, line)
        for ordinal, line in enumerate(sorted(after - before, key=_in_order)):
            self._standing[line] = (position, ordinal)


def _recurring_kind(entry: Entry) -> str | None:
    if isinstance(entry, MeetingHeld) and entry.kind is MeetingKind.CELL_MEETING:
        return DueKind.CELL_MEETING.value
    if isinstance(entry, ActivityHeld) and entry.kind is ActivityKind.RECONCILIATION:
        return DueKind.RECONCILIATION.value
    return None


async def _write(connection: Connection, tenant_id: int, first: int, found: Iterable[_Row]) -> None:
    """Write what the events from a position on changed."""
    new: list[tuple[object, ...]] = []
    old: list[tuple[object, ...]] = []
    for row in found:
        place = (row.person, row.position, row.ordinal, row.superseded)
        if row.position >= first:
            line = row.line
            told = (line.unit, line.kind.value, line.paper, *line[3:])
            new.append((tenant_id, *place, *told))
        elif first <= row.superseded != STILL_KNOWN:
            old.append(place)
    if old:
        await connection.execute(_SUPERSEDE, tenant_id, *zip(*old, strict=True))
    if new:
        await connection.execute(_INSERT, new)


def _in_order(line: DueLine) -> tuple[str, str, str, date, date, date]:
    return (line.kind, line.paper or "", str(line.unit), line.since, line.until, line.due_on)
