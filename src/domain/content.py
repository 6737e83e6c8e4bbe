"""What stands in a plan, a report or a review that was handed in, as far as it is asked for.

The names of fields are one word each: the values are stored as they are.
"""

from dataclasses import dataclass
from datetime import date

from domain.errors import InvalidInput
from domain.groups import require_group
from domain.obligation import Part
from domain.period import congress_terms, optional_period
from domain.record import optional_words, require_age_of_party, require_words
from domain.text import Text
from domain.words import words_of

LINES_MAX = 200
COUNT_MAX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTarget:
    """How many are to be admitted in a year or a term, of a group where one is named."""

    period: str
    count: int
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is to be done, the evaluation it follows from, and what came of it."""

    text: str
    evaluation: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A step of the roadmap (lộ trình) and the day by which it is to be reached."""

    on: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with its name, such as the share of members classed as excellent."""

    name: str
    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPlan:
    """The plan of one cell inside the plan of its committee; `organization` is its code."""

    name: str
    text: str
    organization: str | None = None
    targets: tuple[PlanTarget, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The contents of one submission.

    `results`, `lessons` and `measures` are the three parts of a review.
    """

    situation: str | None = None
    tasks: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    figures: tuple[Figure, ...] = ()
    targets: tuple[PlanTarget, ...] = ()
    cells: tuple[CellPlan, ...] = ()
    results: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()

    def checked(self) -> "Content":
        """The same with trimmed words.

        Raises InvalidInput for empty or long words, counts out of range, an unknown period, or more
        than `LINES_MAX` lines of a kind.
        """
        for name in ("measures", "milestones", "figures", "targets", "cells"):
            if len(getattr(self, name)) > LINES_MAX:
                raise _too_many(name)
        return Content(
            situation=optional_words("content.situation", self.situation, 4000),
            tasks=words_of("content.tasks", self.tasks),
            measures=tuple(_measure(each) for each in self.measures),
            milestones=tuple(_milestone(each) for each in self.milestones),
            figures=tuple(_figure(each) for each in self.figures),
            targets=tuple(_target(each) for each in self.targets),
            cells=tuple(_cell(each) for each in self.cells),
            results=words_of("content.results", self.results, 4000),
            lessons=words_of("content.lessons", self.lessons, 4000),
        )

    def parts(self) -> frozenset[Part]:
        """Which parts there are."""
        years = [each for each in self.targets if each.period.isdigit()]
        terms = [each for each in self.targets if each.period in congress_terms()]
        found: dict[Part, object] = {
            Part.SITUATION: self.situation,
            Part.TASKS: self.tasks,
            Part.MEASURES: self.measures,
            Part.MILESTONES: self.milestones,
            Part.FIGURES: self.figures,
            Part.YEAR_TARGET: years,
            Part.TERM_TARGET: terms,
            Part.CELLS: self.cells,
            Part.RESULTS: self.results,
            Part.LESSONS: self.lessons,
        }
        return frozenset(part for part, value in found.items() if value)


def _measure(given: Measure) -> Measure:
    return Measure(
        text=require_words("content.measures.text", given.text, 1000),
        evaluation=optional_words("content.measures.evaluation", given.evaluation, 1000),
        result=optional_words("content.measures.result", given.result, 1000),
    )


def _milestone(given: Milestone) -> Milestone:
    return Milestone(
        on=require_age_of_party("content.milestones.on", given.on),
        text=require_words("content.milestones.text", given.text, 1000),
    )


def _figure(given: Figure) -> Figure:
    if not abs(given.value) < 1e12:
        raise _out_of_range("content.figures.value")
    return Figure(
        name=require_words("content.figures.name", given.name, 300),
        value=given.value,
        unit=optional_words("content.figures.unit", given.unit, 50),
    )


def _target(given: PlanTarget) -> PlanTarget:
    if not 0 <= given.count <= COUNT_MAX:
        raise _out_of_range("content.targets.count")
    optional_period("content.targets.period", given.period)
    return PlanTarget(
        period=given.period,
        count=given.count,
        group=require_group(given.group),
    )


def _cell(given: CellPlan) -> CellPlan:
    if len(given.targets) > LINES_MAX:
        raise _too_many("cells.targets")
    return CellPlan(
        name=require_words("content.cells.name", given.name, 300),
        text=require_words("content.cells.text", given.text, 4000),
        organization=optional_words("content.cells.organization", given.organization),
        targets=tuple(_target(each) for each in given.targets),
    )


def _too_many(name: str) -> InvalidInput:
    return InvalidInput(
        "TOO_MANY",
        Text(f"“{name}” có tối đa {LINES_MAX} mục.", f"“{name}” has at most {LINES_MAX} items."),
        field=f"content.{name}",
    )


def _out_of_range(field: str) -> InvalidInput:
    return InvalidInput(
        "OUT_OF_RANGE",
        Text(f"“{field}” ngoài phạm vi.", f"“{field}” is out of range."),
        field=field,
    )
