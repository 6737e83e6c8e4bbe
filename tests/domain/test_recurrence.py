"""Duties that return: which intervals there are, and that none is left out."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.recurrence import Interval, Recurrence, intervals

DAYS = some.dates(date(2000, 1, 1), date(2030, 12, 31))


def names(rule: Recurrence, first: date, until: date) -> list[str]:
    """The names of the intervals."""
    return [each.name for each in intervals(rule, first, until)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Recurrence.MONTHLY, ["2022-11", "2022-12", "2023-01", "2023-02"]),
        (Recurrence.QUARTERLY, ["2022-Q4", "2023-Q1"]),
        (Recurrence.SIX_MONTHS_AND_YEAR, ["2022", "2023-H1"]),
        (Recurrence.YEARLY, ["2022", "2023"]),
        (Recurrence.PERIODIC, []),
    ],
)
def test_names_of_intervals(rule: Recurrence, expected: list[str]) -> None:
    """From the one that contains the first day to the one that has begun by the last."""
    assert names(rule, date(2022, 11, 15), date(2023, 2, 1)) == expected


def test_the_year_end_review_stands_for_the_whole_year() -> None:
    """And neither review has a date of its own."""
    half, year = intervals(Recurrence.SIX_MONTHS_AND_YEAR, date(2021, 2, 1), date(2021, 12, 31))

    assert half == Interval("2021-H1", date(2021, 1, 1), date(2021, 6, 30), is_dated=False)
    assert year == Interval("2021", date(2021, 1, 1), date(2021, 12, 31), is_dated=False)


@settings(deadline=None)
@given(some.sampled_from(Recurrence), DAYS, some.integers(0, 1500))
def test_intervals_have_names_of_their_own_and_no_gap(
    rule: Recurrence, first: date, length: int
) -> None:
    """Whatever the days: each ends after the one before it, by one interval, and names differ."""
    until = first + timedelta(days=length)
    found = list(intervals(rule, first, until))

    assert len({each.name for each in found}) == len(found)
    assert all(a.last < b.last for a, b in itertools.pairwise(found))
    if rule not in {Recurrence.PERIODIC, Recurrence.SIX_MONTHS_AND_YEAR}:
        assert found[0].first <= first <= found[0].last
        assert found[-1].first <= until <= found[-1].last
        gaps = [b.first - a.last for a, b in itertools.pairwise(found)]
        assert set(gaps) <= {timedelta(days=1)}
