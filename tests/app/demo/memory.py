"""An installation in memory: the ports of the commands, nothing behind them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from app.demo import Site
from commands.ports import Command, Desk, HeldCase, OrganizationRef, Recorded
from domain.candidate import Cell
from domain.closing import Counted
from domain.errors import Conflict, VersionConflict, organization_not_found
from domain.organization import Established, Organization
from domain.period import Period
from domain.places import AS_NAMED, path_of
from domain.procedure import RuleBook, rule_book
from domain.record import Entry, Record, record_not_found
from domain.structure import Placed
from domain.territory import TerritoryAssigned
from domain.text import Text

R = TypeVar("R", bound=Record)
USED = Text("Mã lệnh đã dùng.", "The command id was used.")


@dataclass(frozen=True)
class Row:
    """One stored entry."""

    kind: type[Record]
    entry: Entry
    recorded_at: datetime
    actor: str


@dataclass
class Memory:
    """The log, the directory and the clock of one installation."""

    tenants: dict[str, int] = field(default_factory=dict)
    clocks: dict[int, datetime | None] = field(default_factory=dict)
    rows: dict[int, list[Row]] = field(default_factory=dict)
    streams: dict[UUID, list[Entry]] = field(default_factory=dict)
    commands: dict[tuple[int, str, UUID], tuple[bytes, Recorded]] = field(default_factory=dict)
    places: dict[UUID, OrganizationRef] = field(default_factory=dict)
    claims: dict[tuple[int, str, str], UUID] = field(default_factory=dict)
    saves_until_failure: int | None = None
    today_is: Callable[[], date] = date.today

    @property
    def site(self) -> Site:
        """The installation as the demo is given it."""
        desk = Desk(log=self, directory=self, cases=self, clock=self, rules=self, figures=self)
        return Site(desk=desk, add_tenant=self.add_tenant, set_clock=self.set_clock)

    async def add_tenant(self, code: str) -> int:
        """The tenant of a code, new or old."""
        return self.tenants.setdefault(code, len(self.tenants) + 1)

    async def set_clock(self, tenant_id: int, clock: datetime | None) -> None:
        """Simulate a tenant's clock."""
        self.clocks[tenant_id] = clock

    async def of(self, tenant_id: int) -> RuleBook:  # noqa: ARG002
        """The rules that ship."""
        return rule_book()

    def forget(self, tenant_id: int) -> None:
        """Nothing is kept here."""

    def today(self, tenant_id: int) -> date:  # noqa: ARG002
        """The real day, whatever the tenants' clocks show."""
        return self.today_is()

    async def load(self, tenant_id: int, aggregate: type[R], record_id: UUID) -> R:  # noqa: ARG002
        """The record folded again from its entries."""
        if record_id not in self.streams:
            raise record_not_found(aggregate)
        record: Any = None
        for entry in self.streams[record_id]:
            record = entry.mutate(record)
        assert isinstance(record, aggregate)
        return record

    async def save(
        self, tenant_id: int, command: Command, *records: Record, subject: UUID
    ) -> Recorded:
        """Append, once a command."""
        if (first := await self.recorded(tenant_id, command)) is not None:
            return first
        if self.saves_until_failure is not None:
            if self.saves_until_failure == 0:
                raise ConnectionError
            self.saves_until_failure -= 1
        log = self.rows.setdefault(tenant_id, [])
        first_position = len(log) + 1
        for record in records:
            self.claims |= {(tenant_id, *claim): record.id for claim in record.exclusive()}
            for entry in cast("list[Entry]", record.collect_events()):
                stream = self.streams.setdefault(entry.originator_id, [])
                if len(stream) + 1 != entry.originator_version:
                    raise VersionConflict
                stream.append(entry)
                log.append(Row(type(record), entry, self._now(tenant_id), command.actor.id))
                self._place(tenant_id, entry)
        recorded = Recorded(tenant_id, subject, first_position, len(log))
        self.commands[tenant_id, command.actor.id, command.id] = (command.input_hash, recorded)
        return recorded

    async def erase(self, tenant_id: int, command: Command, record: Record) -> Recorded:
        """Nothing is sealed here, so there is no key to destroy."""
        return await self.save(tenant_id, command, record, subject=record.id)

    async def recorded(self, tenant_id: int, command: Command) -> Recorded | None:
        """The first result."""
        found = self.commands.get((tenant_id, command.actor.id, command.id))
        if found is None:
            return None
        if found[0] != command.input_hash:
            raise Conflict("COMMAND_ID_REUSED", USED)
        return found[1]

    async def holder(self, tenant_id: int, kind: str, value: str) -> UUID | None:
        """The record that claimed it."""
        return self.claims.get((tenant_id, kind, value))

    async def shown(self, tenant_id: int, position: int) -> None:
        """There are no figures to wait for."""

    async def entry_at(self, tenant_id: int, position: int) -> tuple[type[Record], UUID, int]:
        """The entry at a position."""
        row = self.rows[tenant_id][position - 1]
        return row.kind, row.entry.originator_id, row.entry.originator_version

    async def entries(self, tenant_id: int, first: int, last: int) -> list[Entry]:
        """Those rows of the tenant's log."""
        return [row.entry for row in self.rows.get(tenant_id, [])[first - 1 : last]]

    async def targets(self, tenant_id: int, holders: Collection[UUID]) -> list[UUID]:  # noqa: ARG002
        """Nobody asks for them here."""
        return []

    async def positions(self, tenant_id: int, record_id: UUID) -> list[int]:
        """Nothing is reversed here."""
        raise NotImplementedError

    async def look_again(self, tenant_id: int) -> None:
        """Nothing is kept here."""

    async def structure(self, tenant_id: int, on: date) -> Mapping[UUID, Placed]:
        """Nothing is reorganized here."""
        raise NotImplementedError

    async def territories(self, tenant_id: int) -> list[UUID]:
        """Those that were assigned."""
        rows = self.rows.get(tenant_id, [])
        return [r.entry.originator_id for r in rows if isinstance(r.entry, TerritoryAssigned)]

    async def held(
        self, tenant_id: int, organizations: Collection[UUID], on: date
    ) -> list[HeldCase]:
        """Nothing is reorganized here."""
        raise NotImplementedError

    async def organization(self, code: str) -> OrganizationRef:
        """By code."""
        for place in self.places.values():
            if place.code == code:
                return place
        raise organization_not_found(code)

    async def organization_by_id(self, tenant_id: int, organization_id: UUID) -> OrganizationRef:  # noqa: ARG002
        """By id."""
        return self.places[organization_id]

    async def cell_on(self, tenant_id: int, cell: Cell, on: date) -> Cell:  # noqa: ARG002
        """As it stood when the case came to it: nothing is delegated here."""
        return cell

    async def paths_on(
        self,
        tenant_id: int,  # noqa: ARG002
        codes: Collection[str],
        on: date,  # noqa: ARG002
    ) -> Mapping[str, tuple[str, ...]]:
        """Each is what its code says: nothing is reorganized here."""
        return {code: path_of(code, AS_NAMED) for code in codes}

    async def below(self, code: str) -> tuple[OrganizationRef, ...]:
        """Those that stand directly under it, in the order in which they were established."""
        above = (await self.organization(code)).id
        return tuple(each for each in self.places.values() if each.path[-2:-1] == (above,))

    async def tenant_of(self, code: str) -> int:
        """The tenant's id."""
        tenant = "/".join(code.split("/")[:2])
        if tenant not in self.tenants:
            raise organization_not_found(code)
        return self.tenants[tenant]

    async def counted(self, code: str, period: Period, on: date) -> Counted:
        """The demo closes no figures."""
        raise AssertionError(code, period, on)

    def _now(self, tenant_id: int) -> datetime:
        clock = self.clocks.get(tenant_id)
        assert clock is not None, "the demo must set the clock before anything is recorded"
        return clock

    def _place(self, tenant_id: int, entry: Entry) -> None:
        if isinstance(entry, Established):
            above = self.places[entry.parent_id].path if entry.parent_id else ()
            self.places[entry.originator_id] = OrganizationRef(
                tenant_id,
                entry.originator_id,
                entry.code,
                entry.kind,
                (*above, entry.originator_id),
                frozenset(entry.characteristics),
            )


__all__ = ["Memory", "Organization", "Row"]
