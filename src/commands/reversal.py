"""What it takes to say that something recorded together was never true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from commands.ports import Desk
from domain.candidate import Candidate
from domain.organization import Organization
from domain.organization_entry import Established
from domain.record import Record, entry_has_successors


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of the log."""

    kind: type[Record]
    record_id: UUID
    version: int
    position: int


async def voided(
    desk: Desk, tenant_id: int, marks: Iterable[Mark], *, reason: str, on: date
) -> list[Record]:
    """The records with their marked entries voided, the last one first.

    Raises Conflict when something else stands on them.
    """
    by_record: dict[UUID, list[Mark]] = {}
    for mark in marks:
        by_record.setdefault(mark.record_id, []).append(mark)
    records: list[Record] = []
    for record_id, own in by_record.items():
        record: Record = await desk.log.load(tenant_id, own[0].kind, record_id)
        for mark in sorted(own, key=lambda each: -each.version):
            record.void(mark.version, position=mark.position, reason=reason, on=on)
        record.require_sound()
        records.append(record)
    await _require_unused(desk, tenant_id, records)
    return records


async def _require_unused(desk: Desk, tenant_id: int, records: list[Record]) -> None:
    """Passes unless something was founded or recorded in what is now never to have existed."""
    own = {record.id for record in records}
    gone = {
        record.id
        for record in records
        if not any(isinstance(entry, Established) for entry in record.live())
        and isinstance(record, Organization)
    }
    if not gone:
        return
    today = desk.clock.today(tenant_id)
    for placed in (await desk.directory.structure(tenant_id, today)).values():
        if placed.superior_id in gone and placed.id not in own:
            raise entry_has_successors()
    for held in await desk.cases.held(tenant_id, sorted(gone), today):
        if held.case in own:
            continue
        case = await desk.log.load(tenant_id, Candidate, held.case)
        if any(entry.organization_id in gone for entry in case.live()):
            raise entry_has_successors()
