"""The list of sympathizers (cảm tình Đảng), and who helps the people on it."""

from datetime import date
from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words, require_age_of_party, require_words


class SympathizerListed(CaseEntry):
    """The cell put the person on the list of sympathizers."""

    TOPIC = "candidate.sympathizer_listed"
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The person is on the list."""
        case.listed, case.removed = self, None


class SympathizerRemoved(CaseEntry):
    """The cell took the person off the list."""

    TOPIC = "candidate.sympathizer_removed"
    STANDS_ON_LIST = True
    ENDS_PURSUIT = True
    reason: Annotated[str, SEALED]
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The pursuit starts anew: only the person, the helper and the certificate remain."""
        case.removed, case.listed = self, None
        case.dossier = case.vetting = case.submitted = None
        case.votes = []


class HelperAssigned(CaseEntry):
    """An official member was assigned to help the person."""

    TOPIC = "candidate.helper_assigned"
    helper_name: Annotated[str, SEALED]
    helper_official_since: date

    def take(self, case: Case) -> None:
        """The last helper counts."""
        case.helper = self


def list_sympathizer(
    candidate: Candidate, day: Day, *, resolution_number: str | None = None
) -> list[Finding]:
    """Put the person on the list of sympathizers; without a helper that is a finding."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(candidate.pursuit(day).listed, "SympathizerListed")
    candidate.require_none(case.decided, "AdmissionDecided")
    judged.helper(case)
    return candidate.record(
        SympathizerListed,
        judged,
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def remove_sympathizer(
    candidate: Candidate, day: Day, *, reason: str, resolution_number: str | None = None
) -> list[Finding]:
    """Take the person off the list; possible from any stage before the decision."""
    judged = Judgment(day)
    case = candidate.require(judged, "listed")
    candidate.require_none(case.decided, "AdmissionDecided")
    later = _next_on_list(candidate, day)
    candidate.require_none(later, type(later).__name__)
    return candidate.record(
        SympathizerRemoved,
        judged,
        reason=require_words("reason", reason, 2000),
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def assign_helper(
    candidate: Candidate, day: Day, *, helper_name: str, helper_official_since: date
) -> list[Finding]:
    """Assign an official member to help; possible from the first stage on."""
    judged = Judgment(day)
    candidate.require(judged, "identified")
    require_age_of_party("helperOfficialSince", helper_official_since)
    judged.official_since(helper_official_since)
    return candidate.record(
        HelperAssigned,
        judged,
        helper_name=require_words("helperName", helper_name, 200),
        helper_official_since=helper_official_since,
    )


def _next_on_list(candidate: Candidate, day: Day) -> CaseEntry | None:
    """The next later step that stands on being on the list as of a day."""
    for entry in candidate.live():
        if entry.effective_on > day.on and isinstance(entry, SympathizerListed):
            return None
        if entry.effective_on > day.on and isinstance(entry, CaseEntry) and entry.STANDS_ON_LIST:
            return entry
    return None
