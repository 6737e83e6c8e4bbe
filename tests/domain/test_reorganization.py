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
    Leg,
    Reorganization,
    ReorganizationState,
    decide_reorganization,
    decide_reversal,
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

    states.append(given.state)
    assert states == [
        ReorganizationState.DRAFT,
        ReorganizationState.EXECUTED,
        ReorganizationState.REVERSED,
    ]
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


def test_a_plan_of_several_tenants_goes_leg_by_leg() -> None:
    """It is under way until each has recorded its part, and so is its reversal."""
    given = drafted()
    decide_reorganization(given, on(PLANNED), document="30-QĐ/TU")
    states = [given.state]
    given.advance("lam-dong/bao-lam", Leg.DEPARTURE)
    given.advance("lam-dong/bao-lam-1", Leg.ARRIVAL)
    assert given.done(Leg.DEPARTURE) == {"lam-dong/bao-lam"}
    given.complete()
    states.append(given.state)
    assert given.executed is not None
    assert given.decided is not None
    assert given.executed.document == given.decided.document == "30-QĐ/TU"
    decide_reversal(given, on(date(2024, 4, 1)), reason="Ghi nhầm")
    states.append(given.state)
    assert given.done(Leg.DEPARTURE) == frozenset()
    given.complete()

    assert [*states, given.state] == [
        ReorganizationState.UNDER_WAY,
        ReorganizationState.EXECUTED,
        ReorganizationState.REVERSING,
        ReorganizationState.REVERSED,
    ]
    assert given.reversed is not None
    assert given.reversed.reason == "Ghi nhầm"


def test_what_is_under_way_may_be_reversed_but_a_draft_not() -> None:
    """Nothing was recorded of a draft."""
    given = drafted()
    with pytest.raises(Conflict, match="REORGANIZATION_STATE"):
        decide_reversal(given, on(PLANNED), reason="Ghi nhầm")
    decide_reorganization(given, on(PLANNED), document="30-QĐ/TU")
    decide_reversal(given, on(PLANNED), reason="Ghi nhầm")

    assert given.state is ReorganizationState.REVERSING


def test_where_something_goes_is_said_in_the_plan() -> None:
    """A draft that does not say so is none."""
    goes = Change(kind=ChangeKind.HAND_OVER, organizations=("lam-dong/bao-lam/a",))
    with pytest.raises(InvalidInput, match="ONE_TARGET"):
        drafted(changes=(goes,))
