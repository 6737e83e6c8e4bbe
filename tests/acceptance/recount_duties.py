"""Counts again where duties stand on a day and whether they are late.

By the events alone; imports nothing of the product.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tests.acceptance.recount import Event
from tests.acceptance.recount_territories import later

MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "SIX_MONTHS_AND_YEAR": 6, "YEARLY": 12}
STANDINGS = ("submitted", "returned", "approved", "none_reported", "excused", "withdrawn")
RELEASED = {"EXCUSED", "NONE_REPORTED", "WITHDRAWN"}
OPEN = {"OPEN", "RETURNED"}


class Owed(NamedTuple):
    """One thing to be done: a duty, or one interval of a duty that returns."""

    occurrence: str | None
    standing: str
    last: date | None
    is_late: bool
    first: date | None


class Interval(NamedTuple):
    """A month, a quarter, a half-year or a year, half-years end without a date."""

    name: str
    first: date
    last: date
    is_dated: bool


def duties(standing: list[Event], day: date, *, ahead: int = 0) -> list[Owed]:
    """What a duty asks for by a day, by the events about it that stand on that day.

    With what begins within some days after it; of what returns for ever the next one only.
    """
    imposed = next((e["data"] for e in standing if e["type"] == "obligation.imposed"), None)
    if imposed is None:
        return []
    said = [e["data"] for e in standing if e["type"] == "obligation.deadline_interpreted"]
    every = [each["every"] for each in said if each["every"]]
    recurs = every[-1] if every else imposed["recurrence"]
    if recurs in {None, "PERIODIC"}:
        return [_owed(standing, said, None, day)]
    until = day + timedelta(days=ahead)
    found = list(_intervals(standing, imposed, recurs, until))
    to_come = [each for each in found if each.first > day]
    if imposed["period"] is None and to_come:
        found = found[: found.index(to_come[0]) + 1]
    return [_owed(standing, said, each, day) for each in found]


def _intervals(standing: list[Event], imposed: Event, recurs: str, day: date) -> Iterator[Interval]:
    """From the day on which it was imposed, within its period, until it is withdrawn."""
    begun = [date.fromisoformat(e["effectiveOn"]) for e in standing if _is(e, "imposed")]
    ends = [date.fromisoformat(e["effectiveOn"]) for e in standing if _is(e, "withdrawn")]
    first, until = begun[-1], min([day, *ends])
    closes = date.max
    if imposed["period"] is not None:
        opens, closes = days_of(imposed["period"])
        first, until = max(first, opens), min(until, closes)
    months = MONTHS[recurs]
    begins = date(first.year, (first.month - 1) // months * months + 1, 1)
    while begins <= until:
        last = later(begins, months) - timedelta(days=1)
        if last <= closes:
            is_year = recurs == "SIX_MONTHS_AND_YEAR" and last.month == 12
            opens = begins.replace(month=1) if is_year else begins
            yield Interval(_name(recurs, last), opens, last, recurs != "SIX_MONTHS_AND_YEAR")
        begins = later(begins, months)


def _is(event: Event, name: str) -> bool:
    return bool(event["type"] == f"obligation.{name}")


def _name(recurs: str, last: date) -> str:
    if recurs == "MONTHLY":
        return f"{last:%Y-%m}"
    if recurs == "QUARTERLY":
        return f"{last.year}-Q{last.month // 3}"
    return f"{last.year}-H1" if last.month == 6 else str(last.year)


def days_of(period: str) -> tuple[date, date]:
    """The days of a year, or of a congress term (from the middle of a year to that of another)."""
    if period.isdigit():
        return date(int(period), 1, 1), date(int(period), 12, 31)
    first, last = period.split("-")
    return date(int(first), 7, 1), date(int(last), 6, 30)


def _owed(standing: list[Event], said: list[Event], interval: Interval | None, day: date) -> Owed:
    name = None if interval is None else interval.name
    steps = [
        (kind, e)
        for e in standing
        if (kind := e["type"].removeprefix("obligation.")) in STANDINGS
        and e["data"]["occurrence"] == name
    ]
    is_withdrawn = any(_is(e, "withdrawn") and not e["data"]["occurrence"] for e in standing)
    now = steps[-1][0].upper() if steps else "OPEN"
    now = "WITHDRAWN" if is_withdrawn and now in OPEN else now
    last = _last_day(said, interval)
    received = [e["effectiveOn"] for kind, e in steps if kind == "submitted"]
    judged = day if now in OPEN else date.fromisoformat(received[0]) if received else None
    is_late = last is not None and judged is not None and judged > last
    return Owed(name, now, last, is_late and now not in RELEASED, interval and interval.first)


def _last_day(said: list[Event], interval: Interval | None) -> date | None:
    """By the last thing said of that interval, else by what was last said of all of them."""
    name = None if interval is None else interval.name
    dated = [each for each in said if each["due"] and each["occurrence"] == name]
    if dated:
        on = date.fromisoformat(dated[-1]["due"])
        return on if dated[-1]["inclusive"] else on - timedelta(days=1)
    if interval is None:
        return None
    some = [each["days"] for each in said if each["days"] is not None]
    if not some and not interval.is_dated:
        return None
    return interval.last + timedelta(days=some[-1] if some else 0)
