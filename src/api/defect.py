"""Defects as GraphQL shows them, and their mutations."""

from datetime import date

import strawberry

from api.context import Info
from api.node import GlobalId, Node
from api.record import after_command, id_of
from api.step import answer, mutations
from commands import defect as commands
from commands.step import commands_of
from domain import defect as domain
from domain.defect import DefectReminded
from projections.basis import At


@strawberry.type
class DefectReminder:
    by: str
    reminded_on: date
    document: strawberry.ID | None
    note: str | None


@strawberry.type(description="A defect that a body found, and what became of it by the asked day.")
class Defect(Node):
    organization: str | None
    found_by: str
    found_on: date
    what: str
    candidate: strawberry.ID | None
    rule: str | None
    remedy_until: date | None
    reminders: list[DefectReminder]
    closed_on: date | None
    outcome: str | None


async def show(info: Info, record: domain.Defect, tenant_id: int, at: At) -> Defect:
    """A defect as of a day."""
    noted, closed = record.noted, record.closed(at.effective)
    return Defect(
        id=id_of(record, tenant_id),
        organization=await info.context.services.codes.organization(
            tenant_id, record.organization_id
        ),
        found_by=noted.found_by,
        found_on=noted.effective_on,
        what=noted.what,
        candidate=None
        if noted.candidate is None
        else GlobalId("Candidate", tenant_id, noted.candidate).encode(),
        rule=noted.rule,
        remedy_until=noted.remedy_until,
        reminders=[
            DefectReminder(
                by=each.by,
                reminded_on=each.effective_on,
                document=None
                if each.document is None
                else GlobalId("Document", tenant_id, each.document).encode(),
                note=each.note,
            )
            for each in record.live(at.effective)
            if isinstance(each, DefectReminded)
        ],
        closed_on=None if closed is None else closed.effective_on,
        outcome=None if closed is None else closed.outcome,
    )


DefectResult, _shown = answer(Defect, after_command(domain.Defect, show))
DefectMutation = mutations("DefectMutation", commands_of(commands), DefectResult, _shown)
