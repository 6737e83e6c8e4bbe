"""Periods that targets and figures are stated for: a year, a congress term or any range of days."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from domain.calendar import elapsed_months
from domain.errors import InvalidInput
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included.

    `name` is `2023` for a year, `2020-2025` for a term, `from/to` else.
    """

    name: str
    first: date
    last: date

    def elapsed_percent(self, day: date) -> float:
        """The share of the period's months that lies behind at the end of a day, 0 to 100.

        The pace line.
        """
        if day < self.first:
            return 0.0
        if day >= self.last:
            return 100.0
        return 100 * elapsed_months(self.first, day) / elapsed_months(self.first, self.last)

    @property
    def is_term(self) -> bool:
        """Whether it is a congress term."""
        return self.name in congress_terms()

    def previous(self) -> "Period | None":
        """The year before a year; terms and ranges have none here."""
        return year(int(self.name) - 1) if self.name.isdigit() else None


def year(number: int) -> Period:
    """A calendar year. Raises InvalidInput outside 1930 to 2200."""
    if not 1930 <= number <= 2200:
        raise _unknown_period("year", str(number))
    return Period(str(number), date(number, 1, 1), date(number, 12, 31))


def term(name: str, starts_on: date | None = None) -> Period:
    """A congress term by name (`2020-2025`).

    It begins on the organization's own congress day where that is stated.

    Raises InvalidInput for a term that is not in `terms.toml`, or a congress day outside it.
    """
    terms = congress_terms()
    if name not in terms:
        raise _unknown_period("term", name)
    nominal = terms[name]
    if starts_on is None:
        return nominal
    if not date(nominal.first.year, 1, 1) <= starts_on < nominal.last:
        raise _unknown_period("termStartsOn", starts_on.isoformat())
    return Period(name, starts_on, nominal.last)


def optional_period(field: str, name: str | None) -> str | None:
    """The name of a year or a term, or nothing. Raises InvalidInput for any other name."""
    if name is None or name in congress_terms() or re.fullmatch(r"19[3-9]\d|2[01]\d\d", name):
        return name
    raise _unknown_period(field, name[:40])


def days(first: date, last: date) -> Period:
    """Any range of days from 1930 to 2200. Raises InvalidInput when it ends before it begins."""
    if last < first or first.year < 1930 or last.year > 2200:
        raise _unknown_period("range", f"{first}/{last}")
    return Period(f"{first.isoformat()}/{last.isoformat()}", first, last)


@cache
def congress_terms() -> dict[str, Period]:
    """The congress terms that are known, by name."""
    data = tomllib.loads(files("domain").joinpath("terms.toml").read_text("utf-8"))
    return {row["name"]: Period(row["name"], row["first"], row["last"]) for row in data["term"]}


def _unknown_period(field: str, value: str) -> InvalidInput:
    return InvalidInput(
        "UNKNOWN_PERIOD",
        Text(f"Kỳ “{value}” không hợp lệ.", f"“{value}” is no valid period."),
        field=field,
    )
