"""How often a duty returns, and which intervals that makes. Nothing of it is ever stored.

Due dates are not here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import add_months


class Recurrence(StrEnum):
    """How often, as the documents say it (domain sheet, E.1)."""

    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    SIX_MONTHS_AND_YEAR = "SIX_MONTHS_AND_YEAR"
    """On the occasion of (vào dịp) the six-month and the year-end review: without a date."""
    YEARLY = "YEARLY"
    PERIODIC = "PERIODIC"
    """Periodically (định kỳ), without an interval until somebody fixes one."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One month, quarter, half-year or year; both days included.

    `name` is `2023-04`, `2023-Q2`, `2023-H1` or `2023`. `is_dated` says whether the duty is due
    when the interval ends, and not on an occasion that is still to be fixed.
    """

    name: str
    first: date
    last: date
    is_dated: bool = True


_MONTHS = {
    Recurrence.MONTHLY: 1,
    Recurrence.QUARTERLY: 3,
    Recurrence.SIX_MONTHS_AND_YEAR: 6,
    Recurrence.YEARLY: 12,
}


def intervals(rule: Recurrence, first: date, until: date) -> Iterator[Interval]:
    """The intervals that end on `first` or later and begin on `until` or earlier, in order.

    A year's end stands for the whole year under SIX_MONTHS_AND_YEAR. None for PERIODIC.
    """
    months = _MONTHS.get(rule)
    if months is None:
        return
    begins = date(first.year, (first.month - 1) // months * months + 1, 1)
    while begins <= until:
        after = add_months(begins, months)
        yield _interval(rule, begins, after - timedelta(days=1))
        begins = after


def _interval(rule: Recurrence, first: date, last: date) -> Interval:
    match rule:
        case Recurrence.MONTHLY:
            return Interval(f"{first:%Y-%m}", first, last)
        case Recurrence.QUARTERLY:
            return Interval(f"{first.year}-Q{last.month // 3}", first, last)
        case Recurrence.SIX_MONTHS_AND_YEAR if last.month == 6:
            return Interval(f"{first.year}-H1", first, last, is_dated=False)
        case _:
            of_year = date(first.year, 1, 1)
            return Interval(str(first.year), of_year, last, rule is Recurrence.YEARLY)
