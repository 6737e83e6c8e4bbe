"""Commands that need nothing of their own: access check, load, decide, save.

What is decided stands in the domain. A command with more to do is a function beside these.
"""

import inspect
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from types import ModuleType, NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID, uuid5

from commands.authority import in_place
from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization, require_record
from domain import access
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.record import CreatedEntry, Entry, Record, require_past
from domain.text import Text

T = TypeVar("T")


RECORDS_MAX: Final = 1_000
"""How many records one command may change."""
Check: TypeAlias = Callable[[Desk, Actor, int, Any], Awaitable[None]]
"""Passes when an actor may do something about a record of a tenant; raises a refusal else."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command about one record that is there already.

    `take` decides: it gets the record, the day and the command's own fields by name. An entry of
    type `entry` that it recorded is corrected by taking the step again; without one, what it
    recorded cannot be corrected. `check` says whose records it may be taken on. A step of a case
    that is taken `in_place` depends on the cell as it stood on the day.
    """

    name: str
    action: Action
    kind: type[Record]
    take: Callable[..., object]
    entry: type[Entry] | None = None
    check: Check = require_record
    in_place: bool = False

    async def __call__(
        self, desk: Desk, command: Command, *, tenant_id: int, subject: UUID, **fields: object
    ) -> Recorded:
        """Take the step. Raises the refusals of `take`, NotPermitted and NotFound."""
        access.require(command.actor.role, self.action)
        record: Record = await desk.log.load(tenant_id, self.kind, subject)
        await self.check(desk, command.actor, tenant_id, record)
        given = await _referred(desk, tenant_id, self.take, fields)
        day = await day_of(desk, tenant_id, command)
        if self.in_place:
            assert isinstance(record, Candidate)
            day = await in_place(desk, command.actor, day, (tenant_id, record), self.action)
        self.take(record, day, **given)
        return await desk.log.save(tenant_id, command, record, subject=subject)


@dataclass(frozen=True, slots=True)
class JointStep:
    """A step taken on several records of a tenant in one append, with the same fields.

    All of it happens or nothing; otherwise as `Step`.
    """

    name: str
    action: Action
    kind: type[Record]
    take: Callable[..., object]
    entry: type[Entry] | None = None
    check: Check = require_record

    async def __call__(
        self,
        desk: Desk,
        command: Command,
        *,
        tenant_id: int,
        subjects: tuple[UUID, ...],
        **fields: object,
    ) -> Recorded:
        """Take the step on each. Raises InvalidInput for none or too many, else as `Step`."""
        access.require(command.actor.role, self.action)
        distinct = require_count(f"{self.kind.__name__.lower()}s", dict.fromkeys(subjects))
        given = await _referred(desk, tenant_id, self.take, fields)
        records = []
        for subject in distinct:
            record: Record = await desk.log.load(tenant_id, self.kind, subject)
            await self.check(desk, command.actor, tenant_id, record)
            self.take(record, await day_of(desk, tenant_id, command), **given)
            records.append(record)
        return await desk.log.save(tenant_id, command, *records, subject=records[-1].id)


@dataclass(frozen=True, slots=True)
class Creation:
    """A command that begins a record of a kind in an organization.

    `create` decides: it gets the new record's id, the day, the organization (`OrganizationRef`) and
    the command's own fields by name. The entry of type `entry` that begins the record is corrected
    by creating it again; without one it cannot be corrected.
    """

    name: str
    action: Action
    kind: type[Record]
    create: Callable[..., Record]
    entry: type[CreatedEntry] | None = None

    async def __call__(
        self, desk: Desk, command: Command, *, organization: str, **fields: object
    ) -> Recorded:
        """Begin the record. Raises the refusals of `create`, NotPermitted and NotFound."""
        place = await require_organization(desk, command.actor, self.action, organization)
        given = await _referred(desk, place.tenant_id, self.create, fields)
        record = self.create(
            uuid5(command.id, self.kind.__name__.lower()),
            await day_of(desk, place.tenant_id, command),
            place,
            **given,
        )
        return await desk.log.save(place.tenant_id, command, record, subject=record.id)


def fields_of(decision: Callable[..., object]) -> tuple[str, ...]:
    """The names of a command's own fields: the decision's parameters that go by name only."""
    parameters = inspect.signature(decision).parameters.values()
    return tuple(each.name for each in parameters if each.kind is each.KEYWORD_ONLY)


def require_count(field: str, values: Collection[T]) -> Collection[T]:
    """The values themselves. Raises InvalidInput for none, or more than `RECORDS_MAX`."""
    if not 1 <= len(values) <= RECORDS_MAX:
        raise InvalidInput(
            "COUNT_OUT_OF_RANGE",
            Text(f"“{field}” từ 1 đến {RECORDS_MAX}.", f"“{field}” must be 1 to {RECORDS_MAX}."),
            field=field,
        )
    return values


def steps_of(*modules: ModuleType) -> tuple[Step, ...]:
    """The steps that stand in modules of commands, in the order in which they stand there."""
    return tuple(
        each for module in modules for each in vars(module).values() if isinstance(each, Step)
    )


async def _referred(
    desk: Desk, tenant_id: int, decision: Callable[..., object], fields: dict[str, object]
) -> dict[str, Any]:
    """The fields with organizations in the place of their codes.

    Raises NotFound for an organization that is not there, and for a record of this tenant that a
    field of type `Annotated[UUID, <kind of record>]` names and that is not there.
    """
    types = get_type_hints(decision, include_extras=True)
    given = dict(fields)
    for name, value in fields.items():
        kind = types[name]
        if get_origin(kind) in {Union, UnionType}:
            kind = next(arg for arg in get_args(kind) if arg is not NoneType)
        is_many = get_origin(kind) in {tuple, frozenset}
        if is_many:
            kind = get_args(kind)[0]
        if value is None:
            continue
        several: Any = value if is_many else (value,)
        if kind is OrganizationRef:
            found = [await desk.directory.organization(code) for code in several]
            given[name] = tuple(found) if is_many else found[0]
        elif get_origin(kind) is Annotated and get_args(kind)[0] is UUID:
            for each in several:
                await desk.log.load(tenant_id, get_args(kind)[1], each)
    return given


def commands_of(*modules: ModuleType) -> tuple[Step | JointStep | Creation, ...]:
    """The steps and creations that stand in modules of commands."""
    return tuple(
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, Step | JointStep | Creation)
    )


async def day_of(desk: Desk, tenant_id: int, command: Command) -> Day:
    """The day of a command and the tenant's rules.

    Raises InvalidInput for a day that has not come yet.
    """
    on = require_past("occurredOn", command.occurred_on, desk.clock.today(tenant_id))
    return Day(on, await desk.rules.of(tenant_id), command.actor.id)
