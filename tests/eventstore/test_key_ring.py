"""What a process has at hand of the tenants' keys, and when it looks again."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from eventstore.key_directory import KeyDirectory
from eventstore.tenant_keys import (
    REFRESH_S,
    KeyDestroyed,
    KeyRing,
    KeysUnavailable,
    TenantKeys,
)

TENANT, OTHER = 7, 8
COMMAND = "47160d5b42a905840dedfac09f764ab6bb0be8f37961e235a6ca60932f757954"
INDEX = "539af7ab59987ee5503493a7f968fb3f4ab3fed4edea25f6af7cab5f45a989cd"
BOX = "2aa6979fa5553f9bc7ecaecc8a33dd53"
"""Of the bytes 0 to 31, computed from HMAC alone as RFC 5869 says; BOX is an empty text's tag."""


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Counted:
    """A place whose readings are counted, and can be held up or fail."""

    def __init__(self, keys: TenantKeys) -> None:
        self.keys = keys
        self.readings = 0
        self.is_reachable = True
        self.has_read = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def versions(self, tenant_id: int) -> Mapping[int, bytes | None]:
        self.readings += 1
        if not self.is_reachable:
            raise KeysUnavailable("The place is out of reach.")
        found = await self.keys.versions(tenant_id)
        self.has_read.set()
        await self.gate.wait()
        return found

    async def add(self, tenant_id: int, version: int) -> bytes:
        return await self.keys.add(tenant_id, version)

    async def destroy(self, tenant_id: int, version: int) -> None:
        await self.keys.destroy(tenant_id, version)


@pytest.fixture
def place(tmp_path: Path) -> Counted:
    return Counted(KeyDirectory(tmp_path / "keys"))


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def ring(place: Counted, clock: Time) -> KeyRing:
    return KeyRing(place, clock)


async def test_a_tenant_gets_its_first_key_with_its_first_use(
    ring: KeyRing, place: Counted
) -> None:
    """Every process that asks has the same one."""
    assert 1 == (await ring.current(TENANT)).version
    elsewhere = await KeyRing(place).current(TENANT)

    assert elsewhere.command == (await ring.current(TENANT)).command
    assert [1] == [*await place.versions(TENANT)]


async def test_the_uses_of_a_key_have_keys_of_their_own(ring: KeyRing, place: Counted) -> None:
    """None of them is the tenant's key, none is another tenant's, and no print shows them."""
    key, other = await ring.current(TENANT), await ring.current(OTHER)
    material = (await place.versions(TENANT))[1]
    nonce = bytes(12)
    box = key.wrapping.encrypt(nonce, b"a person's key", None)

    assert 5 == len({material, key.command, key.index, other.command, other.index})
    assert b"a person's key" == key.wrapping.decrypt(nonce, box, None)
    assert box != other.wrapping.encrypt(nonce, b"a person's key", None)
    assert "TenantKey(version=1)" == repr(key)


async def test_the_derivation_of_the_uses_never_changes() -> None:
    """What was sealed under a key is opened by what is derived from it in twenty years."""
    ring = KeyRing(Fixed({1: bytes(range(32))}))
    key = await ring.current(TENANT)

    assert COMMAND == key.command.hex()
    assert INDEX == key.index.hex()
    assert BOX == key.wrapping.encrypt(bytes(12), b"", None).hex()


async def test_what_was_read_is_at_hand_for_a_while(
    ring: KeyRing, place: Counted, clock: Time
) -> None:
    """Without a reading, and without waiting."""
    assert ring.cached(TENANT) is None
    key = await ring.current(TENANT)
    readings = place.readings

    clock.now += REFRESH_S - 1
    assert key is ring.cached(TENANT)
    assert key is ring.cached_key(TENANT, 1)
    assert key is await ring.current(TENANT)
    assert key is await ring.at_least(TENANT, 1)
    assert key is await ring.key(TENANT, 1)
    assert readings == place.readings


async def test_what_is_old_is_read_again(ring: KeyRing, place: Counted, clock: Time) -> None:
    await ring.current(TENANT)
    readings = place.readings
    clock.now += REFRESH_S

    assert ring.cached(TENANT) is None
    assert ring.cached_key(TENANT, 1) is None
    await ring.current(TENANT)
    assert ring.cached(TENANT) is not None
    assert readings + 1 == place.readings


async def test_a_newer_key_is_found_at_once(ring: KeyRing, place: Counted) -> None:
    """It was made elsewhere, and a row or the log says so."""
    await ring.current(TENANT)
    await place.add(TENANT, 2)

    assert 1 == (await ring.current(TENANT)).version
    assert 2 == (await ring.at_least(TENANT, 2)).version
    assert 2 == (await ring.current(TENANT)).version
    await place.add(TENANT, 3)
    made = await ring.key(TENANT, 3)
    assert made is not None
    assert 3 == made.version


async def test_what_was_destroyed_elsewhere_is_gone_within_the_interval(
    ring: KeyRing, place: Counted, clock: Time
) -> None:
    await ring.current(TENANT)
    await place.add(TENANT, 2)
    await place.destroy(TENANT, 1)

    clock.now += REFRESH_S
    assert await ring.key(TENANT, 1) is None
    assert ring.cached_key(TENANT, 1) is None
    assert 2 == (await ring.current(TENANT)).version


async def test_what_is_forgotten_is_read_again(ring: KeyRing, place: Counted) -> None:
    """Of this tenant and no other."""
    await ring.current(TENANT)
    await ring.current(OTHER)
    await place.add(TENANT, 2)
    await place.destroy(TENANT, 1)

    ring.forget(TENANT)

    assert ring.cached(TENANT) is None
    assert ring.cached(OTHER) is not None
    assert await ring.key(TENANT, 1) is None


async def test_a_reading_under_way_does_not_bring_back_what_is_forgotten(
    ring: KeyRing, place: Counted
) -> None:
    await place.add(TENANT, 1)
    place.gate.clear()
    reading = asyncio.create_task(ring.key(TENANT, 1))
    await place.has_read.wait()
    await place.destroy(TENANT, 1)
    ring.forget(TENANT)
    place.gate.set()
    await reading

    assert ring.cached_key(TENANT, 1) is None
    assert await ring.key(TENANT, 1) is None


async def test_those_who_ask_at_once_share_a_reading(ring: KeyRing, place: Counted) -> None:
    """The first reading may have begun before the second asked; a third is one too many."""
    await place.add(TENANT, 1)
    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(ring.current(TENANT))

    assert place.readings <= 2


async def test_a_missing_key_is_not_a_destroyed_one(ring: KeyRing, place: Counted) -> None:
    """A wrong directory must not look like an erasure; and no key is made to fill the gap."""
    with pytest.raises(KeysUnavailable, match="no trace"):
        await ring.key(TENANT, 1)
    with pytest.raises(KeysUnavailable, match="no trace"):
        await ring.at_least(TENANT, 1)
    await place.add(TENANT, 1)
    with pytest.raises(KeysUnavailable, match="no trace"):
        await ring.key(TENANT, 2)
    with pytest.raises(KeysUnavailable, match="no trace"):
        await ring.at_least(TENANT, 2)
    assert [1] == [*await place.versions(TENANT)]


async def test_a_superseded_key_is_not_taken_up_again(ring: KeyRing, place: Counted) -> None:
    """When the newest is destroyed there is no current one, but the older one still opens."""
    await place.add(TENANT, 1)
    await place.add(TENANT, 2)
    await place.destroy(TENANT, 2)

    with pytest.raises(KeyDestroyed):
        await ring.current(TENANT)
    with pytest.raises(KeyDestroyed):
        await ring.at_least(TENANT, 1)
    assert ring.cached(TENANT) is None
    assert await ring.key(TENANT, 1) is not None


async def test_nobody_goes_on_with_old_keys_while_the_place_is_out_of_reach(
    ring: KeyRing, place: Counted, clock: Time
) -> None:
    """What could have been destroyed meanwhile is not used; afterwards all is as before."""
    await ring.current(TENANT)
    place.is_reachable = False
    assert 1 == (await ring.current(TENANT)).version

    clock.now += REFRESH_S
    for asked in (ring.current(TENANT), ring.key(TENANT, 1), ring.at_least(TENANT, 1)):
        with pytest.raises(KeysUnavailable):
            await asked
    assert ring.cached(TENANT) is None
    place.is_reachable = True
    assert 1 == (await ring.current(TENANT)).version


async def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(KeysUnavailable, match="32 bytes"):
        await KeyRing(Fixed({1: bytes(31)})).current(TENANT)


class Fixed:
    """A place that holds what it is given."""

    def __init__(self, held: Mapping[int, bytes | None]) -> None:
        self.held = held

    async def versions(self, tenant_id: int) -> Mapping[int, bytes | None]:  # noqa: ARG002
        return self.held

    async def add(self, tenant_id: int, version: int) -> bytes:
        raise NotImplementedError

    async def destroy(self, tenant_id: int, version: int) -> None:
        raise NotImplementedError
