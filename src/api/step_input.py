"""The inputs of mutations: made from what a command's decision takes by name, and read back."""

import inspect
import types
from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry

from api.node import decode_id, not_found
from commands.ports import OrganizationRef


def record_id(given: str, kind: str, field: str, tenant_id: int) -> UUID:
    """The id of a record of a tenant. Raises NotFound for one of another tenant or kind."""
    found = decode_id(given, kind=kind, field=_lower_camel(field))
    if found.tenant_id != tenant_id:
        raise not_found(_lower_camel(field))
    return found.id


def input_of(
    name: str,
    holder: tuple[str, object] | None,
    decision: Callable[..., object],
    taken: frozenset[str] = frozenset(),
) -> type:
    """The input of a command: what names it, what it is about, and its decision's own fields.

    Those of `taken` are filled in otherwise.
    """
    fields: dict[str, object] = {"command_id": UUID, "occurred_on": date}
    if holder is not None:
        fields[holder[0]] = holder[1]
    defaults: dict[str, object] = {}
    for each, kind, default in _parameters(decision):
        if each in taken:
            continue
        shape = _shape(kind)
        if default is inspect.Parameter.empty:
            fields[each] = shape
        elif isinstance(default, (tuple, frozenset)):
            fields[each], defaults[each] = Union[shape, None], None  # noqa: UP007 - run time only
        else:
            fields[each], defaults[each] = shape, default
    return strawberry.input(class_of(f"{name}Input", fields, defaults))


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
        return strawberry.input(class_of(f"{kind.__name__}Input", shapes, defaults))
    return kind


def own_fields(
    decision: Callable[..., object],
    given: object,
    tenant_id: int,
    taken: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The fields of a decision as the command takes them; what was left out is left to it."""
    return {
        name: _value(kind, getattr(given, name), name, tenant_id)
        for name, kind, default in _parameters(decision)
        if name not in taken
        if getattr(given, name) is not None or default in {None, inspect.Parameter.empty}
    }


def _value(kind: Any, given: Any, field: str, tenant_id: int) -> Any:  # noqa: ANN401 - any type
    origin, args = get_origin(kind), get_args(kind)
    if given is None or kind is OrganizationRef:
        return given
    if origin is Annotated and args[0] is UUID:
        return record_id(given, args[1].__name__, field, tenant_id)
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


def class_of(name: str, fields: dict[str, Any], defaults: dict[str, object] | None = None) -> type:
    """A class of these fields, for Strawberry to make a type of."""
    return type(name, (), {"__annotations__": fields, **(defaults or {})})


def camel(name: str) -> str:
    """The name as types bear it."""
    return "".join(part.capitalize() for part in name.split("_"))


def _lower_camel(name: str) -> str:
    words = camel(name)
    return words[0].lower() + words[1:]
