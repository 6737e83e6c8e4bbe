"""The catalogue of events for integrators: `python -m eventstore.catalogue > docs/events.md`."""

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, get_args, get_origin, get_type_hints

from domain.events import EVENTS
from domain.personal import Sealed
from domain.record import Entry, Voided
from domain.uncorrectable import instead_of
from eventstore.codec import IN_COLUMNS

PREFACE: Final = Path(__file__).parent / "catalogue.md"


def catalogue() -> str:
    """The whole page: the preface, then every event with its fields as they stand in `data`."""
    sections = "\n".join("\n".join(_section(kind)) for kind in EVENTS)
    return f"{PREFACE.read_text('utf-8')}\n{sections}\n"


def _section(kind: type[Entry]) -> Iterator[str]:
    yield f"### `{kind.TOPIC}`\n"
    yield f"{inspect.getdoc(kind)}\n"
    instead = instead_of(kind)
    if instead is not None and not issubclass(kind, Voided):
        yield f"It is not corrected by `correctEvent`. {instead.en}\n"
    hints = get_type_hints(kind, include_extras=True)
    fields = [field.name for field in dataclasses.fields(kind) if field.name not in IN_COLUMNS]
    yield "| field | type | personal |"
    yield "|---|---|---|"
    for name in fields:
        hint = hints[name]
        sealed = get_origin(hint) is Annotated and any(
            isinstance(mark, Sealed) for mark in get_args(hint)[1:]
        )
        plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        personal = "yes, never in the feed" if sealed else ""
        yield f"| `{_camel(name)}` | {_told(plain)} | {personal} |"
    yield ""


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _told(hint: object) -> str:
    arguments = get_args(hint)
    if arguments and type(None) in arguments:
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return f"{_told(inner)} or null"
    if arguments:
        return f"list of {_told(arguments[0])}"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return ", ".join(f"`{member.value}`" for member in hint)
    assert isinstance(hint, type)
    return hint.__name__


if __name__ == "__main__":
    sys.stdout.write(catalogue())
