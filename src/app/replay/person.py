"""What one person's record adds to the figures of a day.

The case is folded as it stands on that day, by all entries that are known; nothing is posted and
nothing is carried over from another day.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.admission import AdmissionDecided
from domain.case import Case, CaseEntry, Stage, fold, stage
from domain.ending import CandidateWithdrawn, DecisionRevoked
from domain.groups import AREA_GROUPS, YOUTH_AGE
from domain.merging import Merged
from domain.part import AssignedToPart, Unit, refined
from domain.placement import Received
from domain.probation import CeremonyHeld
from domain.record import Entry, live_entries
from domain.striking_off import StruckOff
from domain.target_entry import CountingDate

Groups = frozenset[str]
DECISION, CEREMONY = CountingDate.DECISION.value, CountingDate.CEREMONY.value


class Standing(NamedTuple):
    """People of a unit at a stage; `groups` are all of theirs."""

    unit: UUID
    stage: Stage
    groups: Groups


class Happened(NamedTuple):
    """Something that counts once, by the day it happened: `ADMITTED_BY_DECISION` and the like."""

    unit: UUID
    what: str
    groups: Groups
    on: date


_AREAS = frozenset(AREA_GROUPS.values())


@dataclass(slots=True)
class Tally:
    """What many people add up to."""

    standing: Counter[Standing] = field(default_factory=Counter)
    happened: Counter[Happened] = field(default_factory=Counter)
    units: dict[UUID, Unit] = field(default_factory=dict)

    def add(self, entries: list[Entry], day: date) -> None:
        """Count one person by all known entries of the record, in the order of their versions."""
        person = Person(entries, day)
        self.units.update((unit.id, unit) for unit in person.parts)
        for standing, n in person.standing():
            self.standing[standing] += n
        for happened, n in person.happened().items():
            self.happened[happened] += n


class Person:
    """One record on a day."""

    def __init__(self, entries: list[Entry], day: date) -> None:
        self.day = day
        self.parts: list[Unit] = []
        self._units = self._find_units(entries)
        first = next((e for e in live_entries(entries) if e.originator_version == 1), None)
        self._received = first if isinstance(first, Received) else None
        is_to_come = self._received is not None and self._received.effective_on > day
        live = [] if is_to_come else live_entries(entries, day)
        self._live = [entry for entry in live if isinstance(entry, CaseEntry)]
        self.case = fold(self._live)
        self.stage = stage(self.case, day)

    @property
    def unit(self) -> UUID | None:
        """The finest group of people that the person is one of."""
        return self._units[self._live[-1].originator_version] if self._live else None

    @property
    def groups(self) -> Groups:
        """The groups that the person counts in."""
        if self.case.handed_over is not None:
            return frozenset(self.case.handed_over.groups)
        return groups_of(self.case, self._live[-1])

    def standing(self) -> Iterator[tuple[Standing, int]]:
        """Where the person counts, and where no more.

        Who is handed over has left the unit and is in transit in the province's own; there nobody
        has left, so that the province counts everybody once. The receipt ends the transit; of a
        whole cell that went over it also says that nobody left.
        """
        if self._received is not None and self._live:
            came = self._received
            groups = frozenset(came.transit_groups)
            yield Standing(came.province_id, Stage.IN_TRANSIT, groups), -1
            if came.from_unit is not None:
                yield Standing(came.from_unit, Stage.TRANSFERRED_OUT, groups), -1
                yield Standing(came.province_id, Stage.TRANSFERRED_OUT, groups), 1
        if self.stage is None or self.stage is Stage.MERGED:
            return
        assert self.unit is not None
        yield Standing(self.unit, self.stage, self.groups), 1
        if self.stage is Stage.TRANSFERRED_OUT:
            assert self.case.handed_over is not None
            province = self.case.handed_over.province_id
            yield Standing(province, Stage.TRANSFERRED_OUT, self.groups), -1
            yield Standing(province, Stage.IN_TRANSIT, self.groups), 1

    def happened(self) -> Counter[Happened]:
        """What is counted of the person up to the day, in the groups of the day it happened."""
        counted: Counter[Happened] = Counter()
        told: dict[tuple[str, date], Happened] = {}
        case = Case()
        for entry in self._live:
            unit, day = self._units[entry.originator_version], entry.effective_on
            for each in entry.told():
                for what in happens(case, each):
                    that_day = fold(e for e in self._live if e.effective_on <= day)
                    groups = groups_of(that_day, each) - _AREAS | _areas(what, each, told)
                    happened = Happened(unit, what, groups, day)
                    told[what, each.effective_on] = happened
                    if each is entry and entry.originator_version >= 1:
                        counted[happened] += 1
            if isinstance(entry, Merged):
                take_back(counted, told, entry, unit)
        return counted

    def _find_units(self, entries: list[Entry]) -> dict[int, UUID]:
        """The unit of each live entry by its version: its cell, by the parts it went to since."""
        units: dict[int, UUID] = {}
        since: list[int] = []
        cell: UUID | None = None
        unit: UUID | None = None
        for entry in live_entries(entries):
            if isinstance(entry, AssignedToPart):
                if unit is not None and _cell_when_assigned(entry, entries) == cell:
                    part = refined(unit, entry.organization_id, entry.effective_on)
                    self.parts.append(part)
                    unit = part.id
                    units.update(dict.fromkeys(since, unit))
            elif unit is None or _brings(entry):
                cell = unit = entry.organization_id
                since = []
            since.append(entry.originator_version)
            units[entry.originator_version] = unit or entry.organization_id
        return units


def happens(case: Case, entry: CaseEntry) -> list[str]:
    """What an entry counts as; it changes the case."""
    was_decided, was_held = case.decided is not None, case.ceremony is not None
    was_recognized = case.recognized is not None
    entry.take(case)
    again = case.readmission is not None
    if case.identified is None:
        return []
    if isinstance(entry, AdmissionDecided | CeremonyHeld):
        by = DECISION if isinstance(entry, AdmissionDecided) else CEREMONY
        return [f"READMITTED_BY_{by}" if again else f"ADMITTED_BY_{by}"]
    if isinstance(entry, DecisionRevoked | CandidateWithdrawn):
        return [f"UNCOUNTED_BY_{DECISION}"] if was_decided and not again else []
    if isinstance(entry, StruckOff):
        to_nothing = was_held and not was_recognized and not again
        both = [f"UNCOUNTED_BY_{DECISION}", f"UNCOUNTED_BY_{CEREMONY}"]
        return [*(both if to_nothing else ()), "STRIKINGS_OFF"]
    return []


def take_back(
    counted: Counter[Happened],
    told: dict[tuple[str, date], Happened],
    merged: Merged,
    unit: UUID,
) -> None:
    """Of a duplicate, what the other record counts as well is taken back on the day of the merger.

    At the duplicate where it was counted in another record.
    """
    taken: Counter[Happened] = Counter()
    for by in merged.counted_twice:
        names = {f"{name}_BY_{by}" for name in ("ADMITTED", "READMITTED", "UNCOUNTED")}
        for happened, n in counted.items():
            if happened.what in names:
                taken[happened._replace(on=merged.effective_on)] += n
    for each in merged.taken_back:
        happened = told[each.account, each.on]
        is_own = counted[happened] > 0
        place = happened.unit if is_own else unit
        taken[happened._replace(on=merged.effective_on, unit=place)] += 1
    counted.subtract(taken)


def _areas(what: str, entry: CaseEntry, told: dict[tuple[str, date], Happened]) -> Groups:
    """The area's groups on the day that counts; what undoes an admission has the admission's."""
    admitted = what.replace("UNCOUNTED", "ADMITTED") if what.startswith("UNCOUNTED") else None
    found = [happened.groups for (each, _), happened in told.items() if each == admitted]
    return (found[-1] if found else frozenset(entry.groups)) & _AREAS


def groups_of(case: Case, last: CaseEntry) -> Groups:
    """The groups by the facts of a day and the last entry up to it."""
    assert case.identified is not None
    assert case.placed is not None
    areas = {AREA_GROUPS[c] for c in case.placed.characteristics if c in AREA_GROUPS}
    young = {YOUTH_AGE} & set(last.groups)
    return frozenset({*case.identified.own_groups, *areas, *young})


def _brings(entry: Entry) -> bool:
    return isinstance(entry, CaseEntry) and entry.BRINGS_TO_CELL


def _cell_when_assigned(assigned: AssignedToPart, entries: list[Entry]) -> UUID | None:
    """Which cell had the case on that day, by what was recorded before the assignment."""
    before = [e for e in entries if e.originator_version < assigned.originator_version]
    cells = [
        entry.organization_id
        for number, entry in enumerate(live_entries(before, assigned.effective_on))
        if number == 0 or _brings(entry)
    ]
    return cells[-1] if cells else None
