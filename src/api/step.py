"""Mutations made from commands: what a command's decision takes by name is the mutation's input.

A new step of a record is written once, in the domain; its input type, its mutation and their
descriptions follow from it.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import (
    Annotated,
    Any,
    Final,
    TypeAlias,
    TypeVar,
    Union,
)

import strawberry

from api.context import Info
from api.finding import Finding, findings_of
from api.mutation import position_of, run_at, run_on
from api.node import GlobalId
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from api.step_input import camel, class_of, input_of, own_fields, record_id
from commands.ports import Command, Desk, Recorded
from commands.step import Creation, JointStep, Step
from commands.structure import Restructuring
from domain.organization import Organization
from domain.record import Record

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
        class_of(
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


AnyCommand: TypeAlias = Step | JointStep | Creation | Restructuring


def mutations(name: str, commands: Iterable[AnyCommand], result: object, shown: Shown) -> type:
    """A type with one mutation for each command."""
    made = {command.name: _mutation(command, result, shown) for command in commands}
    return strawberry.type(type(name, (), made))


def mutation_type(name: str, result: object, *resolvers: Callable[..., Awaitable[object]]) -> type:
    """A type with mutations written by hand, for commands that are more than a step."""
    made = {}
    for resolve in resolvers:
        resolve.__annotations__["return"] = result
        made[resolve.__name__] = strawberry.field(
            resolver=resolve, description=inspect.getdoc(resolve)
        )
    return strawberry.type(type(name, (), made))


def written(
    name: str,
    commands: Iterable[Callable[..., Awaitable[Recorded]]],
    answered: tuple[type[Record], object, Shown],
) -> type:
    """A type with one mutation for each command that is a function of its own.

    What the function takes by name is its input: a command about a record that is there has
    `tenant_id` and `subject`, given as one id of the kind; else `organization` says where.
    """
    made = {command.__name__: _written(command, *answered) for command in commands}
    return strawberry.type(type(name, (), made))


def _written(
    command: Callable[..., Awaitable[Recorded]], kind: type[Record], result: object, shown: Shown
) -> object:
    is_step = "subject" in inspect.signature(command).parameters
    subject = kind.__name__.lower()
    holder = (subject, strawberry.ID) if is_step else ("organization", str)
    taken = frozenset({"tenant_id", "subject"} if is_step else {"organization"})
    given = input_of(camel(command.__name__), holder, command, taken)

    async def create(desk: Desk, order: Command, said: Any) -> Recorded:  # noqa: ANN401 - an input
        own = own_fields(command, said, await desk.directory.tenant_of(said.organization), taken)
        return await command(desk, order, organization=said.organization, **own)

    async def change(desk: Desk, order: Command, said: Any, thing: GlobalId) -> Recorded:  # noqa: ANN401
        own = own_fields(command, said, thing.tenant_id, taken)
        return await command(desk, order, tenant_id=thing.tenant_id, subject=thing.id, **own)

    async def resolve(info: Info, input: Any) -> object:  # noqa: A002, ANN401 - the contract's name
        name = info.field_name
        if is_step:
            recorded = await run_on(
                info,
                name,
                input,
                (subject, getattr(input, subject)),
                lambda desk, order, thing: change(desk, order, input, thing),
            )
        else:
            recorded = await run_at(
                info, name, input, input.organization, lambda d, o: create(d, o, input)
            )
        return await shown(info, recorded)

    resolve.__annotations__ = {"info": Info, "input": given, "return": result}
    return strawberry.field(resolver=resolve, description=_described(command))


def _mutation(command: AnyCommand, result: object, shown: Shown) -> object:
    decision, holder, run = _parts(command)
    given = input_of(camel(command.name), holder, decision)

    async def resolve(info: Info, input: Any) -> object:  # noqa: A002, ANN401 - the contract's name
        return await shown(info, await run(info, input))

    resolve.__annotations__ = {"info": Info, "input": given, "return": result}
    return strawberry.field(resolver=resolve, description=_described(decision))


def _parts(
    command: AnyCommand,
) -> tuple[Callable[..., object], tuple[str, object] | None, "_Run"]:
    """What decides, the input field that names what the command is about, and how it is run."""
    if isinstance(command, Creation):
        return command.create, ("organization", str), _run_creation(command)
    if isinstance(command, Restructuring):
        return command.change, None, _run_restructuring(command)
    subject = command.kind.__name__.lower()
    if isinstance(command, JointStep):
        return command.take, (f"{subject}s", list[strawberry.ID]), _run_joint_step(command, subject)
    if command.kind is Organization:
        return command.take, ("organization", str), _run_by_code(command)
    return command.take, (subject, strawberry.ID), _run_step(command, subject)


_Run: TypeAlias = Callable[[Info, Any], Awaitable[Recorded | AnyRefusal]]


def _run_creation(command: Creation) -> _Run:
    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made inputs
        async def create(desk: Desk, order: Command) -> Recorded:
            tenant_id = await desk.directory.tenant_of(given.organization)
            own = own_fields(command.create, given, tenant_id)
            return await command(desk, order, organization=given.organization, **own)

        return await run_at(info, info.field_name, given, given.organization, create)

    return run


def _run_restructuring(command: Restructuring) -> _Run:
    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made inputs
        several = getattr(given, "organizations", None) or [info.context.actor.organization]
        code = getattr(given, "organization", several[0])

        async def change(desk: Desk, order: Command) -> Recorded:
            tenant_id = await desk.directory.tenant_of(code)
            own = own_fields(command.change, given, tenant_id)
            return await command(desk, order, tenant_id=tenant_id, **own)

        return await run_at(info, info.field_name, given, code, change)

    return run


def _run_by_code(command: Step) -> _Run:
    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made inputs
        async def take(desk: Desk, order: Command) -> Recorded:
            found = await desk.directory.organization(given.organization)
            own = own_fields(command.take, given, found.tenant_id)
            return await command(desk, order, tenant_id=found.tenant_id, subject=found.id, **own)

        return await run_at(info, info.field_name, given, given.organization, take)

    return run


def _run_step(command: Step, subject: str) -> _Run:
    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made inputs
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
                **own_fields(command.take, given, thing.tenant_id),
            ),
        )

    return run


def _run_joint_step(command: JointStep, subject: str) -> _Run:
    kind = command.kind.__name__

    async def run(info: Info, given: Any) -> Recorded | AnyRefusal:  # noqa: ANN401 - made inputs
        several = getattr(given, f"{subject}s")

        async def take(desk: Desk, order: Command, thing: GlobalId) -> Recorded:
            ids = [record_id(each, kind, subject, thing.tenant_id) for each in several]
            return await command(
                desk,
                order,
                tenant_id=thing.tenant_id,
                subjects=tuple(ids),
                **own_fields(command.take, given, thing.tenant_id),
            )

        first = several[0] if several else ""
        return await run_on(info, info.field_name, given, (subject, first), take)

    return run


def _described(decision: Callable[..., object]) -> str:
    """The first paragraph of the docstring, without what it raises."""
    documented = (inspect.getdoc(decision) or "").partition("\n\n")[0]
    return " ".join(documented.split()).partition(" Raises ")[0]
