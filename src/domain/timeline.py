"""A person's timeline as double-entry postings: what each day adds to and takes from an account.

Changes that the clock alone causes (a certificate lapsing, a probation ending) are on the timeline
with their own date, future or past, so nothing has to run by night.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from domain.admission import AdmissionDecided
from domain.case import Case, CaseEntry, fold_into, stage
from domain.groups import AREA_GROUPS, YOUTH_AGE, mask
from domain.part import AssignedToPart, whereabouts
from domain.probation import CeremonyHeld
from domain.record import Entry, live_entries
from domain.target import CountingDate

ADMITTED: Final = {
    CountingDate.DECISION: "ADMITTED_BY_DECISION",
    CountingDate.CEREMONY: "ADMITTED_BY_CEREMONY",
}
"""The accounts that only grow, by the day that counts: admissions.

All other accounts are stages.
"""


class Line(NamedTuple):
    """One account of one unit (the finest group of people) and set of groups, from a day on."""

    effective_on: date
    unit: UUID
    account: str
    groups: int


@dataclass(frozen=True, slots=True)
class _State:
    unit: UUID
    account: str
    groups: int


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
    the groups of its own day.
    """
    lines: Counter[Line] = Counter()
    current: _State | None = None
    case = Case()
    live = live_entries(entries)
    counted = [
        (entry, unit)
        for entry, unit in zip(live, whereabouts(entries, live).units, strict=True)
        if not isinstance(entry, AssignedToPart)
    ]
    days = [(day, list(group)) for day, group in groupby(counted, lambda e: e[0].effective_on)]
    for index, (day, on_day) in enumerate(days):
        fold_into(case, (entry for entry, _ in on_day))
        until = days[index + 1][0] if index + 1 < len(days) else date.max
        for start in (day, *_clock_days(case, day, until)):
            reached = _state(case, start, on_day[-1])
            _post_change(lines, start, current, reached)
            current = reached
        for entry, unit in on_day:
            _post_admission(lines, entry, unit, case)
    return lines


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
    if reached is None:
        return None
    entry, unit = last
    return _State(unit, reached.value, groups_counted(case, entry))


def groups_counted(case: Case, last: Entry) -> int:
    """The mask of a person's groups on a day, by its facts and the last entry up to it."""
    assert case.identified is not None
    first = case.identified
    areas = [AREA_GROUPS[c] for c in first.characteristics if c in AREA_GROUPS]
    young = isinstance(last, CaseEntry) and YOUTH_AGE in last.groups
    return mask([*first.own_groups, *areas, *([YOUTH_AGE] if young else [])])


def _post_change(lines: Counter[Line], day: date, old: _State | None, new: _State | None) -> None:
    if old == new:
        return
    if old is not None:
        lines[Line(day, old.unit, old.account, old.groups)] -= 1
    assert new is not None, "who is identified stays identified on every later day"
    lines[Line(day, new.unit, new.account, new.groups)] += 1


def _post_admission(lines: Counter[Line], entry: Entry, unit: UUID, case: Case) -> None:
    if case.identified is None:
        return
    if isinstance(entry, AdmissionDecided):
        account = ADMITTED[CountingDate.DECISION]
    elif isinstance(entry, CeremonyHeld):
        account = ADMITTED[CountingDate.CEREMONY]
    else:
        return
    lines[Line(entry.effective_on, unit, account, groups_counted(case, entry))] += 1
