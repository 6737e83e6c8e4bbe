"""What a command needs from outside, as protocols, and what goes in and out of every command."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from domain.access import Role
from domain.candidate import Cell
from domain.closing import Counted
from domain.organization import OrganizationRef
from domain.period import Period
from domain.procedure import RuleBook
from domain.record import Entry, Record
from domain.structure import Placed

__all__ = [
    "Actor",
    "Cases",
    "Clock",
    "Command",
    "Desk",
    "Directory",
    "Figures",
    "HeldCase",
    "Log",
    "OrganizationRef",
    "Recorded",
    "Rules",
]
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    An id without personal data, a role, and the code of the organization the role is bound to.
    """

    id: str
    role: Role
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One request to change something.

    `occurred_on` is the day it happened; the same `id` and input happen once.

    `input_hash` covers the whole input but the id: 32 bytes from the outermost caller, who knows
    what was sent.
    """

    id: UUID
    actor: Actor
    occurred_on: date
    input_hash: bytes = b""
    correlation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command led to.

    The changed thing and the first and last position it took in its tenant's log.
    """

    tenant_id: int
    subject: UUID
    first_position: int
    last_position: int
    repeated: bool = False


class Log(Protocol):
    """The tenant's log, as far as a command needs it."""

    async def load(self, tenant_id: int, aggregate: type[R], record_id: UUID) -> R:
        """The record as of the head of the log. Raises NotFound."""
        ...

    async def save(
        self, tenant_id: int, command: Command, *records: Record, subject: UUID
    ) -> Recorded:
        """Append the pending entries of the records atomically.

        Raises VersionConflict when another writer was first, and Conflict for a command id that was
        used with another input. A command that is already recorded appends nothing and gives the
        first result.
        """
        ...

    async def positions(self, tenant_id: int, record_id: UUID) -> Sequence[int]:
        """The positions of a record's entries by version; none for a record that is not there."""
        ...

    async def erase(self, tenant_id: int, command: Command, record: Record) -> Recorded:
        """As `save`, and in the same transaction destroy the key of the record's person.

        From then on the personal fields of all its entries are gone, in every backup, too.
        """
        ...

    async def recorded(self, tenant_id: int, command: Command) -> Recorded | None:
        """The first result of this command id. Raises Conflict when it had another input."""
        ...

    async def holder(self, tenant_id: int, kind: str, value: str) -> UUID | None:
        """The record that holds what only one of the tenant may hold; see `Record.exclusive`."""
        ...

    async def entry_at(self, tenant_id: int, position: int) -> tuple[type[Record], UUID, int]:
        """The kind and id of the record that the event at a position belongs to, and its version.

        Raises NotFound.
        """
        ...

    async def entries(self, tenant_id: int, first: int, last: int) -> Sequence[Entry]:
        """The entries from one position to another, both included, without personal fields."""
        ...


class Directory(Protocol):
    """Where organizations are.

    Answers as of today's tree, and waits for the read model before it says no.
    """

    async def organization(self, code: str) -> OrganizationRef:
        """The organization that bears a code, or bore it until it ended. Raises NotFound."""
        ...

    async def organization_by_id(self, tenant_id: int, organization_id: UUID) -> OrganizationRef:
        """The organization with an id, an ended one too. Raises NotFound."""
        ...

    async def cell_on(self, tenant_id: int, cell: Cell, on: date) -> Cell:
        """A case's cell as it stood on a day, or what stood in its place; its id stays.

        It remains as given where the tree of the day has no cell for it.
        """
        ...

    async def paths_on(
        self, tenant_id: int, codes: Collection[str], on: date
    ) -> Mapping[str, tuple[str, ...]]:
        """By each code of a tenant those of all above it and of its place, in the tree of a day.

        The place of an ended organization is where its people count; a path may be empty.
        """
        ...

    async def below(self, code: str) -> tuple[OrganizationRef, ...]:
        """The organizations directly below one, of its own tenant, none left out. Raises NotFound.

        The order is that of their names.
        """
        ...

    async def tenant_of(self, code: str) -> int:
        """The tenant whose log an organization of that code belongs to. Raises NotFound."""
        ...

    async def shown(self, tenant_id: int, position: int) -> None:
        """Returns when the figures of a tenant contain a position, so that no later one precedes.

        Raises a Refusal when that takes too long; the caller may ask again.
        """
        ...

    async def look_again(self, tenant_id: int) -> None:
        """Forget what was kept of a tenant's tree; the next answer is as of the log's head."""
        ...

    async def structure(self, tenant_id: int, on: date) -> Mapping[UUID, Placed]:
        """A tenant's organizations as they stand on a day, by id, with all that is recorded."""
        ...

    async def territories(self, tenant_id: int) -> Sequence[UUID]:
        """All territories of a tenant as of the head of its log. Raises ReadModelBehind."""
        ...


class HeldCase(NamedTuple):
    """A case, the organization that handles it, and whether its pursuit is not over."""

    case: UUID
    organization_id: UUID
    is_open: bool


class Cases(Protocol):
    """Where cases are."""

    async def held(
        self, tenant_id: int, organizations: Collection[UUID], on: date
    ) -> Sequence[HeldCase]:
        """The cases that some organizations handle in the tree of a day, with all that is known.

        Raises ReadModelBehind when that cannot be known in time.
        """
        ...


class Clock(Protocol):
    """What day it is."""

    def today(self, tenant_id: int) -> date:
        """Today in Vietnam (Asia/Ho_Chi_Minh) by the tenant's clock."""
        ...


class Figures(Protocol):
    """What is counted of an organization and all below it."""

    async def counted(self, code: str, period: Period, on: date) -> Counted:
        """The admissions of a period up to a day, of all logs as they stand now."""
        ...

    async def targets(self, tenant_id: int, holders: Collection[UUID]) -> Sequence[UUID]:
        """The targets that some organizations hold, by all that is recorded."""
        ...


class Rules(Protocol):
    """Which rules a tenant goes by: those that ship, and its own stricter ones."""

    async def of(self, tenant_id: int) -> RuleBook:
        """The tenant's rule book, at most a second old; mostly without a round trip."""
        ...

    def forget(self, tenant_id: int) -> None:
        """The tenant's rules have just been changed by this process."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a command works with."""

    log: Log
    directory: Directory
    cases: Cases
    clock: Clock
    rules: Rules
    figures: Figures
