"""Runs one command for a mutation. What the command does is not known here."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from typing import Protocol
from uuid import UUID

import msgspec
import strawberry
from opentelemetry import metrics, trace

from api.context import Info
from api.node import GlobalId, decode_id
from api.refusal import AnyRefusal, as_type
from api.scalars import Position
from commands.perform import perform
from commands.ports import Command, Desk, Recorded
from domain.errors import Refusal
from eventstore import position

tracer = trace.get_tracer("nguon")
refusals = metrics.get_meter("nguon").create_counter(
    "nguon.refusals", unit="{command}", description="Commands that were refused, by code."
)


class Input(Protocol):
    """What every mutation's input has."""

    command_id: UUID
    occurred_on: date


async def run_at(
    info: Info,
    name: str,
    given: Input,
    code: str,
    step: Callable[[Desk, Command], Awaitable[Recorded]],
) -> Recorded | AnyRefusal:
    """Perform the command `name` in the tenant to which the organization `code` belongs."""

    async def found(desk: Desk, command: Command) -> Recorded:
        tenant_id = await desk.directory.tenant_of(code)
        return await perform(desk, tenant_id, command, lambda: step(desk, command))

    return await run(info, name, given, found)


async def run_on(
    info: Info,
    name: str,
    given: Input,
    subject: tuple[str, str],
    step: Callable[[Desk, Command, GlobalId], Awaitable[Recorded]],
) -> Recorded | AnyRefusal:
    """Perform the command `name` on a thing.

    `subject` is the input field that names it and its global id.
    """
    field, text = subject

    async def found(desk: Desk, command: Command) -> Recorded:
        thing = decode_id(text, kind=field.capitalize(), field=field)
        return await perform(desk, thing.tenant_id, command, lambda: step(desk, command, thing))

    return await run(info, name, given, found)


async def run(
    info: Info,
    name: str,
    given: Input,
    step: Callable[[Desk, Command], Awaitable[Recorded]],
) -> Recorded | AnyRefusal:
    """A refusal comes back as the value that the client gets.

    No value of the input may become an attribute of the span: it can be personal data.
    """
    context = info.context
    command = Command(
        id=given.command_id,
        actor=context.actor,
        occurred_on=given.occurred_on,
        input_hash=input_hash(name, given),
    )
    with tracer.start_as_current_span("command", attributes={"nguon.command": name}) as span:
        try:
            return await step(context.services.desk, command)
        except Refusal as refusal:
            refusals.add(1, {"code": refusal.code, "command": name})
            span.set_attribute("nguon.refusal", refusal.code)
            return as_type(refusal, context.language)


def position_of(recorded: Recorded) -> Position:
    """Where a reader stands who has seen what the command recorded."""
    return Position(position.Position.of({recorded.tenant_id: recorded.last_position}))


def input_hash(name: str, given: Input) -> bytes:
    """SHA-256 over the mutation's name and the whole input but its commandId.

    A null field counts as one that is not there: a field that is added later changes no old hash.
    """
    fields = asdict(given)  # type: ignore[call-overload]
    del fields["command_id"]
    said = {name: value for name, value in fields.items() if value is not None}
    encoded = msgspec.json.encode(said, order="deterministic", enc_hook=_given)
    return hashlib.sha256(name.encode() + b"\0" + encoded).digest()


def _given(value: object) -> object:
    """The value of a field of a `@oneOf` input that was given."""
    if isinstance(value, strawberry.Some):
        return value.value
    raise TypeError(type(value).__qualname__)
