"""What can be due, what limits it, and from when on people are reminded of it.

The catalogue is dated data (`due.toml`); the limits themselves stand in the rule book.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.calendar import add_months, add_working_days
from domain.text import Text


class DueKind(StrEnum):
    """What is to be done in time: of a case first, then of an organization."""

    CERTIFICATE = "CERTIFICATE"
    PAPER = "PAPER"
    VETTING = "VETTING"
    DECISION = "DECISION"
    CEREMONY = "CEREMONY"
    HISTORY_FILE = "HISTORY_FILE"
    PROBATION_END = "PROBATION_END"
    RECOGNITION_REVIEW = "RECOGNITION_REVIEW"
    RECOGNITION_DECISION = "RECOGNITION_DECISION"
    CELL_MEETING = "CELL_MEETING"
    RECONCILIATION = "RECONCILIATION"
    PLAN = "PLAN"
    REPORT = "REPORT"
    OBLIGATION = "OBLIGATION"
    BELOW_TARGET = "BELOW_TARGET"
    BELOW_PACE = "BELOW_PACE"
    NO_SOURCE = "NO_SOURCE"


WITHIN_DAYS_MAX = 1_830
"""Five years: as long as anything may still be timely."""
_KINDS = tuple(DueKind)
OF_CASES = _KINDS[: _KINDS.index(DueKind.CELL_MEETING)]
"""What is due of a case."""
OF_DUTIES = (DueKind.PLAN, DueKind.REPORT, DueKind.OBLIGATION)
"""What a document or a directive asks for."""
OF_FIGURES = (DueKind.BELOW_TARGET, DueKind.BELOW_PACE, DueKind.NO_SOURCE)
"""What follows from the figures of an organization."""


@dataclass(frozen=True, slots=True)
class Notice:
    """From when on people are reminded, counted back from the last day; all of one unit.

    `percent` is that of a target below which they are.
    """

    valid_from: date
    months: tuple[int, ...]
    days: tuple[int, ...]
    working_days: tuple[int, ...]
    percent: int | None

    def horizons(self, day: date) -> list[date]:
        """For each reminder, the latest of the last days for which it has been due by a day."""
        found = [add_months(day, n) for n in self.months]
        found += [day + timedelta(days=n) for n in self.days]
        found += [add_working_days(day, n) for n in self.working_days]
        return sorted(found, reverse=True)


@dataclass(frozen=True, slots=True)
class Described:
    """A kind in words, with the id of its rule and its notices in the order of `valid_from`."""

    kind: DueKind
    rule: str | None
    text: Text
    notices: tuple[Notice, ...]

    def horizons(self, day: date) -> list[date]:
        """As `Notice.horizons` by the notice in force; none for what is listed once it is late."""
        notice = self.notice(day)
        return [] if notice is None else notice.horizons(day)

    def notice(self, day: date) -> Notice | None:
        """The notice in force on a day; before the first one, the first."""
        in_force = [each for each in self.notices if each.valid_from <= day]
        return next(iter(in_force[-1:] or self.notices[:1]), None)


@cache
def due_kinds() -> Mapping[DueKind, Described]:
    """All kinds, in the order of the data file."""
    data = tomllib.loads(files("domain").joinpath("due.toml").read_text("utf-8"))
    return {
        (kind := DueKind(row["kind"])): Described(
            kind,
            row.get("rule"),
            Text(row["vi"], row["en"]),
            tuple(
                Notice(
                    each["valid_from"],
                    tuple(each.get("months", ())),
                    tuple(each.get("days", ())),
                    tuple(each.get("working_days", ())),
                    each.get("percent"),
                )
                for each in sorted(row.get("notice", ()), key=lambda each: each["valid_from"])
            ),
        )
        for row in data["due"]
    }


def horizon(kind: DueKind, day: date, within_days: int | None) -> date:
    """The latest last day for which something of a kind is listed on a day.

    Within some days of its last day, or, without a number, from its first reminder on. What follows
    from figures is listed as long as they say so.
    """
    if kind in OF_FIGURES:
        return date.max
    if within_days is not None:
        return day + timedelta(days=within_days)
    return max(due_kinds()[kind].horizons(day), default=day - timedelta(days=1))


def reminder(kind: DueKind, day: date, due_on: date) -> int:
    """The how-manieth reminder has come by a day: 1 is the first one, 0 none yet."""
    return sum(due_on <= last for last in due_kinds()[kind].horizons(day))
