"""Targets and closings: the first and the last day, number and word that are taken."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.test_closing import COUNTED, DAY, LATER, PERIOD, closed

from domain.closing import Closing, ClosingStatus
from domain.errors import Conflict, InvalidInput
from domain.period import days, year
from domain.target import Amount, CountingDate, Target, TargetBasis, TargetTerms

TERMS = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2025))
SET_ON = date(2025, 1, 6)
VOIDED_ON = date(2025, 2, 3)


def target(**more: Any) -> Target:  # noqa: ANN401
    """Thirty admissions of the year 2025."""
    return Target.set(UUID(int=4), TERMS, Amount(30), on=SET_ON, **more)


def adjust(made: Target, **more: Any) -> None:  # noqa: ANN401
    """Thirty-one."""
    made.adjust(Amount(31), **{"on": SET_ON, "reason": "Bổ sung", **more})


def carry(made: Target, **more: Any) -> None:  # noqa: ANN401
    """One of it goes to a successor."""
    stated = {"count": 1, "on": SET_ON, "reason": "Sắp xếp", "document": "1-QĐ", **more}
    made.carry("lam-dong/moi", UUID(int=7), **stated)


@pytest.mark.parametrize(
    ("name", "field", "most"),
    [("document", "document", 200), ("issued_by", "issuedBy", 300), ("reason", "reason", 2000)],
)
@pytest.mark.parametrize("act", [adjust, carry, lambda _, **more: target(**more)])
def test_the_words_about_a_target(
    act: Callable[..., object], name: str, field: str, most: int
) -> None:
    """They say something, and not too much."""
    if name == "reason" and act not in {adjust, carry}:
        return
    for words in (" ", "x" * (most + 1)):
        with pytest.raises(InvalidInput) as refusal:
            act(target(), **{name: words})
        assert (refusal.value.code, refusal.value.field) == ("INVALID_TEXT", field)
    act(target(), **{name: "x" * most})


@pytest.mark.parametrize(
    ("percent", "is_taken"), [(-100, 1), (-101, 0), (10**5, 1), (10**5 + 1, 0)]
)
def test_a_stated_growth(percent: int, is_taken: int) -> None:
    """Nobody fewer than none; beyond a thousandfold it is a slip of the pen."""
    if is_taken:
        assert percent == target(stated_growth_percent=percent).stated.stated_growth_percent
        return
    with pytest.raises(InvalidInput) as refusal:
        target(stated_growth_percent=percent)
    assert refusal.value.field == "statedGrowthPercent"


def test_a_target_is_carried_from_the_day_on_which_it_was_set() -> None:
    """One at least, all at most; what was carried is answered."""
    made = target()
    for count in (0, 31):
        with pytest.raises(InvalidInput) as refusal:
            carry(made, count=count)
        assert refusal.value.field == "count"
    carry(made)
    carry(made, count=29)

    carried = made.carried()
    assert [entry.count for entry in carried] == [1, 29]
    assert made.unassigned() == 0


def test_a_target_is_carried_with_an_answer() -> None:
    """The entry that was recorded."""
    made = target()
    given = made.carry("x", UUID(int=7), count=2, on=SET_ON, reason="a", document="b")

    assert [given] == made.carried()


def test_a_target_is_restated_on_the_day_of_an_adjustment() -> None:
    """A statement of that very day comes before what adjusts it; who set it stays or is new."""
    made = target(set_by="lam-dong")
    adjust(made)
    made.void(1, position=1, reason="Nhầm", on=VOIDED_ON, replaced=True)
    made.restate(Amount(32), on=SET_ON, set_by="binh-dinh", carried_from=UUID(int=8))

    assert made.stated.set_by == "binh-dinh"
    assert made.stated.carried_from == UUID(int=8)


def test_a_target_restated_without_its_origin_keeps_it() -> None:
    """Nobody says anew who set it and where it came from."""
    made = target(set_by="lam-dong", carried_from=UUID(int=8))
    made.void(1, position=1, reason="Nhầm", on=VOIDED_ON, replaced=True)
    made.restate(Amount(32), on=SET_ON)

    assert (made.stated.set_by, made.stated.carried_from) == ("lam-dong", UUID(int=8))


def test_the_terms_are_as_they_were_stated() -> None:
    """The counting date is one of them; days of a term's own period, too."""
    period = days(date(2025, 2, 1), date(2025, 3, 1))
    terms = TargetTerms(basis=TargetBasis.ASSIGNED, period=period, counting=CountingDate.CEREMONY)

    assert terms == Target.set(UUID(int=4), terms, Amount(3), on=SET_ON).terms


def test_a_target_that_stands_is_told_with_its_holder() -> None:
    """Beside the organization's field."""
    with pytest.raises(Conflict) as refusal:
        target().require_unset("lam-dong")

    assert (refusal.value.code, refusal.value.field) == ("TARGET_ALREADY_SET", "organization")
    assert "(lam-dong)" in refusal.value.text.en


def refused(step: Callable[[], object], code: str, field: str) -> None:
    """A step about a closing is refused, and it stays where it is."""
    with pytest.raises((Conflict, InvalidInput)) as refusal:
        step()
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_figures_are_closed_submitted_and_reopened_in_their_order() -> None:
    """Each once, none before the step before it."""
    made = closed()
    before = date(2024, 1, 4)
    refused(lambda: made.close_again(PERIOD, LATER, on=DAY), "FIGURES_ALREADY_CLOSED", "period")
    refused(
        lambda: made.submit("lam-dong", on=before, document="1"),
        "CLOSING_OUT_OF_ORDER",
        "occurredOn",
    )
    made.submit("lam-dong", on=DAY, document="1")
    refused(lambda: made.submit("lam-dong", on=DAY, document="1"), "FIGURES_NOT_CLOSED", "period")
    refused(
        lambda: made.reopen("lam-dong", on=before, reason="a"),
        "CLOSING_OUT_OF_ORDER",
        "occurredOn",
    )
    made.reopen("lam-dong", on=DAY, reason="a")
    refused(lambda: made.reopen("lam-dong", on=DAY, reason="a"), "FIGURES_NOT_CLOSED", "period")
    refused(
        lambda: made.close_again(PERIOD, LATER, on=before), "CLOSING_OUT_OF_ORDER", "occurredOn"
    )
    made.close_again(PERIOD, LATER, on=DAY)

    assert made.status is ClosingStatus.CLOSED


def test_the_words_about_a_closing() -> None:
    """Documents of 200 characters, reasons of 2000."""

    def close(document: str) -> Closing:
        return Closing.close(UUID(int=4), PERIOD, COUNTED, on=DAY, document=document)

    def submit(document: str) -> None:
        closed().submit("lam-dong", on=DAY, document=document)

    def reopen(reason: str = "a", document: str | None = None) -> None:
        closed().reopen("lam-dong", on=DAY, reason=reason, document=document)

    for words in (" ", "x" * 201):
        refused(lambda said=words: close(said), "INVALID_TEXT", "document")  # type: ignore[misc]
        refused(lambda said=words: submit(said), "INVALID_TEXT", "document")  # type: ignore[misc]
        refused(lambda said=words: reopen(document=said), "INVALID_TEXT", "document")  # type: ignore[misc]
    for words in (" ", "x" * 2001):
        refused(lambda said=words: reopen(said), "INVALID_TEXT", "reason")  # type: ignore[misc]
    close("x" * 200)
    submit("x" * 200)
    reopen("x" * 2000, "x" * 200)
