"""What the facts of a case add up to: assessments due, papers, vetting status, gaps, rounds."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from tests.domain import case_steps as steps
from tests.domain.steps import CELL, PERSON, Step, given, on, void

from domain import submission, trial_task
from domain.admission import AdmissionDecided, CellVoteHeld, DossierSubmitted
from domain.assessment import missing_assessments
from domain.candidate import Candidate, Cell
from domain.case import Stage, VettingConclusion, stage
from domain.deciding import DecidingBody, Matter, deciding_body
from domain.dossier import ApplicationSubmitted, HistoryDeclared
from domain.ending import CandidateWithdrawn
from domain.errors import Conflict
from domain.gap import STAGES, Gap, has_gap
from domain.introduction import OpinionsCollected
from domain.paper import Form, PaperState, checklist, papers
from domain.submission import ReturnedTo
from domain.sympathizer import SympathizerListed
from domain.timeline import timeline
from domain.vetting import VettingConcluded, VettingStatus, vetting_status

GRASSROOTS = replace(CELL, grassroots=True)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 3, 31), []),
        (date(2023, 4, 1), ["2023-03"]),
        (date(2023, 6, 30), ["2023-03", "2023-04", "2023-05"]),
        (date(2023, 7, 1), ["2023-03", "2023-04", "2023-05", "2023-06", "2023-Q2"]),
    ],
)
def test_assessments_due(day: date, expected: list[str]) -> None:
    """A month and a quarter are due when they have ended and began after the identification."""
    assert expected == missing_assessments(given().case.case(day), day)


def test_quarter_of_the_first_day() -> None:
    """Of a quarter whose first day is the identification's, the assessment is due; later not."""
    start = given(void(1, replaced=True)).case
    for first, quarters in ((date(2023, 1, 1), ["2023-Q1"]), (date(2023, 1, 2), [])):
        start.restate(on(first), PERSON)
        day = date(2023, 4, 1)
        due = missing_assessments(start.case(day), day)
        assert quarters == [period for period in due if "Q" in period]
        start.void(start.version, position=9, reason="Nhầm", on=day, replaced=True)


def test_assessed_and_ended() -> None:
    """What was assessed is not missing, and nothing is due after the decision."""
    done = given(steps.assessed(), steps.assessed(date(2023, 7, 3), "2023-Q2")).case
    day = date(2023, 7, 4)
    assert missing_assessments(done.case(day), day) == ["2023-04", "2023-05", "2023-06"]

    over = given(*steps.way(steps.ceremony)).case
    later = date(2024, 7, 4)
    assert missing_assessments(over.case(later), later)[-1] == "2023-Q2"


@pytest.mark.parametrize("period", ["2023", "2023-13", "2023-Q5", "23-04", "2023-Q2 "])
def test_no_such_period(period: str) -> None:
    """A period is a month or a quarter."""
    given().when(steps.assessed(period=period)).refused("INVALID_PERIOD", field="period")


def test_a_task_is_due_after_it_is_given() -> None:
    """A task cannot be due before it was given."""

    def step(case: Candidate) -> object:
        return trial_task.assign_trial_task(
            case, on(date(2023, 4, 1)), description="Trực", due_on=date(2023, 3, 31)
        )

    given().when(step).refused("DUE_BEFORE_ASSIGNED", field="dueOn")


def test_tasks_are_numbered_as_they_are_given() -> None:
    """From 1, a voided one included, so that no number means two; a task of old keeps its own."""
    case = given(steps.task(), steps.helper(), steps.task(), void(2), steps.task()).case
    tasks = [each for each in case.entries if isinstance(each, trial_task.TrialTaskAssigned)]
    old = trial_task.TrialTaskAssigned.upcast_v1_v2({"description": "Trực"})

    assert [each.number for each in tasks] == [1, 2, 3]
    assert old == {"description": "Trực", "task": None}
    unnumbered = trial_task.TrialTaskAssigned(**{**vars(tasks[-1]), "task": None})
    assert unnumbered.number == tasks[-1].originator_version
    given(steps.task(), void(2), steps.task()).when(steps.task_closed(number=1)).refused(
        "TASK_NOT_FOUND", field="task"
    )


STATES = [
    (steps.way(steps.requested), VettingStatus.NOT_STARTED),
    (steps.way(steps.replied), VettingStatus.REQUESTED),
    (steps.way(steps.replied_again), VettingStatus.REPLIES_OUTSTANDING),
    (steps.way(steps.vetted), VettingStatus.REPLIES_COMPLETE),
    (steps.way(steps.introduced), VettingStatus.ELIGIBLE),
    ([*steps.way(steps.voted), steps.reopened()], VettingStatus.SUPPLEMENT_NEEDED),
    *(
        ([*steps.way(steps.vetted), steps.vetted(conclusion=conclusion)], status)
        for conclusion, status in (
            (VettingConclusion.NOT_ELIGIBLE, VettingStatus.NOT_ELIGIBLE),
            (VettingConclusion.SUPPLEMENT_NEEDED, VettingStatus.SUPPLEMENT_NEEDED),
            (VettingConclusion.REFER_UPWARD, VettingStatus.REFERRED_UPWARD),
        )
    ),
]


@pytest.mark.parametrize(("taken", "status"), STATES)
def test_vetting_status(taken: list[Step], status: VettingStatus) -> None:
    """The vetting's own status, whatever the stage."""
    assert status is vetting_status(given(*taken).case.facts())


def test_vetting_goes_on_after_a_supplement() -> None:
    """Another request follows a supplement, and its reply is waited for again."""
    needed = steps.vetted(date(2023, 5, 25), VettingConclusion.SUPPLEMENT_NEEDED)
    again = given(*steps.way(steps.vetted), needed, steps.requested(date(2023, 5, 26), 1))

    assert vetting_status(again.case.facts()) is VettingStatus.REPLIES_OUTSTANDING
    again.when(steps.vetted()).refused("VETTING_REPLIES_OUTSTANDING", rule="V2", field="conclusion")
    steps.replied(date(2023, 5, 30))(again.case)
    again.when(steps.vetted()).then(VettingConcluded, papers=True)


def test_no_more_replies_than_letters() -> None:
    """Neither on the day nor by a late entry are there more replies than were asked for."""
    start = given(*steps.way(steps.vetted))
    start.when(steps.replied(date(2023, 5, 21))).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field="occurredOn"
    )
    start.when(steps.replied(date(2023, 5, 10))).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field="occurredOn"
    )


def states(*taken: Step, young: bool = True, cell: Cell = CELL, day: date) -> dict[str, PaperState]:
    """The check-list of a case on a day."""
    case = given(*taken, cell=cell).case.case(day)
    return {c.paper.code: c.state for c in checklist(case, day, young=young, months=12)}


def test_papers_of_the_check_list() -> None:
    """There is none before the dossier; afterwards each paper is missing until it is there."""
    day = date(2023, 6, 4)
    before = states(*steps.way(steps.opened), day=day)
    empty = states(*steps.way(steps.applied), day=day)
    full = states(*steps.way(steps.submitted), day=date(2023, 6, 19))

    assert before == {}
    assert set(empty) == set(papers())
    assert {code for code, state in empty.items() if state is PaperState.PRESENT} == {"CERTIFICATE"}
    assert set(full.values()) == {PaperState.PRESENT}


def test_whose_papers() -> None:
    """A grassroots cell needs no committee's papers; past youth age no union's, but two members."""
    way = steps.way(steps.voted)
    day = date(2023, 6, 4)
    committee = {steps.confirmed, steps.agreed}
    alone = [made() for made in steps.WAY[: steps.WAY.index(steps.voted)] if made not in committee]
    of_cell = states(*alone, cell=GRASSROOTS, day=day)
    old = states(*way, young=False, day=day)
    two = states(
        *way, steps.introduced(date(2023, 6, 4), introducer_name="Vũ Hai"), young=False, day=day
    )

    assert set(papers()) - set(of_cell) == {"SECTIONAL_APPRAISAL", "GRASSROOTS_RESOLUTION"}
    assert set(papers()) - set(old) == {"UNION_RESOLUTION"}
    assert (old["INTRODUCTION"], two["INTRODUCTION"]) == (PaperState.MISSING, PaperState.PRESENT)


def test_papers_grow_old() -> None:
    """A paper is good for twelve months to the day."""
    way = steps.way(steps.voted)
    last, after = date(2024, 5, 5), date(2024, 5, 6)

    assert states(*way, day=last)["APPLICATION"] is PaperState.PRESENT
    assert states(*way, day=after)["APPLICATION"] is PaperState.OUTDATED
    assert states(*way, day=after)["CERTIFICATE"] is PaperState.PRESENT
    assert states(*way, steps.voted(last), day=after)["APPLICATION"] is PaperState.PRESENT


def test_old_papers_are_written_anew() -> None:
    """What is out of date is written again, and only then."""
    start = given(*steps.way(steps.voted))
    start.when(steps.applied(date(2024, 5, 5))).refused("STEP_ALREADY_RECORDED", field="candidate")
    start.when(steps.applied(date(2024, 5, 6))).then(ApplicationSubmitted)
    start.when(steps.declared(date(2024, 5, 7))).then(HistoryDeclared)
    start.when(steps.opinions(date(2024, 6, 4))).then(OpinionsCollected)

    assert start.case.facts().stamped is None
    assert len(start.case.facts().opinions) == 2


def test_forms_are_dated() -> None:
    """Each paper bears the form of its day, before the first one the first; some have none."""
    application = papers()["APPLICATION"]
    first, second = application.forms

    assert application.form(date(2010, 1, 1)) == first
    assert application.form(date(2022, 1, 17)) == first
    assert application.form(date(2022, 1, 18)) == second
    assert papers()["VETTING"].form(date(2023, 1, 1)) is None
    disputed = {code for code, paper in papers().items() if _confidence(paper.forms) == "disputed"}
    assert {"CELL_RESOLUTION", "SECTIONAL_APPRAISAL", "GRASSROOTS_RESOLUTION"} == disputed


def _confidence(forms: tuple[Form, ...]) -> str:
    return forms[-1].confidence if forms else ""


@pytest.mark.parametrize(
    ("gap", "taken", "has"),
    [
        (Gap.CERTIFIED_WITHOUT_DOSSIER, steps.way(steps.opened), True),
        (Gap.DOSSIER_INCOMPLETE, steps.way(steps.introduced), True),
        (Gap.DOSSIER_INCOMPLETE, steps.way(steps.voted), False),
        (Gap.ASSESSMENT_MISSING, steps.way(steps.voted), True),
        (Gap.HELPER_MISSING, [], True),
        (Gap.HELPER_MISSING, [steps.helper()], False),
        (Gap.LIST_NOT_CONFIRMED, [steps.listed()], True),
        (Gap.LIST_NOT_CONFIRMED, [steps.listed(), steps.confirmed()], False),
        (Gap.LIST_NOT_CONFIRMED, [], False),
        (Gap.TALLY_NOT_CONFIRMED, steps.way(steps.tally), True),
        (Gap.TALLY_NOT_CONFIRMED, steps.way(steps.appraised), False),
    ],
)
def test_gaps(gap: Gap, taken: list[Step], *, has: bool) -> None:
    """Who is on a list of things left to do, and who is not any more."""
    day = date(2023, 6, 10)
    case = given(*taken).case.case(day)

    assert stage(case, day) in STAGES[gap]
    assert has is has_gap(gap, case, day, young=True, months=12)


def test_a_grassroots_cells_list_needs_no_confirmation() -> None:
    """There is no committee that could confirm it."""
    case = given(steps.listed(), cell=GRASSROOTS).case.facts()
    assert not has_gap(Gap.LIST_NOT_CONFIRMED, case, date(2023, 4, 1), young=True, months=12)


@pytest.mark.parametrize("matter", Matter)
def test_who_decides(matter: Matter) -> None:
    """B.2: each matter has one body; a grassroots cell does what its committee would do."""
    expected = {
        Matter.START: (DecidingBody.CELL, DecidingBody.CELL),
        Matter.PROPOSAL: (DecidingBody.CELL, DecidingBody.CELL),
        Matter.ADMISSION: (
            DecidingBody.SUPERIOR_STANDING_COMMITTEE,
            DecidingBody.SUPERIOR_STANDING_COMMITTEE,
        ),
        Matter.EXCEPTION: (
            DecidingBody.PROVINCIAL_STANDING_COMMITTEE,
            DecidingBody.PROVINCIAL_STANDING_COMMITTEE,
        ),
    }.get(matter, (DecidingBody.GRASSROOTS_COMMITTEE, DecidingBody.CELL))
    authorized = deciding_body(replace(CELL, delegated=True), matter)

    assert expected == (deciding_body(CELL, matter), deciding_body(GRASSROOTS, matter))
    assert authorized is (
        DecidingBody.GRASSROOTS_COMMITTEE if matter is Matter.ADMISSION else expected[0]
    )


def test_the_decision_says_who_took_it() -> None:
    """The level above the grassroots, or the committee that it authorized."""
    start = given(*steps.way(steps.decided))
    (entry,) = start.when(steps.authorized()).then(AdmissionDecided)

    assert isinstance(entry, AdmissionDecided)
    assert entry.decided_by is DecidingBody.GRASSROOTS_COMMITTEE


def test_counts_of_a_committee() -> None:
    """Nobody counts more in favor than there are, with an authorization or without one."""
    given(*steps.way(steps.decided)).when(
        steps.decided(committee_members=3, committee_in_favor=4)
    ).refused("COUNT_OUT_OF_RANGE", field="inFavor")


def test_returned_to_the_cell() -> None:
    """The cell votes again, and the dossier goes its way a second time."""
    start = given(*steps.way(steps.decided), steps.returned())
    start.when(steps.voted(date(2023, 6, 5))).refused("STEP_ALREADY_RECORDED", field="candidate")
    start.when(steps.submitted(date(2023, 6, 21))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
    start.when(steps.decided()).refused("CELL_VOTE_NOT_PASSED", rule="T7", field="candidate")
    start.when(steps.voted(date(2023, 6, 26))).then(CellVoteHeld)
    for step in (steps.tally(date(2023, 6, 27)), steps.resolved(date(2023, 6, 28))):
        step(start.case)
    start.when(steps.submitted(date(2023, 6, 29))).then(DossierSubmitted, papers=True)
    start.when(steps.decided()).then(AdmissionDecided, papers=True)


def test_returned_to_the_committee() -> None:
    """What the cell voted holds; the committee resolves again."""
    start = given(*steps.way(steps.decided), steps.returned(to=ReturnedTo.GRASSROOTS_COMMITTEE))
    start.when(steps.voted(date(2023, 6, 26))).refused("STEP_ALREADY_RECORDED", field="candidate")
    steps.resolved(date(2023, 6, 28))(start.case)
    start.when(steps.submitted(date(2023, 6, 29))).then(DossierSubmitted, papers=True)


def test_a_list_of_defects_has_entries() -> None:
    """A dossier comes back with something to put right."""
    for defects in ((), ("Thiếu dấu",) * 51):

        def step(case: Candidate, defects: tuple[str, ...] = defects) -> object:
            return submission.return_dossier(
                case, on(date(2023, 6, 22)), to=ReturnedTo.CELL, defects=defects
            )

        given(*steps.way(steps.decided)).when(step).refused("COUNT_OUT_OF_RANGE", field="defects")


@pytest.mark.parametrize("pages", [0, 501])
def test_pages(pages: int) -> None:
    """A history has pages, and not more than anybody could stamp."""
    given(*steps.way(steps.stamped)).when(steps.stamped(pages=pages)).refused(
        "COUNT_OUT_OF_RANGE", field="pages"
    )


@pytest.mark.parametrize("replies", [0, 101])
def test_letters(replies: int) -> None:
    """A request has at least one letter."""
    given(*steps.way(steps.requested)).when(steps.requested(replies=replies)).refused(
        "COUNT_OUT_OF_RANGE", field="repliesExpected"
    )


ENDINGS = {
    Stage.REMOVED: [*steps.way(steps.decided), steps.removed()],
    Stage.REFUSED: [*steps.way(steps.decided), steps.refused()],
    Stage.WITHDRAWN: [*steps.way(steps.ceremony), steps.withdrawn()],
    Stage.DECISION_REVOKED: [*steps.way(steps.ceremony), steps.revoked()],
}


@pytest.mark.parametrize("outcome", ENDINGS)
def test_another_pursuit(outcome: Stage) -> None:
    """Whoever is listed again is as before the dossier, and may come to a decision."""
    start = given(*ENDINGS[outcome])
    day = date(2023, 7, 25)
    assert stage(start.case.case(day), day) is outcome
    assert start.case.facts().ended is start.case.entries[-1]
    start.when(steps.opened(date(2023, 7, 24))).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field="occurredOn"
    )
    start.when(steps.listed(day)).then(SympathizerListed)
    assert stage(start.case.case(day), day) is Stage.CERTIFIED

    again = (steps.opened, steps.vetted, steps.voted, steps.submitted, steps.decided)
    for later, step in enumerate(again, start=26):
        step(day.replace(day=later))(start.case)
    assert stage(start.case.facts(), date(2023, 7, 31)) is Stage.DECIDED
    start.case.require_sound()


@pytest.mark.parametrize(
    "step", [steps.withdrawn, steps.revoked, steps.removed, steps.refused, steps.returned]
)
def test_no_late_ending_under_later_steps(step: type) -> None:
    """What ends a pursuit or sends it back is not dated before a step that stands on it."""
    day = date(2023, 7, 4) if step is steps.revoked else date(2023, 6, 21)
    more = [steps.ceremony()] if step is steps.revoked else []
    start = given(*steps.way(steps.ceremony), *more)
    code, rule = (
        ("REVOKED_AFTER_CEREMONY", "M1")
        if step is steps.revoked
        else ("STEP_ALREADY_RECORDED", None)
    )
    start.when(step(day)).refused(code, rule=rule, field="candidate")


def admissions(*taken: Step) -> Counter[tuple[date, str]]:
    """The admissions that a case posts, and those that came to nothing."""
    lines = timeline(given(*taken).case.entries)
    return Counter(
        {
            (line.effective_on, line.account): n
            for line, n in lines.items()
            if line.account.startswith(("ADMITTED", "UNCOUNTED")) and n
        }
    )


def test_an_admission_that_comes_to_nothing_is_uncounted_on_its_day() -> None:
    """D.4: a revoked decision leaves the day of the decision and counts against its own."""
    on_decision = (date(2023, 7, 3), "ADMITTED_BY_DECISION")
    for ending, day in ((steps.revoked, 10), (steps.withdrawn, 11)):
        back = (date(2023, 7, day), "UNCOUNTED_BY_DECISION")
        assert admissions(*steps.way(steps.ceremony), ending()) == {on_decision: 1, back: 1}
    early = [*steps.way(steps.confirmed), steps.withdrawn(date(2023, 3, 16))]
    assert admissions(*early) == {}
    assert admissions(*steps.way(steps.ceremony), steps.died()) == {on_decision: 1}


def test_an_ending_is_not_taken_away_under_another_pursuit() -> None:
    """Who is listed a second time was off the list before: that cannot be taken back alone."""
    start = given(*steps.way(steps.decided), steps.removed(), steps.listed(date(2023, 7, 1))).case
    start.require_sound()
    ended = next(e for e in start.entries if type(e).__name__ == "SympathizerRemoved")
    void(ended.originator_version)(start)

    with pytest.raises(Conflict) as refusal:
        start.require_sound()
    assert refusal.value.code == "EVENT_HAS_SUCCESSORS"


def test_an_ending_may_be_taken_away() -> None:
    """Without it the case is where it was."""
    start = given(*steps.way(steps.ceremony), steps.withdrawn())
    (ended,) = (e for e in start.case.entries if isinstance(e, CandidateWithdrawn))
    void(ended.originator_version)(start.case)

    start.case.require_sound()
    assert stage(start.case.facts(), date(2023, 7, 12)) is Stage.DECIDED


def test_earlier_versions_are_lifted() -> None:
    """What the first versions did not keep is unknown, but for who decided."""
    stored = {"documentNumber": "1"}

    assert VettingConcluded.upcast_v1_v2(stored) == {"documentNumber": "1", "recordedBy": None}
    assert CellVoteHeld.upcast_v1_v2({}) == {"recordedBy": None}
    lifted = AdmissionDecided.upcast_v1_v2({"decisionNumber": "7"})
    assert (lifted["decisionNumber"], lifted["decidedBy"]) == ("7", "SUPERIOR_STANDING_COMMITTEE")


def test_a_corrected_vote_is_confirmed_again() -> None:
    """The tally that was confirmed was another one."""
    start = given(*steps.way(steps.appraised), void(steps.version(steps.voted)))
    steps.voted(in_favor=8)(start.case)
    day = date(2023, 6, 7)

    assert start.case.facts().tally is None
    steps.tally(day, in_favor=8)(start.case)
    assert start.case.facts().tally is start.case.entries[-1]


def test_a_case_belongs_to_its_cell() -> None:
    """Who may see it follows from that."""
    assert given().case.organization_id == CELL.id
