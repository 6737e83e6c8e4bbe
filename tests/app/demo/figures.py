"""A recount of a demo played in memory, straight from its entries."""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from tests.app.demo.memory import Memory

from domain.admission import AdmissionDecided
from domain.candidate import Identified
from domain.case import CaseEntry, Stage, fold, stage
from domain.record import Entry, live_entries
from domain.target import TargetSet


def people(memory: Memory, code: str, known: datetime | None = None) -> dict[UUID, list[Entry]]:
    """The entries of each person at and below an organization, as known at a time."""
    below = {p.id for p in memory.places.values() if f"{p.code}/".startswith(f"{code}/")}
    found: dict[UUID, list[Entry]] = {}
    for rows in memory.rows.values():
        for row in rows:
            entry = row.entry
            if known is not None and row.recorded_at > known:
                continue
            if entry.organization_id in below and entry.originator_id not in memory.places:
                found.setdefault(entry.originator_id, []).append(entry)
    return {k: v for k, v in found.items() if isinstance(v[0], Identified)}


def admissions(
    memory: Memory,
    code: str,
    between: tuple[date, date],
    *,
    group: str | None = None,
    known: datetime | None = None,
) -> int:
    """How many admissions were decided from one day to another, both included."""
    total = 0
    for entries in people(memory, code, known).values():
        live = live_entries(entries)
        own = fold(live).identified
        assert own is not None
        total += sum(
            1
            for e in live
            if isinstance(e, AdmissionDecided)
            and between[0] <= e.effective_on <= between[1]
            and (group is None or group in own.own_groups)
        )
    return total


def stages(memory: Memory, code: str, on: date) -> Counter[Stage]:
    """How many people stand where on a day."""
    found = [stage(fold(live_entries(e, on)), on) for e in people(memory, code).values()]
    return Counter(s for s in found if s is not None)


def findings(memory: Memory) -> Counter[str]:
    """How often which rule was found broken."""
    return Counter(
        rule
        for rows in memory.rows.values()
        for row in rows
        if isinstance(row.entry, CaseEntry)
        for rule in row.entry.findings
    )


def targets(memory: Memory) -> list[TargetSet]:
    """All targets."""
    return [
        r.entry for rows in memory.rows.values() for r in rows if isinstance(r.entry, TargetSet)
    ]
