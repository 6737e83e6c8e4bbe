"""The submitted dossier before the competent committee: returned, given more time, refused."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding, InvalidInput
from domain.judgment import Day, Judgment
from domain.paper import require_papers
from domain.personal import SEALED
from domain.record import optional_words, require_words
from domain.review import Refused
from domain.text import Text

DEFECTS_MAX = 50


class ReturnedTo(StrEnum):
    """Who has the dossier to put right."""

    CELL = "CELL"
    GRASSROOTS_COMMITTEE = "GRASSROOTS_COMMITTEE"


class DossierReturned(CaseEntry):
    """The dossier came back with a list of defects.

    `papers` are the codes of the papers of the check-list that the defects concern, so that returns
    can be counted by reason; the defects themselves are words about a person.
    """

    TOPIC = "candidate.dossier_returned"
    STANDS_ON_LIST = True
    ENDS_ROUND: ClassVar[bool] = True
    class_version: ClassVar[int] = 2
    to: ReturnedTo
    defects: Annotated[tuple[str, ...], SEALED]
    letter_number: str | None
    papers: tuple[str, ...] = ()

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Version 1 named no papers."""
        return {"papers": [], **state}

    def without(self, papers: Collection[str]) -> Self:
        """The same, as if it concerned other papers only."""
        entry: Any = self
        left = tuple(paper for paper in self.papers if paper not in papers)
        shown: Self = replace(entry, papers=left)
        return shown

    def take(self, case: Case) -> None:
        """Whoever has it reviews it again; what the cell voted holds unless the cell has it."""
        case.review_again(by_cell=self.to is ReturnedTo.CELL)
        case.returned = self


class DecisionTermExtended(CaseEntry):
    """The committee gave itself more working days to decide."""

    TOPIC = "candidate.decision_term_extended"
    STANDS_ON_LIST = True
    working_days: int
    reason: Annotated[str, SEALED]
    document_number: str | None

    def take(self, case: Case) -> None:
        """The decision is due later."""
        case.extended = self


class AdmissionRefused(Refused):
    """The competent committee did not agree and told the cell so."""

    TOPIC = "candidate.admission_refused"
    notice_number: str


def return_dossier(
    candidate: Candidate,
    day: Day,
    *,
    to: ReturnedTo,
    defects: tuple[str, ...],
    letter_number: str | None = None,
    papers: tuple[str, ...] = (),
) -> list[Finding]:
    """Send a submitted dossier back to the cell or the grassroots committee, with its defects.

    `papers` are those of the check-list that they concern.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require(judged, "submitted")
    candidate.require_none(case.decided)
    candidate.require_last(day)
    if to is ReturnedTo.GRASSROOTS_COMMITTEE and candidate.cell.grassroots:
        judged.breach("G1", at="to")
    if not 1 <= len(defects) <= DEFECTS_MAX:
        raise InvalidInput(
            "COUNT_OUT_OF_RANGE",
            Text(f"Cần từ 1 đến {DEFECTS_MAX} lỗi.", f"Name 1 to {DEFECTS_MAX} defects."),
            field="defects",
        )
    return candidate.record(
        DossierReturned,
        judged,
        to=to,
        defects=tuple(require_words("defects", defect, 500) for defect in defects),
        letter_number=optional_words("letterNumber", letter_number),
        papers=require_papers("papers", papers),
    )


def extend_decision_term(
    candidate: Candidate,
    day: Day,
    *,
    working_days: int,
    reason: str,
    document_number: str | None = None,
) -> list[Finding]:
    """Give the committee more working days to decide, up to those that T9E allows, once."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require(judged, "submitted")
    candidate.require_none(case.decided)
    candidate.require_none(candidate.review(day).extended)
    if not 1 <= working_days <= judged.parameter("T9E", "working_days_max"):
        judged.breach("T9E", at="workingDays")
    return candidate.record(
        DecisionTermExtended,
        judged,
        working_days=working_days,
        reason=require_words("reason", reason, 2000),
        document_number=optional_words("documentNumber", document_number),
    )


def refuse_admission(
    candidate: Candidate, day: Day, *, reason: str, notice_number: str
) -> list[Finding]:
    """Record that the competent committee does not agree, with the notice that told the cell."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require(judged, "submitted")
    candidate.require_none(case.decided)
    candidate.require_last(day)
    return candidate.record(
        AdmissionRefused,
        judged,
        reason=require_words("reason", reason, 2000),
        notice_number=require_words("noticeNumber", notice_number, 100),
    )
