"""People of a divided organization are assigned to its parts; what they are counted under.

A unit is the finest group of people that no reorganization has separated. A person's unit is the
organization that began to follow the person, refined by each part that the person was assigned to
since. To be assigned moves nobody: the person counted at the whole before and counts at the part
from that day on, in the tree of each day.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.record import Entry


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


def refined(origin: UUID, organization_id: UUID, on: date) -> Unit:
    """The people of a unit who were assigned to one part on one day."""
    return Unit(uuid5(origin, f"{organization_id}/{on}"), origin, organization_id, on)


def units_of(live: Sequence[Entry]) -> tuple[list[UUID], list[Unit]]:
    """The unit that each live entry of one person counts under, and all refined ones.

    An entry that names an organization which the person was divided from counts under the refined
    unit, whenever it was recorded.
    """
    units: list[UUID] = []
    made: list[Unit] = []
    started, unit, same = 0, None, set[UUID]()
    for index, entry in enumerate(live):
        if isinstance(entry, AssignedToPart) and unit is not None:
            made.append(refined(unit, entry.organization_id, entry.effective_on))
            unit = made[-1].id
            units[started:] = [unit] * (index - started)
            same.add(entry.organization_id)
        elif entry.organization_id not in same or unit is None:
            started, unit, same = index, entry.organization_id, {entry.organization_id}
        units.append(unit)
    return units, made
