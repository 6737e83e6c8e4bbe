"""What an office may do, and what only another may."""

import pytest

from domain.access import Action, Role, require
from domain.errors import NotPermitted


@pytest.mark.parametrize(
    ("role", "action"),
    [
        (Role.CELL, Action.DECIDE),
        (Role.CELL, Action.RECORD_GRASSROOTS_STEP),
        (Role.CELL, Action.ASSIGN_TARGET),
        (Role.GRASSROOTS, Action.DECIDE),
        (Role.GRASSROOTS, Action.ERASE),
        (Role.STANDING, Action.CORRECT),
        (Role.OFFICE, Action.READ_PERSONS),
        (Role.UNION, Action.READ_PERSONS),
        (Role.PROVINCE, Action.READ_PERSONS),
        (Role.INSPECTION, Action.CORRECT),
        (Role.CLASSES, Action.DECIDE),
        (Role.AUDITOR, Action.READ_PERSONS),
        (Role.OPERATOR, Action.READ_EVENTS),
    ],
)
def test_duties_are_separated(role: Role, action: Action) -> None:
    """Who proposes does not decide, who inspects does not correct, outsiders see no names."""
    with pytest.raises(NotPermitted) as refusal:
        require(role, action)

    assert refusal.value.code == "NOT_PERMITTED"


@pytest.mark.parametrize(
    ("role", "action"),
    [
        (Role.CELL, Action.RECORD_CELL_STEP),
        (Role.GRASSROOTS, Action.RECORD_GRASSROOTS_STEP),
        (Role.BOARD, Action.DECIDE),
        (Role.STANDING, Action.DECIDE),
        (Role.INSPECTION, Action.NOTE_DEFECT),
        (Role.PROVINCE, Action.READ_MATCHES),
        (Role.AUDITOR, Action.READ_PROOFS),
    ],
)
def test_each_office_has_its_own(role: Role, action: Action) -> None:
    """What it is there for."""
    require(role, action)
