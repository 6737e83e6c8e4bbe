"""The certificate of the awareness class (lớp bồi dưỡng nhận thức về Đảng)."""

from datetime import date
from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Conflict, Finding
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words, require_words
from domain.text import Text


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
        case.certificates.append(self)


class CertificateRevoked(CaseEntry):
    """The certificate of a number does not hold any more."""

    TOPIC = "candidate.certificate_revoked"
    number: str
    document_number: str
    reason: Annotated[str, SEALED]

    def take(self, case: Case) -> None:
        """An earlier certificate counts again, where there is one."""
        case.certificates = [held for held in case.certificates if held.number != self.number]
        case.revoked.append(self)


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


def revoke_certificate(
    candidate: Candidate, day: Day, *, number: str, document_number: str, reason: str
) -> list[Finding]:
    """Revoke a certificate that the person has, by a document and with the reason.

    That the dossier, the cell's vote or the decision stood on it is a finding (T4R). Raises
    Conflict for a certificate that is not there.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    if not (has_certificate(case, number) and has_certificate(candidate.facts(), number)):
        raise no_certificate("number")
    stood_on = _stood_on(candidate, number)
    if stood_on is not None:
        judged.breach("T4R", at="candidate", day=stood_on)
    return candidate.record(
        CertificateRevoked,
        judged,
        number=number,
        document_number=require_words("documentNumber", document_number, 100),
        reason=require_words("reason", reason, 2000),
    )


def lose_certificate(
    candidate: Candidate, day: Day, *, number: str, document_number: str, reason: str
) -> None:
    """Let the case follow a class that revoked the certificate of a number.

    A case that does not have it, has ended here or is that of somebody who died stays as it is.
    """
    case = candidate.case(day.on)
    if has_certificate(case, number) and goes_on(candidate, case):
        revoke_certificate(
            candidate, day, number=number, document_number=document_number, reason=reason
        )


def goes_on(candidate: Candidate, case: Case) -> bool:
    """Whether steps of a day can be recorded, by the facts of that day and those of now.

    They cannot of the dead, nor where another tenant or another record goes on with the case.
    """
    now = candidate.facts()
    return case.died is None and now.handed_over is None and now.merged is None


def has_certificate(case: Case, number: str) -> bool:
    """Whether a certificate of a number is there and not revoked."""
    return any(held.number == number for held in case.certificates)


def no_certificate(field: str) -> Conflict:
    """The refusal to revoke a certificate that is not there."""
    return Conflict(
        "NO_CERTIFICATE",
        Text("Không có giấy chứng nhận còn hiệu lực.", "There is no certificate to revoke."),
        field=field,
    )


def _stood_on(candidate: Candidate, number: str) -> date | None:
    """The day of the first step under way that was judged by the certificate of a number."""
    facts = candidate.facts()
    for step in (facts.dossier, facts.vote, facts.decided):
        if step is None or step is facts.readmission:
            continue
        held = candidate.case(step.effective_on).certificate
        if held is not None and held.number == number:
            return step.effective_on
    return None
