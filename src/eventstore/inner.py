"""Entries inside an entry: the history that a received case begins with, as it is stored.

Each keeps the columns it had in its own log, but for those that say where it stood there.
"""

from datetime import date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec

from domain.record import Entry
from eventstore.stored_event import StoredEvent

CLEAR: Final = "history_clear"
PERSONAL: Final = "history_personal"
"""The names of the two parts while an entry is encoded or decoded; both are stored as `history`."""
PersonalOfAll: TypeAlias = tuple[dict[str, Any] | None, ...]

_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


class Inner(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The columns and the clear fields of one of them."""

    type: str
    schema_version: int
    organization_id: UUID
    effective_on: date
    recorded_at: datetime
    data: dict[str, Any]


def inner_of(entry: Entry, name: str, schema_version: int, data: bytes) -> Inner:
    """What is stored of an entry of this name and version whose clear fields are `data`."""
    return Inner(
        type=name,
        schema_version=schema_version,
        organization_id=entry.organization_id,
        effective_on=entry.effective_on,
        recorded_at=entry.timestamp,
        data=_decode(data),
    )


def personal_of(personal: bytes | None) -> dict[str, Any] | None:
    """The personal fields of one of them."""
    return None if personal is None else _decode(personal)


def as_stored(
    outer: StoredEvent, version: int, inner: Inner, personal: dict[str, Any] | None
) -> tuple[StoredEvent, bytes | None]:
    """The row that an entry inside another would be, and its opened personal fields."""
    stored = msgspec.structs.replace(
        outer,
        version=version,
        type=inner.type,
        schema_version=inner.schema_version,
        organization_id=inner.organization_id,
        effective_on=inner.effective_on,
        recorded_at=inner.recorded_at,
        data=_encode(inner.data),
    )
    return stored, None if personal is None else _encode(personal)
