"""Seals personal fields with the key of their person, and wraps that key with its tenant's.

AES-256-GCM throughout. No key is kept here, and none is fetched.
"""

import hmac
import os
from typing import Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventstore.tenant_keys import KEY_BYTES, TenantKey

FORMAT: Final = b"\x01"
NONCE_BYTES: Final = 12
EVENT_PLACE_BYTES: Final = 32
"""Two ids; nothing else that a person's key seals has a place of this length."""


class DoesNotOpen(Exception):
    """The bytes were not sealed with this key for this place, or are damaged."""


class PersonKey:
    """The key of one person's fields. Without it they are noise, for ever."""

    __slots__ = ("_cipher", "_material", "_tenant_id", "person_id")

    def __init__(self, tenant_id: int, person_id: UUID, material: bytes) -> None:
        self.person_id = person_id
        self._tenant_id = tenant_id
        self._material = material
        self._cipher = AESGCM(material)

    @classmethod
    def new(cls, tenant_id: int, person_id: UUID) -> Self:
        """A key that has never existed."""
        return cls(tenant_id, person_id, os.urandom(KEY_BYTES))

    @classmethod
    def unwrap(cls, tenant_id: int, person_id: UUID, wrapped: bytes, key: TenantKey) -> Self:
        """The key as `wrap` gave it out. Raises DoesNotOpen."""
        place = _place(tenant_id, person_id)
        return cls(tenant_id, person_id, open_sealed(key.wrapping, place, wrapped))

    def wrap(self, key: TenantKey) -> bytes:
        """What may stand in the database; it opens with the tenant's key, for this person only."""
        return seal(key.wrapping, _place(self._tenant_id, self.person_id), self._material)

    def seal(self, stream_id: UUID, event_id: UUID, plain: bytes) -> bytes:
        """The fields of one event; they open in its place only."""
        return seal(self._cipher, _place(self._tenant_id, stream_id, event_id), plain)

    def open(self, stream_id: UUID, event_id: UUID, sealed: bytes) -> bytes:
        """The fields as they were sealed. Raises DoesNotOpen."""
        return open_sealed(self._cipher, _place(self._tenant_id, stream_id, event_id), sealed)

    def seal_other(self, place: bytes, plain: bytes) -> bytes:
        """Something else of the person; `place` begins with what it is and never has 32 bytes."""
        assert len(place) != EVENT_PLACE_BYTES
        return seal(self._cipher, _place(self._tenant_id) + place, plain)

    def open_other(self, place: bytes, sealed: bytes) -> bytes:
        """What `seal_other` was given. Raises DoesNotOpen."""
        return open_sealed(self._cipher, _place(self._tenant_id) + place, sealed)


def seal(cipher: AESGCM, place: bytes, plain: bytes) -> bytes:
    """The format byte, a nonce of its own, and the sealed bytes with their tag."""
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + cipher.encrypt(nonce, plain, FORMAT + place)


def open_sealed(cipher: AESGCM, place: bytes, sealed: bytes) -> bytes:
    """What `seal` was given. Raises DoesNotOpen."""
    end = 1 + NONCE_BYTES
    if sealed[:1] != FORMAT:
        raise DoesNotOpen
    try:
        return cipher.decrypt(sealed[1:end], sealed[end:], FORMAT + place)
    except (InvalidTag, ValueError):
        raise DoesNotOpen from None


def _place(tenant_id: int, *ids: UUID) -> bytes:
    return tenant_id.to_bytes(4, "big") + b"".join([each.bytes for each in ids])


def rewrap(
    tenant_id: int, person_id: UUID, wrapped: bytes, old: TenantKey, new: TenantKey
) -> bytes:
    """A person's key under another tenant key. Raises DoesNotOpen."""
    place = _place(tenant_id, person_id)
    return seal(new.wrapping, place, open_sealed(old.wrapping, place, wrapped))


def blind_index(key: TenantKey, kind: str, thing: str) -> bytes:
    """A keyed hash of a whole thing: equal things have equal ones, and nothing else shows."""
    return hmac.digest(key.index, f"{kind}\0{thing}".encode(), "sha256")


def seal_thing(key: TenantKey, tenant_id: int, kind: str, thing: str) -> bytes:
    """The thing behind a blind index, for the day on which the index is made anew."""
    return seal(key.wrapping, _place(tenant_id) + kind.encode(), thing.encode())


def open_thing(key: TenantKey, tenant_id: int, kind: str, sealed: bytes) -> str:
    """What `seal_thing` was given. Raises DoesNotOpen."""
    return open_sealed(key.wrapping, _place(tenant_id) + kind.encode(), sealed).decode()
