"""On the way to the awareness class (lớp bồi dưỡng nhận thức về Đảng).

Facts of a case, not a stage of everybody: people not yet on the list are sent to class too, and
whoever passed has a certificate.
"""

from enum import StrEnum

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.certificate import goes_on
from domain.deciding import DecidingBody, Matter, deciding_body, require_committee
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.record import optional_words, require_words


class ClassOutcome(StrEnum):
    """Why somebody has no certificate after the class."""

    FAILED = "FAILED"
    ABSENT = "ABSENT"


class ClassProposed(CaseEntry):
    """The cell proposed the person for the class."""

    TOPIC = "candidate.class_proposed"
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The proposal stands until the class is passed or not."""
        case.proposed = self


class ClassAgreed(CaseEntry):
    """The grassroots committee agreed and sent the proposal up."""

    TOPIC = "candidate.class_agreed"
    list_number: str | None

    def take(self, case: Case) -> None:
        """The person waits for a class."""
        case.agreed = self


class ClassEnrolled(CaseEntry):
    """The person attends a class."""

    TOPIC = "candidate.class_enrolled"
    class_name: str

    def take(self, case: Case) -> None:
        """The person is in class."""
        case.enrolled = self


class ClassNotPassed(CaseEntry):
    """The person failed the end-of-course check or did not attend."""

    TOPIC = "candidate.class_not_passed"
    outcome: ClassOutcome

    def take(self, case: Case) -> None:
        """Back to before the class."""
        case.leave_class()
        case.not_passed.append(self)


def propose_for_class(
    candidate: Candidate, day: Day, *, resolution_number: str | None = None
) -> list[Finding]:
    """Propose the person for the class; not being on the list, or not confirmed, is a finding."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(case.decided)
    candidate.require_none(case.enrolled)
    candidate.require_none(case.proposed)
    confirms = deciding_body(candidate.cell_of(day), Matter.LIST) is not DecidingBody.CELL
    if case.listed is None:
        judged.breach("L2", at="candidate")
    elif confirms and case.confirmed is None:
        judged.breach("L1", at="candidate")
    return candidate.record(
        ClassProposed,
        judged,
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def agree_to_class(
    candidate: Candidate, day: Day, *, list_number: str | None = None
) -> list[Finding]:
    """Record that the grassroots committee agrees to the cell's proposal and sends it up."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    require_committee(judged, candidate.cell_of(day), Matter.CLASS)
    candidate.require(judged, "proposed")
    candidate.require_none(case.agreed)
    return candidate.record(
        ClassAgreed, judged, list_number=optional_words("listNumber", list_number)
    )


def follow_proposal(candidate: Candidate, day: Day, *, number: str | None) -> None:
    """Let the case follow its cell, which put the person on the call-up list of a class.

    Who is proposed already, attends a class or is admitted is not proposed again.
    """
    if _waits_for(candidate, day, "proposed"):
        propose_for_class(candidate, day, resolution_number=number)


def follows_agreement(candidate: Candidate, day: Day) -> bool:
    """Whether a committee that puts the person on a call-up list agrees to the cell's proposal."""
    has_committee = deciding_body(candidate.cell_of(day), Matter.CLASS) is not DecidingBody.CELL
    proposed = candidate.case(day.on).proposed
    return has_committee and proposed is not None and _waits_for(candidate, day, "agreed")


def _waits_for(candidate: Candidate, day: Day, fact: str) -> bool:
    case = candidate.case(day.on)
    known = (getattr(case, fact), getattr(candidate.facts(), fact), case.enrolled, case.decided)
    return goes_on(candidate, case) and not any(known)


def enroll_in_class(candidate: Candidate, day: Day, *, class_name: str) -> list[Finding]:
    """Record that the person attends a class; without an agreed proposal that is a finding."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(case.decided)
    candidate.require_none(case.enrolled)
    alone = deciding_body(candidate.cell_of(day), Matter.CLASS) is DecidingBody.CELL
    if case.proposed is None or not (alone or case.agreed):
        judged.breach("L3", at="candidate")
    return candidate.record(
        ClassEnrolled, judged, class_name=require_words("className", class_name, 300)
    )


def leave_class(candidate: Candidate, day: Day, outcome: ClassOutcome) -> None:
    """Let the case follow a class that the person failed, or does not attend any more.

    A case that is not in class any more, has ended here or is that of somebody who died stays as it
    is.
    """
    case = candidate.case(day.on)
    if case.enrolled is not None and goes_on(candidate, case):
        record_class_failure(candidate, day, outcome=outcome)


def record_class_failure(candidate: Candidate, day: Day, *, outcome: ClassOutcome) -> list[Finding]:
    """Record that the person failed the class or was absent; whoever passes gets a certificate."""
    judged = Judgment(day)
    candidate.require(judged, "enrolled")
    return candidate.record(ClassNotPassed, judged, outcome=outcome)
