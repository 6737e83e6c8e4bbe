"""Postings against a naive recount of stages, for random histories, late and corrected entries."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st
from tests.domain import case_steps as full
from tests.domain import membership
from tests.domain.membership import (
    died,
    readmission_opened,
    received,
    recognition_refused,
    recognition_vote,
    recognized_by_vote,
    revoked,
    striking_off_proposed,
    struck_off,
    task,
)
from tests.domain.steps import (
    PERSON,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    helper,
    listed,
    on,
    path,
    recognized,
    removed,
    submitted,
    vetting,
    void,
    vote,
)
from tests.profile import at_length

from domain.assessment import ProgressAssessed
from domain.candidate import Candidate, Cell, Person
from domain.case import CaseEntry, Stage, VettingConclusion, fold, stage
from domain.errors import Refusal
from domain.events import EVENTS
from domain.groups import Sex, mask, unmask
from domain.probation_duty import ProbationAssessed, ProbationTaskDone, ProbationTaskGiven
from domain.recommendation import PersonRecommended
from domain.record import Entry
from domain.sympathizer import HelperAssigned, SympathizerConfirmed
from domain.target import CountingDate
from domain.timeline import ADMITTED, FLOWS, STRUCK_OFF, UNCOUNTED, Line, Postings, timeline
from domain.trial_task import TrialTaskAssigned, TrialTaskClosed

FIRST = date(2023, 3, 1)
DAYS = st.integers(-5, 2600).map(lambda n: FIRST + timedelta(days=n))
NEAR = st.integers(-5, 900).map(lambda n: FIRST + timedelta(days=n))


def _recognized(day: date) -> Step:
    return recognized(day, day)


def _again_at(day: date) -> Step:
    return readmission_opened(day, date(2019, 1, 2), "FAMILY_HARDSHIP")


QUIET: dict[type[CaseEntry], Callable[[date], Step]] = {
    HelperAssigned: helper,
    PersonRecommended: full.recommended,
    ProbationAssessed: membership.assessed,
    ProbationTaskDone: membership.task_done,
    ProbationTaskGiven: membership.task,
    ProgressAssessed: full.assessed,
    SympathizerConfirmed: full.confirmed,
    TrialTaskAssigned: full.task,
    TrialTaskClosed: full.task_closed,
}
"""What moves no case, and how it is recorded."""
STEPS = st.one_of(
    st.tuples(
        st.sampled_from(
            [
                *(helper, listed, certificate, dossier, vetting, vote, submitted, decided),
                *(ceremony, removed, _recognized),
            ]
        ),
        NEAR,
    ).map(lambda made: made[0](made[1])),
    st.builds(vote, NEAR, st.just(9), st.integers(0, 9)),
    st.builds(vetting, NEAR, st.sampled_from(VettingConclusion)),
    st.tuples(
        st.sampled_from(
            [
                *(received, revoked, task, recognition_vote, recognition_refused),
                *(recognized_by_vote, striking_off_proposed, struck_off, died, _again_at),
            ]
        ),
        NEAR,
    ).map(lambda made: made[0](made[1])),
    st.tuples(st.sampled_from(list(QUIET.values())), NEAR).map(lambda made: made[0](made[1])),
    st.integers(1, 12).map(void),
)


def _again(birth_date: date) -> Step:
    """Correct the identification; the person turns out to be born on another day."""

    def step(case: Candidate) -> None:
        case.void(
            case.identified.originator_version, position=1, reason="Nhầm", on=FIRST, replaced=True
        )
        person = Person(full_name="Mẫu", birth_date=birth_date, sex=Sex.MALE, religion="Phật giáo")
        case.restate(on(FIRST), person)

    return step


HISTORIES = st.builds(
    lambda start, more, again: [*start, *more, *again],
    st.integers(0, 10).map(lambda n: path(recognized)[:n]),
    st.lists(STEPS, max_size=12),
    st.lists(st.builds(_again, st.dates(date(1990, 1, 1), date(2003, 1, 1))), max_size=1),
)
CELL = Cell(UUID(int=3), grassroots=False, characteristics=frozenset({"RELIGIOUS_AREA"}))


def lived(steps: list[Step]) -> list[Entry]:
    """The entries of a case after those of the steps that were not refused."""
    case = given(cell=CELL).case
    for step in steps:
        kept = len(case.entries)
        try:
            step(case)
        except Refusal:
            assert kept == len(case.entries)
    return case.entries


def each_adds_up(entries: list[Entry]) -> list[dict[Line, int]]:
    """What each event posts: the timeline with it less the timeline without it, folded anew."""
    postings = Postings()
    found = []
    for index, entry in enumerate(entries):
        found.append(postings.add(entry))
        difference = timeline(entries[: index + 1])
        difference.subtract(timeline(entries[:index]))
        assert found[-1] == {line: n for line, n in difference.items() if n}
    return found


def counted(lines: Counter[Line] | dict[Line, int], day: date) -> Counter[tuple[UUID, str, int]]:
    """What the postings up to a day add up to, for each unit, account and set of groups."""
    found: Counter[tuple[UUID, str, int]] = Counter()
    for line, n in lines.items():
        if line.effective_on <= day:
            found[line.unit, line.account, line.groups] += n
    return Counter({place: n for place, n in found.items() if n})


def recounted(entries: list[Entry], day: date) -> Stage | None:
    """The stage by the facts alone, without the timeline."""
    voided = {e.voided_version for e in entries if hasattr(e, "voided_version")}
    true = [e for e in entries if isinstance(e, CaseEntry) and e.originator_version not in voided]
    by_day = sorted(
        (e for e in true if e.effective_on <= day),
        key=lambda e: (e.effective_on, e.originator_version),
    )
    return stage(fold(by_day), day)


@settings(max_examples=at_length(150), deadline=None)
@each(steps=HISTORIES, days=st.lists(DAYS, min_size=1, max_size=6))
def test_postings_add_up_to_the_recount(steps: list[Step], days: list[date]) -> None:
    """On every day the postings of the stages add up to the one stage that the facts give."""
    entries = lived(steps)
    lines = timeline(entries)

    for day in [*days, date(2035, 1, 1), *(e.effective_on for e in entries)]:
        stages = [
            (unit, account, n)
            for (unit, account, _), n in counted(lines, day).items()
            if account not in FLOWS
        ]
        reached = recounted(entries, day)
        assert stages == ([] if reached is None else [(CELL.id, reached.value, 1)])


@settings(max_examples=at_length(100), deadline=None)
@each(steps=HISTORIES)
def test_what_each_event_posts_adds_up(steps: list[Step]) -> None:
    """The postings of one event after the other are the timeline of them all."""
    each_adds_up(lived(steps))


@pytest.mark.parametrize("days", [1, 2200])
@pytest.mark.parametrize("kind", QUIET)
def test_what_moves_no_case_posts_nothing(kind: type[CaseEntry], days: int) -> None:
    """Given a case at any stage at which it can be recorded, it changes no stage and no figure.

    Also after a day on which the clock alone has, and what comes then is counted from there.
    """
    steps = [full.recommended(), full.helper(), full.listed(), full.task()]
    steps += [*full.way(full.ceremony), full.ceremony(), membership.task()]
    recorded = 0
    for count in range(len(steps) + 1):
        before = lived(steps[:count])
        day = before[-1].effective_on + timedelta(days=days)
        after = lived([*steps[:count], QUIET[kind](day)])
        if len(after) > len(before):
            assert isinstance(after[-1], kind)
            assert timeline(after) == timeline(before)
            each_adds_up(lived([*steps[:count], QUIET[kind](day), died(day + timedelta(days=1))]))
            recorded += 1
    assert recorded > 0


def test_no_other_event_is_said_to_move_no_case() -> None:
    """Each that says so is tried."""
    said = {cls for cls in EVENTS if issubclass(cls, CaseEntry) and not cls.MOVES_CASE}

    assert said == QUIET.keys()


@settings(max_examples=at_length(100), deadline=None)
@each(steps=HISTORIES)
def test_double_entry(steps: list[Step]) -> None:
    """A day moves at most one person, from one account to another, or in from nowhere, or out."""
    changes: dict[date, list[int]] = {}
    for line, n in timeline(lived(steps)).items():
        if n and line.account not in FLOWS:
            changes.setdefault(line.effective_on, []).append(n)

    assert all(sorted(day) in ([1], [-1], [-1, 1]) for day in changes.values())


@settings(max_examples=at_length(100), deadline=None)
@each(steps=HISTORIES, day=DAYS)
def test_what_came_to_nothing_was_counted_before(steps: list[Step], day: date) -> None:
    """Until any day no more admissions came to nothing than were counted."""
    sums: Counter[str] = Counter()
    for (_, account, _), n in counted(timeline(lived(steps)), day).items():
        sums[account] += n

    for counting in CountingDate:
        assert 0 <= sums[UNCOUNTED[counting]] <= sums[ADMITTED[counting]]
    assert sums[STRUCK_OFF] >= sums[UNCOUNTED[CountingDate.CEREMONY]]


def flows(*steps: Step) -> dict[str, date]:
    """The accounts that grew, each with its last day."""
    lines = timeline(given(*steps).case.entries)
    return {
        line.account: line.effective_on
        for line, n in sorted(lines.items())
        if n and line.account in FLOWS
    }


def test_a_revoked_decision_stays_counted_and_is_taken_off_when_it_is_revoked() -> None:
    """By the decision only: no ceremony was counted."""
    assert flows(*path(decided), revoked()) == {
        "ADMITTED_BY_DECISION": date(2023, 7, 3),
        "UNCOUNTED_BY_DECISION": date(2023, 7, 10),
    }


def test_a_name_struck_off_during_the_probation_is_taken_off_in_that_period() -> None:
    """Both views can be read: as counted in 2023, and less what came to nothing in 2024."""
    assert flows(*path(ceremony), striking_off_proposed(), struck_off()) == {
        "ADMITTED_BY_DECISION": date(2023, 7, 3),
        "ADMITTED_BY_CEREMONY": date(2023, 7, 20),
        "UNCOUNTED_BY_DECISION": date(2024, 3, 1),
        "UNCOUNTED_BY_CEREMONY": date(2024, 3, 1),
        "STRIKINGS_OFF": date(2024, 3, 1),
    }


def test_a_full_member_struck_off_takes_off_no_admission() -> None:
    """The admission came to something; the striking off is counted as screening."""
    day = date(2025, 2, 3)
    grown = flows(*path(recognized), striking_off_proposed(date(2025, 1, 6)), struck_off(day))

    assert set(grown) == {"ADMITTED_BY_DECISION", "ADMITTED_BY_CEREMONY", "STRIKINGS_OFF"}


def test_a_readmission_is_counted_apart() -> None:
    """By decision and by ceremony, in accounts that no target counts; so is what comes of it."""
    first = [*path(ceremony), striking_off_proposed(), struck_off()]
    again = [
        readmission_opened(),
        certificate(date(2027, 3, 2)),
        vetting(date(2027, 4, 1)),
        vote(date(2027, 5, 3)),
        submitted(date(2027, 5, 10)),
        decided(date(2027, 6, 1)),
    ]
    held = [ceremony(date(2027, 6, 10)), striking_off_proposed(date(2027, 9, 1))]
    grown = flows(*first, *again, *held, struck_off(date(2027, 10, 1)))

    assert grown["READMITTED_BY_DECISION"] == date(2027, 6, 1)
    assert grown["READMITTED_BY_CEREMONY"] == date(2027, 6, 10)
    assert grown["ADMITTED_BY_DECISION"] == date(2023, 7, 3)
    assert grown["STRIKINGS_OFF"] == date(2027, 10, 1)
    assert grown["UNCOUNTED_BY_CEREMONY"] == date(2024, 3, 1)
    revoked_again = flows(*first, *again, revoked(date(2027, 6, 2)))
    assert revoked_again["UNCOUNTED_BY_DECISION"] == date(2024, 3, 1)


def admissions(
    steps: list[Step], person: Person = PERSON
) -> dict[str, tuple[date, tuple[str, ...]]]:
    """The admissions posted: account to day and groups."""
    entries = given(*steps, person=person, cell=CELL).case.entries
    return {
        line.account: (line.effective_on, unmask(line.groups))
        for line, n in timeline(entries).items()
        if n == 1 and line.account in ADMITTED.values()
    }


def test_admission_counts_by_decision_and_by_ceremony() -> None:
    """An admission is posted twice, by the decision and by the ceremony, each on its own day."""
    posted = admissions(path(recognized))

    assert {account: day for account, (day, _) in posted.items()} == {
        "ADMITTED_BY_DECISION": date(2023, 7, 3),
        "ADMITTED_BY_CEREMONY": date(2023, 7, 20),
    }


def test_a_voided_admission_is_not_counted() -> None:
    """A decision that was never true takes its admission back on the same day."""
    after = given(*path(decided), void(9)).case.entries
    posted = each_adds_up(after)[-1]
    groups = mask(["WOMEN", "YOUTH_AGE"])

    assert posted == {
        Line(date(2023, 7, 3), UUID(int=1), account, groups): n
        for account, n in {"ADMITTED_BY_DECISION": -1, "DECIDED": -1, "SUBMITTED": 1}.items()
    }


def test_groups_are_those_of_the_counting_day() -> None:
    """Who leaves Youth Union age before the ceremony counts as young for one only."""
    person = Person(full_name="Mẫu", birth_date=date(1992, 8, 2), sex=Sex.FEMALE)
    posted = admissions([*path(decided), ceremony(date(2023, 8, 1))], person)

    assert posted["ADMITTED_BY_DECISION"][1] == ("WOMEN", "YOUTH_AGE", "RELIGIOUS_AREA")
    assert posted["ADMITTED_BY_CEREMONY"][1] == ("WOMEN", "RELIGIOUS_AREA")


def test_nothing_is_admitted_before_the_identification() -> None:
    """Without an identification in force nobody is counted anywhere."""
    entries = given(*path(ceremony)).case.entries
    assert timeline(entries[1:]) == Counter()
