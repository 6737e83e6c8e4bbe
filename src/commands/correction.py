"""The command that corrects an entry.

The old one was never true, and what was true instead is recorded beside that fact.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_type_hints

import msgspec

from commands import body, candidate, organization_attribute, territory
from commands.ports import Command, Desk, Recorded
from commands.scope import inside
from commands.step import Step, fields_of, steps_of
from commands.target import require_assigner
from domain import access, organization_entry, target
from domain.access import Action
from domain.candidate import Identified, Person
from domain.errors import InvalidInput, NotFound
from domain.judgment import Day
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
    await _require_scope(desk, command, tenant_id, record)
    access.require(command.actor.role, _correctable(type(record.entry(version))).action)
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
        _record_again(record, entry, Day(on, desk.rules), replacement.fields)
    record.require_sound()
    return await desk.log.save(tenant_id, command, record, subject=record_id)


async def _require_scope(desk: Desk, command: Command, tenant_id: int, record: Record) -> None:
    holder = await desk.directory.organization_by_id(tenant_id, record.organization_id)
    if not await inside(desk, command.actor, holder):
        raise NotFound(
            "EVENT_NOT_FOUND",
            Text("Không tìm thấy sự kiện.", "There is no such event."),
            field="event",
        )
    if isinstance(record, Target) and record.first.basis is target.TargetBasis.ASSIGNED:
        require_assigner(command.actor, holder.code)


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


def _record_again(record: Record, entry: Entry, day: Day, changed: Mapping[str, object]) -> None:
    kind = _correctable(type(entry))
    values = {name: getattr(entry, name) for name in kind.types if name != "groups"}
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
    if kind.again is None:
        raise _invalid_field("", "không áp dụng ở đây: hãy đính chính rồi lập lại", "has no place")
    kind.again(record, day, values)


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


_Again = Callable[[Any, Day, dict[str, Any]], object]
"""Records a step again: the record, the day, and the values of all its input fields."""


@dataclass(frozen=True, slots=True)
class _Correctable:
    """An entry that can be replaced.

    Who may record it, its input fields with their types, and how it is recorded again.
    """

    action: Action
    types: Mapping[str, Any]
    again: _Again | None
    """None for one that is taken away and not replaced: the change is made anew."""


def _of_step(step: Step) -> _Correctable:
    """A cell's step is corrected by whoever may correct, another one by whoever may take it."""
    action = Action.CORRECT if step.action is Action.RECORD_CELL_STEP else step.action
    types = get_type_hints(step.take)
    return _Correctable(
        action,
        {name: types[name] for name in fields_of(step.take)},
        lambda record, day, values: step.take(record, day, **values),
    )


def _amount(values: dict[str, Any]) -> Amount:
    return Amount(values.pop("count"), values.pop("share_percent"))


_AMOUNT: Final[dict[str, Any]] = {"count": int | None, "share_percent": float | None}
_CORRECTABLE: Final[dict[type[Entry], _Correctable]] = {
    **{
        step.entry: _of_step(step)
        for step in steps_of(candidate, organization_attribute, body, territory)
        if step.entry is not None
    },
    Identified: _Correctable(
        Action.CORRECT,
        get_type_hints(Person),
        lambda record, day, values: record.restate(day, Person(**values)),
    ),
    target.TargetSet: _Correctable(
        Action.CORRECT,
        {**_AMOUNT, "stated_growth_percent": float | None, "document": str | None},
        lambda record, day, values: record.restate(_amount(values), on=day.on, **values),
    ),
    target.TargetAdjusted: _Correctable(
        Action.CORRECT,
        {**_AMOUNT, "reason": str, "document": str | None},
        lambda record, day, values: record.adjust(_amount(values), on=day.on, **values),
    ),
    organization_entry.Renamed: _Correctable(
        Action.ORGANIZE,
        {"name": str, "document": str | None},
        lambda record, day, values: record.rename(on=day.on, **values),
    ),
    **dict.fromkeys(
        (organization_entry.Retyped, organization_entry.Moved, organization_entry.Ended),
        _Correctable(Action.ORGANIZE, {}, None),
    ),
}
