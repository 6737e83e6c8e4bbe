"""The command that corrects an entry.

The old one was never true, and what was true instead is recorded beside that fact.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_type_hints

import msgspec

from commands import (
    activity,
    awareness_class,
    body,
    candidate,
    condition,
    course,
    defect,
    document,
    dossier,
    guidance,
    meeting,
    membership,
    obligation,
    organization_attribute,
    reaction,
    review,
    sympathizer,
    territory,
)
from commands.identity import save_person
from commands.obligation import require_imposer
from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import inside, require_record
from commands.step import Check, Creation, JointStep, Step, commands_of, fields_of
from commands.target import require_setter
from domain import access, organization_entry, target
from domain.access import Action
from domain.candidate import Candidate, Identified, Person
from domain.errors import InvalidInput, NotFound
from domain.judgment import Day
from domain.obligation import Obligation, ObligationImposed
from domain.placement import Moved
from domain.record import Entry, Record, require_past
from domain.target import Amount, Target
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Replacement:
    """What was true instead.

    The day (the old one when None), and the input fields that differ, by their names.
    """

    occurred_on: date | None
    fields: Mapping[str, object]


async def correct_event(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    position: int,
    reason: str,
    replacement: Replacement | None = None,
) -> Recorded:
    """Void the event at a position and record what was true instead, in one append.

    `occurred_on` is the day the mistake
    was established.

    The replacement is judged like any late entry, by the rules of its own day. Raises NotFound,
    NotPermitted, InvalidInput naming the field, Conflict for an entry already corrected, and the
    refusals of the replaced step.
    """
    access.require(command.actor.role, Action.CORRECT)
    today = desk.clock.today(tenant_id)
    require_past("occurredOn", command.occurred_on, today)
    kind, record_id, version = await desk.log.entry_at(tenant_id, position)
    record: Record = await desk.log.load(tenant_id, kind, record_id)
    holder = await _require_scope(desk, command, tenant_id, record)
    await _correctable(type(record.entry(version))).require(desk, command.actor, tenant_id, record)
    entry = record.void(
        version,
        position=position,
        reason=reason,
        on=command.occurred_on,
        replaced=replacement is not None,
    )
    if replacement is not None:
        on = require_past(
            "replacement.occurredOn", replacement.occurred_on or entry.effective_on, today
        )
        day = Day(on, await desk.rules.of(tenant_id), command.actor.id)
        _record_again(record, entry, (day, holder), replacement.fields)
    record.require_sound()
    return await _save(desk, command, tenant_id, record)


async def _save(desk: Desk, command: Command, tenant_id: int, record: Record) -> Recorded:
    if isinstance(record, Candidate):
        return await save_person(desk, command, tenant_id, record)
    return await desk.log.save(tenant_id, command, record, subject=record.id)


async def _require_scope(
    desk: Desk, command: Command, tenant_id: int, record: Record
) -> OrganizationRef:
    holder = await desk.directory.organization_by_id(tenant_id, record.organization_id)
    if not await inside(desk, command.actor, holder):
        raise NotFound(
            "EVENT_NOT_FOUND",
            Text("Không tìm thấy sự kiện.", "There is no such event."),
            field="event",
        )
    if isinstance(record, Target) and record.first.basis is target.TargetBasis.ASSIGNED:
        await require_setter(desk, command.actor, record, holder.code)
    return holder


def _correctable(entry_kind: type[Entry]) -> "_Correctable":
    if entry_kind not in _CORRECTABLE:
        raise InvalidInput(
            "EVENT_NOT_CORRECTABLE",
            Text(
                "Sự kiện loại này không đính chính được.",
                "An event of this type cannot be corrected.",
            ),
            field="event",
        )
    return _CORRECTABLE[entry_kind]


def _record_again(
    record: Record,
    entry: Entry,
    where: tuple[Day, OrganizationRef],
    changed: Mapping[str, object],
) -> None:
    kind = _correctable(type(entry))
    values = {name: getattr(entry, name) for name in kind.types if hasattr(entry, name)}
    if isinstance(entry, Identified):
        values["groups"] = _stated_groups(entry, changed)
    for field, value in changed.items():
        name = re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", field)
        if name not in kind.types:
            raise _invalid_field(field, "không có trong sự kiện này", "is not of this event")
        try:
            values[name] = msgspec.convert(value, kind.types[name])
        except msgspec.ValidationError:
            raise _invalid_field(field, "sai kiểu", "has the wrong type") from None
    kind.again(record, where, values)


def _stated_groups(entry: Identified, changed: Mapping[str, object]) -> frozenset[str]:
    """The groups stated before, without those that follow from a particular that now changes."""
    follows = {"sex": "WOMEN", "ethnicity": "ETHNIC_MINORITY", "religion": "RELIGIOUS"}
    dropped = {group for field, group in follows.items() if field in changed}
    return frozenset(entry.own_groups) - dropped


def _invalid_field(field: str, vi: str, en: str) -> InvalidInput:
    name = f"replacement.fields.{field}"
    return InvalidInput(
        "INVALID_REPLACEMENT", Text(f"“{name}” {vi}.", f"“{name}” {en}."), field=name
    )


_Again = Callable[[Any, tuple[Day, OrganizationRef], dict[str, Any]], object]
"""Records a step again: the record, the day and place, and the values of all its input fields."""


@dataclass(frozen=True, slots=True)
class _Correctable:
    """An entry that can be replaced.

    Who may record it, its input fields with their types, and how it is recorded again.
    """

    action: Action
    types: Mapping[str, Any]
    again: _Again
    check: Check = require_record

    async def require(self, desk: Desk, actor: Actor, tenant_id: int, record: Record) -> None:
        """Passes for whoever may record the entry. Raises NotPermitted and NotFound."""
        access.require(actor.role, self.action)
        await self.check(desk, actor, tenant_id, record)


def _of_step(step: Step | JointStep) -> _Correctable:
    """A cell's step is corrected by whoever may correct, another one by whoever may take it."""
    action = Action.CORRECT if step.action is Action.RECORD_CELL_STEP else step.action
    types = get_type_hints(step.take)
    return _Correctable(
        action,
        {name: types[name] for name in fields_of(step.take)},
        lambda record, where, values: step.take(record, where[0], **values),
        step.check,
    )


def _amount(values: dict[str, Any]) -> Amount:
    """The amount of a target's fields; the number that a rate came to is counted again."""
    given = {name: values.pop(name) for name in _AMOUNT}
    if given["rate_percent"] is not None:
        given["count"] = None
    return Amount(**given)


def _made_anew(*_: object) -> None:
    raise InvalidInput(
        "INVALID_REPLACEMENT",
        Text("Hãy hủy việc ghi sai, rồi làm lại.", "Void what is wrong, then make it anew."),
        field="replacement",
    )


def _of_creation(creation: Creation, check: Check = require_record) -> _Correctable:
    """The beginning of a record is corrected by whoever may begin one: it is created again."""
    types = get_type_hints(creation.create)

    def again(record: Record, where: tuple[Day, OrganizationRef], values: dict[str, Any]) -> None:
        record.begin_again(creation.create(record.id, *where, **values))

    return _Correctable(
        creation.action, {name: types[name] for name in fields_of(creation.create)}, again, check
    )


COMMANDS: Final = commands_of(
    candidate,
    sympathizer,
    awareness_class,
    dossier,
    review,
    condition,
    membership,
    document,
    activity,
    defect,
    guidance,
    reaction,
    course,
    meeting,
    obligation,
    organization_attribute,
    body,
    territory,
)
_AMOUNT: Final[dict[str, Any]] = get_type_hints(Amount)
_CORRECTABLE: Final[dict[type[Entry], _Correctable]] = {
    **{
        each.entry: _of_creation(each) if isinstance(each, Creation) else _of_step(each)
        for each in COMMANDS
        if each.entry is not None
    },
    ObligationImposed: _of_creation(
        Creation("", Action.IMPOSE, Obligation, Obligation.impose, ObligationImposed),
        require_imposer,
    ),
    Identified: _Correctable(
        Action.CORRECT,
        get_type_hints(Person),
        lambda record, where, values: record.restate(where[0], Person(**values)),
    ),
    Moved: _Correctable(Action.RECORD_GRASSROOTS_STEP, {}, _made_anew),
    target.TargetSet: _Correctable(
        Action.CORRECT,
        {
            **_AMOUNT,
            "stated_growth_percent": float | None,
            "document": str | None,
            "issued_by": str | None,
        },
        lambda record, where, values: record.restate(_amount(values), on=where[0].on, **values),
    ),
    target.TargetAdjusted: _Correctable(
        Action.CORRECT,
        {**_AMOUNT, "reason": str, "document": str | None, "issued_by": str | None},
        lambda record, where, values: record.adjust(_amount(values), on=where[0].on, **values),
    ),
    organization_entry.Renamed: _Correctable(
        Action.ORGANIZE,
        {"name": str, "document": str | None},
        lambda record, where, values: record.rename(on=where[0].on, **values),
    ),
    **dict.fromkeys(
        (
            organization_entry.Retyped,
            organization_entry.Moved,
            organization_entry.Ended,
            organization_entry.Succeeded,
        ),
        _Correctable(Action.ORGANIZE, {}, _made_anew),
    ),
}
