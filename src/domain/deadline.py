"""Deadlines: the words of a document, kept for ever, and what a person takes them to mean.

Whether a duty is late is decided in `domain.duty`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import InvalidInput
from domain.judgment import Day
from domain.obligation import Obligation
from domain.record import Entry, require_age_of_party, require_words
from domain.recurrence import Recurrence
from domain.text import Text

DAYS_AFTER_MAX = 366
_WRITTEN_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")


@dataclass(frozen=True, slots=True)
class Due:
    """A date; “before” it (trước ngày) leaves the date itself out."""

    on: date
    inclusive: bool

    @property
    def last_day(self) -> date:
        """The last day that is in time."""
        return self.on if self.inclusive else self.on - timedelta(days=1)


class DeadlineInterpreted(Entry):
    """Somebody says what the words of a deadline mean; a later interpretation replaces it.

    Of a duty that returns: `every` is the interval, `days` how long after an interval's end it is
    due, and `occurrence` the one interval to which `due` applies.
    """

    TOPIC = "obligation.deadline_interpreted"
    due: date | None
    inclusive: bool
    days: int | None
    every: Recurrence | None
    occurrence: str | None
    by: str
    reason: str


def interpret_deadline(
    obligation: Obligation,
    day: Day,
    *,
    by: str,
    reason: str,
    due: date | None = None,
    inclusive: bool = True,
    days: int | None = None,
    every: Recurrence | None = None,
    occurrence: str | None = None,
) -> None:
    """Say what the deadline means, who says so and why; a later interpretation replaces it.

    Of a duty that returns: `every` gives the interval, `days` the days after its end; `due` stands
    for one `occurrence`. Raises InvalidInput for anything that does not fit the duty, and for a
    last day before the duty was imposed.
    """
    found = None if due is None else Due(require_age_of_party("due", due), inclusive)
    _require_fitting(obligation, found, days, every, occurrence)
    if found is not None:
        _require_possible(found.last_day, obligation.imposed.effective_on)
    obligation.enter(
        DeadlineInterpreted,
        day.on,
        due=due,
        inclusive=inclusive,
        days=days,
        every=every,
        occurrence=occurrence,
        by=require_words("by", by, 300),
        reason=require_words("reason", reason, 2000),
    )


def written_date(words: str | None) -> date | None:
    """The last date that is written out in a deadline (15/02/2021); None without a real one."""
    found = None
    for day, month, year in _WRITTEN_DATE.findall(words or ""):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
    return found


def is_impossible(obligation: Obligation) -> bool:
    """Whether the written date lies before the day on which the duty was imposed.

    Source: letter 381-CV/HU of 10/01/2022 asks for plans before 15/02/2021.
    """
    written = written_date(obligation.imposed.deadline)
    return written is not None and written < obligation.imposed.effective_on


def interpretations(obligation: Obligation, until: date | None = None) -> list[DeadlineInterpreted]:
    """Every interpretation by a day, the one that counts last."""
    return [each for each in obligation.live(until) if isinstance(each, DeadlineInterpreted)]


def _require_fitting(
    obligation: Obligation,
    due: Due | None,
    days: int | None,
    every: Recurrence | None,
    occurrence: str | None,
) -> None:
    recurs = obligation.imposed.recurrence is not None
    of_rule = days is not None or every is not None
    of_interval = due is not None and occurrence is not None
    if not recurs and (due is None or occurrence is not None or of_rule):
        raise _invalid("due", "nhiệm vụ một lần cần một ngày", "a single duty needs one date")
    if recurs and of_rule == of_interval:
        raise _invalid(
            "occurrence",
            "nhiệm vụ định kỳ cần quy tắc (days, every) hoặc ngày của một kỳ (due, occurrence)",
            "a recurring duty needs a rule (days, every) or the date of one interval",
        )
    if of_rule and (due is not None or occurrence is not None):
        raise _invalid("due", "quy tắc và ngày không đi cùng nhau", "give a rule or a date")
    if days is not None and not 0 <= days <= DAYS_AFTER_MAX:
        raise _invalid("days", f"từ 0 đến {DAYS_AFTER_MAX}", f"must be 0 to {DAYS_AFTER_MAX}")
    if every is Recurrence.PERIODIC:
        raise _invalid("every", "cần một chu kỳ cụ thể", "must be a definite interval")
    if occurrence is not None and not re.fullmatch(r"\d{4}(-(\d\d|Q[1-4]|H1))?", occurrence):
        raise _invalid("occurrence", "không phải tên kỳ", "is no name of an interval")


def _require_possible(last_day: date, imposed_on: date) -> None:
    if last_day < imposed_on:
        raise InvalidInput(
            "DEADLINE_IMPOSSIBLE",
            Text(
                f"Thời hạn {last_day:%d/%m/%Y} trước ngày giao nhiệm vụ {imposed_on:%d/%m/%Y}.",
                f"{last_day} lies before the duty was imposed on {imposed_on}.",
            ),
            field="due",
        )


def _invalid(field: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput(
        "INVALID_DEADLINE", Text(f"“{field}”: {vi}.", f"“{field}”: {en}."), field=field
    )
