"""The probation begins: the decision is received, the ceremony is held."""

from datetime import date

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Conflict, Finding
from domain.judgment import Day, Judgment, out_of_range
from domain.record import optional_words, require_words
from domain.text import Text


class DecisionReceived(CaseEntry):
    """The cell received the admission decision; the limit of the ceremony counts from that day."""

    TOPIC = "candidate.decision_received"
    STANDS_ON = ("decided",)
    document_number: str | None

    def take(self, case: Case) -> None:
        """The decision lies with the cell."""
        case.membership.received = self


class LateCeremonyConsented(CaseEntry):
    """The direct superior consented to a ceremony after the limit."""

    TOPIC = "candidate.late_ceremony_consented"
    STANDS_ON = ("decided",)
    consent_number: str
    issued_by: str | None

    def take(self, case: Case) -> None:
        """The ceremony may be late."""
        case.membership.late_consent = self


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


def receive_decision(
    candidate: Candidate, day: Day, *, document_number: str | None = None
) -> list[Finding]:
    """Record the day on which the cell received the admission decision."""
    judged = Judgment(day)
    case = candidate.require(judged, "decided")
    candidate.require_none(case.ceremony)
    later = candidate.pursuit(day)
    candidate.require_none(later.membership.received)
    if later.ceremony is not None:
        _require_same_receipt(later.ceremony.decision_received_on, day.on, "occurredOn")
    return candidate.record(
        DecisionReceived,
        judged,
        document_number=optional_words("documentNumber", document_number),
    )


def consent_to_late_ceremony(
    candidate: Candidate, day: Day, *, consent_number: str, issued_by: str | None = None
) -> list[Finding]:
    """Record the direct superior's consent to a ceremony after the limit (T10)."""
    judged = Judgment(day)
    case = candidate.require(judged, "decided")
    candidate.require_none(case.ceremony)
    return candidate.record(
        LateCeremonyConsented,
        judged,
        consent_number=require_words("consentNumber", consent_number, 100),
        issued_by=optional_words("issuedBy", issued_by),
    )


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
    candidate.require_none(candidate.pursuit(day).ceremony)
    assert case.decided is not None
    received_on = _received_on(case, decision_received_on)
    if not case.decided.effective_on <= received_on <= day.on:
        raise out_of_range("decisionReceivedOn", case.decided.effective_on, day.on)
    given = optional_words("consentNumber", consent_number)
    consented = case.membership.late_consent
    consent = given or (consented.consent_number if consented else None)
    judged.in_time("T10", received_on, day.on, consent=consent)
    return candidate.record(
        CeremonyHeld,
        judged,
        decision_received_on=decision_received_on,
        consent_number=given,
        probation_ends_on=judged.probation_ends_on(),
    )


def _received_on(case: Case, stated_on: date | None) -> date:
    """The day of receipt: recorded before, or stated with the ceremony, else the decision's own."""
    assert case.decided is not None
    recorded = case.membership.received
    if recorded is None:
        return stated_on or case.decided.effective_on
    _require_same_receipt(recorded.effective_on, stated_on, "decisionReceivedOn")
    return recorded.effective_on


def _require_same_receipt(recorded_on: date | None, said: date | None, field: str) -> None:
    """Passes unless another day of receipt is recorded than is said now. Raises Conflict."""
    if recorded_on is not None and said not in {None, recorded_on}:
        raise Conflict(
            "RECEIPT_DIFFERS",
            Text(
                f"Ngày nhận quyết định đã ghi là {recorded_on:%d/%m/%Y}.",
                f"The decision is recorded as received on {recorded_on}.",
            ),
            field=field,
        )
