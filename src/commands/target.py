"""Commands about targets: register upward, assign downward, adjust."""

from uuid import UUID

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import inside, require_organization
from domain import access
from domain.access import Action, Role
from domain.errors import Conflict, InvalidInput, NotPermitted
from domain.record import record_not_found, require_past
from domain.target import Amount, Target, TargetBasis, TargetTerms
from domain.text import Text


async def register_target(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    terms: TargetTerms,
    amount: Amount,
    stated_growth_percent: float | None = None,
    document: str | None = None,
) -> Recorded:
    """State an organization's own target.

    Registered with the superior, set by its congress, or of its own plan.
    """
    if terms.basis is TargetBasis.ASSIGNED:
        raise InvalidInput(
            "ASSIGNED_FROM_ABOVE",
            Text("Chỉ tiêu giao dùng assignTarget.", "An assigned target is set by assignTarget."),
            field="basis",
        )
    holder = await require_organization(desk, command.actor, Action.REGISTER_TARGET, organization)
    return await _set(desk, command, holder, terms, amount, stated_growth_percent, document)


async def assign_target(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    terms: TargetTerms,
    amount: Amount,
    stated_growth_percent: float | None = None,
    document: str | None = None,
) -> Recorded:
    """Assign a target to an organization.

    A committee assigns to those below it; only the level itself states its own.
    """
    holder = await require_organization(desk, command.actor, Action.ASSIGN_TARGET, organization)
    require_assigner(command.actor, organization)
    return await _set(desk, command, holder, terms, amount, stated_growth_percent, document)


async def adjust_target(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    target: UUID,
    amount: Amount,
    reason: str,
    document: str | None = None,
) -> Recorded:
    """Change a target's amount from `occurred_on` on; only who could have set it may."""
    record = await desk.log.load(tenant_id, Target, target)
    holder = await desk.directory.organization_by_id(tenant_id, record.first.organization_id)
    if not await inside(desk, command.actor, holder):
        raise record_not_found(Target)
    if record.first.basis is TargetBasis.ASSIGNED:
        require_assigner(command.actor, holder.code)
    else:
        access.require(command.actor.role, Action.REGISTER_TARGET)
    _require_past(desk, holder, command)
    record.adjust(amount, on=command.occurred_on, reason=reason, document=document)
    return await desk.log.save(tenant_id, command, record, subject=target)


def require_assigner(actor: Actor, holder: str) -> None:
    """Raises NotPermitted unless the actor may assign, and change, the target of this holder."""
    access.require(actor.role, Action.ASSIGN_TARGET)
    if actor.role is Role.GRASSROOTS and holder == actor.organization:
        raise NotPermitted(
            "NOT_PERMITTED",
            Text("Chỉ tiêu do cấp trên giao.", "A target is assigned by the level above."),
            field="organization",
        )


async def _set(
    desk: Desk,
    command: Command,
    holder: OrganizationRef,
    terms: TargetTerms,
    amount: Amount,
    stated_growth_percent: float | None,
    document: str | None,
) -> Recorded:
    _require_past(desk, holder, command)
    record = Target.set(
        holder.id,
        terms,
        amount,
        on=command.occurred_on,
        stated_growth_percent=stated_growth_percent,
        document=document,
    )
    try:
        return await desk.log.save(holder.tenant_id, command, record, subject=record.id)
    except Conflict as taken:
        if taken.code != Target.taken.code:
            raise
        record = await desk.log.load(holder.tenant_id, Target, record.id)
        if record.is_stated:
            raise
    record.restate(
        amount,
        on=command.occurred_on,
        stated_growth_percent=stated_growth_percent,
        document=document,
        terms=terms,
    )
    return await desk.log.save(holder.tenant_id, command, record, subject=record.id)


def _require_past(desk: Desk, holder: OrganizationRef, command: Command) -> None:
    require_past("occurredOn", command.occurred_on, desk.clock.today(holder.tenant_id))
