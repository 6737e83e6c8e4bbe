"""Every transition up to the ceremony, both ways, made from the one table of `transitions`."""

from datetime import date

import pytest
from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.steps import Given, Step, given, on, void
from tests.domain.transitions import TABLE, Transition, Wrong

from domain.awareness_class import ClassOutcome, leave_class
from domain.case import stage
from domain.errors import Refusal

ROWS = [pytest.param(row, id=f"{row.number} {i}") for i, row in enumerate(TABLE)]
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
    for made in steps.WAY[: steps.WAY.index(row.before)]:
        if wrong.cell.grassroots and made in committee_steps:
            skipped += 1
            continue
        made()(start.case)
    if wrong.without is not None and not (wrong.cell.grassroots and skipped):
        void(steps.version(wrong.without))(start.case)
    for step in (*row.more, *wrong.more):
        step(start.case)
    return start


@pytest.mark.parametrize("row", ROWS)
def test_accepted_when_its_preconditions_hold(row: Transition) -> None:
    """The step records its one entry without a finding, and the case stands where C.1 says."""
    start = ready(row)
    (entry,) = start.when(row.step()).then(row.kind, papers=True)

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
    findings = () if wrong.comes_of_it is None else (wrong.comes_of_it,)
    outcome.then(row.kind, findings=findings, papers=True)


@pytest.mark.parametrize("row", ROWS)
def test_nothing_follows_a_death(row: Transition) -> None:
    """Whatever the step, it is refused once the person has died."""
    start = ready(row)
    day = max(entry.effective_on for entry in start.case.entries)
    steps.died(day)(start.case)
    start.when(row.step(day=date(2028, 4, 6))).refused("PERSON_DIED", rule="E1", field="candidate")


def test_every_number_of_the_sheet_is_there() -> None:
    """The rows 1 to 21, 29 and 30 of C.2, and what K.3 adds; 8 is the clock's alone.

    27 and 28 move a case elsewhere; 31 and 32 are of former members.
    """
    numbers = {row.number for row in TABLE}

    assert numbers == {*map(str, range(1, 22)), "29", "30", "K.3"} - {"8"}


def test_the_clock_alone_lets_a_certificate_lapse() -> None:
    """8: the day after 60 months, with nothing recorded."""
    case = given(*steps.way(steps.opened)).case

    assert stage(case.case(date(2028, 4, 3)), date(2028, 4, 3)) == "CERTIFIED"
    assert stage(case.case(date(2028, 4, 4)), date(2028, 4, 4)) == "CERTIFICATE_EXPIRED"


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
