"""What is done during the probation: tasks and conditions, assessments, the class, the file.

Before the decision a person has trial tasks (`trial_task`) and is assessed in three respects by
named months (`assessment`); here one outcome stands for each assessment, and all of it ends with
the membership.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words, require_words
from domain.trial_task import task_not_found


class DutyKind(StrEnum):
    """A task that the member is given, or a condition that the cell creates for the member."""

    TASK = "TASK"
    CONDITION = "CONDITION"


class AssessmentInterval(StrEnum):
    """How often: helper and cell assess each month and each quarter."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"


class Assessed(StrEnum):
    """The outcome of an assessment in probation, as a code."""

    GOOD = "GOOD"
    FAIR = "FAIR"
    WEAK = "WEAK"


class ProbationTaskGiven(CaseEntry):
    """The cell gave the probationary member a task or a condition, numbered from 1."""

    TOPIC = "candidate.probation_task_given"
    MOVES_CASE = False
    STANDS_ON = ("ceremony",)
    task: int
    kind: DutyKind
    content: Annotated[str, SEALED]
    due_on: date | None

    def take(self, case: Case) -> None:
        """One more task."""
        case.membership.tasks.append(self)


class ProbationTaskDone(CaseEntry):
    """A task was done, or a condition met."""

    TOPIC = "candidate.probation_task_done"
    MOVES_CASE = False
    STANDS_ON = ("ceremony",)
    task: int

    def take(self, case: Case) -> None:
        """The task is done."""
        case.membership.tasks_done[self.task] = self


class ProbationAssessed(CaseEntry):
    """Helper and cell assessed the probationary member for the month or quarter of that day."""

    TOPIC = "candidate.probation_assessed"
    MOVES_CASE = False
    STANDS_ON = ("ceremony",)
    interval: AssessmentInterval
    assessed: Annotated[Assessed, SEALED]
    opinion: Annotated[str | None, SEALED]

    def take(self, case: Case) -> None:
        """One more assessment."""
        case.membership.assessments.append(self)


class NewMemberClassCompleted(CaseEntry):
    """The class for new members was completed; the certificate bears that day."""

    TOPIC = "candidate.new_member_class_completed"
    STANDS_ON = ("ceremony",)
    certificate_number: str
    grade: str | None

    def take(self, case: Case) -> None:
        """The certificate belongs to the recognition dossier."""
        case.membership.new_member_class = self


class HistoryFileCompleted(CaseEntry):
    """The member's history file (hồ sơ đảng viên) is complete."""

    TOPIC = "candidate.history_file_completed"
    STANDS_ON = ("ceremony",)
    file_number: str | None

    def take(self, case: Case) -> None:
        """The file is complete."""
        case.membership.history_file = self


def give_probation_task(
    candidate: Candidate,
    day: Day,
    *,
    content: str,
    kind: DutyKind = DutyKind.TASK,
    due_on: date | None = None,
) -> list[Finding]:
    """Give the probationary member a task, or create a condition for the member."""
    judged = _in_probation(candidate, day)
    given = [each.task for each in candidate.entries if isinstance(each, ProbationTaskGiven)]
    return candidate.record(
        ProbationTaskGiven,
        judged,
        task=max(given, default=0) + 1,
        kind=kind,
        content=require_words("content", content, 2000),
        due_on=due_on,
    )


def finish_probation_task(candidate: Candidate, day: Day, *, task: int) -> list[Finding]:
    """Record that a task is done, or a condition met.

    Raises NotFound for a task that was not given by then.
    """
    judged = _in_probation(candidate, day)
    membership = candidate.case(day.on).membership
    if task not in {each.task for each in membership.tasks}:
        raise task_not_found(task)
    done = candidate.pursuit(day).membership.tasks_done.get(task)
    candidate.require_none(done)
    return candidate.record(ProbationTaskDone, judged, task=task)


def assess_probation(
    candidate: Candidate,
    day: Day,
    *,
    interval: AssessmentInterval,
    assessed: Assessed,
    opinion: str | None = None,
) -> list[Finding]:
    """Record the assessment for the month or quarter that the day lies in."""
    judged = _in_probation(candidate, day)
    return candidate.record(
        ProbationAssessed,
        judged,
        interval=interval,
        assessed=assessed,
        opinion=optional_words("opinion", opinion, 2000),
    )


def complete_new_member_class(
    candidate: Candidate, day: Day, *, certificate_number: str, grade: str | None = None
) -> list[Finding]:
    """Record the certificate of the class for new members, which bears the step's day."""
    judged = _in_probation(candidate, day)
    done = candidate.pursuit(day).membership.new_member_class
    candidate.require_none(done)
    return candidate.record(
        NewMemberClassCompleted,
        judged,
        certificate_number=require_words("certificateNumber", certificate_number, 100),
        grade=optional_words("grade", grade, 50),
    )


def complete_history_file(
    candidate: Candidate, day: Day, *, file_number: str | None = None
) -> list[Finding]:
    """Record that the member's history file is complete; late is a finding (T16)."""
    judged = Judgment(day)
    case = candidate.require(judged, "ceremony")
    done = candidate.pursuit(day).membership.history_file
    candidate.require_none(done)
    assert case.ceremony is not None
    judged.in_time("T16", case.ceremony.effective_on, day.on)
    return candidate.record(
        HistoryFileCompleted, judged, file_number=optional_words("fileNumber", file_number)
    )


def _in_probation(candidate: Candidate, day: Day) -> Judgment:
    """The judgment of a step between ceremony and recognition. Raises RuleViolated, Conflict."""
    judged = Judgment(day)
    case = candidate.require(judged, "ceremony")
    candidate.require_none(case.recognized)
    candidate.require_none(case.struck_off)
    return judged
