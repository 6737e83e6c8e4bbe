"""Every entrance of the API. Contract: design.md, section 4; generated: schema.graphql."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import date
from typing import Annotated, Final
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.tools import merge_types
from strawberry.types.execution import ExecutionContext

from api import audit_trail as audit_trails
from api import breach as breaches_
from api import candidate as candidates_
from api import event as events_
from api import identity_match, proof
from api import organization as organizations
from api import rulebook as rulebooks
from api import target as targets
from api import transfer as transfers_
from api.access import require_code
from api.activity import ActivityMutation
from api.board_query import BoardQuery
from api.bridge import BridgeQuery
from api.candidate_filter import CandidateFilter
from api.candidate_mutation import CandidateMutation, CandidateSteps
from api.closing_mutation import ClosingMutation
from api.context import Info
from api.correction import CorrectionMutation
from api.course import CourseMutation, CourseSteps
from api.defect import DefectMutation
from api.described import field, subscription
from api.docket import DocketMutation
from api.document import DocumentMutation, DocumentSteps
from api.duty_query import DutyQuery
from api.guidance import GuidanceMutation
from api.limits import BoundedDocument
from api.meeting import MeetingMutation
from api.node import Node, decode_id, not_found
from api.obligation_mutation import ObligationMutation, ObligationSteps
from api.organization_mutation import OrganizationMutation, OrganizationSteps
from api.reaction import ReactionMutation
from api.record import record_by_id
from api.record_query import BY_KIND, RecordQuery
from api.refusal import Refusal
from api.reorganization import ReorganizationSteps
from api.scalars import At, Position, TransferState, as_at, config
from api.schedule import ScheduleSteps
from api.sitting_query import SittingQuery
from api.structure_query import OPENED, StructureQuery
from api.structure_record import BodySteps, TerritorySteps
from api.target_mutation import TargetMutation
from api.transfer_mutation import TransferMutation
from domain.access import Action
from domain.groups import catalogue

_OPENED: Final[dict[str, Callable[[Info, int, UUID], Awaitable[Node | None]]]] = {
    "Transfer": transfers_.transfer,
    **OPENED,
}
"""How a thing that is no listed record is opened by its tenant and id."""


@strawberry.type(description="A group of people that figures and targets speak of.")
class Group:
    code: str
    name: str


@strawberry.type
class CoreQuery:
    @field("An organization by its code path, such as lam-dong/bao-lam.")
    async def organization(
        self, info: Info, code: str, at: At | None = None
    ) -> organizations.Organization | None:
        return await organizations.opened(info, code, as_at(at))

    @field()
    async def candidate(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002 - the contract's name
        at: At | None = None,
    ) -> candidates_.Candidate | None:
        found = decode_id(id, kind="Candidate")
        return await candidates_.candidate_by_id(info, found.tenant_id, found.id, as_at(at))

    @field("The people of an organization and all below it, in Vietnamese name order.")
    async def candidates(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self,
        info: Info,
        organization: str,
        filter: CandidateFilter | None = None,  # noqa: A002 - the contract's name
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> candidates_.CandidateConnection:
        return await candidates_.candidates_of(
            info, organization, filter, (first, after), as_at(at)
        )

    @field()
    async def audit_trail(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self,
        info: Info,
        organization: str,
        subject: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> audit_trails.AuditEntryConnection:
        return await audit_trails.trail(info, organization, subject, (first, after), as_at(at))

    @field(
        "What was recorded in an organization and all below it, after a position; from the "
        "beginning without one."
    )
    async def events(
        self,
        info: Info,
        organization: str,
        after: Position | None = None,
        first: int | None = None,
        types: list[str] | None = None,
    ) -> events_.EventBatch:
        return await events_.event_batch(info, organization, after, first, types)

    @field("What the log of a tenant had grown to: the newest checkpoint, or that of a size.")
    async def checkpoint(
        self, info: Info, organization: str, size: int | None = None
    ) -> proof.Checkpoint | None:
        return await proof.newest_checkpoint(info, organization, size)

    @field("That a checkpoint covers an event: the newest one, or that of a size.")
    async def inclusion_proof(
        self, info: Info, organization: str, sequence: int, size: int | None = None
    ) -> proof.InclusionProof | None:
        return await proof.inclusion_proof(info, organization, sequence, size)

    @field("That the log of one size begins with that of another (RFC 9162, 2.1.4), in base64.")
    async def consistency_proof(
        self,
        info: Info,
        organization: str,
        from_: Annotated[int, strawberry.argument(name="from")],
        to: int,
    ) -> list[str]:
        return await proof.consistency_proof(info, organization, from_, to)

    @field(
        "Hand-overs of cases from or to the caller's tenant, all of the province's for the "
        "province; of all states unless some are named. `after` waits for a position."
    )
    async def transfers(
        self,
        info: Info,
        states: list[TransferState] | None = None,
        after: Position | None = None,
    ) -> list[transfers_.Transfer]:
        return await transfers_.transfers(info, states, after)

    @field(
        "People whom a second tenant was about to record, after a position. For the province's "
        "board; that it looked is recorded."
    )
    async def identity_matches(
        self, info: Info, first: int | None = None, after: Position | None = None
    ) -> list[identity_match.IdentityMatch]:
        return await identity_match.identity_matches(info, first, after)

    @field()
    def groups(self, info: Info) -> list[Group]:
        language = info.context.language
        return [Group(code=g.code, name=g.name.in_language(language)) for g in catalogue().values()]

    @field("Steps that were recorded with findings, in an organization and all below it.")
    async def breaches(
        self,
        info: Info,
        organization: str,
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> breaches_.BreachConnection:
        return await breaches_.breaches_of(info, organization, (first, after), as_at(at))

    @field("The rules of procedure in force on a day, the tenant's own stricter ones included.")
    async def rules(
        self, info: Info, on: date | None = None, organization: str | None = None
    ) -> list[rulebooks.Rule]:
        return await rulebooks.rules_of(info, organization, on)

    @field("The grounds that the regulations name, as codes.")
    async def grounds(self, info: Info, on: date | None = None) -> list[rulebooks.Ground]:
        return await rulebooks.grounds_of(info, on)

    @field()
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002 - the contract's name
        found = decode_id(id)
        match found.kind:
            case "Organization":
                return await organizations.organization_by_id(
                    info, found.tenant_id, found.id, as_at(None)
                )
            case "Candidate":
                return await candidates_.candidate_by_id(
                    info, found.tenant_id, found.id, as_at(None)
                )
            case kind if kind in _OPENED:
                return await _OPENED[kind](info, found.tenant_id, found.id)
            case "Target":
                shown = await targets.target(info, found.tenant_id, found.id)
                await require_code(info, shown.organization, Action.READ_FIGURES)
                return shown
            case kind if kind in BY_KIND:
                record: Node = await record_by_id(
                    info, BY_KIND[kind], found.tenant_id, found.id, as_at(None)
                )
                return record
            case _:
                raise not_found("id")


Query = merge_types(
    "Query",
    (CoreQuery, RecordQuery, SittingQuery, DutyQuery, StructureQuery, BridgeQuery, BoardQuery),
)
Mutation = merge_types(
    "Mutation",
    (
        OrganizationMutation,
        TargetMutation,
        CandidateMutation,
        CandidateSteps,
        DocumentSteps,
        DocumentMutation,
        ActivityMutation,
        DefectMutation,
        GuidanceMutation,
        ReactionMutation,
        ClosingMutation,
        TransferMutation,
        ScheduleSteps,
        CourseSteps,
        CourseMutation,
        MeetingMutation,
        DocketMutation,
        ObligationSteps,
        ObligationMutation,
        OrganizationSteps,
        ReorganizationSteps,
        BodySteps,
        TerritorySteps,
        CorrectionMutation,
        rulebooks.RulebookMutation,
    ),
)


@strawberry.type
class Subscription:
    @subscription(
        "Every event once, in the order of each tenant's log, after a position (from the "
        "beginning without one), "
        "and then each new one. Cut off, go on after the `position` of the last event received."
    )
    async def events(
        self,
        info: Info,
        organization: str,
        after: Position | None = None,
        types: list[str] | None = None,
    ) -> AsyncGenerator[events_.Event]:
        async for event in events_.follow_events(info, organization, after, types):
            yield event


class _Schema(strawberry.Schema):
    """Strawberry's schema, whose own logging of errors is off.

    `api.errors` logs what is worth it, once.
    """

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing to do here."""


schema = _Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Refusal],
    extensions=[BoundedDocument],
    config=config(),
)
