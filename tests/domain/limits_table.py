"""T1 to T21, each at its last right and its first wrong day or number: the one table of them.

The days are written down, not computed: over month ends, Tết, swapped days and both sides of every
change of the rule book. `document` is the one in force at the breach, which the breach names.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from tests.domain import case_steps as full
from tests.domain.steps import (
    CELL,
    PERSON,
    Given,
    Outcome,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    helper,
    listed,
    on,
    recognized,
    submitted,
    vetting,
    vote,
)

from domain.calendar import add_months
from domain.candidate import Candidate, Cell, Person
from domain.dossier import Schooling
from domain.procedure import Effect

REFUSE, CONSENT, FINDING = Effect.REFUSE, Effect.CONSENT, Effect.FINDING
Take = Callable[[], Outcome]


@dataclass(frozen=True)
class Limit:
    """One limit: a step that keeps to it, one that does not, and what comes of that."""

    rule: str
    name: str
    effect: Effect
    document: str
    on: date
    right: Take
    wrong: Take
    field: str | None = None
    consented: Take | None = None

    @property
    def id(self) -> str:
        """For the test's report."""
        return f"{self.rule} {self.name}"


# Cases on whatever day.


def case(first: date, *steps: Step, person: Person = PERSON, cell: Cell = CELL) -> Given:
    """A case identified on a day, after these steps."""
    candidate = Candidate.identify(UUID(int=9), on(first), cell, person)
    for step in steps:
        step(candidate)
    return Given(candidate)


def days(day: date, number: int) -> date:
    """So many days later."""
    return day + timedelta(days=number)


def vetted(day: date, certified: date | None = None, person: Person = PERSON) -> Given:
    """Somebody who is vetted on a day, and has been certified for three months or as said."""
    certified = certified or days(day, -90)
    first = days(certified, -60)
    steps = (helper(first), listed(days(first, 1)), certificate(certified))
    return case(first, *steps, dossier(days(certified, 1)), vetting(day), person=person)


def and_then(start: Given, *steps: Step) -> Given:
    """The same case after more steps."""
    for step in steps:
        step(start.case)
    return start


def voted(day: date, person: Person = PERSON) -> Given:
    """The cell voted on a day, and the dossier is submitted."""
    return and_then(vetted(day, person=person), vote(day), submitted(day))


def decided_on(day: date) -> Given:
    """The admission was decided on a day."""
    return and_then(voted(days(day, -20)), decided(day))


def held(day: date) -> Given:
    """The ceremony was held on a day."""
    return and_then(decided_on(days(day, -10)), ceremony(day))


def ended(day: date) -> Given:
    """The probation ends on a day."""
    return held(add_months(day, -12))


# Rows of each kind.


def by_day(  # noqa: PLR0913, PLR0917 (the cells of a row)
    rule: str,
    effect: Effect,
    document: str,
    start: Callable[[], Given],
    step: Callable[[date], Step],
    right: date,
    wrong: date,
    field: str | None = None,
    consented: Callable[[date], Step] | None = None,
) -> Limit:
    """The step is right on one day and wrong on the day beside it."""
    assert abs((right - wrong).days) == 1
    return Limit(
        rule,
        f"{step_name(step)} {wrong}",
        effect,
        document,
        wrong,
        lambda: start().when(step(right)),
        lambda: start().when(step(wrong)),
        field,
        (lambda: start().when(consented(wrong))) if consented else None,
    )


def by_choice(  # noqa: PLR0913, PLR0917 (the cells of a row)
    rule: str,
    effect: Effect,
    document: str,
    day: date,
    right: Take,
    wrong: Take,
    field: str | None = None,
    consented: Take | None = None,
    name: str = "",
) -> Limit:
    """On one day one step is right and another wrong."""
    named = f"{name} {day}".strip()
    return Limit(rule, named, effect, document, day, right, wrong, field, consented)


def step_name(step: object) -> str:
    """The name of what makes a step."""
    return str(getattr(step, "__name__", getattr(getattr(step, "func", None), "__name__", "")))


def recognized_at_once(day: date) -> Step:
    """Decided on the day of the cell's vote."""
    return recognized(day, day)


# T1, T2: age by month.


def born(day: date) -> Person:
    """Somebody born on a day."""
    return replace(PERSON, birth_date=day)


def eighteen(birth: date, document: str, right: date) -> Limit:
    """T1: the vote is possible from the first day of the month."""
    start = partial(vetted, days(right, -10), person=born(birth))
    return by_day("T1", REFUSE, document, start, vote, right, days(right, -1), "candidate")


def sixty(birth: date, document: str, last: date) -> Limit:
    """T2: without consent until the last day of the month in which the person is sixty."""

    def outcome(day: date, consent: str | None = None) -> Outcome:
        start = and_then(vetted(days(last, -10), person=born(birth)), vote(day), submitted(day))
        return start.when(decided(days(last, 20), consent))

    late = days(last, 1)
    return by_choice(
        "T2",
        CONSENT,
        document,
        late,
        lambda: outcome(last),
        lambda: outcome(late),
        "consentNumber",
        lambda: outcome(late, "5-CV/TU"),
        f"reviewed {last}",
    )


AGE = (
    eighteen(date(2003, 7, 31), "29-QĐ/TW", date(2021, 7, 1)),
    eighteen(date(2003, 8, 1), "24-QĐ/TW", date(2021, 8, 1)),
    eighteen(date(2005, 5, 20), "24-QĐ/TW", date(2023, 5, 1)),
    eighteen(date(2007, 1, 31), "24-QĐ/TW", date(2025, 1, 1)),
    eighteen(date(2007, 2, 28), "232-QĐ/TW", date(2025, 2, 1)),
    eighteen(date(2007, 7, 31), "232-QĐ/TW", date(2025, 7, 1)),
    eighteen(date(2007, 8, 31), "294-QĐ/TW", date(2025, 8, 1)),
    sixty(date(1961, 8, 1), "01-HD/TW", date(2021, 8, 31)),
    sixty(date(1961, 9, 30), "01-HD/TW", date(2021, 9, 30)),
    sixty(date(1965, 5, 31), "01-HD/TW", date(2025, 5, 31)),
    sixty(date(1965, 6, 1), "06-HD/TW", date(2025, 6, 30)),
)


# T3: schooling, by the diploma.


def schooled(day: date, schooling: Schooling, area: str = "", **consent: str) -> Outcome:
    """A decision on somebody of that schooling."""
    cell = replace(CELL, characteristics=frozenset({area} if area else ()))
    first = days(day, -100)
    start = case(first, helper(first), listed(first), certificate(first), dossier(first), cell=cell)
    papers = (full.applied(days(day, -70)), full.declared(days(day, -69), schooling))
    steps = (vetting(days(day, -20)), vote(days(day, -20)), submitted(days(day, -19)))
    return and_then(start, *papers, *steps).when(full.decided(day, **consent))


def diploma(document: str, day: date) -> tuple[Limit, ...]:
    """T3: lower secondary school, in minority areas primary school."""
    lower, primary, none = Schooling.LOWER_SECONDARY, Schooling.PRIMARY, Schooling.NONE
    area = "ETHNIC_MINORITY_AREA"
    return tuple(
        by_choice(
            "T3",
            CONSENT,
            document,
            day,
            partial(schooled, day, enough, where),
            partial(schooled, day, too_little, where),
            "consentNumber",
            partial(schooled, day, too_little, where, consent_number="5-CV/TU"),
            f"{too_little.value}{where and ' in a minority area'}",
        )
        for enough, too_little, where in ((lower, primary, ""), (primary, none, area))
    )


SCHOOLING = (
    *diploma("29-QĐ/TW", date(2021, 7, 29)),
    *diploma("24-QĐ/TW", date(2021, 7, 30)),
    *diploma("24-QĐ/TW", date(2025, 1, 19)),
    *diploma("232-QĐ/TW", date(2025, 1, 20)),
    *diploma("232-QĐ/TW", date(2025, 6, 30)),
    *diploma("294-QĐ/TW", date(2025, 7, 1)),
)


# T4, T5, T6: certificate, papers, introducers, in months.


def certified(issued: date, document: str, last: date) -> tuple[Limit, ...]:
    """T4: the dossier is opened, and the cell votes, until the last day of the certificate."""
    first = days(issued, -60)
    listing = (helper(first), listed(first), certificate(issued))
    late = days(last, 1)
    return (
        by_day(
            "T4",
            REFUSE,
            document,
            lambda: case(first, *listing),
            dossier,
            last,
            late,
            "candidate",
        ),
        by_day(
            "T4",
            REFUSE,
            document,
            lambda: vetted(days(issued, 30), issued),
            vote,
            last,
            late,
            "candidate",
        ),
    )


def papered(written: date, document: str, last: date) -> Limit:
    """T5: an application is good for twelve months before the vote."""
    first = days(written, -60)
    steps = (helper(first), listed(first), certificate(first), dossier(written))
    later = days(written, 1)
    papers = (full.applied(written), full.declared(later), full.introduced(later))
    opinions = (full.union_resolved(later), full.opinions(later), full.residence(later))
    start = partial(case, first, *steps, *papers, *opinions, vetting(later))
    return by_day("T5", FINDING, document, start, vote, last, days(last, 1))


def together(since: date, document: str, first: date) -> Limit:
    """T6: an introduction from the day on which both have worked together for twelve months."""
    begun = days(first, -90)
    steps = (helper(begun), listed(begun), certificate(begun), dossier(days(first, -20)))
    return by_day(
        "T6",
        REFUSE,
        document,
        partial(case, begun, *steps),
        partial(full.introduced, worked_together_since=since),
        first,
        days(first, -1),
        "workedTogetherSince",
    )


PAPERS = (
    *certified(date(2015, 4, 30), "01-HD/TW", date(2020, 4, 30)),
    *certified(date(2020, 1, 15), "01-HD/TW", date(2025, 1, 15)),
    *certified(date(2020, 6, 7), "01-HD/TW", date(2025, 6, 7)),
    *certified(date(2020, 6, 8), "06-HD/TW", date(2025, 6, 8)),
    *certified(date(2023, 8, 31), "06-HD/TW", date(2028, 8, 31)),
    *certified(date(2024, 2, 29), "06-HD/TW", date(2029, 2, 28)),
    papered(date(2022, 8, 31), "20-CV/CB", date(2023, 8, 31)),
    papered(date(2024, 2, 29), "20-CV/CB", date(2025, 2, 28)),
    papered(date(2024, 6, 7), "20-CV/CB", date(2025, 6, 7)),
    papered(date(2024, 6, 8), "06-HD/TW", date(2025, 6, 8)),
    together(date(2022, 6, 2), "Điều lệ Đảng", date(2023, 6, 2)),
    together(date(2023, 2, 28), "Điều lệ Đảng", date(2024, 2, 28)),
    together(date(2024, 2, 29), "Điều lệ Đảng", date(2025, 2, 28)),
    together(date(2024, 7, 31), "Điều lệ Đảng", date(2025, 7, 31)),
)
OF_ADMISSION: Final = (*AGE, *SCHOOLING, *PAPERS)
