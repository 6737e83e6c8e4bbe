"""Rules of ranking are dated; a part of a year is measured by the year's targets."""

from datetime import date

import pytest

from domain.period import Period, days, term, year
from domain.ranking import Review, review_of, rules_on, year_of

QUARTER = days(date(2023, 4, 1), date(2023, 6, 30))


@pytest.mark.parametrize(
    ("day", "number", "reviews"),
    [
        (date(2023, 10, 3), None, ()),
        (date(2023, 10, 4), "124-QĐ/TW", (Review.YEAR,)),
        (date(2025, 8, 29), "124-QĐ/TW", (Review.YEAR,)),
        (date(2025, 8, 30), "366-QĐ/TW", (Review.QUARTER, Review.YEAR, Review.TERM)),
    ],
)
def test_the_rules_of_a_day(day: date, number: str | None, reviews: tuple[Review, ...]) -> None:
    """124-QĐ/TW reviews years, 366-QĐ/TW quarters and terms as well; before them none is known."""
    rules = rules_on(day)

    assert (None if rules is None else rules.number) == number
    assert (() if rules is None else rules.reviews) == reviews


@pytest.mark.parametrize(
    ("period", "review", "measured_by"),
    [
        (year(2023), Review.YEAR, year(2023)),
        (QUARTER, Review.QUARTER, year(2023)),
        (days(date(2023, 1, 1), date(2023, 6, 30)), None, year(2023)),
        (days(date(2023, 2, 1), date(2023, 4, 30)), None, year(2023)),
        (days(date(2023, 4, 2), date(2023, 7, 1)), None, year(2023)),
        (term("2020-2025"), Review.TERM, term("2020-2025")),
    ],
)
def test_what_is_reviewed(period: Period, review: Review | None, measured_by: Period) -> None:
    """A quarter is three months from January, April, July or October on."""
    assert (review_of(period), year_of(period)) == (review, measured_by)


def test_a_range_over_two_years_is_measured_by_itself() -> None:
    """No year's target is that of both."""
    both = days(date(2022, 7, 1), date(2023, 6, 30))

    assert (review_of(both), year_of(both)) == (None, both)
