"""How the owners of duties are followed: reminders, urging letters, guidance, checks.

What triggers a reminder is derived here from the duties; triggers that come from targets, classes,
certificates or dossiers belong to the read models of those.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from domain.document import Document
from domain.duty import Duty, duties, require_occurrence
from domain.judgment import Day
from domain.obligation import Obligation, ObligationKind, Standing
from domain.record import Entry, optional_words, require_words
from domain.words import words_of

AHEAD_DAYS_MAX = 366


class Trigger(StrEnum):
    """Why somebody is reminded or urged."""

    PLAN_MISSING = "PLAN_MISSING"
    REPORT_MISSING = "REPORT_MISSING"
    OVERDUE = "OVERDUE"
    DUE_SOON = "DUE_SOON"
    OTHER = "OTHER"


class FollowUp(StrEnum):
    """How a duty is followed: by the unit itself or by the level above."""

    SELF_CHECK = "SELF_CHECK"
    MONITORING = "MONITORING"
    INSPECTION = "INSPECTION"
    GUIDANCE = "GUIDANCE"


class ReminderSent(Entry):
    """The owner was reminded, without a document."""

    TOPIC = "obligation.reminded"
    occurrence: str | None
    trigger: Trigger
    note: str | None


class UrgingLetterIssued(Entry):
    """The owner was urged by a letter (công văn đôn đốc)."""

    TOPIC = "obligation.urged"
    occurrence: str | None
    trigger: Trigger
    document: UUID
    note: str | None


class ObligationFollowedUp(Entry):
    """Somebody looked at how the duty is carried out, or gave guidance."""

    TOPIC = "obligation.followed_up"
    kind: FollowUp
    by: str
    result: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """A duty whose owner is to be reminded, and why."""

    obligation: Obligation
    duty: Duty
    trigger: Trigger


def remind_obligations(
    obligation: Obligation,
    day: Day,
    *,
    trigger: Trigger,
    note: str | None = None,
    occurrence: str | None = None,
) -> None:
    """Record that the owners of these duties were reminded.

    Raises InvalidInput for an unknown occurrence.
    """
    obligation.enter(
        ReminderSent,
        day.on,
        occurrence=_known(obligation, day, occurrence),
        trigger=trigger,
        note=optional_words("note", note, 1000),
    )


def urge_obligations(
    obligation: Obligation,
    day: Day,
    *,
    trigger: Trigger,
    document: Annotated[UUID, Document],
    note: str | None = None,
    occurrence: str | None = None,
) -> None:
    """Record that a letter urged the owners of these duties.

    Raises InvalidInput for an unknown occurrence.
    """
    obligation.enter(
        UrgingLetterIssued,
        day.on,
        occurrence=_known(obligation, day, occurrence),
        trigger=trigger,
        document=document,
        note=optional_words("note", note, 1000),
    )


def follow_up_obligation(
    obligation: Obligation,
    day: Day,
    *,
    kind: FollowUp,
    by: str,
    result: str,
    measures: tuple[str, ...] = (),
) -> None:
    """Record a look at how the duty is carried out (at the unit itself or from above), or guidance.

    `by` is the body that did it.
    """
    obligation.enter(
        ObligationFollowedUp,
        day.on,
        kind=kind,
        by=require_words("by", by, 300),
        result=require_words("result", result, 4000),
        measures=words_of("measures", measures),
    )


def reminders(obligation: Obligation, on: date, *, within_days: int) -> list[Reminder]:
    """Which of the duties are overdue on a day, or due within some days and still open."""
    found = [(each, _trigger(obligation, each, on, within_days)) for each in duties(obligation, on)]
    return [Reminder(obligation, duty, trigger) for duty, trigger in found if trigger is not None]


def last_reminded_on(obligation: Obligation, occurrence: str | None, on: date) -> date | None:
    """The last day by another on which the owner was reminded or urged about an occurrence."""
    found = [
        each.effective_on
        for each in obligation.live(on)
        if isinstance(each, ReminderSent | UrgingLetterIssued) and each.occurrence == occurrence
    ]
    return found[-1] if found else None


def _known(obligation: Obligation, day: Day, occurrence: str | None) -> str | None:
    """None for all of the duty, else an occurrence that there is."""
    return occurrence and require_occurrence(obligation, day.on, occurrence)


def _trigger(obligation: Obligation, duty: Duty, on: date, within_days: int) -> Trigger | None:
    if duty.due is None or not duty.standing.is_open:
        return None
    if duty.is_late:
        kind = obligation.imposed.kind
        if duty.standing is Standing.RETURNED:
            return Trigger.OVERDUE
        return _MISSING.get(kind, Trigger.OVERDUE)
    soon = duty.due.last_day <= on + timedelta(days=within_days)
    return Trigger.DUE_SOON if soon else None


_MISSING = {
    ObligationKind.PLAN: Trigger.PLAN_MISSING,
    ObligationKind.PROGRAM: Trigger.PLAN_MISSING,
    ObligationKind.REPORT: Trigger.REPORT_MISSING,
}
