"""Every limit of the rule book (T1 to T21) on both sides: right to the last, wrong beside it.

The rows stand in `limits_table`, `limits_of_numbers` and `limits_of_terms`. What a breach does is
what the rule says: refuse, consent or finding.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.domain import case_steps as full
from tests.domain.limits_of_numbers import OF_NUMBERS
from tests.domain.limits_of_terms import OF_TERMS, WORKING_DAYS
from tests.domain.limits_table import OF_ADMISSION, Limit, ended
from tests.domain.membership import (
    died,
    history_file,
    received,
    recognition_vote,
    striking_off_proposed,
    struck_off,
)
from tests.domain.placing import handed_over
from tests.domain.steps import (
    Outcome,
    Step,
    ceremony,
    decided,
    given,
    path,
    recognized,
    removed,
    submitted,
    vetting,
    vote,
)

from domain.admission import AdmissionDecided
from domain.calendar import is_working_day
from domain.case import Case
from domain.errors import Finding
from domain.limits import (
    Deadline,
    cell_meeting_due_on,
    deadlines,
    reconciliation_due_on,
    transfer_due_on,
    transfer_papers_due_on,
)
from domain.procedure import Effect, RuleBook, rule_book

BOOK = rule_book()
TABLE = (*OF_ADMISSION, *OF_NUMBERS, *OF_TERMS)
ROWS = [pytest.param(limit, id=limit.id) for limit in TABLE]


def found(outcome: Outcome) -> list[Finding]:
    """What was found with an accepted step."""
    assert outcome.refusal is None, outcome.refusal
    assert isinstance(outcome.findings, list)
    return outcome.findings


@pytest.mark.parametrize("limit", ROWS)
def test_right_to_the_last(limit: Limit) -> None:
    """The step is accepted, and the rule finds nothing."""
    assert limit.rule not in {each.rule for each in found(limit.right())}


@pytest.mark.parametrize("limit", ROWS)
def test_wrong_beside_it(limit: Limit) -> None:
    """The breach refuses, asks for consent or is found, and names the document of its day."""
    outcome = limit.wrong()
    assert BOOK.on(limit.rule, limit.on).effect is limit.effect
    assert BOOK.on(limit.rule, limit.on).source.startswith(limit.document)
    if limit.effect is Effect.FINDING:
        (finding,) = (each for each in found(outcome) if each.rule == limit.rule)
        assert finding.source == BOOK.on(limit.rule, limit.on).source
        return
    code = BOOK.on(limit.rule, limit.on).code
    refusal = outcome.refused(code, rule=limit.rule, field=limit.field)
    assert refusal.source is not None
    assert refusal.source.startswith(limit.document)
    assert (limit.consented is not None) is (limit.effect is Effect.CONSENT)
    if limit.consented is not None:
        assert limit.rule not in {each.rule for each in found(limit.consented())}


def test_every_limit_has_a_row() -> None:
    """T1 to T21; T14 is a date that nobody can choose, T17, T20 and T21 bind no step of a case."""
    rules = {limit.rule for limit in TABLE} | {rule for rule, *_ in DUES} | {"T14"}

    assert rules == {f"T{number}" for number in range(1, 22)}


def test_every_version_of_a_limit_is_broken_once() -> None:
    """Both sides of every change of the rule book, but what was in force before all the cases."""
    broken = {(limit.rule, BOOK.on(limit.rule, limit.on).valid_from) for limit in TABLE}
    ruled = {limit.rule for limit in TABLE}

    assert {
        (rule, version.valid_from)
        for rule in ruled
        for version in BOOK.versions[rule]
        if (rule, version.valid_from) not in broken
    } == set()


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


DUES = [
    # T17: the transfer is begun, and its papers are there, in so many working days after the move.
    ("T17", transfer_due_on, date(2021, 7, 29), date(2021, 10, 25)),
    ("T17", transfer_due_on, date(2021, 7, 30), date(2021, 10, 26)),
    ("T17", transfer_due_on, date(2025, 1, 17), date(2025, 4, 21)),
    ("T17", transfer_due_on, date(2025, 1, 20), date(2025, 4, 22)),
    ("T17", transfer_due_on, date(2025, 7, 1), date(2025, 9, 25)),
    ("T17", transfer_papers_due_on, date(2025, 6, 30), date(2025, 8, 11)),
    ("T17", transfer_papers_due_on, date(2025, 7, 1), date(2025, 8, 12)),
    # T20: it met in a month, so it meets by the end of the next.
    ("T20", cell_meeting_due_on, date(2024, 1, 31), date(2024, 2, 29)),
    ("T20", cell_meeting_due_on, date(2024, 12, 3), date(2025, 1, 31)),
    ("T20", cell_meeting_due_on, date(2025, 6, 30), date(2025, 7, 31)),
    # T21: three months after the last time, by the end of the month.
    ("T21", reconciliation_due_on, date(2024, 11, 30), date(2025, 2, 28)),
    ("T21", reconciliation_due_on, date(2022, 1, 17), date(2022, 4, 30)),
    ("T21", reconciliation_due_on, date(2022, 1, 18), date(2022, 4, 30)),
]
"""Terms of organizations and of transfers: their last days, which no step of a case is bound by."""


@pytest.mark.parametrize(("rule", "due_on", "counted_from", "last"), DUES)
def test_the_last_day(
    rule: str, due_on: Callable[[date, RuleBook], date], counted_from: date, last: date
) -> None:
    """By the version of the day from which it counts; being late is a finding."""
    assert due_on(counted_from, BOOK) == last
    assert BOOK.on(rule, counted_from).effect is Effect.FINDING


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


def test_an_extension_is_due_later() -> None:
    """T9: sixty working days and the thirty that were granted; timely until then."""
    start = given(*full.way(full.decided), full.extended())
    (decision,) = deadlines(start.case.case(date(2023, 6, 23)), BOOK, date(2023, 6, 23))

    assert decision == Deadline("T9", date(2023, 10, 11))
    start.when(full.decided(decision.due_on)).then(AdmissionDecided, papers=True)


GONE: dict[str, tuple[list[Step], date]] = {
    "struck off": ([*path(ceremony), striking_off_proposed(), struck_off()], date(2024, 3, 1)),
    "dead": ([*path(ceremony), died()], date(2023, 12, 1)),
    "removed": ([*path(vote), removed(date(2023, 6, 24))], date(2023, 6, 24)),
    "refused": ([*path(submitted), full.refused()], date(2023, 6, 26)),
    "withdrawn": ([*path(decided), full.withdrawn()], date(2023, 7, 11)),
    "revoked": ([*path(decided), full.revoked()], date(2023, 7, 10)),
    "handed over": ([*path(ceremony), handed_over()], date(2023, 9, 1)),
}


@pytest.mark.parametrize("end", GONE)
def test_nothing_is_due_for_those_who_are_gone(end: str) -> None:
    """Of whom the case has ended here, however it did."""
    steps, day = GONE[end]

    assert due(steps[:-1], day)
    assert due(steps, day) == []
    assert deadlines(Case(), BOOK, date(2024, 1, 1)) == []


def test_the_days_of_the_table_are_working_days() -> None:
    """A limit ends on a day on which offices work."""
    assert all(is_working_day(last) for *_, last in WORKING_DAYS)
