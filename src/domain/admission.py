"""The admission: the cell votes, the dossier is submitted, the competent committee decides."""

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment, require_votes
from domain.record import optional_words, require_words


class CellVoteHeld(CaseEntry):
    """The cell voted on proposing the admission.

    `passed` was judged by the rule in force; a failed vote is recorded too.
    """

    TOPIC = "candidate.cell_vote_held"
    STANDS_ON_LIST = True
    official_members: int
    in_favor: int
    passed: bool
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """Every vote is kept, the last one counts."""
        case.votes.append(self)


class DossierSubmitted(CaseEntry):
    """The proposal was adopted and the dossier submitted to the competent committee."""

    TOPIC = "candidate.dossier_submitted"
    STANDS_ON_LIST = True
    letter_number: str | None

    def take(self, case: Case) -> None:
        """The dossier lies with the competent committee."""
        case.submitted = self


class AdmissionDecided(CaseEntry):
    """The competent committee decided the admission."""

    TOPIC = "candidate.admission_decided"
    STANDS_ON_LIST = True
    decision_number: str
    consent_number: str | None

    def take(self, case: Case) -> None:
        """The admission is decided."""
        case.decided = self


def record_cell_vote(
    candidate: Candidate,
    day: Day,
    *,
    official_members: int,
    in_favor: int,
    resolution_number: str | None = None,
) -> list[Finding]:
    """Record the cell's vote, passed or failed.

    The base is all official members, present or not.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    require_votes(official_members, in_favor)
    judged.age(candidate.identified.birth_date, day.on)
    judged.certificate(case, day.on)
    candidate.require(judged, "dossier")
    judged.vetting(case)
    judged.members(official_members)
    passed = [vote for vote in candidate.pursuit(day).votes if vote.passed]
    candidate.require_none(passed[-1] if passed else None, "CellVoteHeld")
    candidate.require_none(case.decided, "AdmissionDecided")
    judged.failed_votes(case)
    return candidate.record(
        CellVoteHeld,
        judged,
        official_members=official_members,
        in_favor=in_favor,
        passed=judged.has_majority(official_members, in_favor),
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def submit_dossier(
    candidate: Candidate, day: Day, *, letter_number: str | None = None
) -> list[Finding]:
    """Adopt the proposal and submit the dossier; impossible after a failed vote."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    judged.vote(case)
    judged.vetting(case)
    candidate.require_none(candidate.pursuit(day).submitted, "DossierSubmitted")
    return candidate.record(
        DossierSubmitted, judged, letter_number=optional_words("letterNumber", letter_number)
    )


def decide_admission(
    candidate: Candidate, day: Day, *, decision_number: str, consent_number: str | None = None
) -> list[Finding]:
    """Record the committee's decision.

    Age and certificate are judged on the day the cell reviewed the case.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(candidate.facts().decided, "AdmissionDecided")
    reviewed_on = case.vote.effective_on if case.vote else day.on
    judged.age(candidate.identified.birth_date, reviewed_on)
    judged.age_without_consent(candidate.identified.birth_date, reviewed_on, consent_number)
    judged.certificate(candidate.case(reviewed_on), reviewed_on)
    judged.vetting(case)
    judged.vote(case)
    candidate.require(judged, "submitted")
    judged.in_time("T9", reviewed_on, day.on)
    return candidate.record(
        AdmissionDecided,
        judged,
        decision_number=require_words("decisionNumber", decision_number, 100),
        consent_number=optional_words("consentNumber", consent_number),
    )
