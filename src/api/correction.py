"""The mutation that corrects an event: it was never true, or it was true otherwise."""

from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from api.context import Info
from api.described import field
from api.event import Event, event_at
from api.mutation import position_of, run
from api.node import decode_id
from api.refusal import Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from commands import correction as commands
from commands.perform import perform
from commands.ports import Command, Desk, Recorded
from domain.errors import InvalidInput as InvalidInputRefusal
from domain.errors import NotFound as NotFoundRefusal
from domain.text import Text
from eventstore import position


@strawberry.input(
    description="What was true instead: the day (the old one when left out), and the fields "
    "that differ, "
    "under the names of the mutation that recorded them."
)
class ReplacementInput:
    occurred_on: date | None = None
    fields: JSON | None = None


@strawberry.input(description="Without a replacement the event is voided: it was never true.")
class CorrectEventInput:
    command_id: UUID
    occurred_on: date
    event: Position
    reason: str
    replacement: ReplacementInput | None = None


@strawberry.type
class CorrectionRecorded:
    position: Position
    event: Event = strawberry.field(description="The event that voids the wrong one.")


CorrectionResult: TypeAlias = Annotated[
    CorrectionRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("CorrectionResult"),
]


@strawberry.type
class CorrectionMutation:
    @field(
        "Void an event and, if given, record what was true instead. Nothing is edited: both "
        "stay readable."
    )
    async def correct_event(
        self,
        info: Info,
        input: CorrectEventInput,  # noqa: A002 - the contract's name
    ) -> CorrectionResult:
        recorded = await run(
            info, "correctEvent", input, lambda desk, command: _correct(desk, command, input)
        )
        if not isinstance(recorded, Recorded):
            return recorded
        event = await event_at(info, recorded.tenant_id, recorded.first_position)
        return CorrectionRecorded(position=position_of(recorded), event=event)


async def _correct(desk: Desk, command: Command, given: CorrectEventInput) -> Recorded:
    tenant_id = await _tenant(desk, command, given.event)
    replacement = _replacement(given.replacement, tenant_id)
    return await perform(
        desk,
        tenant_id,
        command,
        lambda: commands.correct_event(
            desk,
            command,
            tenant_id=tenant_id,
            position=given.event.at(tenant_id),
            reason=given.reason,
            replacement=replacement,
        ),
    )


async def _tenant(desk: Desk, command: Command, event: position.Position) -> int:
    """The tenant whose event is meant.

    A position from a feed of several tenants means the caller's own.
    """
    tenants = event.as_dict()
    if len(tenants) == 1:
        return next(iter(tenants))
    own = await desk.directory.tenant_of(command.actor.organization)
    if own not in tenants:
        raise InvalidInputRefusal(
            "EVENT_AMBIGUOUS",
            Text(
                "Vị trí này bao gồm nhiều đơn vị; hãy dùng vị trí từ nhật ký của một đơn vị.",
                "This position covers several tenants; use one from the log of a single tenant.",
            ),
            field="event",
        )
    return own


def _replacement(given: ReplacementInput | None, tenant_id: int) -> commands.Replacement | None:
    if given is None:
        return None
    fields: object = {} if given.fields is None else given.fields
    if not isinstance(fields, dict):
        raise InvalidInputRefusal(
            "INVALID_REPLACEMENT",
            Text("“fields” phải là một đối tượng JSON.", "“fields” must be a JSON object."),
            field="replacement.fields",
        )
    plain = {name: _without_ids(value, tenant_id) for name, value in fields.items()}
    return commands.Replacement(given.occurred_on, plain)


def _without_ids(value: object, tenant_id: int) -> object:
    """A value of JSON in which ids of the tenant's things stand as the log has them."""
    if isinstance(value, list):
        return [_without_ids(each, tenant_id) for each in value]
    if isinstance(value, dict):
        return {name: _without_ids(each, tenant_id) for name, each in value.items()}
    if not isinstance(value, str):
        return value
    try:
        found = decode_id(value)
    except NotFoundRefusal:
        return value
    return str(found.id) if found.tenant_id == tenant_id else value
