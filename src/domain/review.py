"""What follows the cell's vote: the tally confirmed, the appraisal, the committee's resolution.

The vote itself stands in `admission`.
"""

from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry, Stage
from domain.deciding import Matter, require_committee
from domain.errors import Finding
from domain.judgment import Day, Judgment, require_votes
from domain.personal import SEALED
from domain.record import optional_words, require_words


class TallyConfirmed(CaseEntry):
    """A second person compared the tally of the vote that counts with the minutes."""

    TOPIC = "candidate.tally_confirmed"
    STANDS_ON_LIST = True
    official_members: int
    in_favor: int

    def take(self, case: Case) -> None:
        """Two people vouch for the tally, unless a correction has made it another one."""
        vote = case.vote
        if vote and (vote.official_members, vote.in_favor) == (
            self.official_members,
            self.in_favor,
        ):
            case.tally = self


class SectionalAppraisalGiven(CaseEntry):
    """The sectional committee appraised the proposal (7-KNĐ)."""

    TOPIC = "candidate.sectional_appraisal_given"
    STANDS_ON_LIST = True
    agrees: bool
    document_number: str | None

    def take(self, case: Case) -> None:
        """The appraisal is there."""
        case.appraisal = self


class GrassrootsResolutionAdopted(CaseEntry):
    """The grassroots committee resolved to propose the admission (8-KNĐ)."""

    TOPIC = "candidate.grassroots_resolution_adopted"
    STANDS_ON_LIST = True
    resolution_number: str | None
    committee_members: int | None
    committee_in_favor: int | None

    def take(self, case: Case) -> None:
        """The committee is in favor."""
        case.resolution = self


class Refused(CaseEntry):
    """A body did not agree to the admission; the pursuit is over, another may begin."""

    STANDS_ON_LIST = True
    ENDS_PURSUIT = True
    OUTCOME = Stage.REFUSED
    reason: Annotated[str, SEALED]

    def take(self, case: Case) -> None:
        """The pursuit is over."""
        case.end(self)


class ProposalRefused(Refused):
    """The cell refused to propose the admission after a vote that failed."""

    TOPIC = "candidate.proposal_refused"
    resolution_number: str | None


class GrassrootsResolutionRefused(Refused):
    """The grassroots committee did not agree to propose the admission."""

    TOPIC = "candidate.grassroots_resolution_refused"
    resolution_number: str | None


def confirm_vote_tally(
    candidate: Candidate, day: Day, *, official_members: int, in_favor: int
) -> list[Finding]:
    """Confirm the tally of the cell's last vote against the minutes.

    The counts must be those recorded (S4), and another person's than whoever recorded them (S2).
    """
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require(judged, "vote")
    assert case.vote is not None
    candidate.require_none(case.decided)
    held = candidate.review(day).tally
    candidate.require_none(held if case.tally is not None else None)
    require_votes(official_members, in_favor)
    if (official_members, in_favor) != (case.vote.official_members, case.vote.in_favor):
        judged.breach("S4", at="inFavor")
    if day.actor is not None and day.actor == case.vote.recorded_by:
        judged.breach("S2", at="candidate")
    return candidate.record(
        TallyConfirmed, judged, official_members=official_members, in_favor=in_favor
    )


def give_sectional_appraisal(
    candidate: Candidate, day: Day, *, agrees: bool, document_number: str | None = None
) -> list[Finding]:
    """Record the appraisal of the sectional committee, where there is one, after a passed vote."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    require_committee(judged, candidate.cell_of(day), Matter.AGREEMENT)
    judged.vote(case)
    candidate.require_none(case.decided)
    candidate.require_none(candidate.review(day).appraisal)
    return candidate.record(
        SectionalAppraisalGiven,
        judged,
        agrees=agrees,
        document_number=optional_words("documentNumber", document_number),
    )


def adopt_grassroots_resolution(
    candidate: Candidate,
    day: Day,
    *,
    resolution_number: str | None = None,
    committee_members: int | None = None,
    committee_in_favor: int | None = None,
) -> list[Finding]:
    """Adopt the proposal in the grassroots committee; impossible after a failed vote of the cell.

    A grassroots cell has no such committee (G1).
    """
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    require_committee(judged, candidate.cell_of(day), Matter.AGREEMENT)
    judged.vote(case)
    judged.vetting(case)
    candidate.require_none(case.submitted)
    candidate.require_none(candidate.review(day).resolution)
    require_committee_votes(committee_members, committee_in_favor)
    return candidate.record(
        GrassrootsResolutionAdopted,
        judged,
        resolution_number=optional_words("resolutionNumber", resolution_number),
        committee_members=committee_members,
        committee_in_favor=committee_in_favor,
    )


def refuse_proposal(
    candidate: Candidate, day: Day, *, reason: str, resolution_number: str | None = None
) -> list[Finding]:
    """Refuse in the cell to propose the admission; only after a vote that failed (G2)."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require(judged, "vote")
    assert case.vote is not None
    if case.vote.passed:
        judged.breach("G2", at="candidate")
    _require_undecided(candidate, day, case)
    return candidate.record(
        ProposalRefused,
        judged,
        reason=require_words("reason", reason, 2000),
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def refuse_grassroots_resolution(
    candidate: Candidate, day: Day, *, reason: str, resolution_number: str | None = None
) -> list[Finding]:
    """Refuse in the grassroots committee what the cell proposed."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    require_committee(judged, candidate.cell_of(day), Matter.AGREEMENT)
    judged.vote(case)
    candidate.require_none(case.submitted)
    _require_undecided(candidate, day, case)
    return candidate.record(
        GrassrootsResolutionRefused,
        judged,
        reason=require_words("reason", reason, 2000),
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def require_committee_votes(members: int | None, in_favor: int | None) -> None:
    """Passes for counts that can be; both or none are given. Raises InvalidInput."""
    if members is not None or in_favor is not None:
        require_votes(members or 0, in_favor or 0, of="committeeMembers")


def _require_undecided(candidate: Candidate, day: Day, case: Case) -> None:
    candidate.require_none(case.decided)
    candidate.require_last(day)
