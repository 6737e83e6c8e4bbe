"""What is due of each person on each day, and the meetings and reconciliations that return.

Rows of dues are those of the person's story after an event less those before it: what does not
change keeps its row. What an organization owes of the latter is derived where it is asked for.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
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
from projections.progress import skipped_positions

STILL_KNOWN: Final = 2**63 - 1
"""In the place of the position at which a row was superseded."""

_INSERT: Final = """
INSERT INTO due (
  tenant_id, person, position, ordinal, superseded, unit, kind, paper, raised_on, due_on, since,
  until
)
SELECT $1, * FROM unnest(
  $2::uuid[], $3::bigint[], $4::smallint[], $5::bigint[], $6::uuid[], $7::text[], $8::text[],
  $9::date[], $10::date[], $11::date[], $12::date[]
)
"""
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

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """Fold again each person whom the events concern, everybody for a tightened rule."""
        last = events[-1].position
        recurring = [row for event in events for row in self._recurring(tenant_id, event)]
        await connection.executemany(_INSERT_RECURRING, recurring)
        people = {event.stream_id for event in events if event.type.startswith("candidate.")}
        tightened = [event for event in events if event.type == RuleTightened.TOPIC]
        if tightened:
            first = min(event.effective_on for event in tightened)
            rows = await connection.fetch(_STANDING, tenant_id, first, STILL_KNOWN)
            people |= {row["person"] for row in rows}
        if people:
            skipped = await skipped_positions(connection, tenant_id, self.name)
            books = await self._books(connection, tenant_id, last, skipped)
            streams = await read_streams(connection, tenant_id, people, until=last)
            found = [
                self._rows(person, [e for e in stream if e.position not in skipped], books)
                for person, stream in streams.items()
            ]
            await _write(connection, tenant_id, events[0].position, chain.from_iterable(found))

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

    def _rows(
        self, person: UUID, stream: list[StoredEvent], books: list[tuple[int, RuleBook]]
    ) -> Iterator[_Row]:
        """All rows that were ever known of a person, in no order."""
        fold = DueLines(books[0][1])
        steps: list[tuple[int, Entry | RuleBook]] = [
            *((stored.position, self._codec.decode_clear(stored)) for stored in stream),
            *books[1:],
        ]
        standing: dict[DueLine, tuple[int, int]] = {}
        for position, step in sorted(steps, key=lambda each: each[0]):
            before = fold.lines
            if isinstance(step, RuleBook):
                fold.go_by(step)
            else:
                fold.add(step)
            if fold.lines == before:
                continue
            for line in before - fold.lines:
                yield _Row(person, *standing.pop(line), position, line)
            for ordinal, line in enumerate(sorted(fold.lines - before, key=_in_order)):
                standing[line] = (position, ordinal)
        for line, place in standing.items():
            yield _Row(person, *place, STILL_KNOWN, line)

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
            new.append((*place, *told))
        elif first <= row.superseded != STILL_KNOWN:
            old.append(place)
    if old:
        await connection.execute(_SUPERSEDE, tenant_id, *zip(*old, strict=True))
    if new:
        await connection.execute(_INSERT, tenant_id, *zip(*new, strict=True))


def _in_order(line: DueLine) -> tuple[str, str, str, date, date, date]:
    return (line.kind, line.paper or "", str(line.unit), line.since, line.until, line.due_on)
