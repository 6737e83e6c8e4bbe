"""Obligations as GraphQL shows them: what is owed, until when, and where each duty stands."""

from datetime import date
from typing import TypeVar
from uuid import UUID

import strawberry

from api.addressing import unaddressed
from api.context import Info
from api.described import field
from api.node import GlobalId, Node
from api.obligation_content import Submission, submission
from api.record import id_of
from domain import deadline as deadlines
from domain import duty as duty_rules
from domain import fulfillment, urging
from domain.obligation import DutyEntry, ObligationKind, Part, Standing
from domain.obligation import Obligation as DomainObligation
from domain.record import Entry
from domain.recurrence import Recurrence
from domain.urging import FollowUp, Trigger
from projections.basis import At

E = TypeVar("E", bound=Entry)


@strawberry.type(description="What somebody takes the words of a deadline to mean, and why.")
class DeadlineInterpretation:
    due: date | None
    inclusive: bool
    days: int | None
    every: Recurrence | None
    occurrence: str | None
    by: str
    reason: str
    interpreted_on: date


@strawberry.type(
    description="A deadline as written; `isImpossible` when its date lies before the duty's own."
)
class Deadline:
    written: str
    written_on: date | None
    is_impossible: bool


@strawberry.type(
    description="One thing to be done, as of the asked day. `due` without `inclusive` leaves the "
    "date itself out; `lastDay` is the last that is in time."
)
class Duty:
    occurrence: str | None
    first: date | None
    last: date | None
    standing: Standing
    due: date | None
    inclusive: bool | None
    last_day: date | None
    received_on: date | None
    is_late: bool


@strawberry.type(description="A step that changed where a duty stands.")
class DutyStep:
    standing: Standing
    occurrence: str | None
    occurred_on: date
    reasons: list[str]
    document: strawberry.ID | None


@strawberry.type(description="That an owner was reminded, or urged by a letter.")
class ReminderRecord:
    trigger: Trigger
    occurrence: str | None
    reminded_on: date
    letter: strawberry.ID | None
    note: str | None


@strawberry.type(description="That a submission went into a summary of the receiver.")
class Consolidation:
    occurrence: str | None
    consolidated_on: date
    document: strawberry.ID | None
    note: str | None


@strawberry.type(description="A look at how a duty is carried out, or guidance.")
class FollowUpRecord:
    kind: FollowUp
    by: str
    result: str
    measures: list[str]
    followed_up_on: date


@strawberry.type(description="A duty of an organization or a body of it, as of the asked day.")
class Obligation(Node):
    organization: str | None
    body: str | None
    imposed_by: str | None
    imposed_on: date
    directive: UUID = strawberry.field(description="The same for all imposed together.")
    document: strawberry.ID | None
    kind: ObligationKind
    title: str
    addressee: str | None
    via: str | None
    lead: str | None
    coworkers: list[str]
    period: str | None
    condition: str | None
    deadline: Deadline | None
    recurrence: Recurrence | None
    required: list[Part]
    record: strawberry.Private[DomainObligation]
    tenant_id: strawberry.Private[int]
    at: strawberry.Private[At]

    @field("What is to be done, and within how many days ahead; each interval for itself.")
    def duties(self, info: Info, ahead: int = 0) -> list[Duty]:
        on = day_of(info, self.tenant_id, self.at)
        ahead = max(0, min(ahead, urging.AHEAD_DAYS_MAX))
        found = duty_rules.duties(self.record, on, ahead=ahead)
        info.context.spend(len(found))
        return [duty(each) for each in found]

    @field("Every interpretation of the deadline; the last one counts.")
    def interpretations(self) -> list[DeadlineInterpretation]:
        return [
            DeadlineInterpretation(
                due=each.due,
                inclusive=each.inclusive,
                days=each.days,
                every=each.every,
                occurrence=each.occurrence,
                by=each.by,
                reason=each.reason,
                interpreted_on=each.effective_on,
            )
            for each in deadlines.interpretations(self.record, self.at.effective)
        ]

    @field()
    def submissions(self) -> list[Submission]:
        return [
            submission(each, self._document(each.document), self._document(each.parent))
            for each in self._of(fulfillment.ObligationSubmitted)
        ]

    @field()
    def steps(self) -> list[DutyStep]:
        return [
            DutyStep(
                standing=each.BECOMES,
                occurrence=each.occurrence,
                occurred_on=each.effective_on,
                reasons=_reasons(each),
                document=self._document(getattr(each, "document", None)),
            )
            for each in self._of(DutyEntry)
        ]

    @field()
    def reminders(self) -> list[ReminderRecord]:
        return [
            ReminderRecord(
                trigger=each.trigger,
                occurrence=each.occurrence,
                reminded_on=each.effective_on,
                letter=self._document(getattr(each, "document", None)),
                note=each.note,
            )
            for each in self.record.live(self.at.effective)
            if isinstance(each, urging.ReminderSent | urging.UrgingLetterIssued)
        ]

    @field()
    def consolidations(self) -> list[Consolidation]:
        return [
            Consolidation(
                occurrence=each.occurrence,
                consolidated_on=each.effective_on,
                document=self._document(each.document),
                note=each.note,
            )
            for each in self._of(fulfillment.ObligationConsolidated)
        ]

    @field()
    def follow_ups(self) -> list[FollowUpRecord]:
        return [
            FollowUpRecord(
                kind=each.kind,
                by=each.by,
                result=each.result,
                measures=list(each.measures),
                followed_up_on=each.effective_on,
            )
            for each in self._of(urging.ObligationFollowedUp)
        ]

    @field(
        "Whether the document's distribution list reaches the owner; null without a document or "
        "a list."
    )
    async def is_addressed(self, info: Info) -> bool | None:
        on = day_of(info, self.tenant_id, self.at)
        found = await unaddressed(info, self.tenant_id, [self.record], on)
        return None if self.record.id not in found else not found[self.record.id]

    def _of(self, kind: type[E]) -> list[E]:
        return [each for each in self.record.live(self.at.effective) if isinstance(each, kind)]

    def _document(self, document: UUID | None) -> strawberry.ID | None:
        return _document_id(self.tenant_id, document)


async def show(info: Info, record: DomainObligation, tenant_id: int, at: At) -> Obligation:
    """An obligation as of a day."""
    codes = info.context.services.codes
    imposed = record.imposed
    written = imposed.deadline
    return Obligation(
        id=id_of(record, tenant_id),
        organization=await codes.organization(tenant_id, imposed.organization_id),
        body=imposed.body,
        imposed_by=await codes.organization(tenant_id, imposed.imposed_by),
        imposed_on=imposed.effective_on,
        directive=imposed.directive,
        document=_document_id(tenant_id, imposed.document),
        kind=imposed.kind,
        title=imposed.title,
        addressee=imposed.addressee,
        via=imposed.via,
        lead=imposed.lead,
        coworkers=list(imposed.coworkers),
        period=imposed.period,
        condition=imposed.condition,
        deadline=None if written is None else _deadline(record, written),
        recurrence=imposed.recurrence,
        required=sorted(imposed.required),
        record=record,
        tenant_id=tenant_id,
        at=at,
    )


def duty(found: duty_rules.Duty) -> Duty:
    """One duty."""
    interval, due = found.interval, found.due
    return Duty(
        occurrence=found.occurrence,
        first=None if interval is None else interval.first,
        last=None if interval is None else interval.last,
        standing=found.standing,
        due=None if due is None else due.on,
        inclusive=None if due is None else due.inclusive,
        last_day=None if due is None else due.last_day,
        received_on=found.received_on,
        is_late=found.is_late,
    )


def day_of(info: Info, tenant_id: int, at: At) -> date:
    """The asked day, today without one."""
    return at.effective or info.context.services.desk.clock.today(tenant_id)


def _deadline(record: DomainObligation, written: str) -> Deadline:
    return Deadline(
        written=written,
        written_on=deadlines.written_date(written),
        is_impossible=deadlines.is_impossible(record),
    )


def _reasons(entry: DutyEntry) -> list[str]:
    if isinstance(entry, fulfillment.ObligationReturned):
        return list(entry.reasons)
    reason = getattr(entry, "reason", None) or getattr(entry, "note", None)
    return [] if reason is None else [reason]


def _document_id(tenant_id: int, document: UUID | None) -> strawberry.ID | None:
    return None if document is None else GlobalId("Document", tenant_id, document).encode()
