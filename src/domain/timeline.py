"""A person's timeline as double-entry postings: what each day adds to and takes from an account.

Changes that the clock alone causes (a certificate lapsing, a probation ending) are on the timeline
with their own date, future or past, so nothing has to run by night.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from domain.case import Case, CaseEntry, Stage, stage
from domain.counting import ADMITTED, FLOWS, READMITTED, STRUCK_OFF, UNCOUNTED, Flow, flows_of
from domain.groups import AREA_GROUPS, YOUTH_AGE, mask
from domain.merging import Merged
from domain.part import whereabouts
from domain.placement import Received
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
    "groups_counted",
    "postings",
    "timeline",
]
IN_TRANSIT: Final = Stage.IN_TRANSIT.value
_AREAS: Final = mask(AREA_GROUPS.values())
_UNDOES: Final = {UNCOUNTED[day]: ADMITTED[day] for day in CountingDate}


class Line(NamedTuple):
    """One account of one unit (the finest group of people) and set of groups, from a day on."""

    effective_on: date
    unit: UUID
    account: str
    groups: int


@dataclass(frozen=True, slots=True)
class _State:
    """Where a person counts; `transit` is the province's own unit while nobody else does it."""

    unit: UUID
    account: str
    groups: int
    transit: UUID | None = None


def postings(before: list[Entry], after: list[Entry]) -> dict[Line, int]:
    """What an event posts.

    The timeline with it less the timeline without it, lines that cancel out left away.
    """
    difference = timeline(after)
    difference.subtract(timeline(before))
    return {line: n for line, n in difference.items() if n}


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
    lines: Counter[Line] = Counter()
    live = live_entries(entries)
    begins_on = _post_receipt(lines, live)
    current: _State | None = None
    case = Case()
    counted = [
        (entry, unit)
        for entry, unit in zip(live, whereabouts(entries, live).units, strict=True)
        if isinstance(entry, CaseEntry)
    ]
    told: dict[tuple[str, date], Line] = {}
    days = [(day, list(group)) for day, group in groupby(counted, lambda e: e[0].effective_on)]
    for index, (day, on_day) in enumerate(days):
        flows = [(at, flow) for at in on_day for flow in flows_of(case, at[0])]
        until = days[index + 1][0] if index + 1 < len(days) else date.max
        for start in (day, *_clock_days(case, day, until)):
            if start >= begins_on:
                reached = _state(case, start, on_day[-1])
                _post_change(lines, start, current, reached)
                current = reached
        _post_flows(lines, case, flows, told)
        for entry, unit in on_day:
            if isinstance(entry, Merged):
                _take_back(lines, entry, unit, told)
    return lines


def _post_receipt(lines: Counter[Line], live: list[Entry]) -> date:
    """Take a received person out of transit; the day from which the person counts here."""
    first = next((each for each in live if each.originator_version == 1), None)
    if not isinstance(first, Received):
        return date.min
    groups = mask(first.transit_groups)
    lines[Line(first.effective_on, first.province_id, IN_TRANSIT, groups)] -= 1
    if first.from_unit is not None:
        # The cell went over, so in its place in an older tree nobody has left it.
        for unit, n in ((first.from_unit, -1), (first.province_id, 1)):
            lines[Line(first.effective_on, unit, Stage.TRANSFERRED_OUT.value, groups)] += n
    return first.effective_on


def _clock_days(case: Case, after: date, before: date) -> Iterator[date]:
    """The days strictly between two on which the clock alone may change the stage, in order."""
    days = set()
    if case.certificate is not None:
        days.add(case.certificate.valid_until + timedelta(days=1))
    if case.ceremony is not None:
        days.add(case.ceremony.probation_ends_on)
    yield from sorted(day for day in days if after < day < before)


def _state(case: Case, day: date, last: tuple[Entry, UUID]) -> _State | None:
    reached = stage(case, day)
    if reached is None or reached is Stage.MERGED:
        return None
    entry, unit = last
    left = case.handed_over
    if left is not None:
        return _State(unit, reached.value, mask(left.groups), left.province_id)
    return _State(unit, reached.value, groups_counted(case, entry))


def groups_counted(case: Case, last: Entry) -> int:
    """The mask of a person's groups on a day, by its facts and the last entry up to it."""
    assert case.identified is not None
    assert case.placed is not None
    areas = [AREA_GROUPS[c] for c in case.placed.characteristics if c in AREA_GROUPS]
    young = isinstance(last, CaseEntry) and YOUTH_AGE in last.groups
    return mask([*case.identified.own_groups, *areas, *([YOUTH_AGE] if young else [])])


def _post_change(lines: Counter[Line], day: date, old: _State | None, new: _State | None) -> None:
    if old == new:
        return
    for state, n in ((old, -1), (new, 1)):
        if state is None:
            continue
        lines[Line(day, state.unit, state.account, state.groups)] += n
        if state.transit is not None:
            lines[Line(day, state.transit, IN_TRANSIT, state.groups)] += n
            lines[Line(day, state.transit, state.account, state.groups)] -= n


def _post_flows(
    lines: Counter[Line],
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
            lines[line] += 1


def _areas(flow: Flow, told: Mapping[tuple[str, date], Line]) -> int:
    """The mask of the area groups in which something counts: those of its own day, for ever.

    What brings an admission to nothing has those in which the admission was counted.
    """
    admission = _UNDOES.get(flow.account)
    admitted = [line.groups for (account, _), line in told.items() if account == admission]
    return [mask(flow.entry.groups), *admitted][-1] & _AREAS


def _take_back(
    lines: Counter[Line], merged: Merged, unit: UUID, told: dict[tuple[str, date], Line]
) -> None:
    """Of the duplicate nothing remains counted that the survivor counts as well.

    What another tenant's record counted, or another duplicate, is taken back here, where the
    duplicate is: nothing more can be posted there.
    """
    for day in merged.counted_twice:
        accounts = {ADMITTED[day], READMITTED[day], UNCOUNTED[day]}
        counted = [(line, n) for line, n in lines.items() if line.account in accounts]
        for line, n in counted:
            lines[line._replace(effective_on=merged.effective_on)] -= n
    for each in merged.taken_back:
        line = told[each.account, each.on]
        at = line.unit if lines[line] > 0 else unit
        lines[line._replace(effective_on=merged.effective_on, unit=at)] -= 1
