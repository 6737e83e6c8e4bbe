"""Working days of Vietnam as the yearly notices give them. Imports nothing of the product."""

from datetime import date, timedelta
from functools import cache

import holidays

SWAPPED = {date(2026, 1, 2): False, date(2026, 1, 10): True}
"""Days of which the `holidays` package does not know yet whether offices work (Bộ Nội vụ, 2025)."""
_VIETNAM = holidays.country_holidays("VN")


def is_working(day: date) -> bool:
    """Whether offices work."""
    return SWAPPED.get(day, _VIETNAM.is_working_day(day))


@cache
def after_working_days(day: date, count: int) -> date:
    """The last day of so many working days, the first of which is the next one."""
    while count:
        day += timedelta(days=1)
        count -= is_working(day)
    return day
