"""A snapshot: the events of one record up to a version, as one value that takes one look to read.

They are in their stored form, so the codec with its upcasters is still the only one to decode them.
A snapshot can be thrown away at any time, and one that does not fit is: the log alone counts.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from eventstore.sealing import DoesNotOpen, PersonKey
from eventstore.stored_event import StoredEvent

FORMAT: Final = 1
"""What `data` looks like. A program reads and writes one format and passes over any other."""

Opened: TypeAlias = tuple[StoredEvent, bytes | None]
"""An event with its personal fields, None if it has none."""

_DIGEST_BYTES: Final = 32
_BLANK: Final = UUID(int=0)
_OPENED: Final = b""
"""Stands where the sealed fields stood: they are there, and open already."""


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """A row, and the wrapped key of its person when it was fetched with it."""

    tenant_id: int
    stream_id: UUID
    version: int
    person_id: UUID | None
    data: bytes
    key_version: int | None = None
    wrapped: bytes | None = None


class UnusableSnapshot(Exception):
    """It is damaged, of another place, or its person is erased."""


class _Kept(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What the codec needs of an event; tenant, stream and version go without saying."""

    position: int
    type: str
    schema_version: int
    organization_id: UUID | None
    effective_on: date
    recorded_at: datetime
    data: bytes
    personal: bytes | None


_encode: Final = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode: Final = msgspec.msgpack.Decoder(list[_Kept]).decode


def take(opened: Sequence[Opened], key: PersonKey | None) -> Snapshot:
    """A snapshot of all events of one stream from the first on; sealed with the key if any."""
    last = opened[-1][0]
    assert last.version == len(opened)
    place = _place(last.stream_id, last.version)
    content = _encode(
        [
            _Kept(
                stored.position,
                stored.type,
                stored.schema_version,
                stored.organization_id,
                stored.effective_on,
                stored.recorded_at,
                stored.data,
                personal,
            )
            for stored, personal in opened
        ]
    )
    if key is None:
        assert all(personal is None for _, personal in opened)
        data = _digest(last.tenant_id, place, content) + content
    else:
        data = key.seal_other(place, content)
    person_id = None if key is None else key.person_id
    return Snapshot(last.tenant_id, last.stream_id, last.version, person_id, data)


def events_of(snapshot: Snapshot, keys: Mapping[UUID, PersonKey]) -> list[Opened]:
    """The events as they were taken. Raises UnusableSnapshot, also without its person's key."""
    try:
        kept = _decode(_content(snapshot, keys))
    except (DoesNotOpen, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnusableSnapshot(type(error).__name__) from None
    # What the codec does not look at is left blank.
    return [
        (
            StoredEvent(
                snapshot.tenant_id,
                each.position,
                snapshot.stream_id,
                version,
                _BLANK,
                each.type,
                each.schema_version,
                each.organization_id,
                each.effective_on,
                each.recorded_at,
                "",
                _BLANK,
                _BLANK,
                each.data,
                None if each.personal is None else snapshot.person_id,
                None if each.personal is None else _OPENED,
            ),
            each.personal,
        )
        for version, each in enumerate(kept, start=1)
    ]


def _content(snapshot: Snapshot, keys: Mapping[UUID, PersonKey]) -> bytes:
    place = _place(snapshot.stream_id, snapshot.version)
    if snapshot.person_id is not None:
        key = keys.get(snapshot.person_id)
        if key is None:
            raise UnusableSnapshot("its person is erased")
        return key.open_other(place, snapshot.data)
    digest, content = snapshot.data[:_DIGEST_BYTES], snapshot.data[_DIGEST_BYTES:]
    if digest != _digest(snapshot.tenant_id, place, content):
        raise UnusableSnapshot("it is damaged or of another place")
    return content


def _place(stream_id: UUID, version: int) -> bytes:
    return b"snapshot" + stream_id.bytes + version.to_bytes(4, "big") + FORMAT.to_bytes(2, "big")


def _digest(tenant_id: int, place: bytes, content: bytes) -> bytes:
    """Against damage, not against whoever may write to the database."""
    return hashlib.sha256(tenant_id.to_bytes(4, "big") + place + content).digest()
