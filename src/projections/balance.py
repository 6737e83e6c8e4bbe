"""What a balance is: sums of postings as of a day, kept so that any year costs the same.

A balance is what the postings dated before its day add up to, by unit and for the whole tenant:
there is one for the 1st, 11th and 21st of each month, of a group for the 1st alone. Each holds for
epochs, the thirds of months in which events were recorded. `carry_forward` writes them, `balances`
reads them.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from domain.calendar import add_months

ACCOUNTS: Final = (
    "IDENTIFIED",
    "SYMPATHIZER",
    "CLASS_PROPOSED",
    "CLASS_ATTENDING",
    "CERTIFIED",
    "CERTIFICATE_EXPIRED",
    "DOSSIER_OPEN",
    "VETTING",
    "OPINIONS",
    "CELL_REVIEW",
    "GRASSROOTS_REVIEW",
    "SUBMITTED",
    "DECIDED",
    "PROBATIONARY",
    "RECOGNITION_DUE",
    "FULL_MEMBER",
    "REMOVED",
    "WITHDRAWN",
    "REFUSED",
    "STRUCK_OFF",
    "DECEASED",
    "TRANSFERRED_OUT",
    "IN_TRANSIT",
    "DECISION_REVOKED",
    "ADMITTED_BY_DECISION",
    "ADMITTED_BY_CEREMONY",
    "READMITTED_BY_DECISION",
    "READMITTED_BY_CEREMONY",
    "UNCOUNTED_BY_DECISION",
    "UNCOUNTED_BY_CEREMONY",
    "STRIKINGS_OFF",
)
"""The accounts in the order in which rows store them: only ever added to at the end."""
WHOLE: Final = UUID(int=0)
"""Stands for all of a tenant, without what it posts in the units of others, which is kept apart.

Of measure `m` it is kept under `~m`.
"""
_DAYS: Final = (1, 11, 21)


def grid(first: date, last: date, measure: int) -> Iterator[date]:
    """The days of a measure's balances from a first to a last one."""
    day = grid_day(first, measure)
    if day < first:
        day = next_day(first, measure)
    while day <= last:
        yield day
        day = next_day(day, measure)


def grid_day(day: date, measure: int = 0) -> date:
    """The last day of a measure's balances up to a day."""
    return day.replace(day=max(each for each in _days(measure) if each <= day.day))


def next_day(day: date, measure: int) -> date:
    """The first day of a measure's balances after a day: the one that counts its postings."""
    following = [each for each in _days(measure) if each > day.day]
    return day.replace(day=following[0]) if following else add_months(day.replace(day=1), 1)


def is_of_group(measure: int) -> bool:
    """Whether it counts the people of one group, not everybody."""
    return measure not in {0, ~0}


def _days(measure: int) -> tuple[int, ...]:
    return _DAYS[:1] if is_of_group(measure) else _DAYS
