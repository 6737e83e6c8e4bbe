"""What a call-up list of a class means for a person's case."""

from datetime import date

from tests.domain import case_steps as steps
from tests.domain.steps import CELL, Step, given, on
from tests.domain.transition import GRASSROOTS

from domain.awareness_class import ClassProposed, follow_proposal, follows_agreement
from domain.candidate import Candidate, Cell

DAY = date(2023, 3, 28)


def listed_by_cell(*before: Step) -> list[ClassProposed]:
    """The proposals of a case whose cell puts the person on a call-up list."""
    case = given(*before).case
    follow_proposal(case, on(DAY), number="5-NQ")
    return [entry for entry in case.entries if isinstance(entry, ClassProposed)]


def agreed(*before: Step, cell: Cell = CELL) -> bool:
    """Whether the committee agrees to a proposal by such a list."""
    case: Candidate = given(*before, cell=cell).case
    return follows_agreement(case, on(DAY))


def test_the_cells_own_list_proposes_who_is_not_proposed() -> None:
    """Once; nobody who is proposed, today or on a later day, attends a class, or has died."""
    (made,) = listed_by_cell(steps.helper(), steps.listed())
    assert (made.effective_on, made.resolution_number) == (DAY, "5-NQ")
    for day in (date(2023, 3, 20), DAY, date(2023, 4, 2)):
        (kept,) = listed_by_cell(steps.proposed(day))
        assert kept.effective_on == day
    assert listed_by_cell(steps.enrolled(date(2023, 3, 20))) == []
    assert listed_by_cell(steps.died(date(2023, 3, 20))) == []


def test_the_committees_list_agrees_to_what_the_cell_proposed() -> None:
    """Not without a proposal, nor twice, nor for a grassroots cell, which has no committee."""
    proposed = steps.proposed(date(2023, 3, 20))

    assert agreed(proposed)
    assert not agreed()
    assert not agreed(proposed, steps.agreed(date(2023, 3, 22)))
    assert not agreed(proposed, steps.enrolled(date(2023, 3, 22)))
    assert not agreed(proposed, cell=GRASSROOTS)
