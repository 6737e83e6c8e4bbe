"""What it takes that an entry can be corrected: who may, which fields, what else goes with it.

Which entries those are stands in `correction_table`; what a command does with them in `correction`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, get_type_hints

from commands.ports import Actor, Command, Desk, OrganizationRef
from commands.scope import require_record
from commands.step import Check, Creation, JointStep, Step, fields_of
from domain import access
from domain.access import Action
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.record import Entry, Record
from domain.text import Text

Values: TypeAlias = dict[str, Any]
"""The input fields of the command that recorded an entry, by their names."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction under way: the entry that was voided, and all records it is saved with."""

    desk: Desk
    command: Command
    tenant_id: int
    record: Record
    holder: OrganizationRef
    entry: Entry
    reason: str
    others: list[Record] = field(default_factory=list)

    async def void_beside(self, record: Record, version: int, *, replaced: bool = False) -> None:
        """Void an entry of another record with it, on the same day for the same reason."""
        positions = await self.desk.log.positions(self.tenant_id, record.id)
        record.void(
            version,
            position=positions[version - 1],
            reason=self.reason,
            on=self.command.occurred_on,
            replaced=replaced,
        )
        if record not in self.others:
            self.others.append(record)


Again: TypeAlias = Callable[[Correction, Day, Values], Awaitable[None]]
"""Records a step again, as of a day, with the values of all its input fields."""


def _nothing(_entry: Entry, _given: Collection[str]) -> Values:
    """Every field stands in the entry under its own name."""
    return {}


async def _alone(correction: Correction) -> None:
    """Nothing else goes with it."""


async def made_anew(correction: Correction, _day: Day, _values: Values) -> None:
    """Raises InvalidInput: void what is wrong, and take the step again."""
    del correction
    raise InvalidInput(
        "INVALID_REPLACEMENT",
        Text("Hãy hủy việc ghi sai, rồi làm lại.", "Void what is wrong, then make it anew."),
        field="replacement",
    )


@dataclass(frozen=True, slots=True)
class Correctable:
    """An entry that can be corrected.

    Who may record it, its input fields with their types, and how it is recorded again. `stated`
    gives the fields that stand in the entry under other names, knowing which ones are to differ;
    `in_place` is that of the step.
    `beside` voids what cannot stand without it.
    """

    action: Action
    types: Mapping[str, Any] = field(default_factory=dict)
    again: Again = made_anew
    check: Check = require_record
    in_place: bool = False
    stated: Callable[[Entry, Collection[str]], Values] = _nothing
    beside: Callable[[Correction], Awaitable[None]] = _alone

    def values(self, entry: Entry, given: Values) -> Values:
        """All input fields: as they are stated in the entry, with those that differ."""
        same = {name: getattr(entry, name) for name in self.types if hasattr(entry, name)}
        return same | self.stated(entry, given.keys()) | given

    async def require(self, desk: Desk, actor: Actor, tenant_id: int, record: Record) -> None:
        """Passes for whoever may record the entry. Raises NotPermitted and NotFound."""
        access.require(actor.role, self.action)
        await self.check(desk, actor, tenant_id, record)


def recorded_by(take: Callable[[Any, Day, Values], object]) -> Again:
    """A step that is recorded again by a decision about the record alone."""

    async def again(correction: Correction, day: Day, values: Values) -> None:
        take(correction.record, day, values)

    return again


def of_step(step: Step | JointStep) -> Correctable:
    """A cell's step is corrected by whoever may correct, another one by whoever may take it."""
    action = Action.CORRECT if step.action is Action.RECORD_CELL_STEP else step.action
    return Correctable(
        action,
        types_of(step.take),
        recorded_by(lambda record, day, values: step.take(record, day, **values)),
        step.check,
        isinstance(step, Step) and step.in_place,
    )


def of_creation(creation: Creation, check: Check = require_record) -> Correctable:
    """The beginning of a record is corrected by whoever may begin one: it is created again."""

    async def again(correction: Correction, day: Day, values: Values) -> None:
        record = correction.record
        record.begin_again(creation.create(record.id, day, correction.holder, **values))

    return Correctable(creation.action, types_of(creation.create), again, check)


def types_of(decision: Callable[..., object]) -> dict[str, Any]:
    """A command's own fields with their types."""
    types = get_type_hints(decision)
    return {name: types[name] for name in fields_of(decision)}
