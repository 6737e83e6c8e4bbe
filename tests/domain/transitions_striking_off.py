"""C.2, 25: the cell proposes to strike the name off, the committee decides."""

from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain import membership as member
from tests.domain.steps import Step
from tests.domain.transition import TWICE, Made, Transition, Wrong, after, missing, otherwise
from tests.domain.transitions_recognition import WAY as TO_FULL_MEMBER

from domain import striking_off
from domain.case import Stage

WAY: tuple[Made, ...] = (*steps.WAY, member.striking_off_proposed, member.struck_off)
DUE = date(2024, 9, 2)
"""A day of the twelve months' other side."""
FAILED_THREE = tuple(member.striking_off_proposed(date(2024, 1, day), 5) for day in (2, 3, 4))


def proposal(**fields: int | str) -> Step:
    """The cell's vote, in another way."""
    return member.striking_off_proposed(**fields)  # type: ignore[arg-type]


def row(
    step: Made,
    before: Made | None,
    after_it: Stage,
    *wrong: Wrong,
    way: tuple[Made, ...] = WAY,
) -> Transition:
    """A row of 25: the vote by the name of its step, else the decision."""
    made = getattr(step, "func", step)
    votes = made is member.striking_off_proposed
    kind = striking_off.StrikingOffVoteHeld if votes else striking_off.StruckOff
    more = () if votes or way is WAY else (member.striking_off_proposed(date(2025, 1, 6)),)
    return Transition("25", step, before, kind, after_it, wrong, more, way)


STRIKING_OFF = (
    row(
        member.striking_off_proposed,
        member.striking_off_proposed,
        Stage.PROBATIONARY,
        missing(steps.ceremony),
        otherwise(
            "no ground", proposal(ground="LAZY"), ("NO_GROUND_FOR_STRIKING_OFF", "T23", "ground")
        ),
        otherwise(
            "a ground of leaving",
            proposal(ground="CORRUPTION"),
            ("NO_GROUND_FOR_STRIKING_OFF", "T23", "ground"),
        ),
        otherwise(
            "two members",
            proposal(official=2, in_favor=2),
            ("TOO_FEW_OFFICIAL_MEMBERS", "T19", "officialMembers"),
        ),
        otherwise(
            "more votes than members",
            proposal(in_favor=10),
            ("COUNT_OUT_OF_RANGE", None, "inFavor"),
        ),
        Wrong("after two failures", None, more=FAILED_THREE[:2]),
        Wrong("after three failures", "T15", more=FAILED_THREE),
        Wrong(
            "after the striking off",
            TWICE,
            more=(
                member.striking_off_proposed(date(2024, 1, 2)),
                member.struck_off(date(2024, 1, 3)),
            ),
        ),
    ),
    row(
        partial(member.striking_off_proposed, in_favor=5),
        member.striking_off_proposed,
        Stage.PROBATIONARY,
        missing(steps.ceremony),
    ),
    row(
        partial(member.striking_off_proposed, day=DUE, ground="NOT_QUALIFIED"),
        member.striking_off_proposed,
        Stage.RECOGNITION_DUE,
        missing(steps.ceremony),
    ),
    row(
        member.struck_off,
        member.struck_off,
        Stage.STRUCK_OFF,
        missing(steps.ceremony),
        missing(member.striking_off_proposed),
        Wrong(
            "after a vote that failed",
            ("CELL_VOTE_NOT_PASSED", "T7", "candidate"),
            without=member.striking_off_proposed,
            more=(member.striking_off_proposed(in_favor=5),),
        ),
        after(
            member.striking_off_proposed(date(2024, 2, 2), 5),
            ("CELL_VOTE_NOT_PASSED", "T7", "candidate"),
            "after a later vote that failed",
        ),
        after(member.task(date(2024, 3, 2)), TWICE, "before a later step"),
        after(member.struck_off()),
    ),
    row(
        partial(member.struck_off, day=DUE),
        member.struck_off,
        Stage.STRUCK_OFF,
        missing(member.striking_off_proposed),
    ),
    row(
        partial(member.struck_off, day=date(2025, 2, 3)),
        None,
        Stage.STRUCK_OFF,
        after(
            member.striking_off_proposed(date(2025, 1, 7), 5),
            ("CELL_VOTE_NOT_PASSED", "T7", "candidate"),
            "after a later vote that failed",
        ),
        way=TO_FULL_MEMBER,
    ),
)
