"""What a case lacks on a day: the lists of people for whom something is left to do."""

from datetime import date
from enum import StrEnum
from typing import Final

from domain.assessment import missing_assessments
from domain.candidate import Cell
from domain.case import Case, Stage
from domain.deciding import DecidingBody, Matter, deciding_body
from domain.paper import Due, PaperState, checklist


class Gap(StrEnum):
    """A list of people for whom something is left to do."""

    CERTIFIED_WITHOUT_DOSSIER = "CERTIFIED_WITHOUT_DOSSIER"
    DOSSIER_INCOMPLETE = "DOSSIER_INCOMPLETE"
    ASSESSMENT_MISSING = "ASSESSMENT_MISSING"
    HELPER_MISSING = "HELPER_MISSING"
    LIST_NOT_CONFIRMED = "LIST_NOT_CONFIRMED"
    TALLY_NOT_CONFIRMED = "TALLY_NOT_CONFIRMED"


_BEFORE_DOSSIER = frozenset(
    {
        *(Stage.IDENTIFIED, Stage.SYMPATHIZER, Stage.CLASS_PROPOSED, Stage.CLASS_ATTENDING),
        *(Stage.CERTIFIED, Stage.CERTIFICATE_EXPIRED),
    }
)
_IN_REVIEW = frozenset({Stage.CELL_REVIEW, Stage.GRASSROOTS_REVIEW, Stage.SUBMITTED})
_WITH_DOSSIER = _IN_REVIEW | {Stage.DOSSIER_OPEN, Stage.VETTING, Stage.OPINIONS}

STAGES: Final = {
    Gap.CERTIFIED_WITHOUT_DOSSIER: frozenset({Stage.CERTIFIED}),
    Gap.DOSSIER_INCOMPLETE: _WITH_DOSSIER,
    Gap.ASSESSMENT_MISSING: _BEFORE_DOSSIER | _WITH_DOSSIER,
    Gap.HELPER_MISSING: _BEFORE_DOSSIER | _WITH_DOSSIER,
    Gap.LIST_NOT_CONFIRMED: _BEFORE_DOSSIER | _WITH_DOSSIER,
    Gap.TALLY_NOT_CONFIRMED: _IN_REVIEW,
}
"""The stages at which a gap can be."""


def has_gap(gap: Gap, case: Case, day: date, *, young: bool, months: int) -> bool:
    """Whether a case at one of the gap's stages has it; `young` and `months` as in `checklist`."""
    match gap:
        case Gap.CERTIFIED_WITHOUT_DOSSIER:
            return case.dossier is None
        case Gap.DOSSIER_INCOMPLETE:
            papers = checklist(case, day, young=young, months=months)
            return any(
                each.paper.due is Due.CELL_REVIEW and each.state is not PaperState.PRESENT
                for each in papers
            )
        case Gap.ASSESSMENT_MISSING:
            return bool(missing_assessments(case, day))
        case Gap.HELPER_MISSING:
            return case.helper is None
        case Gap.LIST_NOT_CONFIRMED:
            return case.listed is not None and case.confirmed is None and _has_committee(case)
        case _:
            return case.vote is not None and case.tally is None


def _has_committee(case: Case) -> bool:
    assert case.identified is not None
    first = case.identified
    cell = Cell(first.organization_id, first.grassroots_cell, frozenset(first.characteristics))
    return deciding_body(cell, Matter.LIST) is DecidingBody.GRASSROOTS_COMMITTEE
