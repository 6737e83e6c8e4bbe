"""The closed table of event names. Nothing that the database says is ever imported."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from eventsourcing.utils import get_topic, register_topic

from domain.record import CreatedEntry, Entry, Record

NAMES_FILE: Final = Path(__file__).parent / "event_names.txt"
"""Every name that was ever stored, one a line. A line may be added, never taken away."""
Upcaster: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]
"""A static method `upcast_v1_v2` of an event class: what version 1 stored, as version 2 stores it.

A pure function of the stored fields by their stored names, in JSON's own types. The personal ones
are among them where they open; of a person who is erased, and for counting, they are not there.
"""
_UPCASTER: Final = re.compile(r"upcast_v(\d+)_v(\d+)")


@dataclass(frozen=True, slots=True)
class EventType:
    """What the stored name `name` means today."""

    name: str
    cls: type[Entry]
    schema_version: int
    aggregate_topic: str | None
    """What the event creates, when it can be the first of a stream."""
    upcasters: tuple[Upcaster, ...]
    """From version 1 to the current one, a step each."""


class Registry:
    """Event names to classes, and aggregates to the library's topics; built once at start."""

    def __init__(
        self,
        events: Iterable[type[Entry]],
        created: Mapping[type[CreatedEntry], type[Record]],
    ) -> None:
        self._types: dict[str, EventType] = {}
        for cls in events:
            name = _topic(cls)
            if name in self._types:
                message = f"the event name {name!r} is taken twice"
                raise ValueError(message)
            _register(name, cls)
            aggregate = created[cls] if issubclass(cls, CreatedEntry) else None
            upcasters = _upcasters(cls)
            self._types[name] = EventType(
                name,
                cls,
                schema_version=len(upcasters) + 1,
                aggregate_topic=None if aggregate is None else get_topic(aggregate),
                upcasters=upcasters,
            )

    @property
    def types(self) -> Mapping[str, EventType]:
        """All types by name."""
        return self._types


def read_names() -> frozenset[str]:
    """The names of the checked-in list."""
    return frozenset(NAMES_FILE.read_text(encoding="utf-8").split())


def _topic(cls: type) -> str:
    topic = vars(cls).get("TOPIC")
    if not isinstance(topic, str):
        message = f"{cls.__qualname__} has no TOPIC of its own"
        raise TypeError(message)
    return topic


def _upcasters(cls: type) -> tuple[Upcaster, ...]:
    """The steps to the class's `class_version`, which is 1 unless it says otherwise."""
    version = getattr(cls, "class_version", 1)
    steps = [f"upcast_v{each}_v{each + 1}" for each in range(1, version)]
    found = {name for name in dir(cls) if _UPCASTER.fullmatch(name)}
    if version < 1 or found != set(steps):
        message = f"{cls.__qualname__} has version {version} and the upcasters {sorted(found)}"
        raise ValueError(message)
    return tuple(getattr(cls, step) for step in steps)


def _register(topic: str, cls: type) -> None:
    if get_topic(cls) != topic:
        message = f"{cls.__qualname__} is known to the library under another topic"
        raise ValueError(message)
    register_topic(topic, cls)
