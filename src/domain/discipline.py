"""Discipline of a probationary member: a reprimand or a warning, nothing else (M2)."""

from enum import StrEnum
from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import require_words


class DisciplinaryMeasure(StrEnum):
    """The measures of the Charter, Art. 35; for a probationary member only the first two."""

    REPRIMAND = "REPRIMAND"
    WARNING = "WARNING"
    REMOVAL_FROM_OFFICE = "REMOVAL_FROM_OFFICE"
    EXPULSION = "EXPULSION"


PROBATIONARY = frozenset({DisciplinaryMeasure.REPRIMAND, DisciplinaryMeasure.WARNING})


class Disciplined(CaseEntry):
    """A competent body disciplined the probationary member. No narrative is kept."""

    TOPIC = "candidate.disciplined"
    STANDS_ON = ("ceremony",)
    measure: Annotated[DisciplinaryMeasure, SEALED]
    decision_number: str

    def take(self, case: Case) -> None:
        """Every measure is kept."""
        case.membership.measures.append(self)


def discipline(
    candidate: Candidate, day: Day, *, measure: DisciplinaryMeasure, decision_number: str
) -> list[Finding]:
    """Record a disciplinary measure during the probation: a reprimand or a warning only."""
    judged = Judgment(day)
    case = candidate.require(judged, "ceremony")
    candidate.require_none(case.recognized)
    candidate.require_none(case.struck_off)
    if measure not in PROBATIONARY:
        judged.breach("M2", at="measure")
    return candidate.record(
        Disciplined,
        judged,
        measure=measure,
        decision_number=require_words("decisionNumber", decision_number, 100),
    )
