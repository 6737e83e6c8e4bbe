"""The admission: the cell votes, the dossier is submitted, the competent committee decides."""

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.deciding import DecidingBody, Matter, deciding_body, require_committee
from domain.dossier import Schooling
from domain.errors import Finding
from domain.groups import YOUTH_YEARS, age_on
from domain.judgment import Day, Judgment, require_votes
from domain.paper import Due, PaperState, checklist
from domain.record import optional_words, require_words
from domain.review import require_committee_votes


class CellVoteHeld(CaseEntry):
    """The cell voted on proposing the admission.

    `passed` was judged by the rule in force; a failed vote is recorded too.
    """

    TOPIC = "candidate.cell_vote_held"
    STANDS_ON_LIST = True
    class_version: ClassVar[int] = 2
    official_members: int
    in_favor: int
    passed: bool
    resolution_number: str | None
    recorded_by: str | None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Who recorded it was not kept."""
        return dict(state) | {"recordedBy": None}

    def take(self, case: Case) -> None:
        """Every vote is kept, the last one counts; its tally is not confirmed yet."""
        case.votes.append(self)
        case.tally = None


class DossierSubmitted(CaseEntry):
    """The proposal was adopted and the dossier submitted to the competent committee."""

    TOPIC = "candidate.dossier_submitted"
    STANDS_ON_LIST = True
    letter_number: str | None

    def take(self, case: Case) -> None:
        """The dossier lies with the competent committee."""
        case.submitted = self


class AdmissionDecided(CaseEntry):
    """The competent committee decided the admission.

    `authorization_number` is the document that let the grassroots committee decide.
    """

    TOPIC = "candidate.admission_decided"
    STANDS_ON_LIST = True
    STANDS_WITHOUT = ("decided",)
    class_version: ClassVar[int] = 2
    decision_number: str
    consent_number: str | None
    decided_by: DecidingBody
    authorization_number: str | None
    committee_members: int | None
    committee_in_favor: int | None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Only the level above the grassroots decided."""
        return dict(state) | {
            "decidedBy": DecidingBody.SUPERIOR_STANDING_COMMITTEE.value,
            "authorizationNumber": None,
            "committeeMembers": None,
            "committeeInFavor": None,
        }

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

    The base is all official members, present or not. Papers that are missing (D2) or out of date
    (T5) and too few introductions (P5) are findings.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    require_votes(official_members, in_favor)
    judged.age(candidate.identified.birth_date, day.on)
    judged.certificate(case, day.on)
    candidate.require(judged, "dossier")
    judged.vetting(case)
    judged.conditions(case)
    judged.members(official_members)
    passed = [vote for vote in candidate.review(day).votes if vote.passed]
    candidate.require_none(passed[-1] if passed else None)
    candidate.require_none(case.decided)
    judged.failed_votes(case)
    _judge_papers(candidate, judged, case)
    return candidate.record(
        CellVoteHeld,
        judged,
        official_members=official_members,
        in_favor=in_favor,
        passed=judged.has_majority(official_members, in_favor),
        resolution_number=optional_words("resolutionNumber", resolution_number),
        recorded_by=day.actor,
    )


def submit_dossier(
    candidate: Candidate, day: Day, *, letter_number: str | None = None
) -> list[Finding]:
    """Adopt the proposal and submit the dossier; impossible after a failed vote.

    Without the grassroots committee's resolution (G3), or with a tally that nobody confirmed (S3),
    it is recorded with a finding.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    judged.vote(case)
    judged.vetting(case)
    candidate.require_none(candidate.review(day).submitted)
    agrees = deciding_body(candidate.cell_of(day), Matter.AGREEMENT)
    if agrees is not DecidingBody.CELL and case.resolution is None:
        judged.breach("G3", at="candidate")
    if case.tally is None:
        judged.breach("S3", at="candidate")
    return candidate.record(
        DossierSubmitted, judged, letter_number=optional_words("letterNumber", letter_number)
    )


def decide_admission(
    candidate: Candidate,
    day: Day,
    *,
    decision_number: str,
    consent_number: str | None = None,
    authorization_number: str | None = None,
    committee_members: int | None = None,
    committee_in_favor: int | None = None,
) -> list[Finding]:
    """Record the committee's decision.

    Age, schooling and certificate are judged on the day the cell reviewed the case. Where admission
    is delegated on the day, the grassroots committee decides, by two thirds of its members (T8);
    nobody else's decision stands on an authorization (G4).
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(candidate.pursuit(day).decided)
    _judge_case(candidate, judged, case, consent_number)
    _judge_authority(candidate, judged, authorization_number, committee_members, committee_in_favor)
    if case.vetting and day.actor is not None and day.actor == case.vetting.recorded_by:
        judged.breach("S1", at="candidate")
    return candidate.record(
        AdmissionDecided,
        judged,
        decision_number=require_words("decisionNumber", decision_number, 100),
        consent_number=optional_words("consentNumber", consent_number),
        decided_by=deciding_body(candidate.cell_of(day), Matter.ADMISSION),
        authorization_number=optional_words("authorizationNumber", authorization_number),
        committee_members=committee_members,
        committee_in_favor=committee_in_favor,
    )


def _judge_papers(candidate: Candidate, judged: Judgment, case: Case) -> None:
    day = judged.day.on
    young = age_on(candidate.identified.birth_date, day) in YOUTH_YEARS
    months = judged.parameter("T5", "months")
    papers = checklist(case, day, young=young, months=months)
    due = [each for each in papers if each.paper.due is Due.CELL_REVIEW]
    missing = {each.paper.code for each in due if each.state is PaperState.MISSING}
    introducing = {"INTRODUCTION", "UNION_RESOLUTION"}
    if missing - introducing:
        judged.breach("D2", at="candidate")
    if missing & introducing:
        judged.breach("P5", at="candidate")
    if any(each.state is PaperState.OUTDATED for each in due):
        judged.breach("T5", at="candidate", day=day)


def _judge_case(
    candidate: Candidate, judged: Judgment, case: Case, consent_number: str | None
) -> None:
    reviewed_on = case.vote.effective_on if case.vote else judged.day.on
    judged.age(candidate.identified.birth_date, reviewed_on)
    judged.age_without_consent(candidate.identified.birth_date, reviewed_on, consent_number)
    _judge_schooling(candidate, judged, case, consent_number)
    reviewed = candidate.case(reviewed_on)
    judged.certificate(reviewed, reviewed_on)
    if reviewed.certificate not in case.certificates:
        judged.breach("T4", on=reviewed_on, at="candidate", day=judged.day.on)
    judged.vetting(case)
    judged.vote(case)
    candidate.require(judged, "submitted")
    extension = case.extended.working_days if case.extended else 0
    judged.in_time("T9", reviewed_on, judged.day.on, extension=extension)


def _judge_schooling(
    candidate: Candidate, judged: Judgment, case: Case, consent_number: str | None
) -> None:
    """T3: lower secondary school, or primary school in the areas that the rule names."""
    schooling = case.history.schooling if case.history else None
    if schooling not in {Schooling.NONE, Schooling.PRIMARY}:
        return
    excepted = "ETHNIC_MINORITY_AREA" in candidate.cell_of(judged.day).characteristics
    if schooling is Schooling.NONE or not excepted:
        judged.breach("T3", at="consentNumber", consent=consent_number)


def _judge_authority(
    candidate: Candidate,
    judged: Judgment,
    authorization_number: str | None,
    members: int | None,
    in_favor: int | None,
) -> None:
    require_committee_votes(members, in_favor)
    cell = candidate.cell_of(judged.day)
    if authorization_number is not None:
        require_committee(judged, cell, Matter.AGREEMENT)
        if not cell.delegated:
            judged.breach("G4", at="authorizationNumber", day=judged.day.on)
    if deciding_body(cell, Matter.ADMISSION) is not DecidingBody.GRASSROOTS_COMMITTEE:
        return
    if not members or not judged.has_majority(members, in_favor or 0, "T8"):
        judged.breach("T8", at="committeeInFavor")
