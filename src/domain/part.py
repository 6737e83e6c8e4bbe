"""People of a divided organization are assigned to its parts; what they are counted under.

A unit is the finest group of people that no reorganization has separated. A person's unit is the
cell that the case was last brought to, refined by each part that the person was assigned to
since. To be assigned moves nobody: the person counted at the whole before and counts at the part
from that day on, in the tree of each day.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.case import CaseEntry
from domain.record import Entry, live_entries


class AssignedToPart(Entry):
    """The person belongs to a part of an organization that was divided on that day.

    `organization_id` is the part.
    """

    TOPIC = "candidate.assigned_to_part"
    divided_id: UUID


class Unit(NamedTuple):
    """A refined unit: it counts at `origin` before a day, and at `organization_id` from it on."""

    id: UUID
    origin: UUID
    organization_id: UUID
    effective_on: date


class Whereabouts(NamedTuple):
    """Where one person is counted.

    `units` has the unit of each live entry, `refined` all units that were refined for the person,
    and `organization_id` is the last organization that the person belongs to.
    """

    units: list[UUID]
    refined: list[Unit]
    organization_id: UUID | None


def refined(origin: UUID, organization_id: UUID, on: date) -> Unit:
    """The people of a unit who were assigned to one part on one day."""
    return Unit(uuid5(origin, f"{organization_id}/{on}"), origin, organization_id, on)


def whereabouts(entries: list[Entry], live: Sequence[Entry]) -> Whereabouts:
    """Where the person of a record is counted, by all its entries and by the live ones in order.

    The person counts at the cell that the case was last brought to, refined by the assignments
    that were made of the people of that cell; any other entry changes nothing.
    """
    units: list[UUID] = []
    made: list[Unit] = []
    started = 0
    unit: UUID | None = None
    placed: UUID | None = None
    organization: UUID | None = None
    for index, entry in enumerate(live):
        if isinstance(entry, AssignedToPart):
            if unit is None:
                organization = entry.organization_id
            elif placed == _placed_when(entry, entries):
                made.append(refined(unit, entry.organization_id, entry.effective_on))
                unit, organization = made[-1].id, entry.organization_id
                units[started:] = [unit] * (index - started)
        elif unit is None or _brings(entry):
            started, unit = index, entry.organization_id
            placed = organization = unit
        units.append(unit or entry.organization_id)
    return Whereabouts(units, made, organization)


def _brings(entry: Entry) -> bool:
    return isinstance(entry, CaseEntry) and entry.BRINGS_TO_CELL


def _placed_when(assigned: AssignedToPart, entries: list[Entry]) -> UUID | None:
    """The cell that had the case on the day of an assignment by what was known when it was made.

    A move that was entered late, or taken back, leaves the assignment to a part without meaning.
    """
    known = [each for each in entries if each.originator_version < assigned.originator_version]
    placed: UUID | None = None
    for entry in live_entries(known, assigned.effective_on):
        if placed is None or _brings(entry):
            placed = entry.organization_id
    return placed
