"""Commands about the figures of a period: close, submit upward, reopen."""

from commands.ports import Command, Desk, OrganizationRef, Recorded
from commands.scope import inside
from domain import access
from domain.access import Action
from domain.closing import Closing, closing_id
from domain.errors import InvalidInput, NotFound, NotPermitted, organization_not_found
from domain.period import Period
from domain.record import require_past
from domain.text import Text


async def close_figures(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    period: Period,
    document: str | None = None,
) -> Recorded:
    """Close an organization's figures of a period as counted on `occurred_on`.

    Raises InvalidInput for a period that has not begun, Conflict for figures that are closed.
    """
    holder = await _organization(desk, command, organization)
    if command.occurred_on < period.first:
        raise InvalidInput(
            "PERIOD_NOT_BEGUN",
            Text("Kỳ này chưa bắt đầu.", "The period has not begun."),
            field="period",
        )
    counted = await desk.figures.counted(organization, period, command.occurred_on)
    try:
        record = await desk.log.load(holder.tenant_id, Closing, closing_id(holder.id, period))
    except NotFound:
        record = Closing.close(
            holder.id, period, counted, on=command.occurred_on, document=document
        )
    else:
        record.close_again(period, counted, on=command.occurred_on, document=document)
    return await desk.log.save(holder.tenant_id, command, record, subject=record.id)


async def submit_figures(
    desk: Desk, command: Command, *, organization: str, period: Period, document: str
) -> Recorded:
    """Submit closed figures to the level directly above, with a document.

    Raises InvalidInput for the highest level, Conflict for figures that are not closed.
    """
    holder = await _organization(desk, command, organization)
    superior = await _superior(desk, holder)
    if superior is None:
        raise InvalidInput(
            "NO_LEVEL_ABOVE",
            Text("Không có cấp trên trong hệ thống.", "There is no level above here."),
            field="organization",
        )
    record = await desk.log.load(holder.tenant_id, Closing, closing_id(holder.id, period))
    record.submit(superior, on=command.occurred_on, document=document)
    return await desk.log.save(holder.tenant_id, command, record, subject=record.id)


async def reopen_figures(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    period: Period,
    reason: str,
    document: str | None = None,
) -> Recorded:
    """Open figures again; once they are submitted, only a level above may.

    Raises NotPermitted, Conflict for figures that are open.
    """
    holder = await _organization(desk, command, organization)
    record = await desk.log.load(holder.tenant_id, Closing, closing_id(holder.id, period))
    if record.is_submitted and command.actor.organization == organization:
        raise NotPermitted(
            "SUBMITTED_FIGURES",
            Text(
                "Số liệu đã nộp; chỉ cấp trên được mở lại.",
                "The figures are submitted; only a level above may reopen them.",
            ),
            field="organization",
        )
    record.reopen(
        command.actor.organization, on=command.occurred_on, reason=reason, document=document
    )
    return await desk.log.save(holder.tenant_id, command, record, subject=record.id)


async def _organization(desk: Desk, command: Command, code: str) -> OrganizationRef:
    access.require(command.actor.role, Action.CLOSE_FIGURES)
    holder = await desk.directory.organization(code)
    if not await inside(desk, command.actor, holder):
        raise organization_not_found(code)
    require_past("occurredOn", command.occurred_on, desk.clock.today(holder.tenant_id))
    return holder


async def _superior(desk: Desk, holder: OrganizationRef) -> str | None:
    """The code of what stands directly above; above a tenant's own organization, its province."""
    if len(holder.path) > 1:
        above = await desk.directory.organization_by_id(holder.tenant_id, holder.path[-2])
        return above.code
    return holder.code.rpartition("/")[0] or None
