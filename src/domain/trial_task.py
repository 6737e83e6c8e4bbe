"""Tasks given to a followed person to prove themselves (giao nhiệm vụ thử thách).

Until the decision. Those of a probationary member stand in `probation_duty`: they may be conditions
that the cell creates, and belong to one membership.
"""

from datetime import date
from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding, InvalidInput
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words, require_words
from domain.text import Text


class TrialTaskAssigned(CaseEntry):
    """The cell gave the person a task; its number is the entry's version."""

    TOPIC = "candidate.trial_task_assigned"
    description: Annotated[str, SEALED]
    due_on: date | None

    def take(self, case: Case) -> None:
        """Every task is kept."""
        case.tasks.append(self)


class TrialTaskClosed(CaseEntry):
    """The cell judged how a task was done."""

    TOPIC = "candidate.trial_task_closed"
    task: int
    fulfilled: bool
    remark: Annotated[str | None, SEALED]

    def take(self, case: Case) -> None:
        """The task is closed."""
        case.closed_tasks.append(self)


def assign_trial_task(
    candidate: Candidate, day: Day, *, description: str, due_on: date | None = None
) -> list[Finding]:
    """Give the person a task, from the first stage on."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(case.decided)
    if due_on is not None and due_on < day.on:
        raise InvalidInput(
            "DUE_BEFORE_ASSIGNED",
            Text("Hạn phải sau ngày giao.", "The task is due before it is given."),
            field="dueOn",
        )
    return candidate.record(
        TrialTaskAssigned,
        judged,
        description=require_words("description", description, 2000),
        due_on=due_on,
    )


def close_trial_task(
    candidate: Candidate, day: Day, *, task: int, fulfilled: bool, remark: str | None = None
) -> list[Finding]:
    """Judge how a task was done, once. Raises InvalidInput for a task that was not given by then.

    `task` is the task's number as the card shows it.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    if all(given.originator_version != task for given in case.tasks):
        raise InvalidInput(
            "NO_SUCH_TASK",
            Text("Không có nhiệm vụ này.", "There is no such task."),
            field="task",
        )
    closed = [held for held in candidate.facts().closed_tasks if held.task == task]
    candidate.require_none(closed[0] if closed else None)
    return candidate.record(
        TrialTaskClosed,
        judged,
        task=task,
        fulfilled=fulfilled,
        remark=optional_words("remark", remark, 2000),
    )
