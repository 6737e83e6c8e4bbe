"""C.2, 19, 20, 22 and 26: the decision is received, the duties of the probation, discipline."""

from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain import membership as member
from tests.domain.steps import Step, ceremony
from tests.domain.transition import TWICE, Made, Transition, Wrong, after, missing, otherwise

from domain import discipline, probation, probation_duty, sympathizer
from domain.case import Stage
from domain.discipline import DisciplinaryMeasure
from domain.probation_duty import DutyKind

RECOGNIZED: tuple[Step, ...] = (
    member.recognition_vote(date(2024, 7, 22)),
    member.recognized_by_vote(date(2024, 7, 23)),
)
STRUCK_OFF: tuple[Step, ...] = (
    member.striking_off_proposed(date(2024, 7, 22)),
    member.struck_off(date(2024, 7, 23)),
)
NO_LONGER = (
    ("after the recognition", RECOGNIZED),
    ("after the striking off", STRUCK_OFF),
)


def too_late(step: Made, day: date = date(2024, 7, 24)) -> tuple[Wrong, ...]:
    """The probation is over, in either way."""
    return tuple(Wrong(name, TWICE, more=more, step=step(day)) for name, more in NO_LONGER)


def measure(kind: DisciplinaryMeasure) -> Made:
    """A disciplinary measure."""
    return partial(member.disciplined, measure=kind)


def not_for_probationary(kind: DisciplinaryMeasure) -> Wrong:
    """26: what cannot be imposed on a probationary member."""
    refusal = ("MEASURE_NOT_FOR_PROBATIONARY", "M2", "measure")
    return otherwise(kind.value.lower(), member.disciplined(measure=kind), refusal)


TO_CEREMONY = (
    Transition(
        "19",
        member.received,
        steps.ceremony,
        probation.DecisionReceived,
        Stage.DECIDED,
        (
            missing(steps.decided),
            after(member.received()),
            Wrong(
                "after the ceremony",
                TWICE,
                more=(steps.ceremony(),),
                step=member.received(date(2023, 7, 20)),
            ),
            Wrong(
                "another day than the ceremony says",
                ("RECEIPT_DIFFERS", None, "occurredOn"),
                more=(ceremony(received=date(2023, 7, 6)),),
            ),
            Wrong(
                "the day that the ceremony says",
                None,
                more=(ceremony(received=date(2023, 7, 7)),),
            ),
        ),
    ),
    Transition(
        "20",
        member.consented,
        steps.ceremony,
        probation.LateCeremonyConsented,
        Stage.DECIDED,
        (missing(steps.decided), after(steps.ceremony(), name="after the ceremony")),
    ),
    Transition(
        "20",
        partial(steps.ceremony, day=date(2023, 8, 21)),
        steps.ceremony,
        probation.CeremonyHeld,
        Stage.PROBATIONARY,
        (
            otherwise(
                "before the consent",
                steps.ceremony(date(2023, 8, 20)),
                ("CEREMONY_LATE_WITHOUT_CONSENT", "T10", "consentNumber"),
            ),
            after(steps.ceremony()),
        ),
        (member.consented(),),
    ),
)
DUTIES = (
    Transition(
        "22",
        partial(steps.helper, day=date(2023, 8, 1)),
        None,
        sympathizer.HelperAssigned,
        Stage.PROBATIONARY,
        (
            otherwise(
                "not official yet",
                steps.helper(date(2023, 8, 1), since=date(2023, 8, 2)),
                ("HELPER_NOT_OFFICIAL_MEMBER", "P3", "helperOfficialSince"),
            ),
        ),
    ),
    Transition(
        "22",
        member.task,
        None,
        probation_duty.ProbationTaskGiven,
        Stage.PROBATIONARY,
        (missing(steps.ceremony), *too_late(member.task)),
    ),
    Transition(
        "22",
        partial(member.task, kind=DutyKind.CONDITION),
        None,
        probation_duty.ProbationTaskGiven,
        Stage.PROBATIONARY,
        (missing(steps.ceremony),),
    ),
    Transition(
        "22",
        member.task_done,
        None,
        probation_duty.ProbationTaskDone,
        Stage.PROBATIONARY,
        (
            otherwise("of no task", member.task_done(number=2), ("TASK_NOT_FOUND", None, "task")),
            otherwise(
                "before it was given",
                member.task_done(date(2023, 7, 31)),
                ("TASK_NOT_FOUND", None, "task"),
            ),
            after(member.task_done()),
            *too_late(member.task_done),
        ),
        (member.task(),),
    ),
    Transition(
        "22",
        member.assessed,
        None,
        probation_duty.ProbationAssessed,
        Stage.PROBATIONARY,
        (missing(steps.ceremony), *too_late(member.assessed)),
    ),
    Transition(
        "22",
        member.new_member_class,
        None,
        probation_duty.NewMemberClassCompleted,
        Stage.PROBATIONARY,
        (
            missing(steps.ceremony),
            after(member.new_member_class()),
            *too_late(member.new_member_class),
        ),
    ),
    Transition(
        "22",
        member.history_file,
        None,
        probation_duty.HistoryFileCompleted,
        Stage.PROBATIONARY,
        (
            missing(steps.ceremony),
            otherwise("on the last day", member.history_file(date(2023, 8, 31)), None),
            otherwise("a day late", member.history_file(date(2023, 9, 5)), "T16"),
            after(member.history_file()),
        ),
    ),
)
DISCIPLINE = tuple(
    Transition(
        "26",
        measure(kind),
        None,
        discipline.Disciplined,
        Stage.PROBATIONARY,
        (
            missing(steps.ceremony),
            not_for_probationary(DisciplinaryMeasure.REMOVAL_FROM_OFFICE),
            not_for_probationary(DisciplinaryMeasure.EXPULSION),
            after(member.disciplined(), None, "after another measure"),
            *too_late(measure(kind)),
        ),
    )
    for kind in (DisciplinaryMeasure.REPRIMAND, DisciplinaryMeasure.WARNING)
)
PROBATION = (*TO_CEREMONY, *DUTIES, *DISCIPLINE)
