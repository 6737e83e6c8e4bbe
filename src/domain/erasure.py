"""Erasing a person: on whose order, after which wait, and when a dossier forbids it.

What is erased is the key of the person's data; which key that is, the log knows.
"""

from datetime import date, timedelta

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.dossier import DossierOpened
from domain.errors import Conflict, Finding
from domain.judgment import Day, Judgment
from domain.record import optional_words, require_words
from domain.text import Text


class ErasureOrdered(CaseEntry):
    """A competent body ordered that the person's personal data be erased, from a day on.

    `approval_number` is the written approval without which no dossier may be touched.
    """

    TOPIC = "candidate.erasure_ordered"
    OF_THE_LIVING = False
    OPEN_TO_ENDED = True
    document_number: str
    issued_by: str
    approval_number: str | None
    erasable_from: date


class PersonalDataErased(CaseEntry):
    """The key of the person's data was destroyed. The steps and the figures remain."""

    TOPIC = "candidate.personal_data_erased"
    OF_THE_LIVING = False
    OPEN_TO_ENDED = True
    document_number: str

    def take(self, case: Case) -> None:
        """The personal fields are gone."""
        case.erased = self


def order_erasure(
    candidate: Candidate,
    day: Day,
    *,
    document_number: str,
    issued_by: str,
    approval_number: str | None = None,
) -> list[Finding]:
    """Record a competent body's order; the wait (X2) begins.

    Once there is a dossier it needs the approval that X1 asks for.
    """
    judged = Judgment(day)
    approval = optional_words("approvalNumber", approval_number)
    _judge_dossier(candidate, judged, approval)
    wait_days = day.rules.on("X2", day.on).parameters["days"]
    return candidate.record(
        ErasureOrdered,
        judged,
        document_number=require_words("documentNumber", document_number, 200),
        issued_by=require_words("issuedBy", issued_by, 200),
        approval_number=approval,
        erasable_from=day.on + timedelta(days=wait_days),
    )


def erase(candidate: Candidate, day: Day) -> list[Finding]:
    """Record that the key is destroyed, by an order whose wait is over.

    Raises Conflict when nobody ordered it.
    """
    judged = Judgment(day)
    orders = [entry for entry in candidate.live(day.on) if isinstance(entry, ErasureOrdered)]
    if not orders:
        raise Conflict(
            "ERASURE_NOT_ORDERED",
            Text(
                "Chưa có văn bản của cơ quan có thẩm quyền về việc xóa dữ liệu cá nhân.",
                "No competent body has ordered the erasure.",
            ),
            field="candidate",
        )
    due = [order for order in orders if order.erasable_from <= day.on]
    if not due:
        judged.breach("X2", at="occurredOn", day=min(order.erasable_from for order in orders))
    # Where the rule makes of it a finding only, an order counts before its wait is over.
    counted = due or orders
    order = next((each for each in counted if each.approval_number is not None), counted[-1])
    _judge_dossier(candidate, judged, order.approval_number)
    return candidate.record(PersonalDataErased, judged, document_number=order.document_number)


def _judge_dossier(candidate: Candidate, judged: Judgment, approval: str | None) -> None:
    if any(isinstance(entry, DossierOpened) for entry in candidate.live()):
        judged.breach("X1", at="approvalNumber", consent=approval)
