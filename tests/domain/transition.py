"""The shape of a row of C.2: a step, what it stands on, and each single thing that may be wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from uuid import UUID

from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.steps import CELL, PERSON, Step

from domain.candidate import Cell, Person
from domain.case import CaseEntry, Stage
from domain.dossier import Schooling

Made = Callable[..., Step]
Refusal = tuple[str, str | None, str | None]
GRASSROOTS = Cell(UUID(int=2), grassroots=True, characteristics=frozenset())
OF_MINORITY = replace(CELL, characteristics=frozenset({"ETHNIC_MINORITY_AREA"}))


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong, and what comes of it."""

    name: str
    comes_of_it: Refusal | str | None
    """A refusal, the rule of a finding, or None where it is accepted all the same."""
    without: Made | None = None
    more: tuple[Step, ...] = ()
    step: Step | None = None
    person: Person = PERSON
    cell: Cell = CELL


@dataclass(frozen=True)
class Transition:
    """One row of C.2: `before` names the step of the way that it stands in the place of.

    Without one it comes after the whole way. A case that `is_closed` is gone on with elsewhere.
    """

    number: str
    step: Made
    before: Made | None
    kind: type[CaseEntry]
    after: Stage
    wrong: tuple[Wrong, ...]
    more: tuple[Step, ...] = field(default=())
    way: tuple[Made, ...] = steps.WAY
    is_closed: bool = False
    findings: tuple[str, ...] = ()
    """What is found although nothing is wrong: of a helper that is still to be assigned."""

    @property
    def until(self) -> tuple[Made, ...]:
        """The steps of the way that come before it."""
        return self.way if self.before is None else self.way[: self.way.index(self.before)]


def order(field: str = "occurredOn") -> Refusal:
    """A step before the one that it stands on."""
    return ("STEP_OUT_OF_ORDER", "P8", field)


TWICE: Refusal = ("STEP_ALREADY_RECORDED", None, "candidate")
NO_COMMITTEE: Refusal = ("NO_GRASSROOTS_COMMITTEE", "G1", "candidate")
NO_MAJORITY: Refusal = ("CELL_VOTE_NOT_PASSED", "T7", "candidate")
NOT_VETTED: Refusal = ("VETTING_NOT_ELIGIBLE", "P6", "candidate")
NO_CERTIFICATE: Refusal = ("CERTIFICATE_NOT_VALID", "T4", "candidate")


def missing(step: Made, comes_of_it: Refusal | str | None = None) -> Wrong:
    """One of the steps before it was never taken; without more, out of order."""
    return Wrong(f"without {step.__name__}", comes_of_it or order(), without=step)


def early(step: Made) -> Wrong:
    """The step is dated before the person was identified."""
    return Wrong("before identification", order(), step=step(date(2023, 2, 28)))


def otherwise(name: str, step: Step, comes_of_it: Refusal | str | None) -> Wrong:
    """The step is taken in another way."""
    return Wrong(name, comes_of_it, step=step)


def after(step: Step, comes_of_it: Refusal | str | None = TWICE, name: str = "after more") -> Wrong:
    """Something else came before it."""
    return Wrong(name, comes_of_it, more=(step,))


def of_grassroots_cell(comes_of_it: Refusal = NO_COMMITTEE) -> Wrong:
    """The case is a grassroots cell's, which has no committee."""
    return Wrong("of a grassroots cell", comes_of_it, cell=GRASSROOTS)


TOO_YOUNG = replace(PERSON, birth_date=date(2005, 7, 1))
OVER_SIXTY = replace(PERSON, birth_date=date(1963, 4, 20))
LATE = date(2023, 8, 31)
"""The first working day after the sixtieth from the vote of 5 June 2023 has passed."""
FAILED = steps.voted(month(5, 6), in_favor=5)
PRIMARY = steps.declared(month(6, 5), Schooling.PRIMARY)
UNSCHOOLED = steps.declared(month(6, 5), Schooling.NONE)
NEEDS_SCHOOL: Refusal = ("SCHOOLING_WITHOUT_CONSENT", "T3", "consentNumber")
SECOND = partial(steps.introduced, introducer_name="Vũ Thị Hai")


def schooled(name: str, cell: Cell, comes_of_it: Refusal | None, *steps_: Step) -> Wrong:
    """The history says another schooling; it stands instead of the usual one."""
    return Wrong(name, comes_of_it, without=steps.declared, more=steps_, cell=cell)
