"""Carrying targets over to successors: the original stays, what nobody got is visible."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Conflict, InvalidInput, NotFound
from domain.period import year
from domain.target import Amount, Target, TargetBasis, TargetTerms

TERMS = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2025))
SET_ON = date(2025, 1, 6)
ENDED_ON = date(2025, 7, 1)


def target(count: int = 30) -> Target:
    """A district's target for the year in which it ended."""
    return Target.set(UUID(int=4), TERMS, Amount(count), on=SET_ON, set_by="lam-dong")


def carry(made: Target, count: int, on: date = ENDED_ON) -> None:
    """Part of it goes to a successor."""
    made.carry(
        "lam-dong/bao-lam-1",
        UUID(int=7),
        count=count,
        on=on,
        reason="Kết thúc hoạt động",
        document="12-QĐ/TU",
    )


def test_the_original_stays() -> None:
    """A carried part changes neither the amount nor what was read of an earlier day."""
    made = target()
    carry(made, 12)

    assert (made.amount().count, made.unassigned()) == (30, 18)
    assert made.unassigned(date(2025, 6, 30)) == 30
    assert made.carried(date(2025, 6, 30)) == []
    assert [entry.count for entry in made.carried()] == [12]
    assert made.set_by == "lam-dong"


@given(st.integers(0, 50), st.lists(st.tuples(st.integers(-1, 60), st.integers(0, 3)), max_size=6))
def test_no_more_is_carried_than_there_is(count: int, parts: list[tuple[int, int]]) -> None:
    """Whatever is tried, in whatever order of days, parts and remainder are the amount."""
    made = target(count)
    accepted = 0
    for part, days in parts:
        try:
            carry(made, part, date(2025, 7, 1 + days))
        except InvalidInput:
            assert not 1 <= part <= count - accepted
        else:
            accepted += part

    assert made.unassigned() == count - accepted >= 0
    assert sum(entry.count for entry in made.carried()) == accepted
    assert made.amount().count == count


def test_an_adjustment_counts_before_carrying() -> None:
    """What is left is left of the amount in force."""
    made = target()
    made.adjust(Amount(20), on=date(2025, 3, 1), reason="Giảm", issued_by="Ban Thường vụ Tỉnh ủy")
    with pytest.raises(InvalidInput):
        carry(made, 21)
    carry(made, 20)

    assert made.unassigned() == 0


def test_not_before_it_was_set_and_not_a_share() -> None:
    """A share means the same for a successor and is stated again."""
    with pytest.raises(InvalidInput) as refusal:
        carry(target(), 1, date(2025, 1, 5))
    assert refusal.value.field == "occurredOn"
    terms = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2025), group="WOMEN")
    share = Target.set(UUID(int=4), terms, Amount(share_percent=40), on=SET_ON)
    assert share.unassigned() is None
    with pytest.raises(InvalidInput) as refusal:
        carry(share, 1)
    assert refusal.value.field == "target"


def test_a_correction_keeps_who_set_it_and_where_it_came_from() -> None:
    """A new statement after a voided one says both itself."""
    source = UUID(int=8)
    made = Target.set(
        UUID(int=4), TERMS, Amount(5), on=SET_ON, set_by="lam-dong", carried_from=source
    )
    made.void(1, position=1, reason="Nhầm", on=ENDED_ON, replaced=True)
    made.restate(Amount(6), on=SET_ON)
    assert (made.stated.set_by, made.stated.carried_from) == ("lam-dong", source)
    made.void(3, position=3, reason="Nhầm", on=ENDED_ON)
    made.restate(Amount(7), on=SET_ON, terms=TERMS, set_by="lam-dong/bao-lam")

    assert (made.stated.set_by, made.stated.carried_from) == ("lam-dong/bao-lam", None)


def test_amount_before_it_was_set() -> None:
    """There is none."""
    with pytest.raises(NotFound):
        target().amount(date(2025, 1, 5))


def test_a_target_that_stands_is_not_set_again() -> None:
    """The refusal names its holder."""
    with pytest.raises(Conflict) as refusal:
        target().require_unset("lam-dong/bao-lam")

    assert refusal.value.code == "TARGET_ALREADY_SET"
    assert "lam-dong/bao-lam" in refusal.value.text.vi
    voided = target()
    voided.void(1, position=1, reason="Nhầm", on=ENDED_ON)
    voided.require_unset("lam-dong/bao-lam")


@pytest.mark.parametrize("kind", ["TargetSet", "TargetAdjusted"])
def test_what_version_1_stored(kind: str) -> None:
    """It knew neither rates nor who set a target."""
    made = target()
    made.adjust(Amount(20), on=date(2025, 3, 1), reason="Giảm")
    cls = next(type(entry) for entry in made.entries if type(entry).__name__ == kind)
    lifted = cls.upcast_v1_v2({"count": 30})  # type: ignore[attr-defined]

    assert lifted["count"] == 30
    assert (lifted["ratePercent"], lifted["isMinimum"], lifted["issuedBy"]) == (None, False, None)
    assert ("setBy" in lifted) is (kind == "TargetSet")
