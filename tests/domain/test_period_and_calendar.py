"""Periods, calendar months and working days of Vietnam."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from domain.calendar import (
    add_months,
    add_working_days,
    elapsed_months,
    is_working_day,
    months_between,
)
from domain.errors import InvalidInput
from domain.period import Period, congress_terms, days, term, year

DATES = st.dates(date(1930, 1, 1), date(2200, 12, 31))


def test_year() -> None:
    """A year is its 365 or 366 days, and the one before it is the year before."""
    period = year(2024)

    assert (period.name, period.first, period.last) == (
        "2024",
        date(2024, 1, 1),
        date(2024, 12, 31),
    )
    assert period.previous() == year(2023)


@pytest.mark.parametrize("number", [1929, 2201])
def test_no_such_year(number: int) -> None:
    """Years run from 1930 to 2200."""
    with pytest.raises(InvalidInput) as refusal:
        year(number)
    assert (refusal.value.code, refusal.value.field) == ("UNKNOWN_PERIOD", "year")


def test_term() -> None:
    """A term begins on its nominal day, or on the organization's own congress day."""
    assert term("2020-2025").first == date(2020, 7, 1)
    own = term("2020-2025", date(2020, 5, 28))
    assert (own.name, own.first, own.last) == ("2020-2025", date(2020, 5, 28), date(2025, 6, 30))
    assert own.previous() is None


def test_terms_follow_one_another() -> None:
    """The nominal terms leave no day out."""
    terms = sorted(congress_terms().values(), key=lambda period: period.first)
    for one, following in pairwise(terms):
        assert one.last + timedelta(days=1) == following.first


@pytest.mark.parametrize(
    ("name", "starts_on", "field"),
    [
        ("2021-2026", None, "term"),
        ("2020-2025", date(2019, 12, 31), "termStartsOn"),
        ("2020-2025", date(2025, 6, 30), "termStartsOn"),
    ],
)
def test_no_such_term(name: str, starts_on: date | None, field: str) -> None:
    """A term is a known one and begins in its own years."""
    with pytest.raises(InvalidInput) as refusal:
        term(name, starts_on)
    assert refusal.value.field == field


def test_range() -> None:
    """Any range of days is a period; it ends not before it begins, and within 1930 to 2200."""
    period = days(date(2023, 1, 1), date(2023, 9, 17))

    assert period.name == "2023-01-01/2023-09-17"
    assert period.previous() is None
    for first, last in (
        (date(2023, 1, 2), date(2023, 1, 1)),
        (date(1929, 12, 31), date(2023, 1, 1)),
        (date(2023, 1, 1), date.max),
    ):
        with pytest.raises(InvalidInput) as refusal:
            days(first, last)
        assert refusal.value.field == "range"


@pytest.mark.parametrize(
    ("period", "day", "percent"),
    [
        (year(2023), date(2022, 12, 31), 0.0),
        (year(2023), date(2023, 6, 30), 50.0),
        (year(2023), date(2023, 12, 31), 100.0),
        (year(2023), date(2024, 5, 1), 100.0),
        (year(2023), date(2023, 1, 31), 100 / 12),
        (term("2020-2025"), date(2023, 9, 30), 65.0),
        (days(date(2023, 1, 15), date(2023, 3, 14)), date(2023, 2, 14), 50.0),
        (days(date(2023, 1, 1), date(2023, 1, 31)), date(2023, 1, 1), 100 / 31),
    ],
)
def test_elapsed_percent(period: Period, day: date, percent: float) -> None:
    """The pace line counts months; a part of a month is its days over that month's days."""
    assert period.elapsed_percent(day) == pytest.approx(percent)


def test_pace_of_the_urging_letter() -> None:
    """On 17 September 2023 a term that began in the middle of 2020 is 60 to 65 percent over."""
    assert 60 < term("2020-2025").elapsed_percent(date(2023, 9, 17)) < 65


@each(first=DATES, length=st.integers(0, 3000), offset=st.integers(0, 3000))
def test_pace_only_grows(first: date, length: int, offset: int) -> None:
    """The pace line never falls and stays between 0 and 100."""
    period = Period("p", first, first + timedelta(days=length))
    day = first + timedelta(days=offset)
    percent = period.elapsed_percent(day)

    assert 0 < percent <= 100
    assert percent <= period.elapsed_percent(day + timedelta(days=1)) + 1e-9


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2023, 12, 15), 1, date(2024, 1, 15)),
        (date(2023, 3, 31), -1, date(2023, 2, 28)),
    ],
)
def test_add_months(start: date, months: int, expected: date) -> None:
    """Where the day does not exist it is the last day of the month."""
    assert expected == add_months(start, months)


@each(start=DATES, months=st.integers(0, 600))
def test_months_there_and_back(start: date, months: int) -> None:
    """So many months later is so many months between, whatever the day."""
    assert months == months_between(start, add_months(start, months))


def test_elapsed_months_over_a_short_month() -> None:
    """From 31 January to the end of February is a whole month and a part, never less than none."""
    assert elapsed_months(date(2023, 1, 31), date(2023, 2, 27)) == pytest.approx(1.0)
    assert 0 < elapsed_months(date(2023, 1, 31), date(2023, 1, 31)) < 0.1


def test_one_working_day_and_none() -> None:
    """After Friday comes Monday; a limit of no days ends on its own day."""
    friday, monday = date(2022, 7, 1), date(2022, 7, 4)

    assert [add_working_days(friday, count) for count in (0, 1)] == [friday, monday]


def test_a_part_of_a_month_counts_by_the_days_of_that_month() -> None:
    """From 15 March to 10 April are 27 of the 31 days up to 15 April."""
    assert elapsed_months(date(2023, 3, 15), date(2023, 4, 10)) == pytest.approx(27 / 31)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2023, 1, 20), False),  # the day before Tết 2023
        (date(2023, 1, 27), True),
        (date(2024, 2, 14), False),  # the last day of Tết 2024
        (date(2024, 2, 15), True),
        (date(2024, 4, 29), False),  # off for a Saturday worked
        (date(2024, 5, 4), True),
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2023, 1, 2), False),  # instead of the Sunday before
        (date(2026, 1, 2), False),  # off for a Saturday worked, which the package lacks
        (date(2026, 1, 9), True),
        (date(2026, 1, 10), True),
        (date(2026, 2, 16), False),  # Tết 2026
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2021, 2, 10), False),  # Tết 2021
        (date(2021, 2, 16), False),
        (date(2021, 2, 17), True),
        (date(2021, 9, 3), False),
        (date(2022, 1, 31), False),  # Tết 2022
        (date(2022, 2, 4), False),
        (date(2022, 4, 11), False),
        (date(2022, 5, 3), False),
        (date(2022, 9, 1), False),
        (date(2023, 5, 3), False),
        (date(2023, 9, 1), False),
        (date(2024, 2, 8), False),
        (date(2024, 9, 3), False),
        (date(2025, 1, 27), False),  # Tết 2025
        (date(2025, 1, 31), False),
        (date(2025, 9, 1), False),
        (date(2026, 11, 24), False),  # new in 2026
        (date(2025, 11, 24), True),
        (date(2023, 9, 3), False),
    ],
)
def test_working_days(day: date, *, works: bool) -> None:
    """Offices are closed on Tết, public and compensating days, and work on swapped Saturdays."""
    assert works is is_working_day(day)


@each(day=st.dates(date(2016, 1, 1), date(2026, 1, 1)), count=st.integers(-1, 90))
def test_limit_of_working_days(day: date, count: int) -> None:
    """A limit ends on a working day with exactly so many working days after the first day."""
    last = add_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]

    assert max(count, 0) == sum(is_working_day(d) for d in between)
    assert last == day or is_working_day(last)
