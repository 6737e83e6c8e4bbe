"""Events with every kind of value in their fields, made from their annotations, and as rows."""

import dataclasses
import random
import types
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from eventsourcing.utils import get_topic

from domain.events import CREATED
from domain.record import Entry
from eventstore.codec import IN_COLUMNS, Codec
from eventstore.stored_event import StoredEvent

WORDS = ["", "Nguyễn Thị Ơn", '{"_type_": "x"}', '"\\\u2028', "K’Brêu 😀"]


def value(hint: object, choice: random.Random) -> object:
    """A random value of an annotation."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return value(choice.choice(arguments), choice)
    if origin is tuple:
        return tuple(value(arguments[0], choice) for _ in range(choice.randrange(3)))
    if origin is frozenset:
        return frozenset(value(arguments[0], choice) for _ in range(choice.randrange(3)))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(
            **{each.name: value(hints[each.name], choice) for each in dataclasses.fields(hint)}
        )
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return choice.choice(list(hint))
    made: dict[object, object] = {
        type(None): None,
        bool: choice.random() < 0.5,
        int: choice.randrange(-(2**53), 2**53),
        float: choice.uniform(-1e6, 1e6),
        str: choice.choice(WORDS),
        date: date(1930, 2, 3) + timedelta(days=choice.randrange(40_000)),
        UUID: uuid(choice),
    }
    return made[hint]


def uuid(choice: random.Random) -> UUID:
    return UUID(int=choice.getrandbits(128), version=4)


def own_fields(cls: type[Entry]) -> list[str]:
    """The fields that do not stand in columns."""
    return [field.name for field in dataclasses.fields(cls) if field.name not in IN_COLUMNS]


def entry_of(cls: type[Entry], choice: random.Random) -> Entry:
    """An event with random fields."""
    hints = get_type_hints(cls)
    columns: dict[str, object] = {
        "originator_id": uuid(choice),
        "originator_version": choice.randrange(1, 100),
        "timestamp": datetime(2023, 9, 17, 8, 30, tzinfo=UTC),
        "effective_on": date(2023, 9, 16),
        "organization_id": uuid(choice),
    }
    if cls in CREATED:
        columns["originator_topic"] = get_topic(CREATED[cls])
    made: Any = cls
    fields = {name: value(hints[name], choice) for name in own_fields(cls)}
    built: Entry = made(**columns, **fields)
    return built


def row(**changed: object) -> StoredEvent:
    """A row of the log whose columns say nothing."""
    blank = StoredEvent(
        tenant_id=3,
        position=17,
        stream_id=UUID(int=1),
        version=1,
        event_id=UUID(int=2),
        type="",
        schema_version=1,
        organization_id=UUID(int=3),
        effective_on=date(2023, 9, 16),
        recorded_at=datetime(2023, 9, 17, 8, 30, tzinfo=UTC),
        actor="a",
        causation_id=UUID(int=4),
        correlation_id=UUID(int=4),
        data=b"{}",
        person_id=None,
        sealed=None,
    )
    return msgspec.structs.replace(blank, **changed)


def stored_of(codec: Codec, entry: Entry, **changed: object) -> StoredEvent:
    """The event's row, with its personal fields in the place of what seals them."""
    encoded = codec.encode(entry)
    stored = row(
        stream_id=entry.originator_id,
        version=entry.originator_version,
        type=encoded.type,
        schema_version=encoded.schema_version,
        organization_id=entry.organization_id,
        effective_on=entry.effective_on,
        recorded_at=entry.timestamp,
        data=encoded.data,
        person_id=None if encoded.personal is None else entry.originator_id,
        sealed=encoded.personal,
    )
    return msgspec.structs.replace(stored, **changed)
