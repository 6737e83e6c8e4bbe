"""Commands on the way to the awareness class; who passes gets a certificate."""

from typing import Final

from commands.step import Step
from domain import awareness_class
from domain.access import Action
from domain.candidate import Candidate

propose_for_class: Final = Step(
    "propose_for_class",
    Action.RECORD_CELL_STEP,
    Candidate,
    awareness_class.propose_for_class,
    awareness_class.ClassProposed,
)
agree_to_class: Final = Step(
    "agree_to_class",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    awareness_class.agree_to_class,
    awareness_class.ClassAgreed,
)
enroll_in_class: Final = Step(
    "enroll_in_class",
    Action.RECORD_CERTIFICATE,
    Candidate,
    awareness_class.enroll_in_class,
    awareness_class.ClassEnrolled,
)
record_class_failure: Final = Step(
    "record_class_failure",
    Action.RECORD_CERTIFICATE,
    Candidate,
    awareness_class.record_class_failure,
    awareness_class.ClassNotPassed,
)
