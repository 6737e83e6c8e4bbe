"""Closing the figures of a period: closed, submitted, reopened, closed again, in this order."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.closing import (
    ClosedFigure,
    Closing,
    ClosingStatus,
    Counted,
    FiguresClosed,
    Seen,
    closing_id,
)
from domain.errors import Conflict, InvalidInput
from domain.period import year

PERIOD = year(2023)
DAY = date(2024, 1, 5)
COUNTED = Counted(
    PERIOD.first, PERIOD.last, (ClosedFigure(None, 30, 28),), (Seen(tenant=2, position=40),)
)
LATER = Counted(
    PERIOD.first, PERIOD.last, (ClosedFigure(None, 31, 28),), (Seen(tenant=2, position=52),)
)


def closed() -> Closing:
    """The figures of 2023."""
    return Closing.close(UUID(int=4), PERIOD, COUNTED, on=DAY, document="3-BC/HU")


def test_closed() -> None:
    """The figures and how much was known are kept."""
    made = closed()

    assert made.status is ClosingStatus.CLOSED
    assert not made.is_submitted
    assert (made.closed.figures, made.closed.seen) == (COUNTED.figures, COUNTED.seen)
    assert made.id == closing_id(UUID(int=4), PERIOD)


def test_closed_again_after_it_was_reopened() -> None:
    """The figures that were closed first stay in the record."""
    made = closed()
    passed = [made.status]
    made.submit("lam-dong", on=DAY, document="3-BC/HU")
    passed.append(made.status)
    assert made.is_submitted
    made.reopen("lam-dong", on=date(2024, 2, 1), reason="Bổ sung quyết định tháng 12")
    passed.append(made.status)
    made.close_again(PERIOD, LATER, on=date(2024, 2, 2))

    assert passed == ["CLOSED", "SUBMITTED", "REOPENED"]
    assert made.status is ClosingStatus.CLOSED
    assert made.closed.figures == LATER.figures
    first = made.entries[0]
    assert isinstance(first, FiguresClosed)
    assert first.figures == COUNTED.figures


def test_not_before_the_last_step() -> None:
    """Steps about a period follow one another."""
    made = closed()
    with pytest.raises(Conflict) as refusal:
        made.submit("lam-dong", on=date(2024, 1, 4), document="3-BC/HU")
    assert (refusal.value.code, refusal.value.field) == ("CLOSING_OUT_OF_ORDER", "occurredOn")


def test_words() -> None:
    """A submission has a document, a reopening a reason."""
    with pytest.raises(InvalidInput):
        closed().submit("lam-dong", on=DAY, document=" ")
    with pytest.raises(InvalidInput):
        closed().reopen("lam-dong", on=DAY, reason="")


@given(st.lists(st.sampled_from(["close", "submit", "reopen"]), max_size=12))
def test_any_order(steps: list[str]) -> None:
    """Whatever is tried: only the next step of the circle is taken, others change nothing."""
    made = closed()
    allowed = {
        ClosingStatus.CLOSED: {"submit": ClosingStatus.SUBMITTED, "reopen": ClosingStatus.REOPENED},
        ClosingStatus.SUBMITTED: {"reopen": ClosingStatus.REOPENED},
        ClosingStatus.REOPENED: {"close": ClosingStatus.CLOSED},
    }
    for step in steps:
        before, size = made.status, len(made.entries)
        try:
            if step == "close":
                made.close_again(PERIOD, LATER, on=DAY)
            elif step == "submit":
                made.submit("lam-dong", on=DAY, document="3-BC/HU")
            else:
                made.reopen("lam-dong", on=DAY, reason="Bổ sung")
        except Conflict:
            assert step not in allowed[before]
            assert (made.status, len(made.entries)) == (before, size)
        else:
            assert made.status is allowed[before][step]
            assert made.is_submitted is (step == "submit")
