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
from domain.ending import CandidateWithdrawn, DecisionRevoked
from domain.groups import AREA_GROUPS, YOUTH_AGE, mask
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
    the groups of its own day. A decision that is revoked, or not followed because the person
    withdrew, takes the admission back on that day; the day of the decision stays as it was.
    """
    lines: Counter[Line] = Counter()
    decided: Line | None = None
    current: _State | None = None
    case = Case()
    live = live_entries(entries)
    days = [(day, list(group)) for day, group in groupby(live, lambda e: e.effective_on)]
    for index, (day, on_day) in enumerate(days):
        fold_into(case, on_day)
        until = days[index + 1][0] if index + 1 < len(days) else date.max
        for start in (day, *_clock_days(case, day, until)):
            reached = _state(case, start, on_day[-1])
            _post_change(lines, start, current, reached)
            current = reached
        for entry in on_day:
            decided = _post_admission(lines, entry, case, decided)
    return lines


def _clock_days(case: Case, after: date, before: date) -> Iterator[date]:
    """The days strictly between two on which the clock alone may change the stage, in order."""
    days = set()
    if case.certificate is not None:
        days.add(case.certificate.valid_until + timedelta(days=1))
    if case.ceremony is not None:
        days.add(case.ceremony.probation_ends_on)
    yield from sorted(day for day in days if after < day < before)


def _state(case: Case, day: date, last: Entry) -> _State | None:
    reached = stage(case, day)
    if reached is None:
        return None
    return _State(last.organization_id, reached.value, groups_counted(case, last))


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


def _post_admission(
    lines: Counter[Line], entry: Entry, case: Case, decided: Line | None
) -> Line | None:
    """Posts what an entry adds to the admissions; the line of a decision not followed yet."""
    if case.identified is None:
        return decided
    if isinstance(entry, (CandidateWithdrawn, DecisionRevoked)):
        if decided is not None:
            lines[decided._replace(effective_on=entry.effective_on)] -= 1
        return None
    if isinstance(entry, AdmissionDecided):
        account = ADMITTED[CountingDate.DECISION]
    elif isinstance(entry, CeremonyHeld):
        account = ADMITTED[CountingDate.CEREMONY]
    else:
        return decided
    groups = groups_counted(case, entry)
    line = Line(entry.effective_on, entry.organization_id, account, groups)
    lines[line] += 1
    return line if isinstance(entry, AdmissionDecided) else None
