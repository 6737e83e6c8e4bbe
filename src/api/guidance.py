"""Questions and answers of guidance as GraphQL shows them, and their mutations."""

from datetime import date

import strawberry

from api.context import Info
from api.node import GlobalId, Node
from api.record import after_command, id_of
from api.step import answer, mutations
from commands import guidance as commands
from commands.step import commands_of
from domain import guidance as domain
from domain.guidance import GuidanceGiven
from projections.basis import At


@strawberry.type
class GuidanceAnswer:
    by: str
    given_on: date
    answer: str
    document: strawberry.ID | None


@strawberry.type(description="What a unit asked and what the boards answered by the asked day.")
class Guidance(Node):
    organization: str | None
    question: str
    lead: str
    requested_on: date
    answers: list[GuidanceAnswer]


async def show(info: Info, record: domain.Guidance, tenant_id: int, at: At) -> Guidance:
    """A question as of a day."""
    asked = record.requested
    return Guidance(
        id=id_of(record, tenant_id),
        organization=await info.context.services.codes.organization(
            tenant_id, record.organization_id
        ),
        question=asked.question,
        lead=asked.lead,
        requested_on=asked.effective_on,
        answers=[
            GuidanceAnswer(
                by=each.by,
                given_on=each.effective_on,
                answer=each.answer,
                document=None
                if each.document is None
                else GlobalId("Document", tenant_id, each.document).encode(),
            )
            for each in record.live(at.effective)
            if isinstance(each, GuidanceGiven)
        ],
    )


GuidanceResult, _shown = answer(Guidance, after_command(domain.Guidance, show))
GuidanceMutation = mutations("GuidanceMutation", commands_of(commands), GuidanceResult, _shown)
