"""The vetting of the personal history (thẩm tra, xác minh lý lịch).

Letters, dates and a conclusion code; no narrative and nobody's identity. It has a status of its
own, because it can be reopened whatever stage the case has reached.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Final

from domain.candidate import Candidate
from domain.case import Case, CaseEntry, VettingConclusion
from domain.errors import Finding, InvalidInput
from domain.judgment import Day, Judgment
from domain.record import optional_words
from domain.text import Text

REPLIES_MAX = 100


class VettingStatus(StrEnum):
    """How far the vetting has come."""

    NOT_STARTED = "NOT_STARTED"
    REQUESTED = "REQUESTED"
    REPLIES_OUTSTANDING = "REPLIES_OUTSTANDING"
    REPLIES_COMPLETE = "REPLIES_COMPLETE"
    SUPPLEMENT_NEEDED = "SUPPLEMENT_NEEDED"
    ELIGIBLE = "ELIGIBLE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    REFERRED_UPWARD = "REFERRED_UPWARD"


class VettingRequested(CaseEntry):
    """Letters went out that ask others to verify the history."""

    TOPIC = "candidate.vetting_requested"
    STANDS_ON_LIST = True
    replies_expected: int
    document_number: str | None

    def take(self, case: Case) -> None:
        """The vetting goes on."""
        case.vetting = case.reopened = None
        case.vetting_requests.append(self)


class VettingReplyReceived(CaseEntry):
    """One of those asked replied."""

    TOPIC = "candidate.vetting_reply_received"
    STANDS_ON_LIST = True
    document_number: str | None

    def take(self, case: Case) -> None:
        """One reply fewer is outstanding."""
        case.vetting_replies.append(self)


class VettingConcluded(CaseEntry):
    """The personal history was vetted with this conclusion.

    `recorded_by` is the id of who recorded it, None where that was not kept.
    """

    TOPIC = "candidate.vetting_concluded"
    STANDS_ON_LIST = True
    class_version: ClassVar[int] = 2
    conclusion: VettingConclusion
    document_number: str | None
    recorded_by: str | None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Who recorded it was not kept."""
        return dict(state) | {"recordedBy": None}

    def take(self, case: Case) -> None:
        """The last conclusion counts."""
        case.vetting, case.reopened = self, None


class VettingReopened(CaseEntry):
    """What was concluded does not hold any more."""

    TOPIC = "candidate.vetting_reopened"
    STANDS_ON_LIST = True
    document_number: str | None

    def take(self, case: Case) -> None:
        """There is no conclusion; a supplement is needed."""
        case.vetting, case.reopened = None, self


def request_vetting(
    candidate: Candidate, day: Day, *, replies_expected: int, document_number: str | None = None
) -> list[Finding]:
    """Ask others to verify the history; before its pages are stamped that is a finding.

    `replies_expected` is how many letters went out.
    """
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    if case.vetting is not None and case.vetting.conclusion is VettingConclusion.ELIGIBLE:
        candidate.require_none(case.vetting)
    if not 1 <= replies_expected <= REPLIES_MAX:
        raise InvalidInput(
            "COUNT_OUT_OF_RANGE",
            Text(
                f"“repliesExpected” phải từ 1 đến {REPLIES_MAX}.",
                f"“repliesExpected” must be 1 to {REPLIES_MAX}.",
            ),
            field="repliesExpected",
        )
    if case.stamped is None:
        judged.breach("V1", at="occurredOn")
    return candidate.record(
        VettingRequested,
        judged,
        replies_expected=replies_expected,
        document_number=optional_words("documentNumber", document_number),
    )


def record_vetting_reply(
    candidate: Candidate, day: Day, *, document_number: str | None = None
) -> list[Finding]:
    """Record one reply, as many as were asked for."""
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    if not (replies_outstanding(case) and replies_outstanding(candidate.pursuit(day))):
        raise judged.out_of_order("vetting_request")
    return candidate.record(
        VettingReplyReceived,
        judged,
        document_number=optional_words("documentNumber", document_number),
    )


def conclude_vetting(
    candidate: Candidate,
    day: Day,
    *,
    conclusion: VettingConclusion,
    document_number: str | None = None,
) -> list[Finding]:
    """Record the conclusion code of the vetting.

    A later conclusion replaces it until the decision. Nobody is found eligible while replies are
    outstanding (V2); a conclusion without any request is a finding (V3).
    """
    judged = Judgment(day)
    case = candidate.require(judged, "dossier")
    candidate.require_none(case.decided)
    if conclusion is VettingConclusion.ELIGIBLE:
        if outstanding := replies_outstanding(case):
            judged.breach("V2", at="conclusion", outstanding=outstanding)
        if not case.vetting_requests:
            judged.breach("V3", at="occurredOn")
    return candidate.record(
        VettingConcluded,
        judged,
        conclusion=conclusion,
        document_number=optional_words("documentNumber", document_number),
        recorded_by=day.actor,
    )


def reopen_vetting(
    candidate: Candidate, day: Day, *, document_number: str | None = None
) -> list[Finding]:
    """Record that the conclusion does not hold any more; possible until the decision."""
    judged = Judgment(day)
    candidate.require(judged, "dossier")
    case = candidate.require(judged, "vetting")
    candidate.require_none(case.decided)
    return candidate.record(
        VettingReopened,
        judged,
        document_number=optional_words("documentNumber", document_number),
    )


def replies_outstanding(case: Case) -> int:
    """How many of those asked have not replied."""
    asked = sum(request.replies_expected for request in case.vetting_requests)
    return max(asked - len(case.vetting_replies), 0)


_CONCLUDED: Final = {
    VettingConclusion.ELIGIBLE: VettingStatus.ELIGIBLE,
    VettingConclusion.NOT_ELIGIBLE: VettingStatus.NOT_ELIGIBLE,
    VettingConclusion.SUPPLEMENT_NEEDED: VettingStatus.SUPPLEMENT_NEEDED,
    VettingConclusion.REFER_UPWARD: VettingStatus.REFERRED_UPWARD,
}


def vetting_status(case: Case) -> VettingStatus:
    """How far the vetting has come by the facts of a day."""
    if case.vetting is not None:
        return _CONCLUDED[case.vetting.conclusion]
    if case.reopened is not None:
        return VettingStatus.SUPPLEMENT_NEEDED
    if not case.vetting_requests:
        return VettingStatus.NOT_STARTED
    if not replies_outstanding(case):
        return VettingStatus.REPLIES_COMPLETE
    some = bool(case.vetting_replies)
    return VettingStatus.REPLIES_OUTSTANDING if some else VettingStatus.REQUESTED
