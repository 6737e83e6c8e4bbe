"""The ports of the commands in memory: a log, a directory on it, a clock that stands still.

Every entry that a test looks at in `Memory.log` has been through the codec and the sealing.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

from tests.databases import now
from tests.eventstore.memory import MemoryStore
from tests.eventstore.memory_keys import MemoryKeys

from commands.ports import Actor, Command, Desk, HeldCase, OrganizationRef, Recorded
from domain.access import Role
from domain.admission import AdmissionDecided
from domain.candidate import CandidateEntryVoided, Cell
from domain.case import CaseEntry, Stage
from domain.closing import ClosedFigure, Counted, Seen
from domain.errors import VersionConflict, organization_not_found
from domain.events import CREATED, EVENTS
from domain.organization import Organization, OrganizationKind, Place, organization_id
from domain.organization_entry import OrganizationEntry, OrganizationEntryVoided
from domain.part import AssignedToPart, whereabouts
from domain.period import Period
from domain.procedure import RuleBook, rule_book
from domain.record import Entry, Record, live_entries
from domain.rulebook import Rulebook, RulebookAdopted
from domain.structure import Placed
from domain.target import TargetSet
from domain.territory import TerritoryAssigned
from domain.timeline import ADMITTED, Line, timeline
from eventstore.codec import Codec
from eventstore.reading import READ_MAX
from eventstore.records import Records
from eventstore.registry import Registry
from projections.directory import cell_in, paths_in, ref_of, ref_of_code, structure_of
from projections.held_cases import OVER
from projections.organization import build_tree, row_of
from projections.tree import Tree

R = TypeVar("R", bound=Record)
TODAY = date(2024, 12, 2)
DISTRICT = "lam-dong/bao-lam"
OTHER_DISTRICT = "lam-dong/di-linh"
COMMITTEE = f"{DISTRICT}/loc-thang"
CELL = f"{COMMITTEE}/thon-1"
NEIGHBOR = f"{COMMITTEE}/thon-2"
GRASSROOTS_CELL = f"{DISTRICT}/benh-vien"
REGISTRY = Registry(EVENTS, CREATED)


class Memory:
    """One installation of two districts, on the real codec and sealing over a log in memory."""

    def __init__(self, **more: int) -> None:
        """`more` are further tenants by code."""
        self.tenants = {"lam-dong": 1, DISTRICT: 2, OTHER_DISTRICT: 3, **more}
        self.log: dict[int, list[Entry]] = defaultdict(list)
        self.lost_races = 0
        self.fails_in: int | None = None
        self.saves_left: int | None = None
        self.day = TODAY
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.desk = Desk(log=self, directory=self, cases=self, clock=self, rules=self, figures=self)
        self._store = MemoryStore(self.tenants.values(), now)
        self._keys = MemoryKeys()
        self._records = self._process()

    def today(self, tenant_id: int) -> date:  # noqa: ARG002 - one clock for all
        """The day of these tests."""
        return self.day

    async def of(self, tenant_id: int) -> RuleBook:
        """As the tenant's own log says."""
        for entry in self.log[tenant_id]:
            if isinstance(entry, RulebookAdopted):
                found = Record.of(self.stream(tenant_id, entry.originator_id))
                assert isinstance(found, Rulebook)
                return found.book(rule_book())
        return rule_book()

    def forget(self, tenant_id: int) -> None:
        """Nothing is kept here."""

    async def load(self, tenant_id: int, aggregate: type[R], record_id: UUID) -> R:
        """As the log gives it; another writer may come in between."""
        record = await self._records.load(tenant_id, aggregate, record_id)
        if (meanwhile := self.meanwhile) is not None:
            self.meanwhile = None
            await meanwhile()
        return record

    async def save(
        self, tenant_id: int, command: Command, *records: Record, subject: UUID
    ) -> Recorded:
        """As the log takes it, unless a race is to be lost or the way to it is."""
        self._race()
        if tenant_id == self.fails_in or self.saves_left == 0:
            raise ConnectionError
        if self.saves_left is not None:
            self.saves_left -= 1
        recorded = await self._records.save(tenant_id, command, *records, subject=subject)
        await self._read(tenant_id)
        return recorded

    async def erase(self, tenant_id: int, command: Command, record: Record) -> Recorded:
        """As the log does it."""
        self._race()
        recorded = await self._records.erase(tenant_id, command, record)
        await self._read(tenant_id)
        return recorded

    def _race(self) -> None:
        if self.lost_races:
            self.lost_races -= 1
            raise VersionConflict

    async def reload(self, tenant_id: int, aggregate: type[R], record_id: UUID) -> R:
        """As a process gets it that has not written it itself."""
        return await self._process().load(tenant_id, aggregate, record_id)

    async def recorded(self, tenant_id: int, command: Command) -> Recorded | None:
        """As the log remembers it."""
        return await self._records.recorded(tenant_id, command)

    async def holder(self, tenant_id: int, kind: str, value: str) -> UUID | None:
        """As the log has it."""
        return await self._records.holder(tenant_id, kind, value)

    async def shown(self, tenant_id: int, position: int) -> None:
        """There are no figures to wait for."""

    async def entry_at(self, tenant_id: int, position: int) -> tuple[type[Record], UUID, int]:
        """As the log has it."""
        return await self._records.entry_at(tenant_id, position)

    async def entries(self, tenant_id: int, first: int, last: int) -> list[Entry]:
        """As the log has them."""
        return await self._records.entries(tenant_id, first, last)

    async def targets(self, tenant_id: int, holders: Collection[UUID]) -> list[UUID]:
        """Those that were ever set for the holders."""
        found = {
            entry.originator_id
            for entry in self.log[tenant_id]
            if isinstance(entry, TargetSet) and entry.organization_id in holders
        }
        return sorted(found)

    async def positions(self, tenant_id: int, record_id: UUID) -> list[int]:
        """As the log has them."""
        return await self._records.positions(tenant_id, record_id)

    async def organization(self, code: str) -> OrganizationRef:
        """By code, in whatever tenant."""
        found = ref_of_code(self.tree(await self.tenant_of(code)), code)
        if found is None:
            raise organization_not_found(code)
        return found

    async def organization_by_id(self, tenant_id: int, organization_id: UUID) -> OrganizationRef:
        """As the log says."""
        found = ref_of(self.tree(tenant_id), organization_id)
        if found is None:
            raise organization_not_found(str(organization_id))
        return found

    async def look_again(self, tenant_id: int) -> None:
        """Nothing is kept here."""

    async def structure(self, tenant_id: int, on: date) -> Mapping[UUID, Placed]:
        """As the log says."""
        return structure_of(self.tree(tenant_id, on))

    async def cell_on(self, tenant_id: int, cell: Cell, on: date) -> Cell:
        """As the log says."""
        return cell_in(self.tree(tenant_id, on), cell)

    async def paths_on(
        self, tenant_id: int, codes: Collection[str], on: date
    ) -> Mapping[str, tuple[str, ...]]:
        """As the log says."""
        return paths_in(self.tree(tenant_id, on), codes)

    async def territories(self, tenant_id: int) -> list[UUID]:
        """As the log says."""
        log = self.log[tenant_id]
        return [entry.originator_id for entry in log if isinstance(entry, TerritoryAssigned)]

    async def held(
        self, tenant_id: int, organizations: Collection[UUID], on: date
    ) -> list[HeldCase]:
        """By the timelines of all cases."""
        tree, cases = self.tree(tenant_id, on), []
        for case, entries in self._cases(tenant_id).items():
            standing = [line for line, n in _balance(timeline(entries)).items() if n > 0]
            for unit, account in standing:
                at = tree.place(unit)
                if at is not None and at.id in organizations:
                    cases.append(HeldCase(case, at.id, Stage(account) not in OVER))
        return cases

    def tree(self, tenant_id: int, on: date | None = None, known: int | None = None) -> Tree:
        """The organizations of a tenant on a day, by what was known at a position."""
        rows = [
            row_of(tenant_id, position, entry)
            for position, entry in enumerate(self.log[tenant_id][:known], start=1)
            if isinstance(entry, OrganizationEntry | OrganizationEntryVoided)
        ]
        units = [
            unit
            for entries in self._cases(tenant_id).values()
            for unit in whereabouts(entries, live_entries(entries)).refined
        ]
        return build_tree(rows, on or self.day, units)

    def figures(
        self, tenant_id: int, effective: date, on: date, known: int | None = None
    ) -> Counter[tuple[str, str]]:
        """How many people stand at a stage in each organization and below it, by its code."""
        tree = self.tree(tenant_id, on, known)
        sums: Counter[tuple[str, str]] = Counter()
        for entries in self._cases(tenant_id, known).values():
            for (unit, account), n in _balance(timeline(entries), effective).items():
                at = tree.place(unit)
                if unit == organization_id("lam-dong"):  # Of who is in transit: another log's.
                    continue
                assert at is not None, "every unit has a place in every tree"
                for node in at.path():
                    sums[node.code, account] += n
        return +sums

    def _cases(self, tenant_id: int, known: int | None = None) -> dict[UUID, list[Entry]]:
        cases: dict[UUID, list[Entry]] = {}
        for entry in self.log[tenant_id][:known]:
            if isinstance(entry, CaseEntry | AssignedToPart | CandidateEntryVoided):
                cases.setdefault(entry.originator_id, []).append(entry)
        return cases

    async def below(self, code: str) -> tuple[OrganizationRef, ...]:
        """As the log of its tenant says."""
        above = self.tree(await self.tenant_of(code)).find(code)
        if above is None:
            raise organization_not_found(code)
        return tuple(
            [await self.organization_by_id(each.tenant_id, each.id) for each in above.children]
        )

    async def tenant_of(self, code: str) -> int:
        """By the first two parts of the code."""
        tenant = "/".join(code.split("/")[:2])
        if tenant not in self.tenants:
            raise organization_not_found(code)
        return self.tenants[tenant]

    async def counted(self, code: str, period: Period, on: date) -> Counted:
        """Everybody's admissions that stand in the log of the tenant, by decision."""
        tenant_id = await self.tenant_of(code)
        last = min(period.last, on)
        decisions = [
            entry
            for entry in self.log[tenant_id]
            if isinstance(entry, AdmissionDecided) and period.first <= entry.effective_on <= last
        ]
        figures = (ClosedFigure(None, len(decisions), 0),)
        seen = (Seen(tenant_id, len(self.log[tenant_id])),)
        return Counted(period.first, period.last, figures, seen)

    def stream(self, tenant_id: int, record_id: UUID) -> list[Entry]:
        """The entries of one record."""
        return [entry for entry in self.log[tenant_id] if entry.originator_id == record_id]

    def _process(self) -> Records:
        return Records(self._store, Codec(REGISTRY), self._keys)

    async def _read(self, tenant_id: int) -> None:
        """What came to a tenant's log since it was last read, decoded and opened, into `log`."""
        entries = self.log[tenant_id]
        stored = await self._store.read_after(tenant_id, len(entries), READ_MAX)
        streams = await self._store.read_streams(tenant_id, {each.stream_id for each in stored})
        opened = await self._records.open(streams)
        entries += [opened[each.stream_id][each.version - 1] for each in stored]

    def sizes(self) -> dict[int, int]:
        """How many entries each tenant has."""
        return {tenant_id: len(log) for tenant_id, log in self.log.items() if log}


def _balance(lines: Counter[Line], until: date = date.max) -> Counter[tuple[UUID, str]]:
    """How often one person counts where on a day."""
    balance: Counter[tuple[UUID, str]] = Counter()
    for line, n in lines.items():
        if line.account not in ADMITTED.values() and line.effective_on <= until:
            balance[line.unit, line.account] += n
    return balance


async def furnished(**more: int) -> Memory:
    """Two districts, a committee with two cells and a grassroots cell, established in 2020."""
    memory = Memory(**more)
    await furnish(memory)
    return memory


async def furnish(memory: Memory) -> None:
    """Establish the organizations of these tests."""
    kinds = {
        "lam-dong": OrganizationKind.PROVINCE,
        DISTRICT: OrganizationKind.DISTRICT,
        OTHER_DISTRICT: OrganizationKind.DISTRICT,
        COMMITTEE: OrganizationKind.GRASSROOTS_COMMITTEE,
        CELL: OrganizationKind.SUBORDINATE_CELL,
        NEIGHBOR: OrganizationKind.SUBORDINATE_CELL,
        GRASSROOTS_CELL: OrganizationKind.GRASSROOTS_CELL,
    }
    for code, kind in kinds.items():
        above, _, segment = code.rpartition("/")
        place = Place(organization_id(above), above, kinds[above]) if above else Place()
        made = Organization.establish(
            place, on=date(2020, 1, 6), name=f"Tổ chức {segment}", kind=kind, segment=segment
        )
        await memory.save(await memory.tenant_of(code), command(), made, subject=made.id)


def command(
    role: Role = Role.BOARD,
    scope: str = DISTRICT,
    *,
    on: date = date(2024, 3, 4),
    command_id: UUID | None = None,
    input_hash: bytes = b"",
) -> Command:
    """A command of somebody with a role in a part of the tree."""
    actor = Actor(f"{role}@{scope}", role, scope)
    return Command(id=command_id or uuid4(), actor=actor, occurred_on=on, input_hash=input_hash)


def identity(seed: str) -> UUID:
    """An id for a name."""
    return uuid5(UUID(int=0), seed)
