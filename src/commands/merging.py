"""The command that merges two records of one person, inside a tenant or across two of them."""

from dataclasses import replace
from uuid import UUID, uuid5

from commands.identity import save_person
from commands.ports import Command, Desk, Recorded
from commands.scope import inside, tenant_code
from commands.step import day_of
from domain import access
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import NotPermitted
from domain.merging import Twin, adopt, merge
from domain.record import record_not_found
from domain.text import Text


async def merge_duplicates(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    survivor: tuple[int, UUID],
    adopt_facts: bool = False,
    document: str | None = None,
) -> Recorded:
    """End a duplicate in favor of the survivor, which may take over the facts that it lacks.

    A tenant's board merges what it keeps itself, the province's board cases of two tenants. Then
    the survivor's log is written first; a command interrupted between both is sent again. Raises
    NotFound, NotPermitted, and the refusals of `merging`.
    """
    access.require(command.actor.role, Action.MERGE)
    first = await desk.log.recorded(tenant_id, command)
    if first is not None:
        return first
    twins = [await _twin(desk, command, *each) for each in ((tenant_id, subject), survivor)]
    duplicate, kept = twins
    _require_merger(command, duplicate, kept)
    day = await day_of(desk, tenant_id, command)
    merge(duplicate, kept, day, adopting=adopt_facts, document=document)
    adopted = adopt_facts and adopt(kept.candidate, day, duplicate)
    if survivor[0] == tenant_id:
        others = [kept.candidate] if adopted else []
        return await save_person(desk, command, tenant_id, duplicate.candidate, *others)
    if adopted:
        apart = replace(command, id=uuid5(command.id, "adopt"), correlation_id=command.id)
        await desk.log.save(survivor[0], apart, kept.candidate, subject=kept.candidate.id)
    return await save_person(desk, command, tenant_id, duplicate.candidate)


async def _twin(desk: Desk, command: Command, tenant_id: int, candidate: UUID) -> Twin:
    record = await desk.log.load(tenant_id, Candidate, candidate)
    cell = await desk.directory.organization_by_id(tenant_id, record.organization_id)
    if not await inside(desk, command.actor, cell):
        raise record_not_found(Candidate)
    return Twin(tenant_code(cell.code), record)


def _require_merger(command: Command, duplicate: Twin, survivor: Twin) -> None:
    """Passes for the province between two tenants, and for a tenant's own board inside it."""
    is_between = duplicate.tenant != survivor.tenant
    if is_between is ("/" in command.actor.organization):
        raise NotPermitted(
            "OTHER_TENANT",
            Text(
                "Cấp tỉnh gộp hồ sơ của hai đơn vị; trong một đơn vị do đơn vị đó gộp.",
                "The province merges cases of two tenants, a tenant those that it keeps itself.",
            ),
        )
