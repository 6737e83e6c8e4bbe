"""The ports of the commands in memory: a log, a directory on it, a clock that stands still.

Every entry that a test looks at in `Memory.log` has been through the codec and the sealing.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

from tests.databases import now
from tests.eventstore.memory import MemoryStore
from tests.eventstore.memory_keys import MemoryKeys

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from domain.access import Role
from domain.admission import AdmissionDecided
from domain.closing import ClosedFigure, Counted, Seen
from domain.errors import VersionConflict, organization_not_found
from domain.events import CREATED, EVENTS
from domain.organization import Established, Organization, OrganizationKind, Place, organization_id
from domain.period import Period
from domain.procedure import rule_book
from domain.record import Entry, Record
from eventstore.codec import Codec
from eventstore.reading import READ_MAX
from eventstore.records import Records
from eventstore.registry import Registry

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

    def __init__(self) -> None:
        self.tenants = {"lam-dong": 1, DISTRICT: 2, OTHER_DISTRICT: 3}
        self.log: dict[int, list[Entry]] = defaultdict(list)
        self.lost_races = 0
        self.fails_in: int | None = None
        self.day = TODAY
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.desk = Desk(log=self, directory=self, clock=self, rules=rule_book(), figures=self)
        self._store = MemoryStore(self.tenants.values(), now)
        self._keys = MemoryKeys()
        self._records = self._process()

    def today(self, tenant_id: int) -> date:  # noqa: ARG002 - one clock for all
        """The day of these tests."""
        return self.day

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
        if tenant_id == self.fails_in:
            raise ConnectionError
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

    async def organization(self, code: str) -> OrganizationRef:
        """By code, in whatever tenant."""
        tenant_id = await self.tenant_of(code)
        return await self.organization_by_id(tenant_id, organization_id(code))

    async def organization_by_id(self, tenant_id: int, organization_id: UUID) -> OrganizationRef:
        """As the log says."""
        found = self.stream(tenant_id, organization_id)
        if not found or not isinstance(found[0], Established):
            raise organization_not_found(str(organization_id))
        first = found[0]
        return OrganizationRef(
            tenant_id,
            first.originator_id,
            first.code,
            first.kind,
            (first.originator_id,),
            frozenset(first.characteristics),
        )

    async def below(self, code: str) -> tuple[OrganizationRef, ...]:
        """As the log of its tenant says."""
        above = await self.organization(code)
        return tuple(
            [
                await self.organization_by_id(above.tenant_id, entry.originator_id)
                for entry in self.log[above.tenant_id]
                if isinstance(entry, Established) and entry.parent_id == above.id
            ]
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


async def furnished() -> Memory:
    """Two districts, a committee with two cells and a grassroots cell, established in 2020."""
    memory = Memory()
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
