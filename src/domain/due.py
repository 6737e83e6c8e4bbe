"""What is due of a case: since when, until when, and for how long that stood.

Derived from the facts and the rule book: a step is judged by the rules of its own day, what is due
is told by those of the asked day. What limits nothing in time (an age, a vote, a number of members)
is judged with its step and never due.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, pairwise
from typing import Final, NamedTuple
from uuid import UUID

from domain.calendar import add_months, add_working_days
from domain.case import Case, CaseEntry, VettingConclusion
from domain.due_kind import DueKind, due_kinds
from domain.groups import YOUTH_AGE
from domain.paper import aging
from domain.part import whereabouts
from domain.placement import Received
from domain.procedure import RuleBook
from domain.record import Entry, live_entries

UNTIL_SETTLED: Final = date.max
"""What stands until something is recorded."""


class Due(NamedTuple):
    """One thing to be done, as a case stands.

    Owed from `raised_on` on; `due_on` is the last timely day, and before `lapses_on` the clock
    alone does not end it. `paper` is the code of the one that goes out of date.
    """

    kind: DueKind
    raised_on: date
    due_on: date
    lapses_on: date = UNTIL_SETTLED
    paper: str | None = None


class DueLine(NamedTuple):
    """A due on the days from `since` up to the day before `until`, of the people of a unit."""

    kind: DueKind
    paper: str | None
    unit: UUID
    raised_on: date
    due_on: date
    since: date
    until: date


def dues(case: Case, rules: RuleBook, day: date, *, young: bool) -> list[Due]:
    """What is due of a case with the facts of a day, by the rules of that day, in no order.

    Nothing is due of a case that has ended, or with which another tenant or another record goes
    on. `young`: whether the person is in youth age.
    """
    if is_over(case):
        return []
    if case.decided is None and case.ceremony is None:
        return [*_before_decision(case, rules, day, young=young)]
    return [*_of_member(case, rules, day)]


def is_over(case: Case) -> bool:
    """Whether nobody works on the case any more."""
    ends = (case.died, case.struck_off, case.ended, case.handed_over, case.merged)
    return any(end is not None for end in ends)


def _before_decision(case: Case, rules: RuleBook, day: date, *, young: bool) -> Iterator[Due]:
    if case.vote is not None and case.vote.passed:
        extension = case.extended.working_days if case.extended else 0
        yield _within(DueKind.DECISION, case.vote.effective_on, rules, day, extension)
        return
    goes_again = case.proposed is not None or case.enrolled is not None
    if (held := case.certificate) is not None and not goes_again:
        yield Due(DueKind.CERTIFICATE, held.effective_on, held.valid_until)
    for paper, dated_on in aging(case, young=young):
        months = rules.on("T5", day).parameters["months"]
        yield Due(DueKind.PAPER, dated_on, add_months(dated_on, months), paper=paper)
    if (moved_on := _vetting_moved_on(case)) is not None:
        yield _within(DueKind.VETTING, moved_on, rules, day)


def _of_member(case: Case, rules: RuleBook, day: date) -> Iterator[Due]:
    if case.ceremony is None:
        received = case.membership.received or case.decided
        assert received is not None
        yield _within(DueKind.CEREMONY, received.effective_on, rules, day)
        return
    if case.membership.history_file is None:
        yield _within(DueKind.HISTORY_FILE, case.ceremony.effective_on, rules, day)
    if case.recognized is not None:
        return
    ends_on, held = case.ceremony.probation_ends_on, case.membership.recognition_vote
    yield Due(DueKind.PROBATION_END, case.ceremony.effective_on, ends_on, lapses_on=ends_on)
    if held is not None and held.passed:
        yield _within(DueKind.RECOGNITION_DECISION, held.effective_on, rules, day)
    else:
        yield _within(DueKind.RECOGNITION_REVIEW, ends_on, rules, day)


def _vetting_moved_on(case: Case) -> date | None:
    """The last day on which anything happened in a vetting that is still under way."""
    concluded = case.vetting
    if concluded is not None and concluded.conclusion is not VettingConclusion.SUPPLEMENT_NEEDED:
        return None
    steps = [*case.vetting_requests, *case.vetting_replies, concluded, case.reopened]
    return max((step.effective_on for step in steps if step is not None), default=None)


def _within(
    kind: DueKind, counted_from: date, rules: RuleBook, day: date, extension: int = 0
) -> Due:
    rule = due_kinds()[kind].rule
    assert rule is not None
    limit = rules.on(rule, day).parameters["working_days"] + extension
    return Due(kind, counted_from, add_working_days(counted_from, limit))


class DueLines:
    """What is due of one person over all days, after each entry of the record in turn."""

    def __init__(self, rules: RuleBook) -> None:
        self._entries: list[Entry] = []
        self._rules = rules
        self._changes: list[date] | None = None
        self._restart()

    def _restart(self) -> None:
        self.lines: frozenset[DueLine] = frozenset()
        self._case = Case()
        self._last: date | None = None
        self._unit: UUID | None = None
        self._is_young = False
        self._begins_on = date.min

    def add(self, entry: Entry) -> None:
        """Take the next entry that was recorded."""
        self._entries.append(entry)
        follows = self._last is not None and entry.effective_on > self._last
        if not follows or not isinstance(entry, CaseEntry) or entry.BRINGS_TO_CELL:
            self._fold()
        elif entry.MOVES_CASE or (YOUTH_AGE in entry.groups) is not self._is_young:
            assert self._unit is not None
            self._reach(entry.effective_on, [entry], self._unit)
        else:
            entry.take(self._case)
            self._last = entry.effective_on

    def go_by(self, rules: RuleBook) -> None:
        """From here on the tenant goes by another rule book."""
        self._rules, self._changes = rules, None
        self._fold()

    def _fold(self) -> None:
        if self._last is not None:
            self._restart()
        live = live_entries(self._entries)
        first = next((each for each in live if each.originator_version == 1), None)
        if isinstance(first, Received):
            self._begins_on = first.effective_on
        units = whereabouts(self._entries, live).units
        told = [
            (entry, unit)
            for entry, unit in zip(live, units, strict=True)
            if isinstance(entry, CaseEntry)
        ]
        for day, on_day in groupby(told, lambda each: each[0].effective_on):
            entries, places = zip(*on_day, strict=True)
            self._reach(day, entries, places[-1])
        if live:
            self._last, self._unit = live[-1].effective_on, units[-1]

    def _reach(self, day: date, entries: Iterable[CaseEntry], unit: UUID) -> None:
        """Take the entries of the next day: what stood before it ends there, or goes on."""
        young = False
        for entry in entries:
            entry.take(self._case)
            young = YOUTH_AGE in entry.groups
        lines = [*self._ended(day), *self._begun(day, unit, young=young)]
        if lines or self.lines:
            self.lines = frozenset(_joined(lines))
        self._last, self._unit, self._is_young = day, unit, young

    def _ended(self, day: date) -> Iterator[DueLine]:
        """What stood before a day, up to it."""
        for line in self.lines:
            if line.since < day:
                yield line if line.until <= day else line._replace(until=day)

    def _begun(self, day: date, unit: UUID, *, young: bool) -> Iterator[DueLine]:
        """What stands from a day on; a change of the limits changes until when, never what."""
        found = dues(self._case, self._rules, day, young=young)
        if not found:
            return
        if self._changes is None:
            self._changes = limits_change_on(self._rules)
        changes = [each for each in self._changes if each > day]
        for first, after in pairwise([day, *changes, UNTIL_SETTLED]):
            if first > day:
                found = dues(self._case, self._rules, first, young=young)
            for due in found:
                since = max(first, due.raised_on, self._begins_on)
                until = min(after, due.lapses_on)
                if since < until:
                    told = (due.kind, due.paper, unit, due.raised_on, due.due_on)
                    yield DueLine(*told, since, until)


def _joined(lines: list[DueLine]) -> Iterator[DueLine]:
    """The lines, each as long as the same thing stood without a break."""
    growing: dict[tuple[object, ...], DueLine] = {}
    for line in sorted(lines, key=lambda each: each.since):
        what = line[:5]
        before = growing.get(what)
        if before is not None and before.until == line.since:
            growing[what] = before._replace(until=line.until)
        else:
            if before is not None:
                yield before
            growing[what] = line
    yield from growing.values()


def limits_change_on(rules: RuleBook) -> list[date]:
    """The days on which a version of the rules begins that has other parameters."""
    found = set()
    for described in due_kinds().values():
        if described.rule is not None:
            for before, after in pairwise(rules.versions[described.rule]):
                if before.parameters != after.parameters:
                    found.add(after.valid_from)
    return sorted(found)
