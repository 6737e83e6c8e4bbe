"""What is handed in for a duty, and what the receiver makes of it."""

import re
from typing import Annotated, ClassVar
from uuid import UUID

from domain.content import Content
from domain.document import Document
from domain.duty import require_occurrence
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.obligation import DutyEntry, Obligation, Part, Standing
from domain.record import Entry, optional_words, require_words
from domain.text import Text
from domain.words import words_of


class ObligationSubmitted(DutyEntry):
    """Something was received on the effective day: a document of the register, or one as named.

    `on_behalf_by` says which level above handed it in for the owner; `parent` is the plan above
    that it carries out.
    """

    TOPIC = "obligation.submitted"
    FROM: ClassVar = frozenset(
        {Standing.OPEN, Standing.RETURNED, Standing.NONE_REPORTED, Standing.EXCUSED}
    )
    BECOMES: ClassVar = Standing.SUBMITTED
    document: UUID | None
    named: str | None
    time: str | None
    evidence: str | None
    on_behalf_by: str | None
    parent: UUID | None
    content: Content


class ObligationReturned(DutyEntry):
    """What was handed in went back, with reasons."""

    TOPIC = "obligation.returned"
    FROM: ClassVar = frozenset({Standing.SUBMITTED, Standing.APPROVED})
    BECOMES: ClassVar = Standing.RETURNED
    reasons: tuple[str, ...]


class ObligationApproved(DutyEntry):
    """What was handed in is accepted."""

    TOPIC = "obligation.approved"
    FROM: ClassVar = frozenset({Standing.SUBMITTED})
    BECOMES: ClassVar = Standing.APPROVED
    document: UUID | None
    note: str | None


class NoneReported(DutyEntry):
    """The owner reports that the duty's condition does not hold for it (“không còn nguồn”)."""

    TOPIC = "obligation.none_reported"
    FROM: ClassVar = frozenset({Standing.OPEN, Standing.RETURNED, Standing.EXCUSED})
    BECOMES: ClassVar = Standing.NONE_REPORTED
    reason: str


class ObligationExcused(DutyEntry):
    """Whoever imposed the duty lets the owner off, with a reason."""

    TOPIC = "obligation.excused"
    FROM: ClassVar = frozenset({Standing.OPEN, Standing.RETURNED, Standing.NONE_REPORTED})
    BECOMES: ClassVar = Standing.EXCUSED
    reason: str


class ObligationWithdrawn(DutyEntry):
    """Whoever imposed the duty took it back, with all that was still to come of it."""

    TOPIC = "obligation.withdrawn"
    FROM: ClassVar = frozenset(Standing) - {Standing.WITHDRAWN}
    BECOMES: ClassVar = Standing.WITHDRAWN
    reason: str


class ObligationConsolidated(Entry):
    """What was handed in went into a summary (tổng hợp) of the receiver."""

    TOPIC = "obligation.consolidated"
    occurrence: str | None
    document: UUID | None
    note: str | None


def submit_obligation(
    obligation: Obligation,
    day: Day,
    *,
    document: Annotated[UUID, Document] | None = None,
    named: str | None = None,
    occurrence: str | None = None,
    time: str | None = None,
    evidence: str | None = None,
    on_behalf_by: str | None = None,
    parent: Annotated[UUID, Document] | None = None,
    content: Content | None = None,
) -> None:
    """Record what was received for a duty; `occurredOn` is the day of receipt, `time` its hour.

    `onBehalfBy` names the level above where it hands in for the owner. Raises InvalidInput for an
    unknown occurrence, when there is nothing to hand in, and for a part that is asked for and
    missing; Conflict when it has been handed in already.
    """
    if document is None and named is None and content is None:
        raise _invalid("NOTHING_SUBMITTED", "document", "chưa có gì để nộp", "nothing is handed in")
    stated = (content or Content()).checked()
    _require_parts(obligation, stated.parts() | ({Part.PARENT} if parent else set()))
    if time is not None and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time):
        raise _invalid("INVALID_TIME", "time", "giờ dạng 16:45", "a time is like 16:45")
    obligation.take(
        ObligationSubmitted,
        day,
        occurrence=require_occurrence(obligation, day.on, occurrence),
        document=document,
        named=optional_words("named", named, 500),
        time=time,
        evidence=optional_words("evidence", evidence, 500),
        on_behalf_by=optional_words("onBehalfBy", on_behalf_by, 300),
        parent=parent,
        content=stated,
    )


def return_submission(
    obligation: Obligation, day: Day, *, reasons: tuple[str, ...], occurrence: str | None = None
) -> None:
    """Send back what was handed in, with reasons; also when it had been approved.

    Raises InvalidInput without a reason, and Conflict when nothing was handed in.
    """
    if not reasons:
        raise _invalid("NO_REASON", "reasons", "phải có lý do", "there must be a reason")
    obligation.take(
        ObligationReturned, day, occurrence=occurrence, reasons=words_of("reasons", reasons)
    )


def approve_submission(
    obligation: Obligation,
    day: Day,
    *,
    document: Annotated[UUID, Document] | None = None,
    note: str | None = None,
    occurrence: str | None = None,
) -> None:
    """Accept what was handed in. Raises Conflict when nothing was."""
    obligation.take(
        ObligationApproved,
        day,
        occurrence=occurrence,
        document=document,
        note=optional_words("note", note, 1000),
    )


def report_none(
    obligation: Obligation, day: Day, *, reason: str, occurrence: str | None = None
) -> None:
    """Report for the owner that the duty's condition does not hold for it.

    Raises InvalidInput for a duty without a condition.
    """
    if obligation.imposed.condition is None:
        raise _invalid(
            "NO_CONDITION",
            "obligation",
            "nhiệm vụ này giao cho mọi tổ chức",
            "this duty has no condition",
        )
    obligation.take(
        NoneReported,
        day,
        occurrence=require_occurrence(obligation, day.on, occurrence),
        reason=require_words("reason", reason, 2000),
    )


def excuse_obligation(
    obligation: Obligation, day: Day, *, reason: str, occurrence: str | None = None
) -> None:
    """Let the owner off, with a reason. Raises Conflict when something was handed in."""
    obligation.take(
        ObligationExcused,
        day,
        occurrence=require_occurrence(obligation, day.on, occurrence),
        reason=require_words("reason", reason, 2000),
    )


def withdraw_obligations(obligation: Obligation, day: Day, *, reason: str) -> None:
    """Take duties back, with all that was still to come of them."""
    obligation.take(
        ObligationWithdrawn,
        day,
        occurrence=None,
        reason=require_words("reason", reason, 2000),
    )


def consolidate_obligations(
    obligation: Obligation,
    day: Day,
    *,
    document: Annotated[UUID, Document] | None = None,
    note: str | None = None,
    occurrence: str | None = None,
) -> None:
    """Record that what was handed in for these duties went into one summary.

    Raises InvalidInput unless something was handed in for each and not returned.
    """
    received = {Standing.SUBMITTED, Standing.APPROVED}
    if obligation.standings(day.on).get(occurrence) not in received:
        raise _invalid(
            "NOTHING_TO_CONSOLIDATE",
            "obligations",
            "có nhiệm vụ chưa nộp",
            "nothing stands handed in for one of them",
        )
    obligation.enter(
        ObligationConsolidated,
        day.on,
        occurrence=occurrence,
        document=document,
        note=optional_words("note", note, 1000),
    )


def _require_parts(obligation: Obligation, stated: frozenset[Part]) -> None:
    missing = sorted(obligation.imposed.required - stated)
    if missing:
        raise _invalid(
            "PART_MISSING",
            "content",
            f"còn thiếu {', '.join(missing)}",
            f"{', '.join(missing)} missing",
        )


def _invalid(code: str, field: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput(code, Text(f"“{field}”: {vi}.", f"“{field}”: {en}."), field=field)
