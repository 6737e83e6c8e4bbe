"""What a leaf of the log's tree covers: every stored column of an event, in one canonical form.

It is version 1: the byte 1, then what PostgreSQL's `record_send` makes of the columns as a row,
texts as their UTF-8 bytes. So the server encodes a row in one call, and whoever verifies it needs
nothing of PostgreSQL.
"""

import struct
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from eventstore.stored_event import StoredEvent

_INT4: Final = 23
_INT8: Final = 20
_INT2: Final = 21
_BYTEA: Final = 17
_DATE: Final = 1082
_TIMESTAMPTZ: Final = 1184
_UUID: Final = 2950
_FIELDS: Final = 16
_DAY_ZERO: Final = date(2000, 1, 1).toordinal()
_TIME_ZERO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_SECOND_US: Final = 1_000_000
_DAY_US: Final = 86_400 * _SECOND_US

# Each field is its type, its length and its bytes; those of fixed length in a row pack at once.
_HEAD: Final = struct.Struct(">Bi iii iiq ii16s iii ii16s")
_SCHEMA: Final = struct.Struct(">iih")
_TIMES: Final = struct.Struct(">iii iiq")
_CAUSES: Final = struct.Struct(">ii16s ii16s")
_FIELD: Final = struct.Struct(">ii")


def entry_of(event: StoredEvent) -> bytes:
    """The entry whose leaf hash stands at index position - 1 of the tenant's tree."""
    since = event.recorded_at - _TIME_ZERO
    recorded_us = since.days * _DAY_US + since.seconds * _SECOND_US + since.microseconds
    return b"".join(
        (
            _HEAD.pack(
                *(1, _FIELDS),
                *(_INT4, 4, event.tenant_id),
                *(_INT8, 8, event.position),
                *(_UUID, 16, event.stream_id.bytes),
                *(_INT4, 4, event.version),
                *(_UUID, 16, event.event_id.bytes),
            ),
            _field(_BYTEA, event.type.encode()),
            _SCHEMA.pack(_INT2, 2, event.schema_version),
            _field(_UUID, _bytes(event.organization_id)),
            _TIMES.pack(
                *(_DATE, 4, event.effective_on.toordinal() - _DAY_ZERO),
                *(_TIMESTAMPTZ, 8, recorded_us),
            ),
            _field(_BYTEA, event.actor.encode()),
            _CAUSES.pack(
                _UUID, 16, event.causation_id.bytes, _UUID, 16, event.correlation_id.bytes
            ),
            _field(_BYTEA, event.data),
            _field(_UUID, _bytes(event.person_id)),
            _field(_BYTEA, event.sealed),
        )
    )


def _field(kind: int, value: bytes | None) -> bytes:
    if value is None:
        return _FIELD.pack(kind, -1)
    return _FIELD.pack(kind, len(value)) + value


def _bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes
