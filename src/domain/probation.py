"""The probation: it begins with the ceremony and ends with the recognition."""

from datetime import date

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment, out_of_range, require_votes
from domain.record import optional_words, require_words


class CeremonyHeld(CaseEntry):
    """The ceremony was held and the probation began; it ends on `probation_ends_on`."""

    TOPIC = "candidate.ceremony_held"
    STANDS_ON = ("decided",)
    decision_received_on: date | None
    consent_number: str | None
    probation_ends_on: date

    def take(self, case: Case) -> None:
        """The probation has begun."""
        case.ceremony = self


class FullMemberRecognized(CaseEntry):
    """The recognition was decided.

    Full membership holds from `member_from`, the exact end of the probation.
    """

    TOPIC = "candidate.full_member_recognized"
    STANDS_ON = ("ceremony",)
    decision_number: str
    cell_vote_on: date
    official_members: int
    in_favor: int
    member_from: date

    def take(self, case: Case) -> None:
        """The person is a full member."""
        case.recognized = self


def hold_ceremony(
    candidate: Candidate,
    day: Day,
    *,
    decision_received_on: date | None = None,
    consent_number: str | None = None,
) -> list[Finding]:
    """Record the ceremony.

    The limit counts from the receipt of the decision, from its date when that is unknown.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "decided")
    candidate.require_none(candidate.facts().ceremony, "CeremonyHeld")
    assert case.decided is not None
    received_on = decision_received_on or case.decided.effective_on
    if not case.decided.effective_on <= received_on <= day.on:
        raise out_of_range("decisionReceivedOn", case.decided.effective_on, day.on)
    judged.in_time("T10", received_on, day.on, consent=consent_number)
    return candidate.record(
        CeremonyHeld,
        judged,
        decision_received_on=decision_received_on,
        consent_number=optional_words("consentNumber", consent_number),
        probation_ends_on=judged.probation_ends_on(),
    )


def recognize_full_member(
    candidate: Candidate,
    day: Day,
    *,
    decision_number: str,
    cell_vote_on: date,
    official_members: int,
    in_favor: int,
) -> list[Finding]:
    """Record the decision on recognition.

    Full membership holds from the exact end of the probation, late or not.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "ceremony")
    candidate.require_none(candidate.facts().recognized, "FullMemberRecognized")
    assert case.ceremony is not None
    ends_on = case.ceremony.probation_ends_on
    if min(day.on, cell_vote_on) < ends_on:
        field = "occurredOn" if day.on < ends_on else "cellVoteOn"
        judged.breach("T11", at=field, day=ends_on)
    if cell_vote_on > day.on:
        raise out_of_range("cellVoteOn", ends_on, day.on)
    require_votes(official_members, in_favor)
    judged.members(official_members)
    if not judged.has_majority(official_members, in_favor):
        judged.breach("T7", at="inFavor")
    judged.in_time("T12", ends_on, cell_vote_on)
    judged.in_time("T13", cell_vote_on, day.on)
    return candidate.record(
        FullMemberRecognized,
        judged,
        decision_number=require_words("decisionNumber", decision_number, 100),
        cell_vote_on=cell_vote_on,
        official_members=official_members,
        in_favor=in_favor,
        member_from=ends_on,
    )
