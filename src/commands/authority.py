"""Who may decide on an admission, by the organizations as they stood on the day of the step."""

from dataclasses import replace

from commands.ports import Actor, Desk
from domain.access import Action, Role
from domain.candidate import Candidate
from domain.errors import NotPermitted
from domain.judgment import Day
from domain.text import Text


async def in_place(
    desk: Desk, actor: Actor, day: Day, of: tuple[int, Candidate], action: Action
) -> Day:
    """The day with the cell of a case (its tenant, its record) as it stood then.

    Raises NotPermitted where a grassroots committee decides that was not authorized to on that day.
    """
    tenant_id, record = of
    given = record.cell_on(day.on)
    cell = await desk.directory.cell_on(tenant_id, given, day.on)
    if action is Action.ADMIT and actor.role is Role.GRASSROOTS and not cell.delegated:
        await desk.directory.look_again(tenant_id)
        cell = await desk.directory.cell_on(tenant_id, given, day.on)
        if not cell.delegated:
            raise NotPermitted(
                "ADMISSION_NOT_DELEGATED",
                Text(
                    f"Ngày {day.on:%d/%m/%Y} đảng ủy cơ sở không được ủy quyền quyết định kết nạp.",
                    f"On {day.on} the grassroots committee was not authorized to decide on "
                    f"admissions.",
                ),
            )
    return replace(day, cell=cell)
