"""How a case ends before the ceremony without anybody's refusal, and by death at any time."""

from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry, Stage
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words, require_words


class CandidateWithdrawn(CaseEntry):
    """The person wished in writing not to go on."""

    TOPIC = "candidate.withdrawn"
    STANDS_ON_LIST = True
    ENDS_PURSUIT = True
    OUTCOME = Stage.WITHDRAWN
    reason: Annotated[str | None, SEALED]
    letter_number: str | None

    def take(self, case: Case) -> None:
        """The pursuit is over; another may begin."""
        case.end(self)


class DecisionRevoked(CaseEntry):
    """The committee took its decision to admit back before the ceremony."""

    TOPIC = "candidate.decision_revoked"
    STANDS_ON_LIST = True
    STANDS_ON = ("decided",)
    ENDS_PURSUIT = True
    OUTCOME = Stage.DECISION_REVOKED
    reason: Annotated[str, SEALED]
    decision_number: str

    def take(self, case: Case) -> None:
        """The pursuit is over; another may begin."""
        case.end(self)


class PersonDied(CaseEntry):
    """The person died."""

    TOPIC = "candidate.person_died"
    OUTCOME = Stage.DECEASED
    document_number: str | None

    def take(self, case: Case) -> None:
        """Nothing follows any more."""
        case.died = self


def record_withdrawal(
    candidate: Candidate,
    day: Day,
    *,
    reason: str | None = None,
    letter_number: str | None = None,
) -> list[Finding]:
    """Record that the person withdraws, from the list on until the ceremony.

    A former member whose re-admission is under way need not be on the list.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    if case.readmission is None or case.dossier is None:
        candidate.require(judged, "listed")
    candidate.require_none(candidate.pursuit(day).ceremony)
    candidate.require_last(day)
    return candidate.record(
        CandidateWithdrawn,
        judged,
        reason=optional_words("reason", reason, 2000),
        letter_number=optional_words("letterNumber", letter_number),
    )


def revoke_decision(
    candidate: Candidate, day: Day, *, reason: str, decision_number: str
) -> list[Finding]:
    """Take the decision to admit back, before the ceremony only (M1).

    The admission stays counted in the period of the decision; a negative counting event stands in
    the period of the revocation.
    """
    judged = Judgment(day)
    candidate.require(judged, "decided")
    ceremony = candidate.pursuit(day).ceremony
    if ceremony is not None:
        judged.breach("M1", at="candidate", day=ceremony.effective_on)
    candidate.require_last(day)
    return candidate.record(
        DecisionRevoked,
        judged,
        reason=require_words("reason", reason, 2000),
        decision_number=require_words("decisionNumber", decision_number, 100),
    )


def record_death(
    candidate: Candidate, day: Day, *, document_number: str | None = None
) -> list[Finding]:
    """Record that the person died; nothing is recorded for a later day any more."""
    judged = Judgment(day)
    candidate.require(judged, "identified")
    later = candidate.next_step(day)
    candidate.require_none(later)
    return candidate.record(
        PersonDied, judged, document_number=optional_words("documentNumber", document_number)
    )
