"""Amounts: a number, a share, or a rate of a base, counted up to whole people."""

from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.amount import Amount
from domain.errors import InvalidInput
from domain.period import term, year
from domain.target import Target, TargetBasis, TargetTerms

TERMS = TargetTerms(basis=TargetBasis.CONGRESS, period=year(2021))
DAY = date(2020, 10, 20)


def test_a_rate_of_the_members_at_the_start_of_the_term() -> None:
    """At least 3 % of 5,356 members a year are 161 admissions, not 160.68."""
    amount = Amount(rate_percent=3, base_count=5_356, is_minimum=True)
    entry = Target.set(UUID(int=4), TERMS, amount, on=DAY).stated

    assert (entry.count, entry.rate_percent, entry.base_count) == (161, 3, 5_356)
    assert entry.is_minimum


@given(st.integers(0, 10_000), st.integers(0, 10**8))
def test_a_rate_is_the_least_number_that_reaches_it(hundredths: int, base: int) -> None:
    """Neither rounding nor binary fractions take anybody away or add anybody."""
    whole = Amount(rate_percent=hundredths / 100, base_count=base).whole
    asked = Fraction(hundredths, 10_000) * base

    assert whole is not None
    assert asked <= whole < asked + 1


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        ("count", Amount(count=3, rate_percent=3.0, base_count=9)),
        ("count", Amount(base_count=9)),
        ("baseCount", Amount(rate_percent=3.0)),
        ("baseCount", Amount(count=3, base_count=9)),
        ("ratePercent", Amount(rate_percent=100.5, base_count=9)),
        ("baseCount", Amount(rate_percent=3.0, base_count=-1)),
    ],
)
def test_a_rate_has_a_base(field: str, amount: Amount) -> None:
    """One kind of amount, a base with a rate only, in bounds."""
    with pytest.raises(InvalidInput) as refusal:
        amount.required(None)
    assert (refusal.value.code, refusal.value.field) == ("INVALID_TARGET", field)


def test_terms_are_known_by_name() -> None:
    """A year is no term."""
    assert term("2020-2025", date(2020, 8, 20)).is_term
    assert not year(2023).is_term
