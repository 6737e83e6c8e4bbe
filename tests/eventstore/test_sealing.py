"""What is sealed opens with its key in its place, unchanged, and for nobody and nowhere else."""

import os
from itertools import product
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.profile import at_length

from eventstore.sealing import (
    FORMAT,
    NONCE_BYTES,
    DoesNotOpen,
    PersonKey,
    blind_index,
    open_thing,
    rewrap,
    seal_thing,
)
from eventstore.tenant_keys import KEY_BYTES, TenantKey

TAG_BYTES = 16
PLAIN = '{"fullName":"Nguyễn Thị Mẫu"}'.encode()
STREAM, EVENT, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)
TENANT = 7
TENANTS = st.integers(1, 2**31 - 1)
SEALED = (
    "010101010101010101010101010ce1834004e92607b93145223a2935adb28f345effa342b412608c"
    "ccd0e8449ad9f41f6546fbae31e97d73385adfd47d54346b"
)
"""PLAIN in its place, sealed with the bytes 0 to 31 and a nonce of ones: it must open for ever."""


def tenant_key(version: int = 1) -> TenantKey:
    return TenantKey(version, AESGCM(os.urandom(KEY_BYTES)), os.urandom(32), os.urandom(32))


def person_key(tenant_id: int = TENANT) -> PersonKey:
    return PersonKey.new(tenant_id, PERSON)


def damaged(sealed: bytes) -> list[bytes]:
    """Every flipped bit, every shorter one, and longer ones."""
    flips = []
    for at, bit in product(range(len(sealed)), range(8)):
        changed = bytearray(sealed)
        changed[at] ^= 1 << bit
        flips.append(bytes(changed))
    return [*flips, *(sealed[:end] for end in range(len(sealed))), sealed + b"\0", b"\0" + sealed]


@settings(max_examples=at_length(100), deadline=None)
@given(TENANTS, st.uuids(), st.uuids(), st.uuids(), st.binary(max_size=2_000))
def test_what_is_sealed_opens_unchanged(
    tenant_id: int, person: UUID, stream: UUID, event: UUID, plain: bytes
) -> None:
    """Also with the key that was wrapped meanwhile. What is stored shows its length only."""
    tenants_key = tenant_key()
    key = PersonKey.new(tenant_id, person)
    sealed = key.seal(stream, event, plain)
    wrapped = key.wrap(tenants_key)
    again = PersonKey.unwrap(tenant_id, person, wrapped, tenants_key)
    assert key.open(stream, event, sealed) == plain
    assert again.open(stream, event, sealed) == plain
    assert key.open(stream, event, again.seal(stream, event, plain)) == plain
    assert len(sealed) == len(FORMAT) + NONCE_BYTES + len(plain) + TAG_BYTES
    assert len(wrapped) == len(FORMAT) + NONCE_BYTES + KEY_BYTES + TAG_BYTES
    if len(plain) >= 8:
        assert plain not in sealed


def test_what_was_sealed_in_the_first_format_opens_for_ever() -> None:
    key = PersonKey(TENANT, PERSON, bytes(range(KEY_BYTES)))
    assert key.open(STREAM, EVENT, bytes.fromhex(SEALED)) == PLAIN


def test_every_damage_is_noticed() -> None:
    tenants_key, key = tenant_key(), person_key()
    for broken in damaged(key.seal(STREAM, EVENT, PLAIN)):
        with pytest.raises(DoesNotOpen):
            key.open(STREAM, EVENT, broken)
    for broken in damaged(key.wrap(tenants_key)):
        with pytest.raises(DoesNotOpen):
            PersonKey.unwrap(TENANT, PERSON, broken, tenants_key)
    for broken in damaged(seal_thing(tenants_key, TENANT, "identity", "012345678901")):
        with pytest.raises(DoesNotOpen):
            open_thing(tenants_key, TENANT, "identity", broken)


def test_nothing_opens_in_another_place() -> None:
    material = os.urandom(KEY_BYTES)
    key = PersonKey(TENANT, PERSON, material)
    sealed = key.seal(STREAM, EVENT, PLAIN)
    # The same bytes as a key, so that only the place can tell.
    elsewhere = [
        (PersonKey(TENANT + 1, PERSON, material), STREAM, EVENT),
        (key, uuid4(), EVENT),
        (key, STREAM, uuid4()),
        (key, EVENT, STREAM),
    ]
    for other, stream, event in elsewhere:
        with pytest.raises(DoesNotOpen):
            other.open(stream, event, sealed)
    with pytest.raises(DoesNotOpen):
        person_key().open(STREAM, EVENT, sealed)


def test_a_wrapped_key_is_its_persons_in_its_tenant_under_its_tenant_key() -> None:
    tenants_key = tenant_key()
    wrapped = person_key().wrap(tenants_key)
    for tenant_id, person, key in (
        (TENANT + 1, PERSON, tenants_key),
        (TENANT, uuid4(), tenants_key),
        (TENANT, PERSON, tenant_key()),
    ):
        with pytest.raises(DoesNotOpen):
            PersonKey.unwrap(tenant_id, person, wrapped, key)
        with pytest.raises(DoesNotOpen):
            rewrap(tenant_id, person, wrapped, key, tenant_key(2))


def test_a_key_that_is_wrapped_anew_is_the_same_key_under_the_new_one_only() -> None:
    old, new, key = tenant_key(), tenant_key(2), person_key()
    sealed = key.seal(STREAM, EVENT, PLAIN)
    wrapped = rewrap(TENANT, PERSON, key.wrap(old), old, new)
    again = PersonKey.unwrap(TENANT, PERSON, wrapped, new)
    assert again.open(STREAM, EVENT, sealed) == PLAIN
    with pytest.raises(DoesNotOpen):
        PersonKey.unwrap(TENANT, PERSON, wrapped, old)


def test_no_nonce_comes_twice() -> None:
    """They are random, and a key seals some thousand times at the most."""
    tenants_key, key, count = tenant_key(), person_key(), at_length(5_000)
    made = [key.seal(STREAM, EVENT, PLAIN) for _ in range(count)]
    made += [key.wrap(tenants_key) for _ in range(count)]
    assert len({each[1 : 1 + NONCE_BYTES] for each in made}) == 2 * count
    assert len({person_key().wrap(tenants_key) for _ in range(100)}) == 100


def test_no_key_is_shown_by_what_holds_or_wraps_it() -> None:
    material = os.urandom(KEY_BYTES)
    key = PersonKey(TENANT, PERSON, material)
    tenants_key = TenantKey(1, AESGCM(material), material, material)
    assert material not in key.wrap(tenants_key)
    for shown in (repr(key), str(key), repr(tenants_key), str(tenants_key)):
        assert repr(material) not in shown
        assert material.hex() not in shown
    assert not hasattr(key, "__dict__")


@settings(max_examples=at_length(100), deadline=None)
@given(TENANTS, st.text(max_size=100), st.text(max_size=100))
def test_equal_things_have_equal_indexes_and_open_behind_them(
    tenant_id: int, thing: str, other: str
) -> None:
    key, next_key = tenant_key(), tenant_key(2)
    index = blind_index(key, "identity", thing)
    assert index == blind_index(key, "identity", thing)
    assert (index == blind_index(key, "identity", other)) == (thing == other)
    assert index != blind_index(key, "name", thing)
    assert index != blind_index(next_key, "identity", thing)
    sealed = seal_thing(key, tenant_id, "identity", thing)
    assert open_thing(key, tenant_id, "identity", sealed) == thing
    for wrong, tenant, kind in (
        (next_key, tenant_id, "identity"),
        (key, tenant_id + 1, "identity"),
        (key, tenant_id, "name"),
    ):
        with pytest.raises(DoesNotOpen):
            open_thing(wrong, tenant, kind, sealed)
