"""A person's timeline as double-entry postings: what each day adds to and takes from an account.

Changes that the clock alone causes (a certificate lapsing, a probation ending) are on the timeline
with their own date, future or past, so nothing has to run by night.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from domain.case import Case, CaseEntry, Stage, stage
from domain.counting import ADMITTED, FLOWS, READMITTED, STRUCK_OFF, UNCOUNTED, Flow, flows_of
from domain.groups import AREA_GROUPS, YOUTH_AGE, mask
from domain.merging import Merged
from domain.part import whereabouts
from domain.placement import Received
from domain.posting import Line, Lines, difference, post
from domain.record import Entry, live_entries
from domain.target_entry import CountingDate

__all__ = [
    "ADMITTED",
    "FLOWS",
    "IN_TRANSIT",
    "READMITTED",
    "STRUCK_OFF",
    "UNCOUNTED",
    "Line",
    "Postings",
    "groups_counted",
    "timeline",
]
IN_TRANSIT: Final = Stage.IN_TRANSIT.value
_DAY: Final = timedelta(days=1)
_AREAS: Final = mask(AREA_GROUPS.values())
_UNDOES: Final = {UNCOUNTED[day]: ADMITTED[day] for day in CountingDate}


class _State(NamedTuple):
    """Where a person counts; `transit` is the province's own unit while nobody else does it."""

    unit: UUID
    account: str
    groups: int
    transit: UUID | None = None


def timeline(entries: list[Entry]) -> Counter[Line]:
    """All postings of one person from the first day to the last, by all entries of the record.

    The groups of a day are the person's own and the area's by the identification in force, and
    whether the last entry up to that day found the person in Youth Union age. An admission carries
    the groups of its own day, those of the area as the area was then, and so does what brings it to
    nothing: the admission stays where it was counted (D.4).

    Who is handed over to another tenant leaves the cell (TRANSFERRED_OUT) and is in transit at the
    province, where that exit is taken back, so that the province counts nobody twice. The tenant
    that receives the person takes them out of transit; of the time before it posts nothing. Where
    the whole cell went over, it takes back the exit, too: the cell's people are as they were.
    """
    return Counter(_Fold.of(entries).lines)


class Postings:
    """What each event of one person posts, one event after the other."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._fold: _Fold | None = None

    def add(self, entry: Entry) -> dict[Line, int]:
        """The timeline with the entry less the timeline without it; nothing where they agree."""
        self.entries.append(entry)
        fold = self._fold
        if fold is not None and (unit := fold.followed_at(entry)) is not None:
            assert isinstance(entry, CaseEntry)
            if fold.note(entry):
                return {}
            return fold.take(entry.effective_on, [(entry, unit)])
        self._fold = _Fold.of(self.entries)
        return difference(self._fold.lines, {} if fold is None else fold.lines)


class _Fold:
    """The timeline up to a day; the clock's own changes after it stand until a later entry."""

    def __init__(self, begins_on: date) -> None:
        self.lines: Lines = {}
        self.unit: UUID | None = None
        self.last: date | None = None
        self._begins_on = begins_on
        self._case = Case()
        self._current: _State | None = None
        self._to_come: list[tuple[date, _State | None, _State | None]] = []
        self._told: dict[tuple[str, date], Line] = {}
        self._is_young = False

    @classmethod
    def of(cls, entries: list[Entry]) -> "_Fold":
        """That of all entries of a record."""
        live = live_entries(entries)
        lines: Lines = {}
        fold = cls(_post_receipt(lines, live))
        fold.lines = lines
        units = whereabouts(entries, live).units
        counted = [
            (entry, unit)
            for entry, unit in zip(live, units, strict=True)
            if isinstance(entry, CaseEntry)
        ]
        for day, on_day in groupby(counted, lambda each: each[0].effective_on):
            fold.take(day, list(on_day))
        if live:
            fold.last, fold.unit = live[-1].effective_on, units[-1]
        return fold

    def followed_at(self, entry: Entry) -> UUID | None:
        """The unit of an entry that only adds a later day; None where more has to be folded."""
        if self.last is None or entry.effective_on <= self.last:
            return None
        if not isinstance(entry, CaseEntry) or entry.BRINGS_TO_CELL:
            return None
        return self.unit

    def note(self, entry: CaseEntry) -> bool:
        """Take an entry of a later day if it posts nothing; otherwise it is still to be taken."""
        if entry.MOVES_CASE or (YOUTH_AGE in entry.groups) is not self._is_young:
            return False
        entry.take(self._case)
        self.last = entry.effective_on
        while self._to_come and self._to_come[0][0] < self.last:
            self._current = self._to_come.pop(0)[2]
        return True

    def take(self, day: date, on_day: list[tuple[CaseEntry, UUID]]) -> dict[Line, int]:
        """What the entries of the next day post."""
        lines: Lines = {}
        for start, old, new in self._to_come:
            if start < day:
                self._current = new
            else:
                _post_change(lines, start, new, old)
        flows = [(at, flow) for at in on_day for flow in flows_of(self._case, at[0])]
        self._reach(lines, day, on_day[-1])
        if flows:
            _post_flows(lines, self._case, flows, self._told)
        for line, n in lines.items():
            post(self.lines, line, n)
        for entry, unit in on_day:
            if isinstance(entry, Merged):
                before = self.lines.copy()
                _take_back(self.lines, entry, unit, self._told)
                for line, n in difference(self.lines, before).items():
                    post(lines, line, n)
        self.last, self.unit = day, on_day[-1][1]
        self._is_young = YOUTH_AGE in on_day[-1][0].groups
        return {line: n for line, n in lines.items() if n}

    def _reach(self, lines: Lines, day: date, last: tuple[CaseEntry, UUID]) -> None:
        """Post where the person is from a day on, and where the clock alone brings them later."""
        self._to_come = []
        state = self._current
        groups = _groups(self._case, last[0])
        for start in (day, *_clock_days(self._case, day, date.max)):
            if start < self._begins_on:
                continue
            reached = _state(self._case, start, last[1], groups)
            _post_change(lines, start, state, reached)
            if start == day:
                self._current = reached
            else:
                self._to_come.append((start, state, reached))
            state = reached


def _post_receipt(lines: Lines, live: list[Entry]) -> date:
    """Take a received person out of transit; the day from which the person counts here."""
    first = next((each for each in live if each.originator_version == 1), None)
    if not isinstance(first, Received):
        return date.min
    groups = mask(first.transit_groups)
    post(lines, Line(first.effective_on, first.province_id, IN_TRANSIT, groups), -1)
    if first.from_unit is not None:
        # The cell went over, so in its place in an older tree nobody has left it.
        for unit, n in ((first.from_unit, -1), (first.province_id, 1)):
            post(lines, Line(first.effective_on, unit, Stage.TRANSFERRED_OUT.value, groups), n)
    return first.effective_on


def _clock_days(case: Case, after: date, before: date) -> list[date]:
    """The days strictly between two on which the clock alone may change the stage, in order."""
    days = []
    if case.certificate is not None:
        days.append(case.certificate.valid_until + _DAY)
    if case.ceremony is not None:
        days.append(case.ceremony.probation_ends_on)
    return sorted({day for day in days if after < day < before}) if days else days


def _state(case: Case, day: date, unit: UUID, groups: int) -> _State | None:
    reached = stage(case, day)
    if reached is None or reached is Stage.MERGED:
        return None
    left = case.handed_over
    return _State(unit, reached.value, groups, None if left is None else left.province_id)


def _groups(case: Case, last: Entry) -> int:
    """The mask in which a person counts, 0 without a case; who was handed over, as at that time."""
    if case.identified is None:
        return 0
    if case.handed_over is not None:
        return mask(case.handed_over.groups)
    return groups_counted(case, last)


def groups_counted(case: Case, last: Entry) -> int:
    """The mask of a person's groups on a day, by its facts and the last entry up to it."""
    assert case.identified is not None
    assert case.placed is not None
    young = isinstance(last, CaseEntry) and YOUTH_AGE in last.groups
    return _mask(case.identified.own_groups, case.placed.characteristics, young)


@lru_cache(maxsize=1_000)
def _mask(own: tuple[str, ...], characteristics: tuple[str, ...], young: bool) -> int:  # noqa: FBT001 (a key)
    areas = [AREA_GROUPS[each] for each in characteristics if each in AREA_GROUPS]
    return mask([*own, *areas, *([YOUTH_AGE] if young else [])])


def _post_change(lines: Lines, day: date, old: _State | None, new: _State | None) -> None:
    if old == new:
        return
    for state, n in ((old, -1), (new, 1)):
        if state is None:
            continue
        post(lines, Line(day, state.unit, state.account, state.groups), n)
        if state.transit is not None:
            post(lines, Line(day, state.transit, IN_TRANSIT, state.groups), n)
            post(lines, Line(day, state.transit, state.account, state.groups), -n)


def _post_flows(
    lines: Lines,
    case: Case,
    flows: list[tuple[tuple[CaseEntry, UUID], Flow]],
    told: dict[tuple[str, date], Line],
) -> None:
    """Count what happened on a day where it was recorded; `told` has what others counted, too."""
    for (entry, unit), flow in flows:
        on = entry.effective_on
        groups = groups_counted(case, flow.entry) & ~_AREAS | _areas(flow, told)
        line = Line(on, unit, flow.account, groups)
        told[flow.account, flow.entry.effective_on] = line
        if flow.entry is entry and entry.originator_version >= 1:
            post(lines, line, 1)


def _areas(flow: Flow, told: Mapping[tuple[str, date], Line]) -> int:
    """The mask of the area groups in which something counts: those of its own day, for ever.

    What brings an admission to nothing has those in which the admission was counted.
    """
    admission = _UNDOES.get(flow.account)
    admitted = [line.groups for (account, _), line in told.items() if account == admission]
    return [mask(flow.entry.groups), *admitted][-1] & _AREAS


def _take_back(
    lines: Lines, merged: Merged, unit: UUID, told: dict[tuple[str, date], Line]
) -> None:
    """Of the duplicate nothing remains counted that the survivor counts as well.

    What another tenant's record counted, or another duplicate, is taken back here, where the
    duplicate is: nothing more can be posted there.
    """
    for day in merged.counted_twice:
        accounts = {ADMITTED[day], READMITTED[day], UNCOUNTED[day]}
        counted = [(line, n) for line, n in lines.items() if line.account in accounts]
        for line, n in counted:
            post(lines, line._replace(effective_on=merged.effective_on), -n)
    for each in merged.taken_back:
        line = told[each.account, each.on]
        at = line.unit if lines.get(line, 0) > 0 else unit
        post(lines, line._replace(effective_on=merged.effective_on, unit=at), -1)
