"""Commands that erase a person: the order is recorded and, after the wait, carried out."""

from uuid import UUID

from commands.candidate import step_of
from commands.ports import Command, Desk, Recorded
from commands.scope import require_case
from domain import access, erasure
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.record import require_past
from domain.text import Text


async def order_erasure(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    document_number: str,
    issued_by: str,
    approval_number: str | None = None,
) -> Recorded:
    """Record a competent body's order to erase a person's data."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.ERASE,
        lambda case, day: erasure.order_erasure(
            case,
            day,
            document_number=document_number,
            issued_by=issued_by,
            approval_number=approval_number,
        ),
    )


async def erase_personal_data(
    desk: Desk, command: Command, *, tenant_id: int, candidate: UUID
) -> Recorded:
    """Carry the order out: the person's fields cannot be read any more, by anybody.

    Raises InvalidInput for any day but today, since it happens now.
    """
    access.require(command.actor.role, Action.ERASE)
    record = await desk.log.load(tenant_id, Candidate, candidate)
    await require_case(desk, command.actor, tenant_id, record.cell.id)
    today = desk.clock.today(tenant_id)
    if require_past("occurredOn", command.occurred_on, today) != today:
        raise InvalidInput(
            "NOT_TODAY",
            Text("Việc xóa được thực hiện ngay hôm nay.", "An erasure takes place today."),
            field="occurredOn",
        )
    erasure.erase(record, Day(command.occurred_on, desk.rules))
    return await desk.log.erase(tenant_id, command, record)
