"""T9 to T14, T16, T18: terms in working days and months, each by the step that it binds."""

from collections.abc import Callable
from datetime import date
from functools import partial

from tests.domain import membership as member
from tests.domain.limits_table import (
    CONSENT,
    FINDING,
    REFUSE,
    Limit,
    and_then,
    by_day,
    case,
    days,
    decided_on,
    ended,
    held,
    recognized_at_once,
    voted,
)
from tests.domain.steps import Given, Step, ceremony, decided, recognized

Start = Callable[[date], Given]


def received(day: date) -> Given:
    """The cell received the decision on a day, some days after it was taken."""
    return and_then(decided_on(days(day, -3)), member.received(day))


def voted_for_recognition(day: date) -> Given:
    """The probation ended some days before the cell's vote of that day."""
    return and_then(ended(days(day, -5)), member.recognition_vote(day))


TERMS: dict[str, tuple[Start, Callable[[date], Step]]] = {
    "T9": (voted, decided),
    "T10": (received, ceremony),
    "T12": (ended, member.recognition_vote),
    "T13": (voted_for_recognition, member.recognized_by_vote),
    "T16": (held, member.history_file),
}
"""What the term counts from, and the step that has to be taken within it."""
WORKING_DAYS = (
    # 29-QĐ/TW: the ordinary week, then New Year and Tết 2021.
    ("T9", "29-QĐ/TW", date(2021, 3, 1), date(2021, 5, 27)),
    ("T9", "29-QĐ/TW", date(2020, 12, 1), date(2021, 3, 3)),
    # On both sides of 24-QĐ/TW (30 July 2021), over National Day.
    ("T9", "29-QĐ/TW", date(2021, 4, 29), date(2021, 7, 26)),
    ("T9", "24-QĐ/TW", date(2021, 7, 29), date(2021, 10, 25)),
    ("T9", "24-QĐ/TW", date(2021, 7, 30), date(2021, 10, 26)),
    ("T10", "29-QĐ/TW", date(2021, 6, 16), date(2021, 7, 28)),
    ("T10", "24-QĐ/TW", date(2021, 6, 17), date(2021, 7, 29)),
    ("T10", "24-QĐ/TW", date(2021, 7, 29), date(2021, 9, 13)),
    ("T10", "24-QĐ/TW", date(2021, 7, 30), date(2021, 9, 14)),
    ("T12", "29-QĐ/TW", date(2021, 6, 16), date(2021, 7, 28)),
    ("T12", "24-QĐ/TW", date(2021, 7, 29), date(2021, 9, 13)),
    ("T13", "29-QĐ/TW", date(2021, 6, 16), date(2021, 7, 28)),
    ("T13", "24-QĐ/TW", date(2021, 7, 30), date(2021, 9, 14)),
    ("T16", "12-HD/BTCTW", date(2021, 7, 30), date(2021, 9, 14)),
    # Tết of 2022 to 2026.
    ("T10", "24-QĐ/TW", date(2022, 1, 10), date(2022, 2, 28)),
    ("T10", "24-QĐ/TW", date(2023, 1, 10), date(2023, 2, 28)),
    ("T9", "24-QĐ/TW", date(2023, 12, 4), date(2024, 3, 5)),
    ("T12", "24-QĐ/TW", date(2024, 1, 25), date(2024, 3, 14)),
    ("T12", "232-QĐ/TW", date(2025, 1, 10), date(2025, 2, 28)),
    ("T16", "12-HD/BTCTW", date(2026, 2, 2), date(2026, 3, 23)),
    # Swapped days: 4 May 2024, 26 April 2025, 10 January and 22 August 2026 were worked.
    ("T10", "24-QĐ/TW", date(2024, 3, 25), date(2024, 5, 9)),
    ("T13", "232-QĐ/TW", date(2025, 3, 28), date(2025, 5, 14)),
    ("T10", "294-QĐ/TW", date(2025, 12, 1), date(2026, 1, 13)),
    ("T16", "12-HD/BTCTW", date(2026, 7, 20), date(2026, 8, 28)),
    # On both sides of 232-QĐ/TW (20 January 2025) and of 294-QĐ/TW (1 July 2025).
    ("T9", "232-QĐ/TW", date(2025, 1, 17), date(2025, 4, 21)),
    ("T9", "232-QĐ/TW", date(2025, 1, 20), date(2025, 4, 22)),
    ("T9", "294-QĐ/TW", date(2025, 4, 22), date(2025, 7, 17)),
    ("T10", "232-QĐ/TW", date(2025, 2, 3), date(2025, 3, 17)),
    ("T10", "294-QĐ/TW", date(2025, 6, 30), date(2025, 8, 11)),
    ("T10", "294-QĐ/TW", date(2025, 7, 1), date(2025, 8, 12)),
    ("T13", "294-QĐ/TW", date(2025, 6, 30), date(2025, 8, 11)),
    ("T12", "294-QĐ/TW", date(2025, 7, 1), date(2025, 8, 12)),
    # 24 November is a holiday from 2026.
    ("T16", "12-HD/BTCTW", date(2025, 11, 10), date(2025, 12, 22)),
    ("T16", "12-HD/BTCTW", date(2026, 11, 9), date(2026, 12, 22)),
)


def term(rule: str, document: str, counted_from: date, last: date) -> Limit:
    """A term in working days, the first day not counted."""
    start, step = TERMS[rule]
    late = days(last, 1)
    is_consented = rule == "T10"
    return by_day(
        rule,
        CONSENT if is_consented else FINDING,
        document,
        partial(start, counted_from),
        step,
        last,
        late,
        "consentNumber" if is_consented else None,
        partial(ceremony, consent="7-CV/HU") if is_consented else None,
    )


def probation(held_on: date, ends_on: date) -> tuple[Limit, ...]:
    """T11: the cell votes from the exact end of the twelve months on, not a day before."""
    steps: tuple[tuple[Callable[[date], Step], str], ...] = (
        (member.recognition_vote, "occurredOn"),
        (recognized_at_once, "occurredOn"),
        (lambda day: recognized(days(ends_on, 1), day), "cellVoteOn"),
    )
    return tuple(
        by_day(
            "T11",
            REFUSE,
            "Điều lệ Đảng",
            partial(held, held_on),
            step,
            ends_on,
            days(ends_on, -1),
            field,
        )
        for step, field in steps
    )


def wait(document: str, left: date, first: date, departure: str = "FAMILY_HARDSHIP") -> Limit:
    """T18: from 36 months after leaving, or 60 after the record was cleared."""
    is_cleared = departure == "CRIME_LESS_SERIOUS"
    make = partial(
        member.readmission_opened,
        left=date(2014, 1, 2) if is_cleared else left,
        departure=departure,
        cleared=left if is_cleared else None,
    )
    return by_day(
        "T18",
        REFUSE,
        document,
        partial(case, date(2017, 1, 3)),
        make,
        first,
        days(first, -1),
        "occurredOn",
    )


OF_TERMS = (
    *(term(*row) for row in WORKING_DAYS),
    *probation(date(2023, 12, 31), date(2024, 12, 31)),
    *probation(date(2024, 1, 20), date(2025, 1, 20)),
    *probation(date(2024, 2, 29), date(2025, 2, 28)),
    *probation(date(2024, 7, 1), date(2025, 7, 1)),
    wait("29-QĐ/TW", date(2018, 7, 30), date(2021, 7, 30)),
    wait("24-QĐ/TW", date(2018, 7, 31), date(2021, 7, 31)),
    wait("24-QĐ/TW", date(2022, 1, 20), date(2025, 1, 20)),
    wait("232-QĐ/TW", date(2022, 1, 21), date(2025, 1, 21)),
    wait("232-QĐ/TW", date(2022, 7, 1), date(2025, 7, 1)),
    wait("294-QĐ/TW", date(2022, 7, 2), date(2025, 7, 2)),
    wait("294-QĐ/TW", date(2024, 2, 29), date(2027, 2, 28)),
    wait("24-QĐ/TW", date(2019, 8, 31), date(2024, 8, 31), "CRIME_LESS_SERIOUS"),
    wait("294-QĐ/TW", date(2021, 5, 31), date(2026, 5, 31), "CRIME_LESS_SERIOUS"),
)
