"""Any sequence of commands, on any days, corrected anywhere: the case stays one that can be.

After each command: the stage is one of C.1, the facts keep their invariants, the log rebuilds the
same case, and the postings put the person in exactly one place.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.domain import case_steps as steps
from tests.domain.steps import PERSON, Step, on, recognized
from tests.profile import at_length

from domain.candidate import Candidate, Cell
from domain.case import Case, CaseEntry, Stage, VettingConclusion, fold, stage
from domain.errors import Refusal
from domain.record import Record
from domain.submission import ReturnedTo
from domain.timeline import ADMITTED, FLOWS, UNCOUNTED, timeline
from domain.vetting import VettingStatus, vetting_status

FIRST = date(2023, 3, 1)
ENDS = frozenset(
    {Stage.REMOVED, Stage.WITHDRAWN, Stage.REFUSED, Stage.DECISION_REVOKED, Stage.DECEASED}
)
NOT_HERE = frozenset({Stage.STRUCK_OFF, Stage.TRANSFERRED_OUT})
"""Stages that no command of these leads to."""
MAKES: tuple[Callable[..., Step], ...] = (
    *steps.WAY,
    *(steps.assessed, steps.task, steps.task_closed, steps.not_passed, steps.reopened),
    *(steps.introducer_replaced, steps.proposal_refused, steps.resolution_refused),
    *(steps.returned, steps.extended, steps.refused, steps.revoked, steps.withdrawn),
    *(steps.removed, steps.died),
)
STEPS = st.one_of(
    st.sampled_from(MAKES).map(lambda make: lambda day: make(day=day)),
    st.integers(0, 9).map(lambda votes: lambda day: steps.voted(day, in_favor=votes)),
    st.sampled_from(VettingConclusion).map(
        lambda conclusion: lambda day: steps.vetted(day, conclusion)
    ),
    st.sampled_from(ReturnedTo).map(lambda to: lambda day: steps.returned(day, to)),
    st.just(lambda day: recognized(day, day)),
)


def require_possible(case: Case, day: date) -> None:
    """What must hold of the facts at the end of any day."""
    reached = stage(case, day)
    assert reached is not None
    assert reached not in NOT_HERE
    assert isinstance(vetting_status(case), VettingStatus)
    if case.recognized is not None:
        assert case.ceremony is not None
    if case.ceremony is not None:
        assert case.decided is not None
    if case.tally is not None:
        assert case.vote is not None
        assert (case.tally.in_favor, case.tally.official_members) == (
            case.vote.in_favor,
            case.vote.official_members,
        )
    if case.ended is not None and case.ceremony is None and case.decided is None:
        assert case.died is not None or reached is case.ended.OUTCOME
        assert reached in ENDS


class AnyCase(RuleBasedStateMachine):
    """One case under any commands; what is refused must leave it untouched."""

    @initialize(way=st.integers(0, len(steps.WAY)), grassroots=st.booleans())
    def begin(self, way: int, *, grassroots: bool) -> None:
        """Somebody is identified and comes some way, or is only identified."""
        cell = Cell(UUID(int=1), grassroots, frozenset())
        self.case = Candidate.identify(UUID(int=9), on(FIRST), cell, PERSON)
        self.day = FIRST
        for make in steps.WAY[:way]:
            self._take(make())
        self.day = max(entry.effective_on for entry in self.case.entries)

    @rule(make=STEPS, days=st.integers(0, 20))
    def go_on(self, make: Callable[[date], Step], days: int) -> None:
        """A command of today."""
        self.day += timedelta(days=days)
        self._take(make(self.day))

    @rule(make=STEPS, days=st.integers(1, 400))
    def record_late(self, make: Callable[[date], Step], days: int) -> None:
        """A command of a day long past."""
        self._take(make(self.day - timedelta(days=days)))

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """An entry was never true; where others stand on it, that is refused as a whole."""
        version = data.draw(st.integers(1, len(self.case.entries)))

        def void(case: Candidate) -> None:
            case.void(version, position=version, reason="Nhầm", on=self.day)
            case.require_sound()

        self._take(void, whole=False)

    def _take(self, step: Step, *, whole: bool = True) -> None:
        """Take a step; a refused one is not saved, as no command saves one."""
        before = list(self.case.entries)
        try:
            step(self.case)
        except Refusal:
            assert not whole or before == self.case.entries
            rebuilt = Record.of(before)
            assert isinstance(rebuilt, Candidate)
            self.case = rebuilt

    @invariant()
    def is_sound(self) -> None:
        """What was saved passes the check that every correction must pass."""
        self.case.require_sound()

    @invariant()
    def is_possible(self) -> None:
        """On each day that something happened, and long afterwards, the facts are possible."""
        live = self.case.live()
        for day in {entry.effective_on for entry in live} | {date(2035, 1, 1)}:
            if live and day >= live[0].effective_on and self.case.case(day).identified:
                require_possible(self.case.case(day), day)

    @invariant()
    def is_rebuilt(self) -> None:
        """The log gives the same case, entry by entry and at once."""
        first, *others = self.case.entries
        one_by_one: Any = first.mutate(None)
        for entry in others:
            one_by_one = entry.mutate(one_by_one)
        at_once = Record.of(self.case.entries)

        assert isinstance(one_by_one, Candidate)
        assert isinstance(at_once, Candidate)
        assert one_by_one.facts() == at_once.facts() == self.case.facts()
        assert one_by_one.version == at_once.version == self.case.version

    @invariant()
    def is_in_one_place(self) -> None:
        """The postings of the stages add up to the stage of the facts, on every day."""
        lines = timeline(self.case.entries)
        for day in {entry.effective_on for entry in self.case.entries} | {date(2035, 1, 1)}:
            found: dict[str, int] = {}
            for line, n in lines.items():
                if line.effective_on <= day and line.account not in FLOWS:
                    found[line.account] = found.get(line.account, 0) + n
            live = [e for e in self.case.live(day) if isinstance(e, CaseEntry)]
            reached = stage(fold(live), day)
            assert {account: n for account, n in found.items() if n} == (
                {} if reached is None else {reached.value: 1}
            )

    @invariant()
    def is_admitted_at_most_once(self) -> None:
        """Decisions less those that came to nothing are none or one, and a ceremony needs one."""
        sums: Counter[str] = Counter()
        for line, n in timeline(self.case.entries).items():
            sums[line.account] += n
        by_decision, by_ceremony = (sums[ADMITTED[day]] - sums[UNCOUNTED[day]] for day in ADMITTED)

        assert 0 <= by_ceremony <= by_decision <= 1


AnyCase.TestCase.settings = settings(
    max_examples=at_length(60), stateful_step_count=25, deadline=None
)
TestAnyCase = AnyCase.TestCase
