"""Mutations made from commands: what a command's decision takes by name is the mutation's input.

A new step of a record is written once, in the domain; its input type, its mutation and their
descriptions follow from it.
"""

import inspect
import types
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from datetime import date
from functools import cache
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
from uuid import UUID

import strawberry

from api.context import Info
from api.finding import Finding, findings_of
from api.mutation import position_of, run_at, run_on
from api.node import decode_id, not_found
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from commands.ports import Command, Desk, OrganizationRef, Recorded
from commands.step import Creation, Step
from commands.structure import Restructuring
from domain.organization import Organization

T = TypeVar("T")
Shown: TypeAlias = Callable[[Info, Recorded | AnyRefusal], Awaitable[Any]]
"""What a mutation answers: the success, or the refusal as it came."""

_REFUSALS: Final = (InvalidInput, NotFound, NotPermitted, RuleViolated, Conflict)


def answer(kind: type[T], after: Callable[[Info, Recorded], Awaitable[T]]) -> tuple[object, Shown]:
    """The result union of a kind of record, and what makes its success of what was recorded.

    The success has the position, the record as it stands after the command, and the findings.
    """
    name = kind.__name__
    success: Any = strawberry.type(
        _class(
            f"{name}Recorded",
            {"position": Position, name.lower(): kind, "findings": list[Finding]},
        )
    )

    async def shown(info: Info, recorded: Recorded | AnyRefusal) -> object:
        if not isinstance(recorded, Recorded):
            return recorded
        return success(
            **{
                "position": position_of(recorded),
                name.lower(): await after(info, recorded),
                "findings": await findings_of(info, recorded),
            }
        )

    members: Any = Union.__getitem__((success, *_REFUSALS))
    return Annotated[members, strawberry.union(f"{name}Result")], shown


AnyCommand: TypeAlias = Step | Creation | Restructuring


def mutations(name: str, commands: Iterable[AnyCommand], result: object, shown: Shown) -> type:
    """A type with one mutation for each command."""
    made = {command.name: _mutation(command, result, shown) for command in commands}
    return strawberry.type(type(name, (), made))


def _mutation(command: AnyCommand, result: object, shown: Shown) -> object:
    decision, holder, run = _parts(command)
    given = _input(_camel(command.name), holder, decision)

    async def resolve(info: Info, input: Any) -> object:  # noqa: A002, ANN401 - the contract's name
        return await shown(info, await run(info, input))

    resolve.__annotations__ = {"info": Info, "input": given, "return": result}
    documented = inspect.getdoc(decision) or ""
    description = " ".join(documented.partition("\n\n")[0].split())
    return strawberry.field(resolver=resolve, description=description)


_Run: TypeAlias = Callable[[Info, Any], Awaitable[Recorded | AnyRefusal]]


def _parts(
    command: AnyCommand,
) -> tuple[Callable[..., object], tuple[str, object] | None, _Run]:
    """What decides, the input field that names what the command is about, and how it is run."""
    if isinstance(command, Creation):
        return command.create, ("organization", str), _runs_creation(command)
    if isinstance(command, Restructuring):
        return command.change, None, _runs_restructuring(command)
    if command.kind is Organization:
        return command.take, ("organization", str), _runs_by_code(command)
    return command.take, (command.kind.__name__.lower(), strawberry.ID), _runs_step(command)


def _runs_creation(command: Creation) -> _Run:
    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made at run time
        async def create(desk: Desk, order: Command) -> Recorded:
            tenant_id = await desk.directory.tenant_of(given.organization)
            own = _own(command.create, given, tenant_id)
            return await command(desk, order, organization=given.organization, **own)

        return await run_at(info, info.field_name, given, given.organization, create)

    return run


def _runs_restructuring(command: Restructuring) -> _Run:
    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made at run time
        several = getattr(given, "organizations", None) or [info.context.actor.organization]
        code = getattr(given, "organization", several[0])

        async def change(desk: Desk, order: Command) -> Recorded:
            tenant_id = await desk.directory.tenant_of(code)
            own = _own(command.change, given, tenant_id)
            return await command(desk, order, tenant_id=tenant_id, **own)

        return await run_at(info, info.field_name, given, code, change)

    return run


def _runs_by_code(command: Step) -> _Run:
    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made at run time
        async def take(desk: Desk, order: Command) -> Recorded:
            found = await desk.directory.organization(given.organization)
            own = _own(command.take, given, found.tenant_id)
            return await command(desk, order, tenant_id=found.tenant_id, subject=found.id, **own)

        return await run_at(info, info.field_name, given, given.organization, take)

    return run


def _runs_step(command: Step) -> _Run:
    subject = command.kind.__name__.lower()

    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made at run time
        return await run_on(
            info,
            info.field_name,
            given,
            (subject, getattr(given, subject)),
            lambda desk, order, thing: command(
                desk,
                order,
                tenant_id=thing.tenant_id,
                subject=thing.id,
                **_own(command.take, given, thing.tenant_id),
            ),
        )

    return run


def _input(name: str, holder: tuple[str, object] | None, decision: Callable[..., object]) -> type:
    fields: dict[str, object] = {"command_id": UUID, "occurred_on": date}
    if holder is not None:
        fields[holder[0]] = holder[1]
    defaults: dict[str, object] = {}
    for each, kind, default in _parameters(decision):
        shape = _shape(kind)
        if default is inspect.Parameter.empty:
            fields[each] = shape
        elif isinstance(default, (tuple, frozenset)):
            fields[each], defaults[each] = Union[shape, None], None  # noqa: UP007 - run time only
        else:
            fields[each], defaults[each] = shape, default
    return strawberry.input(_class(f"{name}Input", fields, defaults))


def _parameters(decision: Callable[..., object]) -> list[tuple[str, Any, object]]:
    """Name, type and default of each field that a decision takes by name."""
    hints = get_type_hints(decision, include_extras=True)
    return [
        (each.name, hints[each.name], each.default)
        for each in inspect.signature(decision).parameters.values()
        if each.kind is each.KEYWORD_ONLY
    ]


@cache
def _shape(kind: Any) -> Any:  # noqa: ANN401 - types of types
    """How a domain type is given in an input: an organization by its code, a record by its id."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is OrganizationRef:
        return str
    if origin is Annotated:
        return strawberry.ID if args[0] is UUID else _shape(args[0])
    if origin in {Union, types.UnionType}:
        return Union[tuple(_shape(each) for each in args)]  # noqa: UP007 - run time only
    if origin in {tuple, frozenset}:
        return list[_shape(args[0])]  # type: ignore[misc]
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind, include_extras=True)
        shapes = {each.name: _shape(hints[each.name]) for each in dataclass_fields(kind)}
        defaults: dict[str, object] = {
            each.name: None for each in dataclass_fields(kind) if each.default in {None, ()}
        }
        return strawberry.input(_class(f"{kind.__name__}Input", shapes, defaults))
    return kind


def _own(decision: Callable[..., object], given: object, tenant_id: int) -> dict[str, Any]:
    """The fields of a decision as the command takes them; what was left out is left to it."""
    return {
        name: _value(kind, getattr(given, name), name, tenant_id)
        for name, kind, default in _parameters(decision)
        if getattr(given, name) is not None or default in {None, inspect.Parameter.empty}
    }


def _value(kind: Any, given: Any, field: str, tenant_id: int) -> Any:  # noqa: ANN401 - any type
    origin, args = get_origin(kind), get_args(kind)
    if given is None or kind is OrganizationRef:
        return given
    if origin is Annotated and args[0] is UUID:
        found = decode_id(given, kind=args[1].__name__, field=_lower_camel(field))
        if found.tenant_id != tenant_id:
            raise not_found(_lower_camel(field))
        return found.id
    if origin in {Union, types.UnionType}:
        return _value(next(a for a in args if a is not type(None)), given, field, tenant_id)
    if origin in {tuple, frozenset}:
        return origin(_value(args[0], each, field, tenant_id) for each in given)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind, include_extras=True)
        values = {
            each.name: _value(hints[each.name], getattr(given, each.name), each.name, tenant_id)
            for each in dataclass_fields(kind)
        }
        return kind(**{name: value for name, value in values.items() if value is not None})
    return given


def _class(name: str, fields: dict[str, Any], defaults: dict[str, object] | None = None) -> type:
    return type(name, (), {"__annotations__": fields, **(defaults or {})})


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _lower_camel(name: str) -> str:
    camel = _camel(name)
    return camel[0].lower() + camel[1:]
