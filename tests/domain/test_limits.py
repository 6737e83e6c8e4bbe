"""Every limit of the rule book (T1 to T21) at its last timely and its first late day.

The days are written down, not computed: over month ends, Tết, swapped days and every change of the
rule book. What a breach does is what the rule says: refuse, consent or finding.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from tests.domain.membership import (
    died,
    history_file,
    readmission_opened,
    received,
    recognition_vote,
    striking_off_proposed,
    struck_off,
)
from tests.domain.steps import (
    Given,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    helper,
    listed,
    on,
    path,
    recognized,
    submitted,
    vetting,
    vote,
)

from domain.calendar import add_months, add_working_days, is_working_day
from domain.candidate import Person
from domain.case import Case
from domain.errors import RuleViolated
from domain.groups import Sex
from domain.judgment import Judgment
from domain.limits import (
    Deadline,
    cell_meeting_due_on,
    deadlines,
    reconciliation_due_on,
    transfer_due_on,
    transfer_papers_due_on,
)
from domain.procedure import Effect, rule_book

BOOK = rule_book()


class Limit(NamedTuple):
    """Counted from a day, by a rule and one of its parameters; the next day is late."""

    rule: str
    counted_from: date
    last: date
    parameter: str = "working_days"


LIMITS = [
    # 29-QĐ/TW: the ordinary week, then New Year and Tết 2021.
    Limit("T9", date(2021, 3, 1), date(2021, 5, 27)),
    Limit("T9", date(2020, 12, 1), date(2021, 3, 3)),
    # On both sides of 24-QĐ/TW (30 July 2021), over National Day.
    Limit("T9", date(2021, 7, 29), date(2021, 10, 25)),
    Limit("T9", date(2021, 7, 30), date(2021, 10, 26)),
    Limit("T10", date(2021, 7, 29), date(2021, 9, 13)),
    Limit("T10", date(2021, 7, 30), date(2021, 9, 14)),
    Limit("T12", date(2021, 7, 29), date(2021, 9, 13)),
    Limit("T13", date(2021, 7, 30), date(2021, 9, 14)),
    # Tết of 2022 to 2026.
    Limit("T10", date(2022, 1, 10), date(2022, 2, 28)),
    Limit("T10", date(2023, 1, 10), date(2023, 2, 28)),
    Limit("T12", date(2024, 1, 25), date(2024, 3, 14)),
    Limit("T12", date(2025, 1, 10), date(2025, 2, 28)),
    Limit("T16", date(2026, 2, 2), date(2026, 3, 23)),
    # Swapped days: 4 May 2024, 26 April 2025, 10 January and 22 August 2026 were worked.
    Limit("T10", date(2024, 3, 25), date(2024, 5, 9)),
    Limit("T13", date(2025, 3, 28), date(2025, 5, 14)),
    Limit("T10", date(2025, 12, 1), date(2026, 1, 13)),
    Limit("T16", date(2026, 7, 20), date(2026, 8, 28)),
    # On both sides of 232-QĐ/TW (20 January 2025) and of 294-QĐ/TW (1 July 2025).
    Limit("T9", date(2025, 1, 17), date(2025, 4, 21)),
    Limit("T9", date(2025, 1, 20), date(2025, 4, 22)),
    Limit("T10", date(2025, 6, 30), date(2025, 8, 11)),
    Limit("T10", date(2025, 7, 1), date(2025, 8, 12)),
    Limit("T13", date(2025, 6, 30), date(2025, 8, 11)),
    Limit("T12", date(2025, 7, 1), date(2025, 8, 12)),
    # 24 November is a holiday from 2026.
    Limit("T16", date(2025, 11, 10), date(2025, 12, 22)),
    Limit("T16", date(2026, 11, 9), date(2026, 12, 22)),
    # Transfers, and what special cases may take longer.
    Limit("T17", date(2025, 7, 1), date(2025, 9, 25)),
    Limit("T17", date(2025, 7, 1), date(2025, 8, 12), "papers_working_days"),
    Limit("T9E", date(2023, 6, 5), date(2023, 7, 17), "working_days_max"),
    Limit("T22", date(2023, 6, 5), date(2023, 7, 17)),
]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.rule} {limit.counted_from}")
def test_last_timely_and_first_late_day(limit: Limit) -> None:
    """Timely on the last day, by that day's version; on the next day the breach takes effect."""
    version = BOOK.on(limit.rule, limit.last)
    assert limit.last == add_working_days(limit.counted_from, version.parameters[limit.parameter])
    if limit.parameter != "working_days":
        return
    timely = Judgment(on(limit.last))
    timely.in_time(limit.rule, limit.counted_from, limit.last)
    assert timely.findings == []

    late = Judgment(on(limit.last + timedelta(days=1)))
    if version.effect is Effect.FINDING:
        late.in_time(limit.rule, limit.counted_from, late.day.on)
        assert [finding.rule for finding in late.findings] == [limit.rule]
        return
    assert version.effect is Effect.CONSENT
    with pytest.raises(RuleViolated) as refusal:
        late.in_time(limit.rule, limit.counted_from, late.day.on)
    assert refusal.value.rule == limit.rule
    late.in_time(limit.rule, limit.counted_from, late.day.on, consent="7-CV/HU")
    assert late.findings == []


MONTHS = [
    # T4, T11, T14, T18: the same day so many months later, else the last day of that month.
    ("T4", "months", date(2020, 1, 15), date(2025, 1, 15)),
    ("T4", "months", date(2024, 2, 29), date(2029, 2, 28)),
    ("T5", "months", date(2023, 8, 31), date(2024, 8, 31)),
    ("T6", "months", date(2023, 2, 28), date(2024, 2, 28)),
    ("T11", "months", date(2024, 2, 29), date(2025, 2, 28)),
    ("T11", "months", date(2023, 12, 31), date(2024, 12, 31)),
    ("T14", "months", date(2024, 2, 29), date(2025, 2, 28)),
    ("T18", "months", date(2024, 2, 29), date(2027, 2, 28)),
    ("T18", "months_after_clearing", date(2021, 5, 31), date(2026, 5, 31)),
]


@pytest.mark.parametrize("day", [date(2021, 7, 29), date(2021, 7, 30), date(2025, 6, 8)])
@pytest.mark.parametrize(("rule", "name", "start", "last"), MONTHS)
def test_limits_in_months(day: date, rule: str, name: str, start: date, last: date) -> None:
    """Month limits end on the same day of the month, or on the month's last, under every book."""
    for judged_on in (day, date(2025, 6, 9), date(2025, 7, 1)):
        assert last == add_months(start, BOOK.on(rule, judged_on).parameters[name])


CHANGES = {
    "29-QĐ/TW": (date(2021, 7, 29), ("T9", "T10", "T12", "T13", "T8", "T18")),
    "24-QĐ/TW": (date(2025, 1, 19), ("T9", "T10", "T12", "T13", "T8", "T18")),
    "232-QĐ/TW": (date(2025, 6, 30), ("T9", "T10", "T12", "T13", "T8", "T18")),
    "294-QĐ/TW": (date(2025, 7, 1), ("T9", "T10", "T12", "T13", "T8", "T18")),
    "01-HD/TW": (date(2025, 6, 8), ("T2", "T4", "P6")),
    "06-HD/TW": (date(2025, 6, 9), ("T2", "T4", "P6")),
}


@pytest.mark.parametrize("document", CHANGES)
def test_the_document_in_force_is_named(document: str) -> None:
    """On the last day of a document its rules are told as its own, on the next day the next's."""
    day, rules = CHANGES[document]
    for rule in rules:
        version = BOOK.on(rule, day)
        assert version.source.startswith(document), (rule, version.source)
        if (until := BOOK.valid_to(version)) is not None:
            assert BOOK.on(rule, until) is version
            assert not BOOK.on(rule, until + timedelta(days=1)).source.startswith(document)


class Taken(NamedTuple):
    """A step on its last timely and its first late day, and what the breach does."""

    rule: str
    start: Callable[[], Given]
    step: Callable[[date], Step]
    last: date
    late: date
    finding: bool = False


def born(day: date) -> Given:
    """Somebody vetted by 20 April 2023, under whatever age."""
    person = Person(full_name="Lê Văn Mẫu", birth_date=day, sex=Sex.MALE)
    return given(
        helper(),
        listed(),
        certificate(date(2023, 4, 3)),
        dossier(date(2023, 4, 4)),
        vetting(date(2023, 4, 20)),
        person=person,
    )


def voted(day: date) -> Given:
    """A case that the cell voted on that day and that was submitted on the next."""
    return given(*path(vetting), vote(day), submitted(day + timedelta(days=1)))


def ended(day: date) -> Given:
    """A case whose probation ends on that day of 2025."""
    held = date(2024, day.month, day.day)
    return given(
        *path(vetting),
        vote(date(2023, 11, 1)),
        submitted(date(2023, 11, 6)),
        decided(date(2023, 11, 8)),
        ceremony(held, consent="7-CV/HU"),
    )


STEPS = [
    Taken(
        "T9",
        lambda: voted(date(2023, 12, 4)),
        decided,
        date(2024, 3, 5),
        date(2024, 3, 6),
        finding=True,
    ),
    Taken(
        "T10",
        lambda: given(*path(decided), received(date(2023, 7, 31))),
        ceremony,
        date(2023, 9, 13),
        date(2023, 9, 14),
    ),
    Taken(
        "T12",
        lambda: ended(date(2025, 1, 10)),
        lambda day: recognized(day, day),
        date(2025, 2, 28),
        date(2025, 3, 3),
        finding=True,
    ),
    Taken(
        "T13",
        lambda: ended(date(2025, 3, 20)),
        lambda day: recognized(day, date(2025, 3, 28)),
        date(2025, 5, 14),
        date(2025, 5, 15),
        finding=True,
    ),
    Taken(
        "T16",
        lambda: given(*path(ceremony)),
        history_file,
        date(2023, 8, 31),
        date(2023, 9, 5),
        finding=True,
    ),
    Taken("T4", lambda: given(*path(certificate)), dossier, date(2028, 4, 3), date(2028, 4, 4)),
]


@pytest.mark.parametrize("taken", STEPS, ids=lambda taken: taken.rule)
def test_steps_on_their_last_and_first_late_day(taken: Taken) -> None:
    """The step itself is timely on the last day; a day later it is refused or has a finding."""
    timely = taken.start().when(taken.step(taken.last))
    assert timely.refusal is None
    assert timely.findings == []

    late = taken.start().when(taken.step(taken.late))
    if taken.finding:
        assert late.refusal is None
        assert isinstance(late.findings, list)
        assert [finding.rule for finding in late.findings] == [taken.rule]
    else:
        assert late.refusal is not None
        assert late.refusal.rule == taken.rule


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ("T1", lambda: born(date(2005, 5, 20)).when(vote(date(2023, 4, 30)))),
        ("T11", lambda: given(*path(ceremony)).when(recognition_vote(date(2024, 7, 19)))),
        (
            "T18",
            lambda: given().when(
                readmission_opened(date(2027, 2, 28), date(2024, 3, 1), "FAMILY_HARDSHIP")
            ),
        ),
        ("T19", lambda: given(*path(vetting)).when(vote(official=2, in_favor=2))),
        ("T23", lambda: given(*path(ceremony)).when(striking_off_proposed(ground="LAZY"))),
    ],
)
def test_early_or_too_few_is_refused(rule: str, outcome: Callable[[], object]) -> None:
    """What comes before its time, or has too few behind it, is refused by its rule."""
    refusal = getattr(outcome(), "refusal", None)

    assert isinstance(refusal, RuleViolated)
    assert (refusal.rule, BOOK.on(rule, date(2024, 1, 1)).effect) == (rule, Effect.REFUSE)


@pytest.mark.parametrize(
    ("held", "decided_on"),
    [
        (date(2024, 1, 10), date(2025, 1, 10)),
        (date(2024, 1, 10), date(2025, 12, 31)),
        (date(2024, 1, 31), date(2025, 4, 30)),
        (date(2024, 1, 31), date(2026, 11, 20)),
    ],
)
def test_membership_from_the_exact_end_however_late(held: date, decided_on: date) -> None:
    """T14: late or not, under whichever regulation, the day is that of the ceremony a year on."""
    case = ended(date(2025, held.month, held.day)).case
    recognized(decided_on, decided_on)(case)
    facts = case.facts()

    assert facts.recognized is not None
    assert facts.recognized.member_from == date(2025, held.month, held.day)


@each(official=st.integers(3, 400))
def test_the_exact_number_of_votes(official: int) -> None:
    """T7, T8: the least number of votes that is two thirds passes, one fewer does not."""
    least = -(-2 * official // 3)
    judged = Judgment(on(date(2025, 7, 1)))

    assert judged.has_majority(official, least)
    assert not judged.has_majority(official, least - 1)
    for rule in ("T7", "T8"):
        assert dict(BOOK.on(rule, date(2025, 7, 1)).parameters) == {
            "numerator": 2,
            "denominator": 3,
        }


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 12, 3), date(2025, 1, 31)),
        (date(2025, 6, 30), date(2025, 7, 31)),
    ],
)
def test_a_cell_meets_each_month(last: date, due: date) -> None:
    """T20: it met in a month, so it meets by the end of the next."""
    assert due == cell_meeting_due_on(last, BOOK)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2024, 11, 30), date(2025, 2, 28)),
        (date(2022, 1, 17), date(2022, 4, 30)),
        (date(2022, 1, 18), date(2022, 4, 30)),
    ],
)
def test_the_register_is_reconciled_each_quarter(last: date, due: date) -> None:
    """T21: three months after the last time, by the end of the month."""
    assert due == reconciliation_due_on(last, BOOK)


def test_a_transfer_is_begun_in_time() -> None:
    """T17: sixty working days after the move, its papers within thirty."""
    assert transfer_due_on(date(2025, 7, 1), BOOK) == date(2025, 9, 25)
    assert transfer_papers_due_on(date(2025, 7, 1), BOOK) == date(2025, 8, 12)


def due(steps: list[Step], day: date) -> list[Deadline]:
    """What is due after some steps."""
    return deadlines(given(*steps).case.case(day), BOOK, day)


@pytest.mark.parametrize(
    ("steps", "day", "expected"),
    [
        (path(vetting), date(2023, 6, 2), {}),
        ([*path(vetting), vote(in_favor=1)], date(2023, 6, 5), {}),
        (path(vote), date(2023, 6, 5), {"T9": date(2023, 8, 28)}),
        (path(decided), date(2023, 7, 3), {"T10": date(2023, 8, 14)}),
        ([*path(decided), received()], date(2023, 7, 7), {"T10": date(2023, 8, 18)}),
        (
            path(ceremony),
            date(2023, 7, 20),
            {"T16": date(2023, 8, 31), "T11": date(2024, 7, 20), "T12": date(2024, 8, 30)},
        ),
        ([*path(ceremony), history_file()], date(2024, 7, 20), {"T12": date(2024, 8, 30)}),
        (
            [*path(ceremony), history_file(), recognition_vote(in_favor=1)],
            date(2024, 8, 1),
            {"T12": date(2024, 8, 30)},
        ),
        (
            [*path(ceremony), history_file(), recognition_vote()],
            date(2024, 8, 1),
            {"T13": date(2024, 9, 16)},
        ),
        ([*path(recognized), history_file()], date(2024, 8, 20), {}),
    ],
)
def test_what_is_due(steps: list[Step], day: date, expected: dict[str, date]) -> None:
    """What is to come next, and by when, first due first; nothing that is done."""
    found = due(steps, day)

    assert expected == {each.rule: each.due_on for each in found}
    assert found == sorted(found, key=lambda each: each.due_on)


def test_nothing_is_due_for_those_who_are_gone() -> None:
    """Neither for the dead nor for those struck off."""
    gone = [*path(ceremony), striking_off_proposed(), struck_off()]
    assert due(gone, date(2024, 3, 1)) == []
    assert due([*path(ceremony), died()], date(2023, 12, 1)) == []
    assert deadlines(Case(), BOOK, date(2024, 1, 1)) == []


def test_the_days_of_the_table_are_working_days() -> None:
    """A limit ends on a day on which offices work."""
    assert all(is_working_day(limit.last) for limit in LIMITS)
