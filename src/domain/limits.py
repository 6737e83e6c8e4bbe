"""What is due when: derived from the facts and the rule book, never stored and never a job.

A step is judged by the rules of its own day; what is due is told by those of the asked day.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.calendar import add_months, add_working_days
from domain.case import Case
from domain.due import dues
from domain.due_kind import due_kinds
from domain.procedure import RuleBook

_STEPS: Final = frozenset({"T9", "T10", "T11", "T12", "T13", "T16"})


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last timely day of a step that is still to come, and the rule that says so."""

    rule: str
    due_on: date


def deadlines(case: Case, rules: RuleBook, day: date) -> list[Deadline]:
    """The steps of the procedure that are due for a case on a day, first due first.

    The decision (T9), the ceremony (T10), the history file (T16), the end of the probation (T11),
    the cell's review (T12) and the decision (T13) on the recognition. Nothing is due of a case that
    has ended, or with which another tenant or another record goes on.
    """
    found = [
        Deadline(rule, each.due_on)
        for each in dues(case, rules, day, young=False)
        if (rule := due_kinds()[each.kind].rule) in _STEPS and day < each.lapses_on
    ]
    return sorted(found, key=lambda each: each.due_on)


def cell_meeting_due_on(last_met_on: date, rules: RuleBook) -> date:
    """T20: the last day of the month in which a cell that met on a day is to meet again."""
    return _end_of_month(add_months(last_met_on, _months("T20", last_met_on, rules)))


def reconciliation_due_on(last_on: date, rules: RuleBook) -> date:
    """T21: the last day for reconciling the register of members again, counted by month."""
    return _end_of_month(add_months(last_on, _months("T21", last_on, rules)))


def transfer_due_on(effective_on: date, rules: RuleBook) -> date:
    """T17: the last day for beginning the transfer of party activities after a move."""
    version = rules.on("T17", effective_on)
    return add_working_days(effective_on, version.parameters["working_days"])


def transfer_papers_due_on(effective_on: date, rules: RuleBook) -> date:
    """T17: the last day for presenting the papers of a transfer."""
    version = rules.on("T17", effective_on)
    return add_working_days(effective_on, version.parameters["papers_working_days"])


def _months(rule: str, day: date, rules: RuleBook) -> int:
    return rules.on(rule, day).parameters["months"]


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
