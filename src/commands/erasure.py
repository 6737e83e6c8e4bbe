"""Commands that erase a person: the order is recorded and, after the wait, carried out."""

from typing import Final
from uuid import UUID

from commands.identity import open_register
from commands.ports import Command, Desk, Recorded
from commands.scope import require_record
from commands.step import Step, day_of
from domain import access, erasure
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import Conflict, InvalidInput
from domain.identity import IdentityReason
from domain.text import Text
from domain.transfer import Transfer

order_erasure: Final = Step(
    "order_erasure", Action.ERASE, Candidate, erasure.order_erasure, erasure.ErasureOrdered
)


async def erase_personal_data(
    desk: Desk, command: Command, *, tenant_id: int, subject: UUID
) -> Recorded:
    """Carry the order out: the person's fields cannot be read any more, by anybody.

    Raises InvalidInput for any day but today, since it happens now.
    """
    access.require(command.actor.role, Action.ERASE)
    record = await desk.log.load(tenant_id, Candidate, subject)
    await require_record(desk, command.actor, tenant_id, record)
    await _require_arrived(desk, command, record)
    day = await day_of(desk, tenant_id, command)
    if day.on != desk.clock.today(tenant_id):
        raise InvalidInput(
            "NOT_TODAY",
            Text("Việc xóa được thực hiện ngay hôm nay.", "An erasure takes place today."),
            field="occurredOn",
        )
    erasure.erase(record, day)
    claimed = record.exclusive()
    register = await open_register(desk, command, tenant_id, record)
    recorded = await desk.log.erase(tenant_id, command, record)
    await register.release(claimed, IdentityReason.GIVEN_UP)
    return recorded


async def _require_arrived(desk: Desk, command: Command, record: Candidate) -> None:
    """Passes unless the case is on its way: who receives it needs what would be erased."""
    left = record.facts().handed_over
    if left is None:
        return
    province = await desk.directory.tenant_of(command.actor.organization.partition("/")[0])
    transfer = await desk.log.load(province, Transfer, left.transfer_id)
    if transfer.received_id is None:
        raise Conflict(
            "CANDIDATE_IN_TRANSIT",
            Text(
                "Hồ sơ đang chuyển; hãy chờ nơi đến tiếp nhận.",
                "The case is in transit; wait until it is received.",
            ),
            field="candidate",
        )
