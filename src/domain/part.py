"""People of a divided organization are assigned to its parts; what they are counted under.

A unit is the finest group of people that no reorganization has separated. A person's unit is the
organization that began to follow the person, refined by each part that the person was assigned to
since. To be assigned moves nobody: the person counted at the whole before and counts at the part
from that day on, in the tree of each day.
"""

from collections.abc import Iterable, Sequence
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


def whereabouts(entries: Iterable[Entry], live: Sequence[Entry]) -> Whereabouts:
    """Where the person of a record is counted, by all its entries and by the live ones in order.

    An entry that names the whole or a part counts under the one refined unit, whenever it was
    recorded, and under that of the whole when the assignment was voided.
    """
    assigned = [entry for entry in entries if isinstance(entry, AssignedToPart)]
    units: list[UUID] = []
    made: list[Unit] = []
    started, unit, organization = 0, None, None
    same: set[UUID] = set()
    for index, entry in enumerate(live):
        if isinstance(entry, AssignedToPart) and unit is not None:
            made.append(refined(unit, entry.organization_id, entry.effective_on))
            unit, organization = made[-1].id, entry.organization_id
            units[started:] = [unit] * (index - started)
        elif unit is None or entry.organization_id not in same:
            started, unit, organization = index, entry.organization_id, entry.organization_id
            same = _family(organization, assigned)
        units.append(unit)
    return Whereabouts(units, made, organization)


def _family(organization_id: UUID, assigned: Iterable[AssignedToPart]) -> set[UUID]:
    """An organization and those that were ever said to be its parts, in the order of recording."""
    family = {organization_id}
    for entry in assigned:
        if entry.divided_id in family:
            family.add(entry.organization_id)
    return family
