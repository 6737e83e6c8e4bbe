"""The admission dossier (hồ sơ xin vào Đảng): who may begin one."""

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.record import optional_words


class DossierOpened(CaseEntry):
    """The cell allowed the person to begin the procedure."""

    TOPIC = "candidate.dossier_opened"
    STANDS_ON_LIST = True
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The procedure has begun."""
        case.dossier = self


def open_dossier(
    candidate: Candidate, day: Day, *, resolution_number: str | None = None
) -> list[Finding]:
    """Let the sympathizer begin the procedure: listed, with a certificate valid on the day."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    judged.certificate(case, day.on)
    candidate.require(judged, "listed")
    candidate.require_none(candidate.pursuit(day).dossier, "DossierOpened")
    return candidate.record(
        DossierOpened,
        judged,
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )
