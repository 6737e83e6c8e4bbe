"""Re-admission (kết nạp lại) of a former member: a new pursuit, with a new probation, once only.

On the record of the first membership or on a new one; its admission is counted apart.
"""

from datetime import date
from typing import Annotated

from domain.admission import AdmissionDecided
from domain.calendar import add_months
from domain.candidate import Candidate
from domain.case import Case
from domain.dossier import DossierOpened
from domain.errors import Finding, InvalidInput
from domain.judgment import Day, Judgment, out_of_range
from domain.personal import SEALED
from domain.procedure import Ground, GroundKind
from domain.record import optional_words, require_past
from domain.text import Text


class ReadmissionOpened(DossierOpened):
    """A former member may begin the procedure anew, flagged as a re-admission.

    `departure` is the code of the ground for which the person left on `left_on`. It ends what came
    before, too: of a full member who left nothing else says so.
    """

    TOPIC = "candidate.readmission_opened"
    STANDS_ON_LIST = False
    BEGINS_PURSUIT = True
    ENDS_PURSUIT = True
    departure: Annotated[str, SEALED]
    left_on: date
    record_cleared_on: Annotated[date | None, SEALED]
    consent_number: str | None

    def take(self, case: Case) -> None:
        """The pursuit starts anew, with an open dossier and no listing."""
        case.begin_again()
        case.dossier = case.readmission = self


def open_readmission(
    candidate: Candidate,
    day: Day,
    *,
    departure: str,
    left_on: date,
    consent_number: str | None = None,
    record_cleared_on: date | None = None,
    resolution_number: str | None = None,
) -> list[Finding]:
    """Let a former member begin the procedure, with the provincial committee's written consent.

    Refused for the reasons that the regulation lists (M6), before the wait is over (T18), and to
    whoever was re-admitted before (M5).
    """
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    _require_former(candidate, day, case, left_on)
    ground = _departure(day, departure)
    _judge_departure(judged, ground, left_on, record_cleared_on)
    before = _readmitted_on(candidate)
    if before is not None:
        judged.breach("M5", at="candidate", day=before)
    consent = optional_words("consentNumber", consent_number)
    if consent is None:
        judged.breach("M4", at="consentNumber")
    return candidate.record(
        ReadmissionOpened,
        judged,
        departure=ground.code,
        left_on=left_on,
        record_cleared_on=record_cleared_on,
        consent_number=consent,
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def _require_former(candidate: Candidate, day: Day, case: Case, left_on: date) -> None:
    """Passes for a person who is no member on the day, having left when it is said."""
    require_past("leftOn", left_on, day.on)
    if case.struck_off is not None:
        struck_on = case.struck_off.effective_on
        if left_on != struck_on:
            raise out_of_range("leftOn", struck_on, struck_on)
    elif case.recognized is None:
        candidate.require_none(case.decided)
    elif left_on < case.recognized.effective_on:
        raise out_of_range("leftOn", case.recognized.effective_on, day.on)
    is_over = candidate.pursuit(day).ended is not None
    for opened in candidate.live():
        if isinstance(opened, ReadmissionOpened) and opened.effective_on >= left_on:
            later = opened.effective_on > day.on
            candidate.require_none(opened if later or not is_over else None)


def _departure(day: Day, code: str) -> Ground:
    ground = day.rules.ground(GroundKind.DEPARTURE, code, day.on)
    if ground is None:
        raise InvalidInput(
            "UNKNOWN_DEPARTURE",
            Text(f"Không có lý do “{code}”.", f"There is no ground “{code}”."),
            field="departure",
        )
    return ground


def _judge_departure(
    judged: Judgment, ground: Ground, left_on: date, cleared_on: date | None
) -> None:
    if ground.is_excluded:
        judged.breach("M6", at="departure", ground=ground.code)
    if not ground.after_clearing:
        earliest = add_months(left_on, judged.parameter("T18", "months"))
    elif cleared_on is None:
        raise InvalidInput(
            "DATE_MISSING",
            Text(
                "Cần ngày được xóa án tích.", "The day on which the record was cleared is needed."
            ),
            field="recordClearedOn",
        )
    else:
        earliest = add_months(cleared_on, judged.parameter("T18", "months_after_clearing"))
    if judged.day.on < earliest:
        judged.breach("T18", at="occurredOn", day=earliest)


def _readmitted_on(candidate: Candidate) -> date | None:
    """The day of a decision that re-admitted the person before."""
    is_again = False
    for entry in candidate.live():
        if isinstance(entry, ReadmissionOpened):
            is_again = True
        if isinstance(entry, AdmissionDecided) and is_again:
            return entry.effective_on
    return None
