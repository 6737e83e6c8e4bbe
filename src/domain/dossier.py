"""The admission dossier (hồ sơ xin vào Đảng): who may begin one, and the person's own papers."""

from datetime import date
from enum import StrEnum

from domain.calendar import add_months
from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding, InvalidInput
from domain.judgment import Day, Judgment
from domain.record import optional_words, require_past
from domain.text import Text

PAGES_MAX = 500


class Schooling(StrEnum):
    """The highest school that the person has finished."""

    NONE = "NONE"
    PRIMARY = "PRIMARY"
    LOWER_SECONDARY = "LOWER_SECONDARY"
    UPPER_SECONDARY = "UPPER_SECONDARY"
    VOCATIONAL = "VOCATIONAL"
    COLLEGE = "COLLEGE"
    UNIVERSITY = "UNIVERSITY"
    POSTGRADUATE = "POSTGRADUATE"


class DossierOpened(CaseEntry):
    """The cell allowed the person to begin the procedure."""

    TOPIC = "candidate.dossier_opened"
    STANDS_ON_LIST = True
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The procedure has begun."""
        case.dossier = self


class ApplicationSubmitted(CaseEntry):
    """The person applied for admission in writing (1-KNĐ)."""

    TOPIC = "candidate.application_submitted"
    STANDS_ON_LIST = True
    written_on: date

    def take(self, case: Case) -> None:
        """The last application counts."""
        case.application = self


class HistoryDeclared(CaseEntry):
    """The person declared the personal history (2-KNĐ); nothing of what it says is kept."""

    TOPIC = "candidate.history_declared"
    STANDS_ON_LIST = True
    written_on: date
    schooling: Schooling

    def take(self, case: Case) -> None:
        """The last history counts; its pages are not stamped yet."""
        case.history, case.stamped = self, None


class HistoryStamped(CaseEntry):
    """Every page of the history was stamped before any remark was written."""

    TOPIC = "candidate.history_stamped"
    STANDS_ON_LIST = True
    pages: int

    def take(self, case: Case) -> None:
        """Remarks may be written."""
        case.stamped = self


def open_dossier(
    candidate: Candidate, day: Day, *, resolution_number: str | None = None
) -> list[Finding]:
    """Let the sympathizer begin the procedure: listed, with a certificate valid on the day."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    judged.certificate(case, day.on)
    candidate.require(judged, "listed")
    candidate.require_none(candidate.pursuit(day).dossier)
    return candidate.record(
        DossierOpened,
        judged,
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def submit_application(candidate: Candidate, day: Day, *, written_on: date) -> list[Finding]:
    """Record the person's application; again only when the old one is out of date (T5)."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    held = candidate.pursuit(day).application
    if held is not None and not outdated(judged, held.written_on):
        candidate.require_none(held)
    return candidate.record(
        ApplicationSubmitted, judged, written_on=require_past("writtenOn", written_on, day.on)
    )


def declare_history(
    candidate: Candidate, day: Day, *, written_on: date, schooling: Schooling
) -> list[Finding]:
    """Record that the person declared the history; before the application that is a finding."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    held = candidate.pursuit(day).history
    if held is not None and not outdated(judged, held.written_on):
        candidate.require_none(held)
    if case.application is None:
        judged.breach("D1", at="occurredOn")
    return candidate.record(
        HistoryDeclared,
        judged,
        written_on=require_past("writtenOn", written_on, day.on),
        schooling=schooling,
    )


def stamp_history(candidate: Candidate, day: Day, *, pages: int) -> list[Finding]:
    """Record that every page of the history bears the stamp, `pages` of them."""
    judged = Judgment(day)
    candidate.require(judged, "dossier")
    case = candidate.require(judged, "history")
    candidate.require_none(case.decided)
    candidate.require_none(case.stamped)
    if not 1 <= pages <= PAGES_MAX:
        raise InvalidInput(
            "COUNT_OUT_OF_RANGE",
            Text(f"“pages” phải từ 1 đến {PAGES_MAX}.", f"“pages” must be 1 to {PAGES_MAX}."),
            field="pages",
        )
    return candidate.record(HistoryStamped, judged, pages=pages)


def outdated(judged: Judgment, written_on: date) -> bool:
    """T5: whether a paper is too old on the day to be relied on."""
    return judged.day.on > add_months(written_on, judged.parameter("T5", "months"))
