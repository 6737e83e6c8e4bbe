"""How a split is corrected: as a whole, or of one person who was assigned to the wrong part."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from commands.correctable import Correctable, Correction, Values
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.organization import Organization
from domain.organization_entry import Divided, Ended, Moved
from domain.part import AssignedToPart
from domain.record import Entry
from domain.text import Text


async def _with_all_assigned(correction: Correction) -> None:
    """Nobody was assigned to a part, and no organization was; what was founded for it remains."""
    divided = correction.entry
    assert isinstance(divided, Divided)
    await _with_people(correction, divided.parts)
    on, whole = divided.effective_on, correction.record.id
    placed = await correction.desk.directory.structure(correction.tenant_id, on)
    for each in placed.values():
        if each.superior_id not in divided.parts:
            continue
        child = await correction.desk.log.load(correction.tenant_id, Organization, each.id)
        before = child.standing(on - timedelta(days=1))
        if before is None or before.superior_id != whole:
            continue
        for entry in _of_day(child.live(), Moved, divided):
            await correction.void_beside(child, entry.originator_version)


async def _with_people_of_the_end(correction: Correction) -> None:
    """Nobody was assigned to a successor when it ended."""
    ended = correction.entry
    assert isinstance(ended, Ended)
    await _with_people(correction, ended.successors)


async def _with_people(correction: Correction, parts: Collection[UUID]) -> None:
    entry, desk = correction.entry, correction.desk
    tenant_id, whole = correction.tenant_id, correction.record.id
    for held in await desk.cases.held(tenant_id, sorted(parts), entry.effective_on):
        candidate = await desk.log.load(tenant_id, Candidate, held.case)
        for assigned in _of_day(candidate.live(), AssignedToPart, entry):
            if isinstance(assigned, AssignedToPart) and assigned.divided_id == whole:
                await correction.void_beside(candidate, assigned.originator_version)


def _of_day(entries: list[Entry], kind: type[Entry], other: Entry) -> Iterator[Entry]:
    """The entries of a kind of the day of another one."""
    for entry in entries:
        if isinstance(entry, kind) and entry.effective_on == other.effective_on:
            yield entry


async def _assigned_again(correction: Correction, day: Day, values: Values) -> None:
    """To another part of the same organization, on the day of the split."""
    assigned, candidate = correction.entry, correction.record
    assert isinstance(assigned, AssignedToPart)
    assert isinstance(candidate, Candidate)
    tenant_id, desk = correction.tenant_id, correction.desk
    whole = await desk.log.load(tenant_id, Organization, assigned.divided_id)
    parts = {
        part
        for entry in whole.live()
        if entry.effective_on == assigned.effective_on
        for part in _parts(entry)
    }
    code = values.get("organization")
    part = assigned.organization_id
    if code is not None:
        part = (await desk.directory.organization(code)).id
    if part not in parts or day.on != assigned.effective_on:
        raise InvalidInput(
            "NOT_A_PART",
            Text(
                "Chỉ chuyển sang phần khác của cùng lần chia tách, cùng ngày.",
                "Only another part of the same split, on its day.",
            ),
            field="replacement.fields.organization",
        )
    candidate.assign(part, divided=assigned.divided_id, on=day.on)


def _parts(entry: Entry) -> tuple[UUID, ...]:
    if isinstance(entry, Divided):
        return entry.parts
    return entry.successors if isinstance(entry, Ended) else ()


CORRECTABLE: Final[dict[type[Entry], Correctable]] = {
    Divided: Correctable(Action.ORGANIZE, beside=_with_all_assigned),
    Ended: Correctable(Action.ORGANIZE, beside=_with_people_of_the_end),
    AssignedToPart: Correctable(Action.ORGANIZE, {"organization": str}, _assigned_again),
}
