"""Any sequence of commands, on any days, corrected anywhere: the case stays one that can be.

After each command: the stage is one of C.1, the facts keep their invariants, the log rebuilds the
same case, and the postings put the person in exactly one place, over the logs of all tenants that
went on with the case. The commands are those of the whole life: up to the ceremony, the probation,
recognition, striking off, re-admission, moves, hand-overs, taken back or received elsewhere.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.domain import case_steps as steps
from tests.domain import membership as member
from tests.domain.placing import handed_over, moved, received, taken_back
from tests.domain.steps import PERSON, Step, on, recognized
from tests.domain.transitions_readmission import READMITTED
from tests.domain.transitions_recognition import OF_DOSSIER
from tests.domain.transitions_recognition import WAY as TO_RECOGNITION
from tests.domain.transitions_striking_off import WAY as TO_STRIKING_OFF
from tests.profile import at_length

from domain.candidate import Candidate, Cell
from domain.case import Case, CaseEntry, Stage, VettingConclusion, fold, stage
from domain.discipline import PROBATIONARY, DisciplinaryMeasure
from domain.errors import Refusal
from domain.record import Record
from domain.submission import ReturnedTo
from domain.target import CountingDate
from domain.timeline import ADMITTED, FLOWS, UNCOUNTED, timeline
from domain.timeline import READMITTED as READMISSIONS
from domain.uncorrectable import instead_of
from domain.vetting import VettingStatus, vetting_status

FIRST = date(2023, 3, 1)
ENDS = frozenset(
    {Stage.REMOVED, Stage.WITHDRAWN, Stage.REFUSED, Stage.DECISION_REVOKED, Stage.DECEASED}
)
NOT_HERE = frozenset({Stage.MERGED, Stage.IN_TRANSIT})
"""Stages that no command of these leads to: in transit counts who is TRANSFERRED_OUT."""
OF_MEMBERS = frozenset(
    {
        *(Stage.DECIDED, Stage.PROBATIONARY, Stage.RECOGNITION_DUE, Stage.FULL_MEMBER),
        *(Stage.STRUCK_OFF, Stage.TRANSFERRED_OUT, Stage.DECEASED, Stage.DECISION_REVOKED),
        Stage.WITHDRAWN,
    }
)
"""Where somebody may stand whose admission is decided."""


def again(day: date = date(2027, 3, 1)) -> Step:
    """A re-admission of whoever was struck off, else of who had left another place long before."""

    def step(case: Candidate) -> object:
        gone = case.facts().struck_off
        left = gone.effective_on if gone else day - timedelta(days=1500)
        return member.readmission_opened(day, left)(case)

    return step


MAKES: tuple[Callable[..., Step], ...] = (
    *steps.WAY,
    *(steps.assessed, steps.task, steps.task_closed, steps.not_passed, steps.reopened),
    *(steps.introducer_replaced, steps.proposal_refused, steps.resolution_refused),
    *(steps.returned, steps.extended, steps.refused, steps.revoked, steps.withdrawn),
    *(steps.removed, steps.died),
)
OF_MEMBERSHIP: tuple[Callable[..., Step], ...] = (
    *(member.received, member.consented, member.revoked, member.task, member.task_done),
    *(member.assessed, member.history_file, member.disciplined, *OF_DOSSIER),
    *(member.recognition_vote, member.recognition_returned, member.recognition_refused),
    *(member.recognized_by_vote, member.striking_off_proposed, member.struck_off, again),
    *(moved, handed_over, taken_back),
)
STEPS = st.one_of(
    st.sampled_from(MAKES).map(lambda make: lambda day: make(day=day)),
    st.integers(0, 9).map(lambda votes: lambda day: steps.voted(day, in_favor=votes)),
    st.sampled_from(VettingConclusion).map(
        lambda conclusion: lambda day: steps.vetted(day, conclusion)
    ),
    st.sampled_from(ReturnedTo).map(lambda to: lambda day: steps.returned(day, to)),
)
MEMBER_STEPS = st.one_of(
    st.sampled_from(OF_MEMBERSHIP).map(lambda make: lambda day: make(day=day)),
    st.integers(0, 9).map(lambda votes: lambda day: member.recognition_vote(day, votes)),
    st.integers(0, 9).map(lambda votes: lambda day: member.striking_off_proposed(day, votes)),
    st.sampled_from(DisciplinaryMeasure).map(
        lambda measure: lambda day: member.disciplined(day, measure)
    ),
    st.just(lambda day: recognized(day, day)),
)
WAYS: tuple[tuple[Step, ...], ...] = (
    tuple(make() for make in TO_RECOGNITION),
    (*(make() for make in TO_STRIKING_OFF), *READMITTED),
)
DAYS = st.one_of(st.integers(0, 20), st.integers(21, 800))


def require_possible_member(case: Case, day: date, reached: Stage) -> None:
    """What must hold of a membership: each step on the one before, in the order of their days."""
    if case.decided is None:
        assert case.ceremony is None
        return
    assert reached in OF_MEMBERS
    if case.ceremony is None:
        assert case.recognized is None
        assert case.struck_off is None
        assert not case.membership.measures
        return
    held, ends = case.ceremony.effective_on, case.ceremony.probation_ends_on
    assert case.decided.effective_on <= held < ends
    assert {each.measure for each in case.membership.measures} <= PROBATIONARY
    if case.recognized is not None:
        assert case.recognized.member_from == ends <= case.recognized.effective_on
    if case.struck_off is not None:
        assert reached in {Stage.STRUCK_OFF, Stage.DECEASED, Stage.TRANSFERRED_OUT}
    if reached is Stage.PROBATIONARY:
        assert day < ends
    if reached is Stage.RECOGNITION_DUE:
        assert day >= ends


def require_possible(case: Case, day: date) -> None:
    """What must hold of the facts at the end of any day."""
    reached = stage(case, day)
    assert reached is not None
    assert reached not in NOT_HERE
    assert isinstance(vetting_status(case), VettingStatus)
    require_possible_member(case, day, reached)
    if case.tally is not None:
        assert case.vote is not None
        assert (case.tally.in_favor, case.tally.official_members) == (
            case.vote.in_favor,
            case.vote.official_members,
        )
    left = case.died or case.handed_over
    if case.ended is not None and case.ceremony is None and case.decided is None and not left:
        assert reached is case.ended.OUTCOME
        assert reached in ENDS


class AnyCase(RuleBasedStateMachine):
    """One case under any commands; what is refused must leave it untouched."""

    @initialize(way=st.sampled_from(WAYS), length=st.integers(0, 45), grassroots=st.booleans())
    def begin(self, way: tuple[Step, ...], length: int, *, grassroots: bool) -> None:
        """Somebody is identified and comes some way, or is only identified."""
        cell = Cell(UUID(int=1), grassroots, frozenset())
        self.case = Candidate.identify(UUID(int=9), on(FIRST), cell, PERSON)
        self.left: list[Candidate] = []
        self.day = FIRST
        for step in way[:length]:
            self._take(step)
        self.day = max(entry.effective_on for entry in self.case.entries)

    @rule(make=STEPS, days=DAYS)
    def go_on(self, make: Callable[[date], Step], days: int) -> None:
        """A command of today."""
        self.day += timedelta(days=days)
        self._take(make(self.day))

    @rule(make=MEMBER_STEPS, days=DAYS)
    def go_on_as_member(self, make: Callable[[date], Step], days: int) -> None:
        """A command of today, of the probation and what follows."""
        self.day += timedelta(days=days)
        self._take(make(self.day))

    @rule(make=st.one_of(STEPS, MEMBER_STEPS), days=st.integers(1, 400))
    def record_late(self, make: Callable[[date], Step], days: int) -> None:
        """A command of a day long past."""
        self._take(make(self.day - timedelta(days=days)))

    @precondition(lambda self: len(self.left) < 3)
    @rule(days=st.integers(0, 60), is_received=st.booleans())
    def leave(self, days: int, *, is_received: bool) -> None:
        """The case is handed over, and received elsewhere or still in transit; its log stays."""
        self._take(handed_over(self.day))
        if is_received and self.case.facts().handed_over is not None:
            self.day += timedelta(days=days)
            self.left.append(self.case)
            self.case = received(self.case, self.day)

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """An entry was never true; where others stand on it, that is refused as a whole."""
        versions = [
            version
            for version, entry in enumerate(self.case.entries, start=1)
            if instead_of(type(entry)) is None
        ]
        if not versions:
            return
        version = data.draw(st.sampled_from(versions))

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
        """The postings of all logs add up to one stage of one tenant, on every day."""
        logs = [*self.left, self.case]
        postings = [timeline(each.entries) for each in logs]
        for day in {entry.effective_on for entry in self.case.entries} | {date(2035, 1, 1)}:
            found: Counter[str] = Counter()
            for line, n in (each for lines in postings for each in lines.items()):
                if line.effective_on <= day and line.account not in FLOWS:
                    found[line.account] += n
            assert {account: n for account, n in found.items() if n} == expected(logs, day)

    @invariant()
    def is_admitted_at_most_once(self) -> None:
        """Decisions less those that came to nothing are none or one, and a ceremony needs one.

        Over all tenants; whoever is re-admitted was not admitted twice.
        """
        sums: Counter[str] = Counter()
        for each in (*self.left, self.case):
            for line, n in timeline(each.entries).items():
                sums[line.account] += n
        by_decision, by_ceremony = (sums[ADMITTED[day]] - sums[UNCOUNTED[day]] for day in ADMITTED)

        assert 0 <= by_ceremony <= by_decision <= 1
        assert sums[READMISSIONS[CountingDate.CEREMONY]] <= 1


def expected(logs: list[Candidate], day: date) -> dict[str, int]:
    """The one account that a person is in, by the facts of who has the case on a day."""
    has = next((each for each in logs[::-1] if each.entries[0].effective_on <= day), None)
    if has is None:
        return {}
    live = [e for e in has.live(day) if isinstance(e, CaseEntry)]
    reached = stage(fold(live), day)
    if reached is Stage.TRANSFERRED_OUT:
        reached = Stage.IN_TRANSIT
    return {} if reached is None else {reached.value: 1}


AnyCase.TestCase.settings = settings(
    max_examples=at_length(60), stateful_step_count=25, deadline=None
)
TestAnyCase = AnyCase.TestCase
