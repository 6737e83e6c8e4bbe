"""The list of candidates: how far it looks, and whom it takes."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.case import Stage
from domain.errors import InvalidInput
from domain.gap import Gap
from projections.candidate_card import FACTS_MAX, CandidateCards, Wanted

NOTHING: Any = None


async def test_a_list_that_looks_into_too_many_cases_is_refused() -> None:
    """It is neither cut off nor begun: nothing is read."""
    cards = CandidateCards(NOTHING, NOTHING, NOTHING, NOTHING)
    people = [UUID(int=n) for n in range(FACTS_MAX + 1)]
    wanted = Wanted(gap=Gap.HELPER_MISSING)
    with pytest.raises(InvalidInput) as refusal:
        await cards._with_facts(1, people, date(2023, 1, 1), 9, wanted)

    assert (refusal.value.code, refusal.value.field) == ("LIST_TOO_LARGE", "filter")


def test_a_gap_is_looked_for_only_where_it_can_be() -> None:
    """Nobody's case is opened whose stage cannot have the gap, or was not asked for."""
    incomplete = Wanted(gap=Gap.DOSSIER_INCOMPLETE)
    some = Wanted(gap=Gap.DOSSIER_INCOMPLETE, stages=frozenset({Stage.VETTING, Stage.CERTIFIED}))

    assert incomplete.at(Stage.VETTING)
    assert not incomplete.at(Stage.FULL_MEMBER)
    assert {stage for stage in Stage if some.at(stage)} == {Stage.VETTING}
    assert all(Wanted().at(stage) for stage in Stage)
    assert not Wanted().of_facts
