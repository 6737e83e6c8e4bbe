"""Commands about transfers: hand a case over to another tenant, accept it there, or decline it."""

from contextlib import suppress
from uuid import UUID, uuid5

from commands.hand_over import carry_on
from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import inside, require_record, tenant_code, within
from commands.step import day_of
from domain import access
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import InvalidInput, Refusal, VersionConflict, organization_not_found
from domain.placement import as_cell, require_movable
from domain.record import record_not_found
from domain.text import Text
from domain.transfer import Transfer


async def transfer_candidate(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    organization: str,
    document: str | None = None,
) -> Recorded:
    """Decide to hand a case over to a cell of another tenant of the province.

    The decision stands in the province's log, where the result is; the rest follows by itself, and
    from the acceptance of the receiving committee on. Raises NotFound, NotPermitted, InvalidInput,
    and the refusals of `placement.require_movable`.
    """
    access.require(command.actor.role, Action.TRANSFER)
    province = await _province(desk, command.actor)
    first = await desk.log.recorded(province.tenant_id, command)
    if first is None:
        record = await desk.log.load(tenant_id, Candidate, subject)
        await require_record(desk, command.actor, tenant_id, record)
        require_movable(record, await day_of(desk, tenant_id, command))
        to = await _destination(desk, command.actor, organization)
        transfer = Transfer.decide(
            uuid5(command.id, "transfer"),
            province.id,
            on=command.occurred_on,
            candidate_id=subject,
            from_tenant=tenant_code(command.actor.organization),
            to_tenant=tenant_code(to.code),
            cell_id=to.id,
            decided_by=command.actor.id,
            document=document,
        )
        first = await desk.log.save(province.tenant_id, command, transfer, subject=transfer.id)
    await _go_on(desk, first)
    return first


async def accept_transfer(
    desk: Desk, command: Command, *, tenant_id: int, subject: UUID, organization: str | None = None
) -> Recorded:
    """Take the file of a case in transit, for the cell it was sent to or another one.

    The case goes on there from `occurred_on`; the cell then assigns a helper. What forbids the
    receipt sends the case back. Raises NotFound, NotPermitted, InvalidInput, and Conflict
    (NOT_IN_TRANSIT).
    """
    transfer, first = await _in_hands(desk, command, tenant_id, subject)
    if first is None:
        on = (await day_of(desk, tenant_id, command)).on
        to_id = await desk.directory.tenant_of(transfer.decided.to_tenant)
        cell_id = transfer.decided.cell_id
        if organization is not None:
            cell = await desk.directory.organization(organization)
            if not await inside(desk, command.actor, cell):
                raise organization_not_found(organization)
            cell_id = cell.id
        as_cell(await desk.directory.organization_by_id(to_id, cell_id))
        transfer.accept(on, cell_id=cell_id, by=command.actor.id)
        first = await desk.log.save(tenant_id, command, transfer, subject=subject)
    await _go_on(desk, first)
    return first


async def return_transfer(
    desk: Desk, command: Command, *, tenant_id: int, subject: UUID, reason: str
) -> Recorded:
    """Send a case in transit back to the tenant that handed it over.

    Raises NotFound, NotPermitted, InvalidInput, and Conflict (NOT_IN_TRANSIT).
    """
    transfer, first = await _in_hands(desk, command, tenant_id, subject)
    if first is None:
        on = (await day_of(desk, tenant_id, command)).on
        transfer.decline(on, reason=reason, by=command.actor.id)
        first = await desk.log.save(tenant_id, command, transfer, subject=subject)
    await _go_on(desk, first)
    return first


async def _in_hands(
    desk: Desk, command: Command, tenant_id: int, subject: UUID
) -> tuple[Transfer, Recorded | None]:
    """A transfer to the actor's tenant, and what this command led to if it was given before."""
    access.require(command.actor.role, Action.TRANSFER)
    transfer = await desk.log.load(tenant_id, Transfer, subject)
    if command.actor.organization != transfer.decided.to_tenant:
        raise record_not_found(Transfer)
    return transfer, await desk.log.recorded(tenant_id, command)


async def _go_on(desk: Desk, recorded: Recorded) -> None:
    """Take the next steps at once; whatever stands in the way, the worker comes back to it."""
    with suppress(Refusal, VersionConflict):
        await carry_on(desk, recorded.tenant_id, recorded.subject)


async def _province(desk: Desk, actor: Actor) -> OrganizationRef:
    return await desk.directory.organization(actor.organization.partition("/")[0])


async def _destination(desk: Desk, actor: Actor, code: str) -> OrganizationRef:
    if not within(actor.organization.partition("/")[0], code):
        raise organization_not_found(code)
    if tenant_code(code) == tenant_code(actor.organization):
        raise InvalidInput(
            "SAME_TENANT",
            Text(
                "Trong cùng đơn vị, dùng moveCandidate.",
                "Inside the same tenant, use moveCandidate.",
            ),
            field="organization",
        )
    to = await desk.directory.organization(code)
    as_cell(to)
    return to
