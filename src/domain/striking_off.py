"""Striking a name off (xóa tên): the cell proposes by vote, the competent committee decides."""

from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry, Stage
from domain.errors import Finding
from domain.judgment import Day, Judgment, require_votes
from domain.personal import SEALED
from domain.procedure import GroundKind
from domain.record import optional_words, require_words


class StrikingOffVoteHeld(CaseEntry):
    """The cell voted on proposing to strike the name off; a failed vote is recorded too.

    `ground` is a code of the rule book (T23).
    """

    TOPIC = "candidate.striking_off_vote_held"
    STANDS_ON = ("ceremony",)
    ground: Annotated[str, SEALED]
    official_members: int
    in_favor: int
    passed: bool
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """Every vote is kept, the last one counts."""
        case.membership.striking_off_votes.append(self)


class StruckOff(CaseEntry):
    """The committee struck the name off. What was decided and held before stays readable."""

    TOPIC = "candidate.struck_off"
    ENDS_PURSUIT = True
    OUTCOME = Stage.STRUCK_OFF
    STANDS_ON = ("ceremony",)
    decision_number: str
    ground: Annotated[str, SEALED]

    def take(self, case: Case) -> None:
        """The person is no member any more."""
        case.struck_off = self


def propose_striking_off(
    candidate: Candidate,
    day: Day,
    *,
    ground: str,
    official_members: int,
    in_favor: int,
    resolution_number: str | None = None,
) -> list[Finding]:
    """Record the cell's vote on proposing to strike the name off, passed or failed."""
    judged = Judgment(day)
    case = candidate.require(judged, "ceremony")
    candidate.require_none(case.struck_off)
    if day.rules.ground(GroundKind.STRIKING_OFF, ground, day.on) is None:
        judged.breach("T23", at="ground", ground=ground, day=day.on)
    require_votes(official_members, in_favor)
    judged.members(official_members)
    if case.membership.failed_strikings_off >= judged.parameter("T15", "votes"):
        judged.breach("T15")
    return candidate.record(
        StrikingOffVoteHeld,
        judged,
        ground=ground,
        official_members=official_members,
        in_favor=in_favor,
        passed=judged.has_majority(official_members, in_favor),
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def strike_off(candidate: Candidate, day: Day, *, decision_number: str) -> list[Finding]:
    """Record the committee's decision, on the ground that the cell proposed.

    The admission stays counted in its period; during the probation a negative counting event
    stands in the period of this decision.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "ceremony")
    candidate.require_none(case.struck_off)
    votes = case.membership.striking_off_votes
    if not votes:
        raise judged.out_of_order("striking_off_vote")
    if not votes[-1].passed:
        judged.breach("T7", at="candidate")
    later = candidate.next_step(day, of_pursuit=True)
    candidate.require_none(later)
    return candidate.record(
        StruckOff,
        judged,
        decision_number=require_words("decisionNumber", decision_number, 100),
        ground=votes[-1].ground,
    )
