"""The list of sympathizers (cảm tình Đảng), and who helps the people on it."""

from datetime import date
from typing import Annotated

from domain.candidate import Candidate
from domain.case import Case, CaseEntry, Stage
from domain.deciding import Matter, require_committee
from domain.errors import Finding
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words, require_age_of_party, require_words


class SympathizerListed(CaseEntry):
    """The cell put the person on the list of sympathizers."""

    TOPIC = "candidate.sympathizer_listed"
    BEGINS_PURSUIT = True
    STANDS_WITHOUT = ("listed",)
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The person is on the list."""
        case.listed, case.ended = self, None


class SympathizerConfirmed(CaseEntry):
    """The grassroots committee confirmed the person's place on the list."""

    TOPIC = "candidate.sympathizer_confirmed"
    MOVES_CASE = False
    STANDS_ON_LIST = True
    document_number: str | None

    def take(self, case: Case) -> None:
        """The place on the list is confirmed."""
        case.confirmed = self


class SympathizerRemoved(CaseEntry):
    """The cell took the person off the list."""

    TOPIC = "candidate.sympathizer_removed"
    STANDS_ON_LIST = True
    ENDS_PURSUIT = True
    OUTCOME = Stage.REMOVED
    reason: Annotated[str, SEALED]
    resolution_number: str | None

    def take(self, case: Case) -> None:
        """The pursuit starts anew: only the person, the helper and the certificate remain."""
        case.end(self)


class HelperAssigned(CaseEntry):
    """An official member was assigned to help the person."""

    TOPIC = "candidate.helper_assigned"
    MOVES_CASE = False
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
    candidate.require_none(candidate.pursuit(day).listed)
    candidate.require_none(case.decided)
    judged.helper(case)
    return candidate.record(
        SympathizerListed,
        judged,
        resolution_number=optional_words("resolutionNumber", resolution_number),
    )


def confirm_sympathizer(
    candidate: Candidate, day: Day, *, document_number: str | None = None
) -> list[Finding]:
    """Confirm the person's place on the list, which a grassroots committee reviews monthly."""
    judged = Judgment(day)
    candidate.require(judged, "identified")
    require_committee(judged, candidate.cell, Matter.LIST)
    candidate.require(judged, "listed")
    candidate.require_none(candidate.pursuit(day).confirmed)
    return candidate.record(
        SympathizerConfirmed,
        judged,
        document_number=optional_words("documentNumber", document_number),
    )


def remove_sympathizer(
    candidate: Candidate, day: Day, *, reason: str, resolution_number: str | None = None
) -> list[Finding]:
    """Take the person off the list; possible from any stage before the decision."""
    judged = Judgment(day)
    case = candidate.require(judged, "listed")
    candidate.require_none(case.decided)
    candidate.require_last(day)
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
