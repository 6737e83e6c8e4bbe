"""Reactions to results as GraphQL shows them, and their mutations."""

from datetime import date
from uuid import UUID

import strawberry

from api.context import Info
from api.node import GlobalId, Node
from api.record import after_command, id_of
from api.step import answer, mutations
from commands import reaction as commands
from commands.step import commands_of
from domain import reaction as domain
from domain.reaction import Occasion, ReactionKind
from projections.basis import At


@strawberry.type
class ReactionDecision:
    agreed: bool
    decided_by: str
    decided_on: date
    decision_number: str | None
    document: strawberry.ID | None
    rank: str | None


@strawberry.type(description="A reaction to a result: proposed, and decided by the asked day.")
class Reaction(Node):
    organization: str | None
    kind: ReactionKind
    occasion: Occasion
    proposed_by: str
    proposed_on: date
    ground: str
    period: str | None
    theme: str | None
    rank: str | None
    office: str | None
    person: str | None
    activity: strawberry.ID | None
    decision: ReactionDecision | None


async def show(info: Info, record: domain.Reaction, tenant_id: int, at: At) -> Reaction:
    """A reaction as of a day."""
    proposed, decided = record.proposed, record.decided(at.effective)

    def named(kind: str, found: UUID | None) -> strawberry.ID | None:
        return None if found is None else GlobalId(kind, tenant_id, found).encode()

    return Reaction(
        id=id_of(record, tenant_id),
        organization=await info.context.services.codes.organization(
            tenant_id, record.organization_id
        ),
        kind=proposed.kind,
        occasion=proposed.occasion,
        proposed_by=proposed.proposed_by,
        proposed_on=proposed.effective_on,
        ground=proposed.ground,
        period=proposed.period,
        theme=proposed.theme,
        rank=proposed.rank,
        office=proposed.office,
        person=proposed.person,
        activity=named("Activity", proposed.activity),
        decision=None
        if decided is None
        else ReactionDecision(
            agreed=decided.agreed,
            decided_by=decided.decided_by,
            decided_on=decided.effective_on,
            decision_number=decided.decision_number,
            document=named("Document", decided.document),
            rank=decided.rank,
        ),
    )


ReactionResult, _shown = answer(Reaction, after_command(domain.Reaction, show))
ReactionMutation = mutations("ReactionMutation", commands_of(commands), ReactionResult, _shown)
