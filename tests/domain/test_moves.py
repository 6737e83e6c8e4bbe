"""A move with half a helper, a cell without a day, a hand-over of another transfer."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.placing import CAME, LEFT, handed_over, moved, place, received
from tests.domain.steps import given, listed, on

from domain.errors import Conflict, InvalidInput
from domain.placement import Moved, as_cell, take_back


@pytest.mark.parametrize(
    "half", [{"helper_name": "Trần Giúp"}, {"helper_official_since": date(2010, 1, 1)}]
)
def test_half_a_helper_is_none(half: dict[str, Any]) -> None:
    """A name without the day since when, or a day without a name, is reported as missing (P2)."""
    given(listed()).when(moved(LEFT, **half)).then(Moved, findings=("P2",))


def test_words_about_a_move() -> None:
    """Its document is named, if at all."""
    given(listed()).when(moved(LEFT, document=" ")).refused("INVALID_TEXT", field="document")


def test_a_cell_of_today() -> None:
    """One that was not ended is there; one that was is not any more."""
    assert as_cell(place()).id == place().id
    with pytest.raises(Conflict) as refusal:
        as_cell(replace(place(), ended_on=date(2099, 1, 1)))
    assert refusal.value.code == "ORGANIZATION_ENDED"


def test_a_case_is_taken_back_from_its_own_transfer() -> None:
    """Not by another one, nor when it is here."""
    away = given(listed(), handed_over())
    for start in (away, given(listed())):
        start.when(lambda case: take_back(case, on(CAME), UUID(int=51))).refused(
            "NOT_IN_TRANSIT", field="candidate"
        )


def test_nobody_comes_before_having_left() -> None:
    """The day of the receipt is the hand-over's or later."""
    away = given(listed(), handed_over())
    with pytest.raises(InvalidInput) as refusal:
        received(away.case, date(2023, 8, 31))
    assert refusal.value.field == "occurredOn"

    here = received(away.case, LEFT)
    placed = here.facts().placed
    assert placed is not None
    assert placed.organization_id == place(3).id
