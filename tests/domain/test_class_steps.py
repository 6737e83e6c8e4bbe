"""On the way to the awareness class."""

from tests.domain import case_steps as full
from tests.domain.case_steps import way
from tests.domain.steps import given
from tests.domain.transition import GRASSROOTS

from domain.awareness_class import ClassEnrolled, ClassNotPassed, ClassProposed


def test_who_attends_is_not_proposed_any_more() -> None:
    """Given somebody enrolled without a proposal, then a proposal comes too late."""
    start = given(*way(full.proposed))
    start.when(full.enrolled()).then(ClassEnrolled, findings=("L3",))

    refusal = start.when(full.proposed(full.month(28))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
    assert refusal.text.en.startswith("ClassEnrolled is recorded")


def test_a_grassroots_cell_proposes_whom_nobody_else_confirms() -> None:
    """It has no committee that would review its list."""
    given(full.helper(), full.listed(), cell=GRASSROOTS).when(full.proposed()).then(ClassProposed)


def test_every_failure_is_kept() -> None:
    """Beside those of before."""
    start = given(*way(full.certified))
    (failed,) = start.when(full.not_passed()).then(ClassNotPassed)

    assert start.case.facts().not_passed == [failed]


def test_a_grassroots_cell_sends_whom_it_proposed() -> None:
    """Nobody above it agrees first."""
    given(full.helper(), full.listed(), full.proposed(), cell=GRASSROOTS).when(
        full.enrolled()
    ).then(ClassEnrolled)
