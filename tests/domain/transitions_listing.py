"""C.2, 1 to 9: found, listed, sent to the class."""

from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.transition import (
    Transition,
    after,
    early,
    missing,
    of_grassroots_cell,
    otherwise,
)

from domain import (
    assessment,
    awareness_class,
    certificate,
    recommendation,
    sympathizer,
    trial_task,
)
from domain.awareness_class import ClassOutcome
from domain.case import Stage

FIRST_STAGE = (
    Transition(
        "1",
        steps.recommended,
        steps.recommended,
        recommendation.PersonRecommended,
        Stage.IDENTIFIED,
        (early(steps.recommended), after(steps.recommended(month(1)))),
    ),
    Transition(
        "2",
        steps.helper,
        steps.helper,
        sympathizer.HelperAssigned,
        Stage.IDENTIFIED,
        (
            early(steps.helper),
            otherwise(
                "not official yet",
                steps.helper(since=month(11)),
                ("HELPER_NOT_OFFICIAL_MEMBER", "P3", "helperOfficialSince"),
            ),
        ),
    ),
    Transition(
        "2",
        steps.listed,
        steps.listed,
        sympathizer.SympathizerListed,
        Stage.SYMPATHIZER,
        (early(steps.listed), missing(steps.helper, "P2"), after(steps.listed())),
    ),
    Transition(
        "2",
        steps.confirmed,
        steps.confirmed,
        sympathizer.SympathizerConfirmed,
        Stage.SYMPATHIZER,
        (missing(steps.listed), of_grassroots_cell(), after(steps.confirmed())),
    ),
    Transition(
        "3",
        steps.assessed,
        steps.helper,
        assessment.ProgressAssessed,
        Stage.IDENTIFIED,
        (
            early(steps.assessed),
            after(steps.assessed()),
            otherwise(
                "of a month to come",
                steps.assessed(period="2023-04"),
                ("INVALID_PERIOD", None, "period"),
            ),
        ),
    ),
    Transition(
        "3",
        steps.task,
        steps.helper,
        trial_task.TrialTaskAssigned,
        Stage.IDENTIFIED,
        (early(steps.task),),
    ),
    Transition(
        "3",
        partial(steps.task_closed, number=1),
        steps.helper,
        trial_task.TrialTaskClosed,
        Stage.IDENTIFIED,
        (
            otherwise("of no task", steps.task_closed(number=9), ("TASK_NOT_FOUND", None, "task")),
            after(steps.task_closed(number=1)),
        ),
        (steps.task(),),
    ),
    Transition(
        "4",
        steps.removed,
        steps.confirmed,
        sympathizer.SympathizerRemoved,
        Stage.REMOVED,
        (missing(steps.listed),),
    ),
)
CLASS = (
    Transition(
        "5",
        steps.proposed,
        steps.proposed,
        awareness_class.ClassProposed,
        Stage.SYMPATHIZER,
        (
            early(steps.proposed),
            missing(steps.confirmed, "L1"),
            missing(steps.listed, "L2"),
            after(steps.proposed()),
        ),
    ),
    Transition(
        "5",
        steps.agreed,
        steps.agreed,
        awareness_class.ClassAgreed,
        Stage.CLASS_PROPOSED,
        (missing(steps.proposed), of_grassroots_cell(), after(steps.agreed())),
    ),
    Transition(
        "6",
        steps.enrolled,
        steps.enrolled,
        awareness_class.ClassEnrolled,
        Stage.CLASS_ATTENDING,
        (
            early(steps.enrolled),
            missing(steps.proposed, "L3"),
            missing(steps.agreed, "L3"),
            after(steps.enrolled()),
        ),
    ),
    Transition(
        "6",
        steps.certified,
        steps.certified,
        certificate.CertificateIssued,
        Stage.CERTIFIED,
        (early(steps.certified),),
    ),
    Transition(
        "7",
        steps.not_passed,
        steps.certified,
        awareness_class.ClassNotPassed,
        Stage.SYMPATHIZER,
        (missing(steps.enrolled),),
    ),
    Transition(
        "7",
        partial(steps.not_passed, outcome=ClassOutcome.ABSENT),
        steps.certified,
        awareness_class.ClassNotPassed,
        Stage.SYMPATHIZER,
        (missing(steps.enrolled),),
    ),
    Transition(
        "9",
        partial(steps.agreed, day=date(2028, 4, 6)),
        steps.opened,
        awareness_class.ClassAgreed,
        Stage.CLASS_PROPOSED,
        (),
        (steps.proposed(date(2028, 4, 5)),),
    ),
)
