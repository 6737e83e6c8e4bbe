"""Targets: one for each holder, period, group and basis, stated once and adjusted from then on."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain.errors import InvalidInput, NotFound
from domain.period import days, term, year
from domain.target import (
    Amount,
    CountingDate,
    Target,
    TargetAdjusted,
    TargetBasis,
    TargetSet,
    TargetTerms,
    target_id,
)

HOLDER = UUID(int=4)
TERMS = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2023), group="ETHNIC_MINORITY")
DAY = date(2023, 4, 20)


def target(amount: Amount = Amount(count=30)) -> Target:  # noqa: B008 - frozen
    """The 30 admissions of the district plan."""
    return Target.set(HOLDER, TERMS, amount, on=DAY, stated_growth_percent=40.0)


def refused(field: str, amount: Amount, terms: TargetTerms = TERMS) -> None:
    """Setting such a target is refused for a field."""
    with pytest.raises(InvalidInput) as refusal:
        Target.set(HOLDER, terms, amount, on=DAY)
    assert (refusal.value.code, refusal.value.field) == ("INVALID_TARGET", field)


def test_set() -> None:
    """A target keeps what was stated, the growth too, and counts by the decision unless told."""
    entry = target().stated

    assert (entry.count, entry.share_percent, entry.stated_growth_percent) == (30, None, 40.0)
    assert entry.counting is CountingDate.DECISION
    assert (entry.period, entry.period_first, entry.period_last) == (
        "2023",
        date(2023, 1, 1),
        date(2023, 12, 31),
    )


def test_identity() -> None:
    """Holder, period, group and basis make a target; the amount does not."""
    others = [
        target_id(UUID(int=6), TERMS),
        target_id(HOLDER, TargetTerms(basis=TargetBasis.CONGRESS, period=year(2023))),
        target_id(HOLDER, TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2023))),
        target_id(HOLDER, TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2024))),
        target_id(HOLDER, TargetTerms(basis=TargetBasis.ASSIGNED, period=term("2020-2025"))),
    ]

    assert target().id == target(Amount(share_percent=20)).id
    assert len({target().id, *others}) == 6


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        ("count", Amount()),
        ("count", Amount(1, 1.0)),
        ("count", Amount(-1)),
        ("count", Amount(1_000_001)),
        ("sharePercent", Amount(share_percent=-0.1)),
        ("sharePercent", Amount(share_percent=100.1)),
        ("sharePercent", Amount(share_percent=float("nan"))),
    ],
)
def test_bad_amount(field: str, amount: Amount) -> None:
    """Exactly one of count and share is given, in bounds."""
    refused(field, amount)


@pytest.mark.parametrize(
    "amount", [Amount(0), Amount(1_000_000), Amount(share_percent=0), Amount(share_percent=100)]
)
def test_bounds_of_an_amount(amount: Amount) -> None:
    """The bounds themselves are amounts."""
    assert target(amount).stated.count == amount.count


def test_a_share_needs_a_group() -> None:
    """A share is a group's share of all; a group is one of the catalogue."""
    total = TargetTerms(basis=TargetBasis.CONGRESS, period=days(DAY, DAY))
    refused("group", Amount(share_percent=70), total)
    unknown = TargetTerms(basis=TargetBasis.CONGRESS, period=year(2023), group="NOBODY")
    with pytest.raises(InvalidInput) as refusal:
        Target.set(HOLDER, unknown, Amount(1), on=DAY)
    assert refusal.value.code == "UNKNOWN_GROUP"


@pytest.mark.parametrize("percent", [-100.1, 100_001, float("nan")])
def test_bad_growth(percent: float) -> None:
    """A stated growth is -100 percent or more, when restated too."""
    made = target()
    made.void(1, position=1, reason="Nhầm", on=DAY, replaced=True)
    for state in (
        lambda: Target.set(HOLDER, TERMS, Amount(1), on=DAY, stated_growth_percent=percent),
        lambda: made.restate(Amount(1), on=DAY, stated_growth_percent=percent),
    ):
        with pytest.raises(InvalidInput) as refusal:
            state()
        assert refusal.value.field == "statedGrowthPercent"


def test_adjust() -> None:
    """An adjustment holds from its day on, which is not before the target was set."""
    made = target()
    made.adjust(Amount(25), on=DAY, reason="Giảm địa bàn", document="9-QĐ/HU")

    assert made.latest(TargetAdjusted).count == 25
    assert made.stated.count == 30
    with pytest.raises(InvalidInput) as refusal:
        made.adjust(Amount(25), on=date(2023, 4, 19), reason="Sớm")
    assert refusal.value.field == "occurredOn"
    with pytest.raises(InvalidInput):
        made.adjust(Amount(), on=DAY, reason="Rỗng")
    assert len(made.entries) == 2


def test_restated() -> None:
    """A replaced statement keeps the identity and is not later than an adjustment."""
    made = target()
    made.adjust(Amount(25), on=date(2023, 6, 1), reason="Giảm")
    made.void(1, position=1, reason="Nhầm", on=DAY, replaced=True)
    with pytest.raises(InvalidInput) as refusal:
        made.restate(Amount(31), on=date(2023, 6, 2))
    assert refusal.value.field == "occurredOn"
    made.restate(Amount(31), on=date(2023, 5, 2), document="8-QĐ/HU")

    assert (made.stated.count, made.stated.group) == (31, "ETHNIC_MINORITY")
    assert made.stated.effective_on == date(2023, 5, 2)
    assert made.first.count == 30


def test_voided_target() -> None:
    """A target that was voided without another is not there."""
    made = target()
    made.void(1, position=1, reason="Nhầm", on=DAY)
    with pytest.raises(NotFound) as refusal:
        made.adjust(Amount(25), on=DAY, reason="Giảm")

    assert refusal.value.code == "TARGET_NOT_FOUND"
    assert isinstance(made.first, TargetSet)


def test_restated_with_other_terms() -> None:
    """A voided target may be stated again with another counting date."""
    made = target()
    made.void(1, position=1, reason="Sai", on=date(2023, 5, 1))
    terms = replace(TERMS, counting=CountingDate.CEREMONY)

    between = made.is_stated
    made.restate(Amount(31), on=DAY, terms=terms)

    assert (between, made.is_stated) == (False, True)
    assert made.stated.counting is CountingDate.CEREMONY
