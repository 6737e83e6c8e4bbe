"""The schema: every entrance of the API in one place.

Public contract: design.md, section 4; generated: schema.graphql.
"""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry.tools import merge_types
from strawberry.types.execution import ExecutionContext

from api import audit_trail as audit_trails
from api import candidate as candidates_
from api import event as events_
from api import organization as organizations
from api import proof
from api import reorganization as plans
from api import structure_record as structure_records
from api import target as targets
from api.access import require_code
from api.candidate_mutation import CandidateMutation, CandidateSteps
from api.context import Info
from api.correction import CorrectionMutation
from api.described import field, subscription
from api.limits import BoundedDocument
from api.node import Node, decode_id, not_found
from api.organization_mutation import OrganizationMutation, OrganizationSteps
from api.refusal import Refusal
from api.reorganization import ReorganizationSteps
from api.scalars import At, Position, as_at, config
from api.structure_record import BodySteps, TerritorySteps
from api.target_mutation import TargetMutation
from domain.access import Action
from domain.groups import catalogue


@strawberry.type(description="A group of people that figures and targets speak of.")
class Group:
    code: str
    name: str


@strawberry.type
class Query:
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
        filter: candidates_.CandidateFilter | None = None,  # noqa: A002 - the contract's name
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

    @field("A plan of changes to organizations.")
    async def reorganization(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002 - the contract's name
    ) -> plans.Reorganization | None:
        found = decode_id(id, kind="Reorganization")
        return await plans.reorganization(info, found.tenant_id, found.id)

    @field("What the members of a standing committee answer for, or answered for.")
    async def territories(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[structure_records.Territory]:
        return await structure_records.territories_of(info, organization, as_at(at))

    @field("The bodies that an organization has on the asked day.")
    async def bodies(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[structure_records.Body]:
        top = await organizations.opened(info, organization, as_at(at))
        return await structure_records.bodies_of(info, top.figures, top.node, top.at)

    @field("Who answers for an organization on the asked day, by territory.")
    async def in_charge_of(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[structure_records.Territory]:
        top = await organizations.opened(info, organization, as_at(at))
        return await structure_records.in_charge_of(info, top.figures, top.node, top.at)

    @field("The plans that a committee drafted, the newest day first.")
    async def reorganizations(self, info: Info, organization: str) -> list[plans.Reorganization]:
        return await plans.reorganizations_of(info, organization)

    @field("What a drafted reorganization would do on its day, by all that is known now.")
    async def dry_run(self, info: Info, reorganization: strawberry.ID) -> plans.DryRun:
        return await plans.dry_run(info, reorganization)

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

    @field()
    def groups(self, info: Info) -> list[Group]:
        language = info.context.language
        return [Group(code=g.code, name=g.name.in_language(language)) for g in catalogue().values()]

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
            case "Reorganization":
                return await plans.reorganization(info, found.tenant_id, found.id)
            case "Body":
                return await structure_records.body(info, found.tenant_id, found.id)
            case "Territory":
                return await structure_records.territory(
                    info, found.tenant_id, found.id, as_at(None)
                )
            case "Target":
                shown = await targets.target(info, found.tenant_id, found.id)
                await require_code(info, shown.organization, Action.READ_FIGURES)
                return shown
            case _:
                raise not_found("id")


Mutation = merge_types(
    "Mutation",
    (
        OrganizationMutation,
        OrganizationSteps,
        ReorganizationSteps,
        BodySteps,
        TerritorySteps,
        TargetMutation,
        CandidateMutation,
        CandidateSteps,
        CorrectionMutation,
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
