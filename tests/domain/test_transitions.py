"""Every transition of C.2, both ways, made from the one table of `transitions`."""

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.placing import handed_over, moved, received, taken_back
from tests.domain.steps import Given, Step, Taken, given, on, void
from tests.domain.transition import Made, Transition, Wrong
from tests.domain.transitions import TABLE
from tests.domain.transitions_recognition import WAY as TO_RECOGNITION
from tests.domain.transitions_striking_off import WAY as TO_STRIKING_OFF

from domain.awareness_class import ClassOutcome, leave_class
from domain.case import Stage, stage
from domain.errors import Refusal
from domain.judgment import Day
from domain.procedure import Effect, rule_book

CODES = frozenset({"ground", "departure", "period", "paper", "authorization_number"})
"""Words that are a code or a date, refused as such, or stand only where admission is delegated."""
ALONG = {"authorization_number": {"committee_members": 9, "committee_in_favor": 9}}
"""What is stated along with words, if they are."""
LONGEST = {
    **dict.fromkeys(("remark", "measures", "description", "reason", "content", "opinion"), 2000),
    **dict.fromkeys(("number", "decision_number", "notice_number", "certificate_number"), 100),
    "class_name": 300,
    "grade": 50,
    "consent_to_late_ceremony.consent_number": 100,
}
"""How many characters words may have, by the name of what they say; 200 unless it stands here."""
ROWS = [pytest.param(row, id=f"{row.number} {i}") for i, row in enumerate(TABLE)]
OPEN = [
    pytest.param(row, id=f"{row.number} {i}") for i, row in enumerate(TABLE) if not row.is_closed
]
BROKEN = [
    pytest.param(row, wrong, id=f"{row.number} {row.kind.__name__} {wrong.name}")
    for row in TABLE
    for wrong in row.wrong
]


def ready(row: Transition, wrong: Wrong | None = None) -> Given:
    """The case with all that a step stands on, and with the one thing that is wrong."""
    wrong = wrong or Wrong("nothing", None)
    start = given(person=wrong.person, cell=wrong.cell)
    committee_steps = {steps.confirmed, steps.agreed, steps.appraised, steps.resolved}
    skipped = 0
    for made in row.until:
        if wrong.cell.grassroots and made in committee_steps:
            skipped += 1
            continue
        made()(start.case)
    if wrong.without is not None and not (wrong.cell.grassroots and skipped):
        void(row.way.index(wrong.without) + 2)(start.case)
    for step in (*row.more, *wrong.more):
        step(start.case)
    return start


@pytest.mark.parametrize("row", ROWS)
def test_accepted_when_its_preconditions_hold(row: Transition) -> None:
    """The step records its one entry without a finding, and the case stands where C.1 says."""
    start = ready(row)
    (entry,) = start.when(row.step()).then(row.kind, findings=row.findings, papers=True)

    day = entry.effective_on
    assert row.after is stage(start.case.case(day), day)
    start.case.require_sound()


@pytest.mark.parametrize(("row", "wrong"), BROKEN)
def test_what_comes_of_one_thing_that_is_wrong(row: Transition, wrong: Wrong) -> None:
    """Exactly that one rule speaks: it refuses, or it is found and recorded with the entry."""
    outcome = ready(row, wrong).when(wrong.step or row.step())
    if isinstance(wrong.comes_of_it, tuple):
        code, rule, field = wrong.comes_of_it
        outcome.refused(code, rule=rule, field=field)
        return
    findings = row.findings if wrong.comes_of_it is None else (wrong.comes_of_it,)
    outcome.then(row.kind, findings=findings, papers=True)


@pytest.mark.parametrize("row", OPEN)
def test_nothing_follows_a_death(row: Transition) -> None:
    """Whatever the step, it is refused once the person has died."""
    start = ready(row)
    day = max(entry.effective_on for entry in start.case.entries)
    steps.died(day)(start.case)
    start.when(row.step(day=date(2028, 4, 6))).refused("PERSON_DIED", rule="E1", field="candidate")


CLOCK = [
    ("8", steps.way(steps.opened), date(2028, 4, 3), "CERTIFIED", "CERTIFICATE_EXPIRED"),
    ("23", [make() for make in steps.WAY], date(2024, 7, 19), "PROBATIONARY", "RECOGNITION_DUE"),
]
"""What the clock alone changes: the last day of a stage, and the stage of the next."""


def test_every_number_of_the_sheet_is_there() -> None:
    """The rows 1 to 32 of C.2, and what K.3 adds."""
    numbers = {*(row.number for row in TABLE), *(number for number, *_ in CLOCK)}

    assert numbers == {*map(str, range(1, 33)), "K.3"}


@pytest.mark.parametrize(("number", "taken", "last", "before", "after"), CLOCK)
def test_the_clock_alone(
    number: str, taken: list[Step], last: date, before: str, after: str
) -> None:
    """The day after, with nothing recorded."""
    case = given(*taken).case
    next_day = last + timedelta(days=1)

    assert number
    assert stage(case.case(last), last) == before
    assert stage(case.case(next_day), next_day) == after


WAYS = [
    pytest.param(way[:length], id=way[length - 1].__name__)
    for way in (steps.WAY, TO_RECOGNITION[:-1], TO_STRIKING_OFF)
    for length in range(1 if way is steps.WAY else len(steps.WAY) + 1, len(way) + 1)
]


@pytest.mark.parametrize("way", WAYS)
def test_moving_changes_no_stage(way: tuple[Made, ...]) -> None:
    """27, 28: from everywhere to another cell, to another tenant and back; the clocks run on."""
    day = date(2024, 9, 20)
    here, elsewhere, back = (given(*(make() for make in way)).case for _ in range(3))
    before = stage(here.case(day), day)
    moved(day)(here)
    handed_over(day)(elsewhere)
    handed_over(day)(back)
    taken_back(day)(back)
    there = received(elsewhere, day)

    assert before is not None
    assert [stage(each.case(day), day) for each in (here, there, back)] == [before] * 3
    assert stage(elsewhere.case(day), day) is Stage.TRANSFERRED_OUT
    assert [each.facts().helper is None for each in (here, there)] == [True, True]
    lapsed = date(2028, 4, 4)
    assert stage(there.case(lapsed), lapsed) is stage(back.case(lapsed), lapsed)


def test_a_refusal_leaves_nothing() -> None:
    """A refused step changes no fact, so what was refused may be taken rightly afterwards."""
    start = given(*steps.way(steps.voted), void(steps.version(steps.vetted)))
    with pytest.raises(Refusal):
        steps.voted()(start.case)
    steps.vetted()(start.case)
    steps.voted()(start.case)

    assert stage(start.case.case(date(2023, 6, 5)), date(2023, 6, 5)) == "GRASSROOTS_REVIEW"


@pytest.mark.parametrize(
    ("more", "recorded"), [([], 1), ([steps.not_passed()], 0), ([steps.died(month(30))], 0)]
)
def test_a_case_follows_its_class_while_it_goes_on(more: list[Step], recorded: int) -> None:
    """Nothing is recorded of who left the class already, or has died."""
    case = given(*steps.way(steps.certified), *more).case
    before = len(case.entries)
    leave_class(case, on(month(31)), ClassOutcome.FAILED)

    assert len(case.entries) == before + recorded


def _words() -> list[tuple[Transition, str]]:
    """Every step that states words, and the name of each of them."""
    found = {}
    for row in TABLE:
        step = row.step()
        if isinstance(step, Taken):
            for name, parameter in inspect.signature(step.decision).parameters.items():
                if parameter.annotation in {str, str | None} and name not in CODES:
                    found[step.decision, name] = row
    return [(row, name) for (_, name), row in found.items()]


FIELDS: dict[str, str | None] = {
    **dict.fromkeys(("D1", "V1", "V3", "T9", "T12", "T13", "T16"), "occurredOn"),
    **dict.fromkeys(("P2", "M3", "T15"), None),
}
"""The field that a breach concerns, `candidate` unless it stands here."""


@pytest.mark.parametrize(
    ("row", "wrong"),
    [(row, wrong) for row in TABLE for wrong in row.wrong if isinstance(wrong.comes_of_it, str)],
)
def test_a_committee_that_is_stricter_refuses_what_is_a_finding(
    row: Transition, wrong: Wrong
) -> None:
    """Given a rule book that refuses the breach, then the refusal names an input of the step."""
    rule, step = wrong.comes_of_it, wrong.step or row.step()
    assert isinstance(rule, str)
    assert isinstance(step, Taken)
    shipped = rule_book()
    strict = tuple(replace(each, effect=Effect.REFUSE) for each in shipped.versions[rule])
    day = Day(step.day, replace(shipped, versions={**shipped.versions, rule: strict}), step.actor)

    ready(row, wrong).when(lambda case: step.decision(case, day, **step.stated)).refused(
        strict[0].code, rule=rule, field=FIELDS.get(rule, "candidate")
    )


def _saying(row: Transition, name: str, words: str) -> Step:
    """The step with these words."""
    step = row.step()
    assert isinstance(step, Taken)
    return replace(step, stated={**step.stated, **ALONG.get(name, {}), name: words})


@pytest.mark.parametrize(("row", "name"), _words())
def test_words_say_something_and_not_too_much(row: Transition, name: str) -> None:
    """A step states words or leaves them out; none and too many are an error of their field."""
    first, *rest = name.split("_")
    field = "".join((first, *(word.title() for word in rest)))
    step = row.step()
    assert isinstance(step, Taken)
    most = LONGEST.get(f"{step.decision.__name__}.{name}", LONGEST.get(name, 200))
    start = ready(row)

    for words in (" ", "x" * (most + 1)):
        start.when(_saying(row, name, words)).refused("INVALID_TEXT", field=field)
    assert start.when(_saying(row, name, "x" * most)).refusal is None


@pytest.mark.parametrize(
    "made",
    [
        *(steps.recommended, steps.listed, steps.proposed, steps.enrolled, steps.applied),
        *(steps.declared, steps.stamped, steps.requested, steps.vetted, steps.introduced),
        *(steps.union_resolved, steps.opinions, steps.residence, steps.voted, steps.tally),
        steps.appraised,
    ],
)
def test_nothing_is_prepared_after_the_decision(made: Made) -> None:
    """Given a decision, when what it stood on proves untrue, then it is not made up for later."""
    start = given(*steps.way(steps.ceremony), void(steps.version(made)))

    refusal = start.when(made(date(2023, 7, 4))).refused("STEP_ALREADY_RECORDED", field="candidate")

    assert refusal.text.en.startswith("AdmissionDecided is recorded on 2023-07-03")
