"""The command that carries a target of an ended organization over to a successor."""

from datetime import date
from uuid import UUID

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization
from commands.target import require_known_day, visible_target
from domain import access
from domain.access import Action
from domain.errors import Conflict, NotFound, NotPermitted
from domain.target import Amount, Target, TargetCarried, target_id
from domain.text import Text


async def carry_target(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    target: UUID,
    successor: str,
    count: int,
    reason: str,
    document: str,
    issued_by: str | None = None,
) -> Recorded:
    """Carry part of an ended organization's target to a successor, by a decision from above.

    The target stays as it was. The successor's is set, or adjusted where it has one already.
    """
    access.require(command.actor.role, Action.ASSIGN_TARGET)
    record, holder = await visible_target(desk, command, tenant_id, target)
    heir = await require_organization(desk, command.actor, Action.ASSIGN_TARGET, successor)
    _require_above(command.actor, holder, heir)
    require_known_day(desk, tenant_id, command)
    carried = record.carry(
        successor,
        target_id(heir.id, record.terms),
        count=count,
        on=command.occurred_on,
        reason=reason,
        document=document,
        issued_by=issued_by,
    )
    received = await taken_over(
        desk, (heir.tenant_id, heir.id), carried, record, command.actor.organization
    )
    return await desk.log.save(tenant_id, command, record, received, subject=received.id)


def _require_above(actor: Actor, holder: OrganizationRef, heir: OrganizationRef) -> None:
    if actor.organization in {holder.code, heir.code} or heir.id == holder.id:
        raise NotPermitted(
            "NOT_PERMITTED",
            Text("Cấp trên của cả hai quyết định.", "A level above both decides this."),
            field="successor",
        )
    if heir.tenant_id != holder.tenant_id:
        raise NotPermitted(
            "OTHER_TENANT",
            Text("Đơn vị kế thừa có sổ riêng.", "The successor keeps a log of its own."),
            field="successor",
        )


async def taken_over(
    desk: Desk, heir: tuple[int, UUID], carried: TargetCarried, source: Target, set_by: str
) -> Target:
    """The target of a successor (tenant and id) with what it was carried.

    Added to one that stands, else set.
    """
    tenant_id, holder = heir
    amount, on = Amount(carried.count, is_minimum=source.amount().is_minimum), carried.effective_on
    try:
        record = await desk.log.load(tenant_id, Target, carried.successor_target)
    except NotFound:
        return Target.set(
            holder,
            source.terms,
            amount,
            on=on,
            document=carried.document,
            issued_by=carried.issued_by,
            set_by=set_by,
            carried_from=source.id,
        )
    if record.is_stated:
        _add(record, carried, on)
    else:
        record.restate(
            amount,
            on=on,
            document=carried.document,
            issued_by=carried.issued_by,
            set_by=set_by,
            carried_from=source.id,
        )
    return record


def _add(record: Target, carried: TargetCarried, on: date) -> None:
    stands = record.amount()
    if stands.count is None:
        raise Conflict(Target.taken.code, Target.taken.text, field="successor")
    record.adjust(
        Amount(stands.count + carried.count, is_minimum=stands.is_minimum),
        on=on,
        reason=carried.reason,
        document=carried.document,
        issued_by=carried.issued_by,
    )
