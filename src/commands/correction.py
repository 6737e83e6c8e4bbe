"""The command that corrects an entry.

The old one was never true, and what was true instead is recorded beside that fact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from commands.authority import in_place
from commands.correctable import Correctable, Correction, Values
from commands.correction_table import correctable_of
from commands.identity import save_person
from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import inside
from commands.target import require_setter
from domain import access
from domain.access import Action
from domain.candidate import Candidate
from domain.errors import InvalidInput, NotFound
from domain.judgment import Day
from domain.record import Record, require_past
from domain.target import Target, TargetBasis
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

    `occurred_on` is the day the mistake was established. What cannot stand without the event is
    voided with it. The replacement is judged like any late entry, by the rules of its own day.
    Raises NotFound, NotPermitted, InvalidInput naming the field, Conflict for an entry already
    corrected, and the refusals of the replaced step.
    """
    access.require(command.actor.role, Action.CORRECT)
    today = desk.clock.today(tenant_id)
    require_past("occurredOn", command.occurred_on, today)
    kind, record_id, version = await desk.log.entry_at(tenant_id, position)
    record: Record = await desk.log.load(tenant_id, kind, record_id)
    holder = await _require_scope(desk, command, tenant_id, record)
    correctable = correctable_of(type(record.entry(version)))
    await correctable.require(desk, command.actor, tenant_id, record)
    was = Day(record.entry(version).effective_on, await desk.rules.of(tenant_id))
    await _placed(correctable, desk, command.actor, was, (tenant_id, record))
    entry = record.void(
        version,
        position=position,
        reason=reason,
        on=command.occurred_on,
        replaced=replacement is not None,
    )
    correction = Correction(desk, command, tenant_id, record, holder, entry, reason)
    await correctable.beside(correction)
    if replacement is not None:
        await _replace(correction, correctable, replacement, today)
    for each in (record, *correction.others):
        each.require_sound()
    return await _save(correction)


async def _replace(
    correction: Correction, correctable: Correctable, replacement: Replacement, today: date
) -> None:
    on = replacement.occurred_on or correction.entry.effective_on
    require_past("replacement.occurredOn", on, today)
    rules = await correction.desk.rules.of(correction.tenant_id)
    values = correctable.values(correction.entry, _given(correctable, replacement.fields))
    actor = correction.command.actor
    subject = (correction.tenant_id, correction.record)
    day = await _placed(correctable, correction.desk, actor, Day(on, rules, actor.id), subject)
    await correctable.again(correction, day, values)


async def _placed(
    correctable: Correctable, desk: Desk, actor: Actor, day: Day, of: tuple[int, Record]
) -> Day:
    tenant_id, record = of
    if not (correctable.in_place and isinstance(record, Candidate)):
        return day
    return await in_place(desk, actor, day, (tenant_id, record), correctable.action)


async def _save(correction: Correction) -> Recorded:
    desk, command, tenant_id = correction.desk, correction.command, correction.tenant_id
    record, others = correction.record, correction.others
    if isinstance(record, Candidate):
        return await save_person(desk, command, tenant_id, record)
    return await desk.log.save(tenant_id, command, record, *others, subject=record.id)


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
    if isinstance(record, Target) and record.first.basis is TargetBasis.ASSIGNED:
        await require_setter(desk, command.actor, record, holder.code)
    return holder


def _given(kind: Correctable, changed: Mapping[str, object]) -> Values:
    """The fields that differ, by their names inside."""
    given: Values = {}
    for field, value in changed.items():
        name = re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", field)
        if name not in kind.types:
            raise _invalid_field(field, "không có trong sự kiện này", "is not of this event")
        try:
            given[name] = msgspec.convert(value, kind.types[name])
        except msgspec.ValidationError:
            raise _invalid_field(field, "sai kiểu", "has the wrong type") from None
    return given


def _invalid_field(field: str, vi: str, en: str) -> InvalidInput:
    name = f"replacement.fields.{field}"
    return InvalidInput(
        "INVALID_REPLACEMENT", Text(f"“{name}” {vi}.", f"“{name}” {en}."), field=name
    )
