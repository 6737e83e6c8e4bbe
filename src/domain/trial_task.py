"""Tasks given to a followed person to prove themselves (giao nhiệm vụ thử thách).

Until the decision. Those of a probationary member stand in `probation_duty`: they may be conditions
that the cell creates, and belong to one membership.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding, InvalidInput, NotFound
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words, require_words
from domain.text import Text


class TrialTaskAssigned(CaseEntry):
    """The cell gave the person a task; `task` is its number, counted from 1.

    Version 1 had no such number: there it is the entry's own version.
    """

    TOPIC = "candidate.trial_task_assigned"
    class_version: ClassVar[int] = 2
    MOVES_CASE = False
    description: Annotated[str, SEALED]
    due_on: date | None
    task: int | None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """The number is the entry's version."""
        return dict(state) | {"task": None}

    @property
    def number(self) -> int:
        """By which the task is named."""
        return self.originator_version if self.task is None else self.task

    def take(self, case: Case) -> None:
        """Every task is kept."""
        case.tasks.append(self)


class TrialTaskClosed(CaseEntry):
    """The cell judged how a task was done."""

    TOPIC = "candidate.trial_task_closed"
    MOVES_CASE = False
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
        task=max((each.number for each in _ever_given(candidate)), default=0) + 1,
        description=require_words("description", description, 2000),
        due_on=due_on,
    )


def close_trial_task(
    candidate: Candidate, day: Day, *, task: int, fulfilled: bool, remark: str | None = None
) -> list[Finding]:
    """Judge how a task was done, once. Raises NotFound for a task that was not given by then.

    `task` is the task's number as the card shows it.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    if all(given.number != task for given in case.tasks):
        raise task_not_found(task)
    closed = [held for held in candidate.facts().closed_tasks if held.task == task]
    candidate.require_none(closed[0] if closed else None)
    return candidate.record(
        TrialTaskClosed,
        judged,
        task=task,
        fulfilled=fulfilled,
        remark=optional_words("remark", remark, 2000),
    )


def task_not_found(task: int) -> NotFound:
    """The refusal of what is said of a task that was not given."""
    return NotFound(
        "TASK_NOT_FOUND",
        Text(f"Chưa giao nhiệm vụ số {task}.", f"Task {task} is not given."),
        field="task",
    )


def _ever_given(candidate: Candidate) -> list[TrialTaskAssigned]:
    every = (*candidate.entries[0].brought(), *candidate.entries)
    return [each for each in every if isinstance(each, TrialTaskAssigned)]
