"""Calendar months and working days of Vietnam. Not a clock: today is always passed in."""

import calendar
import tomllib
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Protocol, cast
from zoneinfo import ZoneInfo

import holidays

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""Whose days the facts are of."""


class _WorkingCalendar(Protocol):
    def is_working_day(self, key: date) -> bool: ...


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later.

    Where that day does not exist, the last day of that month.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole calendar months counted by month (tính theo tháng), the day of the month left out."""
    return (end.year - start.year) * 12 + end.month - start.month


def elapsed_months(start: date, end: date) -> float:
    """Months from `start` up to and including `end`.

    A part of a month is its days over that month's days.
    """
    after = end + timedelta(days=1)
    whole = months_between(start, after)
    if add_months(start, whole) > after:
        whole -= 1
    begun = add_months(start, whole)
    return whole + (after - begun).days / (add_months(start, whole + 1) - begun).days


@cache
def _working_calendar() -> _WorkingCalendar:
    return cast("_WorkingCalendar", holidays.country_holidays("VN"))


@cache
def is_working_day(day: date) -> bool:
    """Whether offices work that day in Vietnam: Tết, compensating and swapped days included.

    Source: the `holidays` package, which follows the yearly decisions on public holidays, and
    before it the swaps of `working_days.toml`, which it does not know.
    """
    swapped = _swaps().get(day)
    return _working_calendar().is_working_day(day) if swapped is None else swapped


@cache
def _swaps() -> dict[date, bool]:
    """The days of the known swaps, and whether offices work on them."""
    data = tomllib.loads(files("domain").joinpath("working_days.toml").read_text("utf-8"))
    off = {row["off"]: False for row in data["swap"]}
    return off | {row["worked"]: True for row in data["swap"]}


@lru_cache(maxsize=16_384)
def add_working_days(day: date, count: int) -> date:
    """The last day of a limit of `count` working days; `day` itself is not counted."""
    if count < 1:
        return day
    while count:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day
