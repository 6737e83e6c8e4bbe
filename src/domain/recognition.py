"""The recognition as a full member: its papers, the cell's vote, what the committee decides.

There is no longer probation: whoever is not recognized is voted on again, or struck off.
"""

from datetime import date

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Conflict, Finding
from domain.judgment import Day, Judgment, out_of_range, require_votes
from domain.paper import unknown_paper
from domain.record import optional_words, require_words
from domain.text import Text


class RecognitionPaperFiled(CaseEntry):
    """A paper of the recognition dossier is there; `paper` is a code of the rule book."""

    TOPIC = "candidate.recognition_paper_filed"
    STANDS_ON = ("ceremony",)
    paper: str

    def take(self, case: Case) -> None:
        """The last paper of a kind counts."""
        case.membership.papers[self.paper] = self


class RecognitionVoteHeld(CaseEntry):
    """The cell voted on proposing the recognition; a failed vote is recorded too."""

    TOPIC = "candidate.recognition_vote_held"
    STANDS_ON = ("ceremony",)
    official_members: int
    in_favor: int
    passed: bool
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """Every vote is kept, the last one counts."""
        case.membership.recognition_votes.append(self)
        case.membership.recognition_vote = self


class RecognitionReturned(CaseEntry):
    """The committee sent the recognition dossier back for papers that it lacks, as codes."""

    TOPIC = "candidate.recognition_returned"
    STANDS_ON = ("ceremony",)
    lacking: tuple[str, ...]
    letter_number: str | None

    def take(self, case: Case) -> None:
        """What it lacks is to be filed again."""
        case.membership.returned = self
        for paper in self.lacking:
            case.membership.papers.pop(paper, None)


class RecognitionRefused(CaseEntry):
    """The committee did not agree to the recognition; the cell votes anew, or on striking off."""

    TOPIC = "candidate.recognition_refused"
    STANDS_ON = ("ceremony",)
    decision_number: str

    def take(self, case: Case) -> None:
        """The vote before it carries no decision any more."""
        case.membership.refusals.append(self)
        case.membership.recognition_vote = None


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


def file_recognition_paper(candidate: Candidate, day: Day, *, paper: str) -> list[Finding]:
    """File a paper of the recognition dossier, by its code in the rule book.

    Raises InvalidInput for a code that the book does not know.
    """
    judged = _open(candidate, day)
    _require_papers(day, "paper", (paper,))
    return candidate.record(RecognitionPaperFiled, judged, paper=paper)


def record_recognition_vote(
    candidate: Candidate,
    day: Day,
    *,
    official_members: int,
    in_favor: int,
    resolution_number: str | None = None,
) -> list[Finding]:
    """Record the cell's vote on the recognition, passed or failed.

    From the end of the probation on; late (T12), without all papers (M3) and after three failed
    votes (T15) it is a finding.
    """
    judged = _open(candidate, day)
    case = candidate.case(day.on)
    assert case.ceremony is not None
    ends_on = case.ceremony.probation_ends_on
    if day.on < ends_on:
        judged.breach("T11", at="occurredOn", day=ends_on)
    require_votes(official_members, in_favor)
    judged.members(official_members)
    judged.in_time("T12", ends_on, day.on)
    _judge_papers(judged, case)
    if case.membership.failed_recognitions >= judged.parameter("T15", "votes"):
        judged.breach("T15")
    return candidate.record(
        RecognitionVoteHeld,
        judged,
        official_members=official_members,
        in_favor=in_favor,
        passed=judged.has_majority(official_members, in_favor),
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def return_recognition(
    candidate: Candidate, day: Day, *, lacking: tuple[str, ...], letter_number: str | None = None
) -> list[Finding]:
    """Send the recognition dossier back with the codes of the papers that it lacks."""
    judged = _open(candidate, day)
    _require_passed(candidate.case(day.on), judged)
    _require_papers(day, "lacking", lacking)
    if not lacking:
        raise unknown_paper("lacking", "")
    return candidate.record(
        RecognitionReturned,
        judged,
        lacking=tuple(sorted(set(lacking))),
        letter_number=optional_words("letterNumber", letter_number),
    )


def refuse_recognition(candidate: Candidate, day: Day, *, decision_number: str) -> list[Finding]:
    """Record that the committee did not agree; it counts as a failed vote (T15)."""
    judged = _open(candidate, day)
    _require_passed(candidate.case(day.on), judged)
    return candidate.record(
        RecognitionRefused,
        judged,
        decision_number=require_words("decisionNumber", decision_number, 100),
    )


def recognize_full_member(
    candidate: Candidate,
    day: Day,
    *,
    decision_number: str,
    cell_vote_on: date | None = None,
    official_members: int | None = None,
    in_favor: int | None = None,
) -> list[Finding]:
    """Record the decision on recognition.

    Full membership holds from the exact end of the probation, late or not. The vote is the cell's
    last one, or, where none was recorded, the one that is stated here.
    """
    judged = _open(candidate, day)
    case = candidate.case(day.on)
    assert case.ceremony is not None
    ends_on = case.ceremony.probation_ends_on
    stated = (cell_vote_on, official_members, in_favor)
    voted_on, members, votes = _vote(case, judged, stated, ends_on)
    _judge_vote(judged, ends_on, voted_on, (members, votes))
    return candidate.record(
        FullMemberRecognized,
        judged,
        decision_number=require_words("decisionNumber", decision_number, 100),
        cell_vote_on=voted_on,
        official_members=members,
        in_favor=votes,
        member_from=ends_on,
    )


def _judge_vote(judged: Judgment, ends_on: date, voted_on: date, tally: tuple[int, int]) -> None:
    today = judged.day.on
    if min(today, voted_on) < ends_on:
        field = "occurredOn" if today < ends_on else "cellVoteOn"
        judged.breach("T11", at=field, day=ends_on)
    if voted_on > today:
        raise out_of_range("cellVoteOn", ends_on, today)
    require_votes(*tally)
    judged.members(tally[0])
    if not judged.has_majority(*tally):
        judged.breach("T7", at="inFavor")
    judged.in_time("T12", ends_on, voted_on)
    judged.in_time("T13", voted_on, today)


def _vote(
    case: Case, judged: Judgment, stated: tuple[date | None, int | None, int | None], ends_on: date
) -> tuple[date, int, int]:
    """Day, official members and votes in favor of the vote that the decision stands on.

    Raises RuleViolated without any, and Conflict where what is stated is not what was recorded.
    """
    held = case.membership.recognition_vote
    if held is None:
        day, members, votes = stated
        if case.membership.refusals or day is None or members is None or votes is None:
            if judged.day.on < ends_on:
                judged.breach("T11", at="occurredOn", day=ends_on)
            raise judged.out_of_order("recognition_vote")
        return day, members, votes
    recorded = (held.effective_on, held.official_members, held.in_favor)
    if any(each not in {None, known} for each, known in zip(stated, recorded, strict=True)):
        raise Conflict(
            "VOTE_DIFFERS",
            Text(
                f"Chi bộ đã biểu quyết ngày {held.effective_on:%d/%m/%Y}:"
                f" {held.in_favor}/{held.official_members}.",
                f"The cell's vote is recorded on {held.effective_on}:"
                f" {held.in_favor} of {held.official_members}.",
            ),
            field="cellVoteOn",
        )
    return recorded


def _open(candidate: Candidate, day: Day) -> Judgment:
    """The judgment of a step before the recognition is decided. Raises RuleViolated, Conflict."""
    judged = Judgment(day)
    case = candidate.require(judged, "ceremony")
    candidate.require_none(candidate.pursuit(day).recognized)
    candidate.require_none(case.struck_off)
    return judged


def _require_passed(case: Case, judged: Judgment) -> None:
    held = case.membership.recognition_vote
    if held is None or not held.passed:
        raise judged.out_of_order("recognition_vote")


def _judge_papers(judged: Judgment, case: Case) -> None:
    membership = case.membership
    lacking = [
        paper.text
        for paper in judged.day.rules.papers_on(judged.day.on)
        if paper.code not in membership.papers
    ]
    if membership.new_member_class is None:
        lacking.append(_CLASS)
    if lacking:
        judged.breach(
            "M3",
            missing_vi=", ".join(text.vi for text in lacking),
            missing_en=", ".join(text.en for text in lacking),
        )


_CLASS = Text("giấy chứng nhận lớp đảng viên mới", "the new-member class certificate")


def _require_papers(day: Day, field: str, papers: tuple[str, ...]) -> None:
    known = {paper.code for paper in day.rules.papers_on(day.on)}
    for paper in papers:
        if paper not in known:
            raise unknown_paper(field, paper)
