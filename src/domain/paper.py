"""The check-list of an admission dossier: which papers belong to it, in which forms.

The catalogue is dated data (`papers.toml`); nothing of a paper's content is kept.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from domain.calendar import add_months
from domain.case import Case, VettingConclusion
from domain.errors import InvalidInput
from domain.introduction import OpinionSource
from domain.text import Text


class Due(StrEnum):
    """By when a paper must be there."""

    CELL_REVIEW = "CELL_REVIEW"
    SUBMISSION = "SUBMISSION"
    OPTIONAL = "OPTIONAL"


class PaperState(StrEnum):
    """Whether a paper of the check-list is there."""

    PRESENT = "PRESENT"
    MISSING = "MISSING"
    OUTDATED = "OUTDATED"


@dataclass(frozen=True, slots=True)
class Form:
    """A form by its code from a day on, with the guidance that issued it."""

    code: str
    valid_from: date
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper. `ages` says that it is out of date after the months of T5."""

    code: str
    title: Text
    due: Due
    ages: bool
    forms: tuple[Form, ...]

    def form(self, day: date) -> Form | None:
        """The form in force on a day; before the first one, the first."""
        in_force = [form for form in self.forms if form.valid_from <= day]
        return next(reversed(in_force or self.forms[:1]), None)


@dataclass(frozen=True, slots=True)
class Checked:
    """A paper of one dossier: its form, its day where it is there, and its state."""

    paper: Paper
    form: Form | None
    dated_on: date | None
    state: PaperState


@cache
def papers() -> dict[str, Paper]:
    """All papers by code, in the order of the data file."""
    data = tomllib.loads(files("domain").joinpath("papers.toml").read_text("utf-8"))
    return {
        row["code"]: Paper(
            row["code"],
            Text(row["vi"], row["en"]),
            Due(row["due"]),
            row["ages"],
            tuple(Form(**form) for form in row.get("form", ())),
        )
        for row in data["paper"]
    }


def require_papers(field: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of papers of the check-list, each once and in its order.

    Raises InvalidInput for an unknown one.
    """
    for code in codes:
        if code not in papers():
            raise unknown_paper(field, code)
    return tuple(code for code in papers() if code in codes)


def unknown_paper(field: str, code: str) -> InvalidInput:
    """The refusal of a paper that no dossier has."""
    return InvalidInput(
        "UNKNOWN_PAPER",
        Text(f"Không có giấy tờ “{code}”.", f"There is no paper “{code}”."),
        field=field,
    )


def checklist(case: Case, day: date, *, young: bool, months: int) -> list[Checked]:
    """The papers of the dossier as they stand on a day; none before there is a dossier.

    `young`: whether the person is in youth age; `months`: how long a paper is good (T5), which
    counts to the cell's review.
    """
    if case.dossier is None:
        return []
    if (reviewed_on := _voted(case, young)) is not None:
        day = min(day, reviewed_on)
    assert case.placed is not None
    committee = not case.placed.grassroots_cell
    left_out = set() if young else {"UNION_RESOLUTION"}
    left_out |= set() if committee else {"SECTIONAL_APPRAISAL", "GRASSROOTS_RESOLUTION"}
    return [
        _checked(paper, _DATED[code](case, young), day, months)
        for code, paper in papers().items()
        if code not in left_out
    ]


def aging(case: Case, *, young: bool) -> list[tuple[str, date]]:
    """The papers that are there and go out of date, by code, each with its day."""
    if case.dossier is None:
        return []
    dated = [(code, _DATED[code](case, young)) for code, paper in papers().items() if paper.ages]
    return [(code, dated_on) for code, dated_on in dated if dated_on is not None]


def _checked(paper: Paper, dated_on: date | None, day: date, months: int) -> Checked:
    if dated_on is None:
        return Checked(paper, paper.form(day), None, PaperState.MISSING)
    old = paper.ages and day > add_months(dated_on, months)
    state = PaperState.OUTDATED if old else PaperState.PRESENT
    return Checked(paper, paper.form(dated_on), dated_on, state)


def _introductions(case: Case, young: bool) -> date | None:  # noqa: FBT001 - one of a table
    """One official member in youth age, two past it. Source: domain sheet, C.5."""
    dates = [given.effective_on for given in case.introductions]
    needed = 1 if young else 2
    return min(dates[-needed:]) if len(dates) >= needed else None


def _opinions(source: OpinionSource) -> Callable[[Case, bool], date | None]:
    def dated_on(case: Case, _: bool) -> date | None:  # noqa: FBT001 - one of a table
        return next((o.effective_on for o in case.opinions if o.source is source), None)

    return dated_on


def _vetted(case: Case, _: bool) -> date | None:  # noqa: FBT001 - one of a table
    held = case.vetting
    eligible = held is not None and held.conclusion is VettingConclusion.ELIGIBLE
    return held.effective_on if held is not None and eligible else None


def _voted(case: Case, _: bool) -> date | None:  # noqa: FBT001 - one of a table
    return case.vote.effective_on if case.vote is not None and case.vote.passed else None


def _fact(name: str, day: str = "effective_on") -> Callable[[Case, bool], date | None]:
    def dated_on(case: Case, _: bool) -> date | None:  # noqa: FBT001 - one of a table
        found: date | None = getattr(getattr(case, name), day, None)
        return found

    return dated_on


_DATED: Final[Mapping[str, Callable[[Case, bool], date | None]]] = {
    "CERTIFICATE": _fact("certificate"),
    "APPLICATION": _fact("application", "written_on"),
    "HISTORY": _fact("history", "written_on"),
    "VETTING": _vetted,
    "INTRODUCTION": _introductions,
    "UNION_RESOLUTION": _fact("union_resolution"),
    "OPINIONS_ORGANIZATIONS": _opinions(OpinionSource.ORGANIZATIONS),
    "OPINIONS_RESIDENCE": _opinions(OpinionSource.RESIDENCE),
    "CELL_RESOLUTION": _voted,
    "SECTIONAL_APPRAISAL": _fact("appraisal"),
    "GRASSROOTS_RESOLUTION": _fact("resolution"),
}
"""The day of each paper by the facts of a case, None where it is not there."""
