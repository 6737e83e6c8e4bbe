"""The ports of the commands in memory: a log, a directory on it, a clock that stands still."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from domain.access import Role
from domain.errors import Conflict, NotFound, VersionConflict, organization_not_found
from domain.events import CREATED
from domain.organization import Established, Organization, OrganizationKind, Place, organization_id
from domain.procedure import rule_book
from domain.record import CreatedEntry, Entry, Record
from domain.text import Text

R = TypeVar("R", bound=Record)
TODAY = date(2024, 12, 2)
DISTRICT = "lam-dong/bao-lam"
OTHER_DISTRICT = "lam-dong/di-linh"
COMMITTEE = f"{DISTRICT}/loc-thang"
CELL = f"{COMMITTEE}/thon-1"
NEIGHBOR = f"{COMMITTEE}/thon-2"
GRASSROOTS_CELL = f"{DISTRICT}/benh-vien"
_THERE_IS_NONE = Text("Không có.", "There is none.")


class Memory:
    """One installation of two districts; every write is checked as the real log checks it."""

    def __init__(self) -> None:
        self.log: dict[int, list[Entry]] = defaultdict(list)
        self.answers: dict[tuple[int, str, UUID], tuple[bytes, Recorded]] = {}
        self.tenants = {"lam-dong": 1, DISTRICT: 2, OTHER_DISTRICT: 3}
        self.lost_races = 0
        self.day = TODAY
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.desk = Desk(log=self, directory=self, clock=self, rules=rule_book())

    def today(self, tenant_id: int) -> date:  # noqa: ARG002 - one clock for all
        """The day of these tests."""
        return self.day

    async def load(self, tenant_id: int, aggregate: type[R], record_id: UUID) -> R:
        """Folded from its entries each time."""
        record: Any = None
        for entry in self.stream(tenant_id, record_id):
            record = entry.mutate(record)
        if (meanwhile := self.meanwhile) is not None:
            self.meanwhile = None
            await meanwhile()
        if not isinstance(record, aggregate):
            raise NotFound("RECORD_NOT_FOUND", _THERE_IS_NONE)
        return record

    async def save(
        self, tenant_id: int, command: Command, *records: Record, subject: UUID
    ) -> Recorded:
        """All entries or none."""
        if (first := await self.recorded(tenant_id, command)) is not None:
            return first
        if self.lost_races:
            self.lost_races -= 1
            raise VersionConflict
        entries: list[Entry] = []
        for record in records:
            entries += [entry for entry in record.collect_events() if isinstance(entry, Entry)]
            if len(self.stream(tenant_id, record.id)) + 1 != entries[0].originator_version:
                if isinstance(entries[0], CreatedEntry):
                    raise Conflict(record.taken.code, record.taken.text, field=record.taken.field)
                raise VersionConflict
        log = self.log[tenant_id]
        recorded = Recorded(tenant_id, subject, len(log) + 1, len(log) + len(entries))
        log += entries
        self.answers[tenant_id, command.actor.id, command.id] = (command.input_hash, recorded)
        return recorded

    async def erase(self, tenant_id: int, command: Command, record: Record) -> Recorded:
        """Nothing is sealed here, so there is no key to destroy."""
        return await self.save(tenant_id, command, record, subject=record.id)

    async def recorded(self, tenant_id: int, command: Command) -> Recorded | None:
        """The first result, marked as repeated."""
        found = self.answers.get((tenant_id, command.actor.id, command.id))
        if found is None:
            return None
        if found[0] != command.input_hash:
            raise Conflict("COMMAND_ID_REUSED", _THERE_IS_NONE, field="commandId")
        first = found[1]
        return Recorded(
            tenant_id, first.subject, first.first_position, first.last_position, repeated=True
        )

    async def entry_at(self, tenant_id: int, position: int) -> tuple[type[Record], UUID, int]:
        """By the first entry of the stream."""
        if not 1 <= position <= len(self.log[tenant_id]):
            raise NotFound("EVENT_NOT_FOUND", _THERE_IS_NONE, field="event")
        entry = self.log[tenant_id][position - 1]
        first = self.stream(tenant_id, entry.originator_id)[0]
        assert isinstance(first, CreatedEntry)
        return CREATED[type(first)], entry.originator_id, entry.originator_version

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

    async def tenant_of(self, code: str) -> int:
        """By the first two parts of the code."""
        tenant = "/".join(code.split("/")[:2])
        if tenant not in self.tenants:
            raise organization_not_found(code)
        return self.tenants[tenant]

    def stream(self, tenant_id: int, record_id: UUID) -> list[Entry]:
        """The entries of one record."""
        return [entry for entry in self.log[tenant_id] if entry.originator_id == record_id]

    def sizes(self) -> dict[int, int]:
        """How many entries each tenant has."""
        return {tenant_id: len(log) for tenant_id, log in self.log.items() if log}


def furnished() -> Memory:
    """Two districts, a committee with two cells and a grassroots cell, established in 2020."""
    memory = Memory()
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
        tenant_id = memory.tenants["/".join(code.split("/")[:2])]
        memory.log[tenant_id] += [e for e in made.collect_events() if isinstance(e, Entry)]
    return memory


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
