"""Which rules rank committees and organizations on a day, and which periods they review.

Holds no value of its own; all of them stand in `ranking.toml`. Nothing here ranks anybody.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.calendar import add_months
from domain.period import Period, year


class Review(StrEnum):
    """What is reviewed at once."""

    QUARTER = "QUARTER"
    YEAR = "YEAR"
    TERM = "TERM"


@dataclass(frozen=True, slots=True)
class RankingRules:
    """Rules in force from a day on."""

    number: str
    valid_from: date
    reviews: tuple[Review, ...]
    source: str


@cache
def _catalogue() -> tuple[RankingRules, ...]:
    data = tomllib.loads(files("domain").joinpath("ranking.toml").read_text("utf-8"))
    return tuple(
        RankingRules(
            row["number"],
            row["valid_from"],
            tuple(Review(each) for each in row["reviews"]),
            row["source"],
        )
        for row in data["regulation"]
    )


def rules_on(day: date) -> RankingRules | None:
    """The rules in force on a day; None before the first ones that are known."""
    in_force = [each for each in _catalogue() if each.valid_from <= day]
    return in_force[-1] if in_force else None


def review_of(period: Period) -> Review | None:
    """What a review of a period is; None for a range of days that is none of them."""
    if period.is_term:
        return Review.TERM
    first, last = period.first, period.last
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return Review.YEAR
    ends_on = add_months(first, 3) - timedelta(days=1)
    is_quarter = first.day == 1 and first.month % 3 == 1 and last == ends_on
    return Review.QUARTER if is_quarter else None


def year_of(period: Period) -> Period:
    """What the targets of a part of a year are stated for: the year; any other period itself."""
    if period.is_term or period.first.year != period.last.year:
        return period
    return year(period.first.year)
