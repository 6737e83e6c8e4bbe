"""C.2, 27 and 28: the case moves to another cell, or another tenant goes on with it."""

from dataclasses import replace
from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain import membership as member
from tests.domain.placing import LEFT, handed_over, moved, place, taken_back
from tests.domain.steps import CELL
from tests.domain.transition import TWICE, Made, Transition, Wrong, after, order, otherwise
from tests.domain.transitions_recognition import WAY as TO_FULL_MEMBER

from domain import placement
from domain.case import Stage
from domain.organization import OrganizationKind

HELPED = {"helper_name": "Trần Giúp", "helper_official_since": date(2010, 1, 1)}
GONE = ("CANDIDATE_HANDED_OVER", None, "candidate")
NO_CELL = ("ORGANIZATION_NOT_A_CELL", None, "organization")
BEFORE = date(2023, 2, 28)
PROBATIONARY_ELSEWHERE = date(2024, 7, 19)
MOVING = (
    otherwise(
        "to the same cell",
        moved(LEFT, place(CELL.id.int)),
        ("SAME_CELL", None, "organization"),
    ),
    otherwise(
        "to a committee", moved(LEFT, place(2, OrganizationKind.GRASSROOTS_COMMITTEE)), NO_CELL
    ),
    otherwise("before identification", moved(BEFORE), order()),
    after(handed_over(LEFT), GONE, "after the hand-over"),
)
HANDING_OVER = (
    otherwise("before identification", handed_over(BEFORE), order()),
    after(handed_over(LEFT), GONE),
    after(moved(date(2023, 9, 2)), ("LATER_ENTRIES", None, "occurredOn"), "before a later step"),
    after(moved(LEFT), None, "on the day of a move"),
)


def moving(number: str, before: Made | None, stage: Stage, day: date = LEFT) -> Transition:
    """Another cell of the tenant goes on; no new helper is a finding."""
    step = partial(moved, day=day)
    return Transition(
        number,
        step,
        before,
        placement.Moved,
        stage,
        tuple(replace(wrong, comes_of_it=wrong.comes_of_it or "P2") for wrong in MOVING),
        findings=("P2",),
    )


PLACEMENT = (
    moving("27", steps.helper, Stage.IDENTIFIED),
    moving("27", steps.opened, Stage.CERTIFIED),
    moving("27", steps.decided, Stage.SUBMITTED),
    moving("28", None, Stage.PROBATIONARY),
    moving("28", None, Stage.PROBATIONARY, PROBATIONARY_ELSEWHERE),
    moving("28", None, Stage.RECOGNITION_DUE, member.ENDS),
    *(
        Transition(
            "27" if before else "28",
            partial(handed_over, day=LEFT),
            before,
            placement.HandedOver,
            Stage.TRANSFERRED_OUT,
            HANDING_OVER,
        )
        for before in (*steps.WAY[1 : steps.WAY.index(steps.ceremony)], None)
    ),
    Transition(
        "28",
        partial(handed_over, day=date(2024, 8, 5)),
        member.recognized_by_vote,
        placement.HandedOver,
        Stage.TRANSFERRED_OUT,
        (
            Wrong(
                "of a full member",
                TWICE,
                more=(member.recognized_by_vote(),),
                step=handed_over(date(2024, 9, 1)),
            ),
        ),
        way=TO_FULL_MEMBER,
    ),
    *(
        Transition(
            "27" if before else "28",
            taken_back,
            before,
            placement.TakenBack,
            stage,
            (after(taken_back(), ("NOT_IN_TRANSIT", None, "candidate")),),
            (handed_over(),),
            is_closed=True,
        )
        for before, stage in (
            (steps.helper, Stage.IDENTIFIED),
            (steps.opened, Stage.CERTIFIED),
            (steps.decided, Stage.SUBMITTED),
            (None, Stage.PROBATIONARY),
        )
    ),
)
