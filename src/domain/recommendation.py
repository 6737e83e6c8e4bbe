"""Who found the person: the first word for somebody, long before a dossier."""

from enum import StrEnum

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.record import optional_words


class Recommender(StrEnum):
    """What kind of organization found the person (domain sheet, C.2, 1)."""

    CELL = "CELL"
    YOUTH_UNION = "YOUTH_UNION"
    TRADE_UNION = "TRADE_UNION"
    OTHER_ORGANIZATION = "OTHER_ORGANIZATION"


class PersonRecommended(CaseEntry):
    """The cell or a mass organization pointed out the person as outstanding."""

    TOPIC = "candidate.person_recommended"
    MOVES_CASE = False
    recommended_by: Recommender
    organization_name: str | None
    document_number: str | None

    def take(self, case: Case) -> None:
        """Every recommendation is kept."""
        case.recommendations.append(self)


def recommend_person(
    candidate: Candidate,
    day: Day,
    *,
    recommended_by: Recommender,
    organization_name: str | None = None,
    document_number: str | None = None,
) -> list[Finding]:
    """Record who found the person or speaks for the person, from the first stage on."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(case.decided)
    name = optional_words("organizationName", organization_name)
    same = [
        given
        for given in candidate.facts().recommendations
        if (given.recommended_by, given.organization_name) == (recommended_by, name)
    ]
    candidate.require_none(same[0] if same else None)
    return candidate.record(
        PersonRecommended,
        judged,
        recommended_by=recommended_by,
        organization_name=name,
        document_number=optional_words("documentNumber", document_number),
    )
