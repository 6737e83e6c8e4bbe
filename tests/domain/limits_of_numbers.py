"""T7, T8, T15, T19: votes and heads at the exact number."""

from collections.abc import Callable
from datetime import date
from functools import partial

from tests.domain import case_steps as full
from tests.domain import membership as member
from tests.domain.limits_table import (
    FINDING,
    REFUSE,
    Limit,
    and_then,
    by_choice,
    days,
    ended,
    held,
    vetted,
    voted,
)
from tests.domain.steps import Given, Outcome, Step, recognized, submitted, vote

CHARTER = "Điều lệ Đảng"
DAY = date(2023, 6, 5)
Votes = Callable[[int, int], Outcome]


def admitted(official: int, in_favor: int) -> Outcome:
    """The dossier is submitted after such a vote."""
    start = and_then(vetted(DAY), vote(DAY, official, in_favor))
    return start.when(submitted(days(DAY, 1)))


def stated(official: int, in_favor: int) -> Outcome:
    """The recognition is decided on such a vote, stated with it."""
    return ended(DAY).when(recognized(DAY, DAY, official, in_favor))


def recorded(official: int, in_favor: int) -> Outcome:
    """The recognition is decided after such a vote."""
    held_vote = member.recognition_vote(DAY, in_favor, official)
    return and_then(ended(DAY), held_vote).when(member.recognized_by_vote(DAY))


def struck_off(official: int, in_favor: int) -> Outcome:
    """The name is struck off after such a vote."""
    held_vote = member.striking_off_proposed(DAY, in_favor, official=official)
    return and_then(held(days(DAY, -90)), held_vote).when(member.struck_off(DAY))


def two_thirds(votes: Votes, field: str, official: int, least: int) -> Limit:
    """T7: the least number of all official members that is two thirds, and one fewer."""
    return by_choice(
        "T7",
        REFUSE,
        CHARTER,
        DAY,
        partial(votes, official, least),
        partial(votes, official, least - 1),
        field,
        name=f"{votes.__name__} {least} of {official}",
    )


MEMBERS = ((3, 2), (4, 3), (5, 4), (7, 5), (9, 6), (10, 7), (100, 67))
VOTES = tuple(
    two_thirds(votes, field, official, least)
    for votes, field in (
        (admitted, "candidate"),
        (stated, "inFavor"),
        (recorded, "inFavor"),
        (struck_off, "candidate"),
    )
    for official, least in MEMBERS
)


def authorized(day: date, members: int, in_favor: int) -> Outcome:
    """The grassroots committee decides the admission by such a vote."""
    return voted(days(day, -20)).when(full.authorized(day, members, in_favor))


COMMITTEE = tuple(
    by_choice(
        "T8",
        REFUSE,
        document,
        day,
        partial(authorized, day, members, least),
        partial(authorized, day, members, least - 1),
        "committeeInFavor",
        name=f"{least} of {members}",
    )
    for document, day in (
        ("29-QĐ/TW", date(2021, 7, 29)),
        ("24-QĐ/TW", date(2021, 7, 30)),
        ("24-QĐ/TW", date(2025, 1, 19)),
        ("232-QĐ/TW", date(2025, 1, 20)),
        ("232-QĐ/TW", date(2025, 6, 30)),
        ("294-QĐ/TW", date(2025, 7, 1)),
    )
    for members, least in ((1, 1), (3, 2), (15, 10), (16, 11))
)
Failing = Callable[[], Given]
FAILING: tuple[tuple[Failing, Callable[[date, int], Step]], ...] = (
    (lambda: vetted(days(DAY, -9)), lambda day, votes: vote(day, 9, votes)),
    (lambda: ended(days(DAY, -9)), member.recognition_vote),
    (lambda: held(days(DAY, -90)), member.striking_off_proposed),
)


def after_failures(start: Failing, make: Callable[[date, int], Step], number: int) -> Outcome:
    """One more vote after so many that did not pass."""
    failed = (make(days(DAY, each - 5), 5) for each in range(number))
    return and_then(start(), *failed).when(make(DAY, 9))


REFERRED = tuple(
    by_choice(
        "T15",
        FINDING,
        "24-QĐ/TW",
        DAY,
        partial(after_failures, start, make, 2),
        partial(after_failures, start, make, 3),
        name=name,
    )
    for (start, make), name in zip(
        FAILING, ("admission", "recognition", "striking off"), strict=True
    )
)


def of_members(start: Failing, make: Callable[[int], Step], number: int) -> Outcome:
    """A vote of so many official members, all in favor."""
    return start().when(make(number))


HEADS: tuple[tuple[str, Failing, Callable[[int], Step]], ...] = (
    ("admission", lambda: vetted(DAY), lambda n: vote(DAY, n, n)),
    ("recognition", lambda: ended(DAY), lambda n: member.recognition_vote(DAY, n, n)),
    ("decision", lambda: ended(DAY), lambda n: recognized(DAY, DAY, n, n)),
    (
        "striking off",
        lambda: held(days(DAY, -90)),
        lambda n: member.striking_off_proposed(DAY, n, official=n),
    ),
)
CELL_OF_THREE = tuple(
    by_choice(
        "T19",
        REFUSE,
        CHARTER,
        DAY,
        partial(of_members, start, make, 3),
        partial(of_members, start, make, 2),
        "officialMembers",
        name=name,
    )
    for name, start, make in HEADS
)
OF_NUMBERS = (*VOTES, *COMMITTEE, *REFERRED, *CELL_OF_THREE)
