"""Meetings as GraphQL shows them, and the mutation that records one."""

from datetime import date
from uuid import UUID

import strawberry

from api.access import require_cases
from api.context import Info
from api.described import field
from api.node import GlobalId, Node, optional_id
from api.record import after_command, id_of
from api.step import answer, written
from commands import meeting as commands
from domain import meeting as domain
from domain.candidate import Candidate
from domain.meeting import MeetingKind
from domain.record import Voided
from domain.sitting import SittingMatter, items
from projections.basis import At


@strawberry.type(description="What was treated. `assignee` has the `task`, else the candidate.")
class MeetingAgendaItem:
    text: str
    candidate: strawberry.ID | None
    document: strawberry.ID | None
    about: str | None
    task: str | None
    assignee: str | None
    due: date | None


@strawberry.type(
    description="What the meeting decided on a person, as its minutes say. The person's own record "
    "says what holds; `corrected` tells that it was corrected there."
)
class MeetingItem:
    matter: SittingMatter
    candidate: strawberry.ID
    in_favor: int | None
    number: str | None
    corrected: bool


@strawberry.type(description="A meeting; `members` are all official members, present or not.")
class Meeting(Node):
    organization: str | None
    kind: MeetingKind
    held_on: date
    body: str | None
    members: int
    present: int
    absent: list[str] | None
    agenda: list[MeetingAgendaItem]
    minutes_number: str | None
    record: strawberry.Private[domain.Meeting]
    tenant_id: strawberry.Private[int]

    @field("One person and one matter each, in the order in which they were decided.")
    async def items(self, info: Info) -> list[MeetingItem]:
        require_cases(info.context)
        taken = items(self.record)
        info.context.spend(len(taken))
        return [
            MeetingItem(
                matter=each.matter,
                candidate=GlobalId("Candidate", self.tenant_id, each.candidate).encode(),
                in_favor=each.in_favor,
                number=each.number,
                corrected=await _is_voided(info, self.tenant_id, each.candidate, each.entry),
            )
            for each in taken
        ]


async def show(info: Info, record: domain.Meeting, tenant_id: int, at: At) -> Meeting:  # noqa: ARG001 - a meeting is of one day
    """A meeting with its minutes."""
    held = record.minutes
    codes = info.context.services.codes
    return Meeting(
        id=id_of(record, tenant_id),
        organization=await codes.organization(tenant_id, record.organization_id),
        kind=held.kind,
        held_on=held.effective_on,
        body=held.body,
        members=held.members,
        present=held.present,
        absent=None if held.absent is None else list(held.absent),
        agenda=[
            MeetingAgendaItem(
                text=each.text,
                candidate=optional_id("Candidate", tenant_id, each.candidate),
                document=optional_id("Document", tenant_id, each.document),
                about=each.about,
                task=each.task,
                assignee=each.assignee,
                due=each.due,
            )
            for each in held.agenda
        ],
        minutes_number=held.minutes_number,
        record=record,
        tenant_id=tenant_id,
    )


async def _is_voided(info: Info, tenant_id: int, candidate: UUID, version: int) -> bool:
    """Whether the entry of the person's record that an item led to was never true."""
    found = await info.context.services.register.record(
        tenant_id, Candidate, candidate, None, personal=False
    )
    return found is not None and any(
        isinstance(entry, Voided) and entry.voided_version == version for entry in found.entries
    )


MeetingResult, _shown = answer(Meeting, after_command(domain.Meeting, show))
MeetingMutation = written(
    "MeetingMutation", (commands.hold_meeting,), (domain.Meeting, MeetingResult, _shown)
)
