"""A plan: drafted, revised, carried out on its day, taken back; each once and in that order."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.steps import PERSON, on

from domain.candidate import Candidate, Cell
from domain.change import Change, ChangeKind, Founding
from domain.errors import Conflict, InvalidInput
from domain.organization import OrganizationKind, OrganizationRef
from domain.reorganization import (
    CHANGES_MAX,
    Executed,
    Reorganization,
    ReorganizationState,
    draft_reorganization,
    execute_reorganization,
    reverse_reorganization,
    revise_reorganization,
)

DAY, PLANNED = date(2024, 1, 5), date(2024, 3, 4)
HOLDER = OrganizationRef(
    2, UUID(int=1), "lam-dong/bao-lam", OrganizationKind.DISTRICT, (UUID(int=1),), frozenset()
)
DISSOLVE = Change(kind=ChangeKind.DISSOLVE, organizations=("a/b/c",))


def plan(**changed: object) -> dict[str, Any]:
    """What a plan states."""
    return {"title": "Sắp xếp", "planned_on": PLANNED, "changes": (DISSOLVE,), **changed}


def drafted(**changed: object) -> Reorganization:
    """A draft."""
    return draft_reorganization(UUID(int=5), on(DAY), HOLDER, **plan(**changed))


def test_a_plan_goes_its_way() -> None:
    """The last version is carried out, and what it recorded is remembered by record and version."""
    given = drafted()
    states = [given.state]
    revise_reorganization(given, on(DAY), **plan(title="Sắp xếp lại"))
    cell = Cell(UUID(int=3), grassroots=False, characteristics=frozenset())
    candidate = Candidate.identify(UUID(int=9), on(date(2023, 3, 1)), cell, PERSON)
    execute_reorganization(given, on(PLANNED), [candidate], document="30-QĐ/HU")
    states.append(given.state)
    assert given.executed is not None
    assert given.executed.recorded == (Executed(candidate.id, 1, is_case=True),)
    reverse_reorganization(given, on(date(2024, 4, 1)), reason="Ghi nhầm")

    assert [*states, given.state] == list(ReorganizationState)
    assert given.plan.title == "Sắp xếp lại"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"changes": ()}, "TOO_FEW"),
        ({"changes": (DISSOLVE,) * (CHANGES_MAX + 1)}, "TOO_MANY_CHANGES"),
        ({"title": ""}, "INVALID_TEXT"),
        (
            {
                "changes": (
                    Change(
                        kind=ChangeKind.ESTABLISH,
                        founding=Founding(
                            superior="a/b", name="???", kind=OrganizationKind.SUBORDINATE_CELL
                        ),
                    ),
                )
            },
            "INVALID_CODE",
        ),
    ],
)
def test_a_plan_can_be(changed: dict[str, object], code: str) -> None:
    """What could never be carried out is no plan."""
    with pytest.raises(InvalidInput) as refusal:
        drafted(**changed)

    assert refusal.value.code == code


def test_each_step_has_its_state_and_its_day() -> None:
    """Nothing is carried out twice, on another day, or taken back before it was done."""
    given = drafted()
    with pytest.raises(Conflict):
        reverse_reorganization(given, on(PLANNED), reason="Ghi nhầm")
    with pytest.raises(InvalidInput) as other_day:
        execute_reorganization(given, on(DAY), [], document="1")
    execute_reorganization(given, on(PLANNED), [], document="1")
    with pytest.raises(Conflict):
        execute_reorganization(given, on(PLANNED), [], document="1")
    with pytest.raises(Conflict):
        revise_reorganization(given, on(DAY), **plan())

    assert other_day.value.code == "NOT_THE_PLANNED_DAY"
