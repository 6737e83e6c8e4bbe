"""What a story says in TOML, as the arguments that a command takes: made by their types."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from commands.ports import OrganizationRef
from commands.step import Creation, JointStep, Step

Known = Callable[[str], UUID]
"""The id of a record by the name that the stories give it."""


def arguments(command: object, said: Mapping[str, object], known: Known) -> dict[str, object]:
    """The arguments of a command; an organization stays the code that it is named by.

    Raises KeyError for one that the command does not take.
    """
    kinds = get_type_hints(decision(command), include_extras=True) | {"organization": str}
    return {name: _value(kinds[name], given, known) for name, given in said.items()}


def decision(command: object) -> Callable[..., object]:
    """What decides: the domain's function, or the command where it is one itself."""
    if isinstance(command, Creation):
        return command.create
    if isinstance(command, Step | JointStep):
        return command.take
    assert callable(command)
    return command


def _value(kind: Any, given: Any, known: Known) -> Any:  # noqa: ANN401, PLR0911 - any type
    origin, args = get_origin(kind), get_args(kind)
    if kind is OrganizationRef:
        return given
    if kind is UUID:
        return known(given)
    if origin is Annotated:
        return _value(args[0], given, known)
    if origin in {Union, UnionType}:
        return _value(next(each for each in args if each is not NoneType), given, known)
    if origin in {tuple, frozenset}:
        return origin(_value(args[0], each, known) for each in given)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(given)
    if is_dataclass(kind) and isinstance(kind, type) and not isinstance(given, kind):
        return _object(kind, given, known)
    return float(given) if kind is float else given


def _object(kind: type, given: Mapping[str, Any], known: Known) -> object:
    kinds = get_type_hints(kind, include_extras=True)
    return kind(**{name: _value(kinds[name], value, known) for name, value in given.items()})
