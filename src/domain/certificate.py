"""The certificate of the awareness class (lớp bồi dưỡng nhận thức về Đảng)."""

from datetime import date

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.record import optional_words, require_words


class CertificateIssued(CaseEntry):
    """The awareness class was passed.

    The certificate lasts until `valid_until`, that day included.
    """

    TOPIC = "candidate.certificate_issued"
    number: str
    grade: str | None
    valid_until: date

    def take(self, case: Case) -> None:
        """The last certificate counts; the class is over."""
        case.leave_class()
        case.certificate = self


def record_certificate(
    candidate: Candidate, day: Day, *, number: str, grade: str | None = None
) -> list[Finding]:
    """The awareness class was passed.

    The certificate bears the step's day and lasts for months set by T4.
    """
    judged = Judgment(day)
    candidate.require(judged, "identified")
    return candidate.record(
        CertificateIssued,
        judged,
        number=require_words("number", number, 100),
        grade=optional_words("grade", grade, 50),
        valid_until=judged.certificate_ends_on(),
    )
