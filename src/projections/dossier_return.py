"""Dossiers that came back from the competent committee: how many, why, and for how long.

Double-entry postings like those of the pipeline: what each event changes in the facts of a person's
dossiers. A dossier counts where and when it was first submitted, whatever became of it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Final, NamedTuple
from uuid import UUID

from db.database import Connection
from domain.admission import DossierSubmitted
from domain.candidate import CandidateEntryVoided
from domain.case import CaseEntry
from domain.events import EVENTS
from domain.merging import Merged
from domain.part import AssignedToPart, whereabouts
from domain.period import Period
from domain.person import Identified
from domain.record import Entry, live_entries
from domain.submission import DossierReturned
from eventstore.codec import Codec
from eventstore.reading import read_streams
from eventstore.stored_event import StoredEvent
from projections.progress import skipped_positions
from projections.rollup import Rollup
from projections.target_progress import percent_of
from projections.tree import Node

_INSERT: Final = """
INSERT INTO dossier_posting (
  tenant_id, position, ordinal, unit, person, submitted_on, effective_on, fact, number, days, paper,
  n
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_KNOWN: Final = """
SELECT DISTINCT person FROM dossier_posting WHERE tenant_id = $1 AND person = ANY ($2::uuid[])
"""
_SUMS: Final = """
SELECT p.unit, p.fact, p.number, p.days, p.paper, sum(p.n)::int AS n
FROM dossier_posting p
JOIN unnest($1::int[], $2::bigint[]) AS b (tenant_id, position) ON b.tenant_id = p.tenant_id
WHERE p.tenant_id = ANY ($1::int[]) AND p.submitted_on BETWEEN $3 AND $4
  AND p.effective_on <= $5 AND p.position <= b.position
GROUP BY p.unit, p.fact, p.number, p.days, p.paper
HAVING sum(p.n) <> 0
"""


class Fact(StrEnum):
    """What is posted of a dossier."""

    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    PAPER = "PAPER"
    RESUBMITTED = "RESUBMITTED"


class Key(NamedTuple):
    """What the facts are told apart by.

    `number` counts the returns of one dossier from 1; `days` passed from a return to the next
    submission; `paper` is what a return's defects concern, None where it names none.
    """

    fact: Fact
    number: int = 0
    days: int | None = None
    paper: str | None = None


class _Line(NamedTuple):
    unit: UUID
    submitted_on: date
    effective_on: date
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Of the dossiers first submitted in a period: what came back by the day of the basis.

    `papers` has how many returns concern each paper, None those that name none; one return may
    concern several. `median_days` passed from a return to the next submission.
    """

    submitted: int
    returned: int
    times: int
    resubmitted: int
    percent: float | None
    papers: Mapping[str | None, int]
    median_days: float | None


def _changes_a_dossier(kind: type[Entry]) -> bool:
    if not issubclass(kind, CaseEntry):
        return kind in {AssignedToPart, CandidateEntryVoided}
    is_step = kind in {DossierSubmitted, DossierReturned, Merged}
    return is_step or kind.ENDS_PURSUIT or kind.BEGINS_PURSUIT or kind.BRINGS_TO_CELL


_TYPES: Final = frozenset(kind.TOPIC for kind in EVENTS if _changes_a_dossier(kind))
_READ: Final = _TYPES | {Identified.TOPIC}
"""What is read of a case: the first entry says where its person counts."""


class DossierReturnProjection:
    """Keeps `dossier_posting`."""

    name = "dossier_return"
    version = 1
    """Raised where the same events fold to other rows, or the rows to other answers."""
    types = _TYPES
    tables = ("dossier_posting",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """Fold the dossiers of those again who ever submitted one and whom the events concern."""
        people = await self._submitted(connection, tenant_id, events)
        last = events[-1].position
        streams = await read_streams(connection, tenant_id, people, until=last, types=_READ)
        skipped = await skipped_positions(connection, tenant_id, self.name)
        fresh = {event.position for event in events}
        rows = [
            (tenant_id, *row)
            for person, stream in streams.items()
            for row in self._rows(
                person, [each for each in stream if each.position not in skipped], fresh
            )
        ]
        await connection.executemany(_INSERT, rows)

    async def _submitted(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> set[UUID]:
        submitted = {e.stream_id for e in events if e.type == DossierSubmitted.TOPIC}
        others = {event.stream_id for event in events} - submitted
        known = await connection.fetch(_KNOWN, tenant_id, list(others))
        return submitted | {row["person"] for row in known}

    def _rows(
        self, person: UUID, stream: list[StoredEvent], fresh: set[int]
    ) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        entries: list[Entry] = []
        before: Counter[_Line] = Counter()
        for stored in stream:
            entries.append(self._codec.decode_clear(stored))
            if stored.type not in self.types:
                continue
            after = _lines(entries)
            if stored.position in fresh:
                changed = after.copy()
                changed.subtract(before)
                lines = [line for line, n in changed.items() if n]
                for ordinal, line in enumerate(sorted(lines, key=str)):
                    unit, submitted_on, on, key = line
                    place = (stored.position, ordinal, unit, person, submitted_on, on)
                    rows.append((*place, *key, changed[line]))
            before = after
        return rows


def _lines(entries: list[Entry]) -> Counter[_Line]:
    """The facts of all dossiers of a record that were recorded in it, by its entries so far."""
    live = live_entries(entries)
    fold = _Fold()
    for entry, unit in zip(live, whereabouts(entries, live).units, strict=True):
        fold.take(entry, unit)
    return fold.lines


class _Fold:
    """The dossiers of one person, one after the other.

    One that was submitted before the case was received counts there; what is recorded of it here
    counts at the cell that received it.
    """

    def __init__(self) -> None:
        self.lines: Counter[_Line] = Counter()
        self._began: tuple[date, UUID | None] | None = None
        self._returned_on: date | None = None
        self._number = 0

    def take(self, entry: Entry, unit: UUID) -> None:
        """One more entry, of a person who counted in a unit."""
        is_own = entry.originator_version >= 1
        match entry:
            case DossierSubmitted() | DossierReturned():
                if isinstance(entry, DossierSubmitted):
                    keys = self._submit(entry, unit if is_own else None)
                else:
                    keys = self._return(entry)
                if is_own and self._began is not None:
                    first_on, first_in = self._began
                    for key in keys:
                        line = _Line(first_in or unit, first_on, entry.effective_on, key)
                        self.lines[line] += 1
            case Merged() if entry.taken_back or entry.counted_twice:
                # The survivor has the same admission, and so its dossier.
                for line, n in list(self.lines.items()):
                    self.lines[line._replace(effective_on=entry.effective_on)] -= n
            case CaseEntry() if entry.ENDS_PURSUIT or entry.BEGINS_PURSUIT:
                self._began = None

    def _submit(self, entry: DossierSubmitted, unit: UUID | None) -> list[Key]:
        returned_on, self._returned_on = self._returned_on, None
        if self._began is None:
            self._began, self._number = (entry.effective_on, unit), 0
            return [Key(Fact.SUBMITTED)]
        if returned_on is None:
            return []
        return [Key(Fact.RESUBMITTED, self._number, (entry.effective_on - returned_on).days)]

    def _return(self, entry: DossierReturned) -> list[Key]:
        self._number, self._returned_on = self._number + 1, entry.effective_on
        papers = [Key(Fact.PAPER, self._number, paper=each) for each in entry.papers or (None,)]
        return [Key(Fact.RETURNED, self._number), *papers]


async def returns(rollup: Rollup, node: Node, period: Period) -> Returns:
    """What came back of the dossiers that a node's whole subtree first submitted in a period."""
    sums = await rollup.sums(
        ("dossier returns", period.first, period.last),
        lambda connection: _fetched(connection, rollup, period),
    )
    found: Mapping[Key, int] = sums.get(node.id, {})
    submitted = sum(n for key, n in found.items() if key.fact is Fact.SUBMITTED)
    times = {key.number: n for key, n in found.items() if key.fact is Fact.RETURNED}
    papers: Counter[str | None] = Counter()
    days: Counter[int] = Counter()
    for key, n in found.items():
        if key.fact is Fact.PAPER:
            papers[key.paper] += n
        elif key.days is not None:
            days[key.days] += n
    returned = times.get(1, 0)
    return Returns(
        submitted=submitted,
        returned=returned,
        times=sum(times.values()),
        resubmitted=sum(days.values()),
        percent=percent_of(returned, submitted),
        papers=papers,
        median_days=float(median(days.elements())) if days else None,
    )


async def _fetched(
    connection: Connection, rollup: Rollup, period: Period
) -> list[tuple[UUID, Key, int]]:
    positions = rollup.basis.positions
    rows = await connection.fetch(
        _SUMS,
        list(positions),
        list(positions.values()),
        period.first,
        period.last,
        rollup.basis.effective,
    )
    return [
        (row["unit"], Key(Fact(row["fact"]), row["number"], row["days"], row["paper"]), row["n"])
        for row in rows
    ]
