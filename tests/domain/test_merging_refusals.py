"""Why two records are not merged, and of what field that is said."""

import pytest
from tests.domain.steps import ceremony, on, path
from tests.domain.test_merging import MERGED_ON, record, twin

from domain.candidate import Candidate
from domain.errors import Conflict
from domain.merging import merge


def refusal(duplicate: Candidate, survivor: Candidate, *, adopting: bool = True) -> Conflict:
    """What is said."""
    with pytest.raises(Conflict) as refused:
        merge(twin(duplicate), twin(survivor), on(MERGED_ON), adopting=adopting)
    return refused.value


def test_a_record_is_not_merged_with_itself() -> None:
    """There is nothing to join."""
    same = record(10)

    assert (refusal(same, same).code, refusal(same, same).field) == ("SAME_CANDIDATE", "survivor")


def test_an_admission_is_not_lost() -> None:
    """Whoever merges without taking the facts over would leave it out."""
    said = refusal(record(10, *path(ceremony)), record(9), adopting=False)

    assert (said.code, said.field) == ("ADMISSION_LEFT_OUT", "adoptFacts")
