"""Transfers between tenants as GraphQL shows them, to both tenants and to the province."""

from datetime import date
from uuid import UUID

import strawberry

from api.access import may_read_persons
from api.context import Info, RequestContext
from api.described import field
from api.node import GlobalId, Node
from api.scalars import TransferState
from commands.scope import tenant_code
from domain import access
from domain.access import Action
from domain.record import record_not_found
from domain.transfer import Transfer as Record
from domain.transfer import TransferAccepted
from eventstore.position import Position
from projections.transfer import TransferProjection


@strawberry.type(
    description="The hand-over of a case to another tenant. Who receives it sees the person once "
    "it is received."
)
class Transfer(Node):
    state: TransferState
    from_tenant: str
    to_tenant: str
    decided_on: date
    accepted_on: date | None
    document: str | None
    candidate: strawberry.ID = strawberry.field(
        description="The case in the tenant that handed it over."
    )
    received: strawberry.ID | None = strawberry.field(
        description="The case in the tenant that goes on with it."
    )
    code: str | None = strawberry.field(description="Why it was not received.")
    reason: str | None = strawberry.field(
        description="What the receiving committee said; null for who may not read it."
    )
    cell: strawberry.Private[tuple[str, UUID]]

    @field("The code of the cell that it was handed over to, or that accepted it.")
    async def organization(self, info: Info) -> str | None:
        services = info.context.services
        code, cell = self.cell
        tenant = await services.desk.directory.tenant_of(code)
        return await services.codes.organization(tenant, cell)


async def transfers(
    info: Info, states: list[TransferState] | None, after: Position | None
) -> list[Transfer]:
    """Those from or to the caller's tenant, all of the province's for the province, oldest first.

    Raises NotPermitted.
    """
    services = info.context.services
    scope = info.context.actor.organization
    access.require(info.context.actor.role, Action.READ_EVENTS)
    province = await services.desk.directory.tenant_of(scope.partition("/")[0])
    if after is not None:
        await services.read_models.wait_for(after, [province], [TransferProjection.name])
    wanted = states if states is not None else list(TransferState)
    tenant = tenant_code(scope) if "/" in scope else None
    found = await services.transfers.of(province, wanted, tenant=tenant)
    info.context.spend(len(found))
    return [await transfer(info, province, each) for each in found]


async def transfer(info: Info, province: int, transfer_id: UUID) -> Transfer:
    """One transfer that the caller has to do with. Raises NotFound and NotPermitted."""
    context = info.context
    access.require(context.actor.role, Action.READ_EVENTS)
    record = await context.services.desk.log.load(province, Record, transfer_id)
    own = await context.services.desk.directory.tenant_of(
        context.actor.organization.partition("/")[0]
    )
    if own != province or not _concerns(context, record):
        raise record_not_found(Record)
    return await _shown(context, province, record)


def _concerns(context: RequestContext, record: Record) -> bool:
    scope, decided = context.actor.organization, record.decided
    return "/" not in scope or tenant_code(scope) in {decided.from_tenant, decided.to_tenant}


async def _shown(context: RequestContext, province: int, record: Record) -> Transfer:
    decided, back = record.decided, record.turned_back
    directory = context.services.desk.directory
    from_id = await directory.tenant_of(decided.from_tenant)
    to_id = await directory.tenant_of(decided.to_tenant)
    accepted = next((e for e in record.entries if isinstance(e, TransferAccepted)), None)
    received = record.received_id
    is_told = back is not None and "/" in context.actor.organization
    return Transfer(
        id=GlobalId("Transfer", province, record.id).encode(),
        state=record.state,
        from_tenant=decided.from_tenant,
        to_tenant=decided.to_tenant,
        decided_on=decided.effective_on,
        accepted_on=None if accepted is None else accepted.effective_on,
        document=decided.document,
        candidate=GlobalId("Candidate", from_id, decided.candidate_id).encode(),
        received=None if received is None else GlobalId("Candidate", to_id, received).encode(),
        code=None if back is None else back.code,
        reason=back.reason if back and is_told and may_read_persons(context) else None,
        cell=(decided.to_tenant, decided.cell_id if accepted is None else accepted.cell_id),
    )
