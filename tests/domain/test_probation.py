"""From the decision to the end of the probation: receipt, consent, revocation, duties, measures."""

from datetime import date

import pytest
from tests.domain.membership import (
    assessed,
    at,
    consented,
    died,
    disciplined,
    history_file,
    new_member_class,
    papers,
    received,
    recognition_refused,
    recognition_returned,
    recognition_vote,
    recognized_by_vote,
    revoked,
    striking_off_proposed,
    struck_off,
    task,
    task_done,
)
from tests.domain.steps import (
    CELL,
    Step,
    ceremony,
    decided,
    given,
    helper,
    listed,
    path,
    recognized,
    submitted,
    void,
)

from domain.case import Stage, stage
from domain.discipline import DisciplinaryMeasure, Disciplined
from domain.ending import DecisionRevoked, PersonDied
from domain.erasure import order_erasure
from domain.errors import Conflict
from domain.probation import (
    CeremonyHeld,
    DecisionReceived,
    LateCeremonyConsented,
)
from domain.probation_duty import (
    DutyKind,
    HistoryFileCompleted,
    NewMemberClassCompleted,
    ProbationAssessed,
    ProbationTaskDone,
    ProbationTaskGiven,
)
from domain.sympathizer import HelperAssigned, SympathizerListed

APPROVED = {"approval_number": "5-CV/TU"}
EARLY = {"rule": "P8", "field": "occurredOn"}


def test_the_ceremony_counts_from_the_recorded_receipt() -> None:
    """Received on 7 July 2023, thirty working days end on 18 August; then it needs consent."""
    start = given(*path(decided), received())

    start.when(ceremony(date(2023, 8, 18))).then(CeremonyHeld)
    late = given(*path(decided), received())
    late.when(ceremony(date(2023, 8, 19))).refused(
        "CEREMONY_LATE_WITHOUT_CONSENT", rule="T10", field="consentNumber"
    )
    late.when(consented()).then(LateCeremonyConsented)
    late.when(ceremony(date(2023, 8, 20))).refused(
        "CEREMONY_LATE_WITHOUT_CONSENT", rule="T10", field="consentNumber"
    )
    late.when(ceremony(date(2023, 8, 21))).then(CeremonyHeld)


def test_the_receipt_is_recorded_once_and_not_contradicted() -> None:
    """The ceremony may say the same day of receipt, but no other."""
    start = given(*path(decided))
    start.when(received()).then(DecisionReceived)

    start.when(received()).refused("STEP_ALREADY_RECORDED", field="candidate")
    start.when(ceremony(received=date(2023, 7, 6))).refused(
        "RECEIPT_DIFFERS", field="decisionReceivedOn"
    )
    start.when(ceremony(received=date(2023, 7, 7))).then(CeremonyHeld)
    start.when(consented()).refused("STEP_ALREADY_RECORDED", field="candidate")


@pytest.mark.parametrize("step", [received(), consented(), revoked()])
def test_nothing_of_a_decision_before_it(step: Step) -> None:
    """Without a decision there is none to receive, to be late for or to revoke."""
    given(*path(submitted)).when(step).refused("STEP_OUT_OF_ORDER", **EARLY)


def test_a_decision_is_revoked_before_the_ceremony_only() -> None:
    """Afterwards a decision that was never true is corrected; nobody is un-admitted."""
    start = given(*path(decided))
    (entry,) = start.when(revoked()).then(DecisionRevoked)
    day = date(2023, 7, 10)

    assert isinstance(entry, DecisionRevoked)
    assert entry.decision_number == "50-QĐ/HU"
    assert stage(start.case.case(day), day) is Stage.DECISION_REVOKED
    assert stage(start.case.case(day), date(2023, 7, 9)) is Stage.DECISION_REVOKED
    start.when(ceremony()).refused("STEP_OUT_OF_ORDER", **EARLY)
    start.when(listed(date(2023, 9, 1))).then(SympathizerListed)
    later = start.case.case(date(2023, 9, 1))
    assert stage(later, date(2023, 9, 1)) is Stage.CERTIFIED
    given(*path(ceremony)).when(revoked(date(2023, 7, 15))).refused(
        "REVOKED_AFTER_CEREMONY", rule="M1", field="candidate"
    )


AFTER_CEREMONY = {
    "task": (task(), ProbationTaskGiven),
    "assessment": (assessed(), ProbationAssessed),
    "class": (new_member_class(), NewMemberClassCompleted),
    "file": (history_file(), HistoryFileCompleted),
    "measure": (disciplined(), Disciplined),
    "helper": (helper(date(2023, 8, 1)), HelperAssigned),
}


@pytest.mark.parametrize("name", AFTER_CEREMONY)
def test_duties_of_the_probation(name: str) -> None:
    """Each is recorded after the ceremony without a finding."""
    step, kind = AFTER_CEREMONY[name]
    start = given(*path(ceremony))
    start.when(step).then(kind)
    membership = start.case.facts().membership

    assert start.case.organization_id == CELL.id
    assert (name == "assessment") is bool(membership.assessments)
    assert (name == "measure") is bool(membership.measures)
    assert (name == "file") is (membership.history_file is not None)


@pytest.mark.parametrize(
    "step",
    [
        task(),
        task_done(),
        assessed(),
        new_member_class(),
        history_file(),
        disciplined(),
        *papers()[:1],
        recognition_vote(),
        recognition_returned(),
        recognition_refused(),
        recognized_by_vote(),
        striking_off_proposed(),
        struck_off(),
    ],
)
def test_nothing_of_a_probation_before_the_ceremony(step: Step) -> None:
    """A decision alone makes no member."""
    given(*path(decided)).when(step).refused("STEP_OUT_OF_ORDER", **EARLY)


def test_tasks_are_numbered_and_done_once() -> None:
    """A task that was given is done once; a number stays its own after a correction."""
    start = given(*path(ceremony), task(), task(kind=DutyKind.CONDITION))
    start.when(task_done(number=3)).refused("TASK_NOT_FOUND", field="task")
    start.when(task_done(date(2023, 7, 31))).refused("TASK_NOT_FOUND", field="task")
    start.when(task_done()).then(ProbationTaskDone)
    start.when(task_done()).refused("STEP_ALREADY_RECORDED", field="candidate")
    void(11)(start.case)
    (entry,) = start.when(task()).then(ProbationTaskGiven)

    assert isinstance(entry, ProbationTaskGiven)
    assert entry.task == 3
    membership = start.case.case(date(2023, 10, 1)).membership
    assert [each.task for each in membership.tasks] == [2, 3]
    assert list(membership.tasks_done) == [1]


@pytest.mark.parametrize("step", [new_member_class, history_file])
def test_done_once(step: type) -> None:
    """The class is completed once, and so is the file."""
    given(*path(ceremony), step()).when(step()).refused("STEP_ALREADY_RECORDED", field="candidate")


@pytest.mark.parametrize("step", [task(), disciplined(), assessed(), new_member_class()])
def test_no_duty_after_the_end_of_the_probation(step: Step) -> None:
    """Of a day after the recognition, or after a striking off, none is recorded."""
    late = [*path(recognized)]
    for made in (task, disciplined, assessed, new_member_class):
        given(*late).when(made(date(2024, 8, 21))).refused(
            "STEP_ALREADY_RECORDED", field="candidate"
        )
        given(*path(ceremony), striking_off_proposed(), struck_off()).when(
            made(date(2024, 3, 2))
        ).refused("STEP_ALREADY_RECORDED", field="candidate")
    given(*late).when(step)


@pytest.mark.parametrize("measure", list(DisciplinaryMeasure))
def test_a_probationary_member_is_reprimanded_or_warned_only(measure: DisciplinaryMeasure) -> None:
    """Removal from office and expulsion are not available (Charter, Art. 35)."""
    outcome = given(*path(ceremony)).when(disciplined(measure=measure))

    if measure in {DisciplinaryMeasure.REPRIMAND, DisciplinaryMeasure.WARNING}:
        outcome.then(Disciplined)
    else:
        outcome.refused("MEASURE_NOT_FOR_PROBATIONARY", rule="M2", field="measure")


@pytest.mark.parametrize("until", [listed, submitted, decided, ceremony, recognized])
def test_death_from_any_stage(until: type) -> None:
    """Whoever died is deceased, whatever the stage; nothing is of a later day."""
    start = given(*path(until))
    day = date(2025, 3, 3)
    start.when(died(day)).then(PersonDied)

    assert stage(start.case.case(day), day) is Stage.DECEASED
    assert stage(start.case.case(date(2025, 3, 2)), date(2025, 3, 2)) is not Stage.DECEASED
    start.when(helper(day)).refused("PERSON_DIED", rule="E1", field="candidate")
    start.when(died(day)).refused("PERSON_DIED", rule="E1", field="candidate")
    start.when(helper(date(2025, 3, 2))).then(HelperAssigned)


def test_nobody_died_before_a_later_step() -> None:
    """A death is not dated before a step that is recorded."""
    given(*path(ceremony)).when(died(date(2023, 7, 19))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
    given(*path(ceremony)).when(died(date(2023, 7, 20))).then(PersonDied)


def test_a_death_is_corrected_after_an_erasure_was_ordered() -> None:
    """What may come after the end of a case keeps nobody from correcting the end."""
    order = at(order_erasure, date(2024, 5, 6), document_number="9", issued_by="A", **APPROVED)
    start = given(*path(ceremony), died(), order, void(11))

    start.when(died(date(2023, 12, 2))).then(PersonDied)


@pytest.mark.parametrize("step", [task(), history_file(), disciplined(), striking_off_proposed()])
def test_a_ceremony_is_not_taken_from_under_the_probation(step: Step) -> None:
    """A correction leaves what later steps stand on."""
    case = given(*path(ceremony), step).case
    case.require_sound()
    case.void(10, position=1, reason="Sai", on=date(2025, 1, 2))

    with pytest.raises(Conflict) as refusal:
        case.require_sound()

    assert refusal.value.code == "EVENT_HAS_SUCCESSORS"


def test_a_ceremony_is_moved_to_the_day_of_a_task() -> None:
    """What is of one day stands together, in whatever order it was recorded."""
    case = given(*path(ceremony), task(), void(10), ceremony(date(2023, 8, 1))).case

    case.require_sound()


def test_a_decision_is_received_on_the_day_of_the_ceremony() -> None:
    """The cell may hold the ceremony on the very day."""
    day = date(2023, 7, 20)

    given(*path(decided)).when(ceremony(day, received=day)).then(CeremonyHeld)


def test_the_receipt_is_recorded_after_a_ceremony_that_did_not_state_it() -> None:
    """What was not said is not contradicted."""
    given(*path(ceremony)).when(received(date(2023, 7, 7))).then(DecisionReceived)
