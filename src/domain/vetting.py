"""The vetting of the personal history (thẩm tra, xác minh lý lịch): its conclusion code."""

from domain.candidate import Candidate
from domain.case import Case, CaseEntry, VettingConclusion
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.record import optional_words


class VettingConcluded(CaseEntry):
    """The personal history was vetted with this conclusion."""

    TOPIC = "candidate.vetting_concluded"
    STANDS_ON_LIST = True
    conclusion: VettingConclusion
    document_number: str | None

    def take(self, case: Case) -> None:
        """The last conclusion counts."""
        case.vetting = self


def conclude_vetting(
    candidate: Candidate,
    day: Day,
    *,
    conclusion: VettingConclusion,
    document_number: str | None = None,
) -> list[Finding]:
    """Record the conclusion code of the vetting.

    A later conclusion replaces it until the decision.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided, "AdmissionDecided")
    return candidate.record(
        VettingConcluded,
        judged,
        conclusion=conclusion,
        document_number=optional_words("documentNumber", document_number),
    )
