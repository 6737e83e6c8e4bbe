"""The keys of the tenants: what a place for them must do, and a process's ring of them.

They never stand in PostgreSQL. Nothing is sealed here.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
REFRESH_S: Final = 30.0
"""How long a process goes by what it has read, and so how long it can miss a destruction."""


class KeysUnavailable(Exception):
    """The place of the keys cannot be reached or read, is damaged, or lacks a key.

    The message names what. It never means that a key was destroyed.
    """


class KeyDestroyed(Exception):
    """A key that was destroyed was asked for as if it could be had again."""

    def __init__(self, tenant_id: int, version: int) -> None:
        super().__init__(f"Key {version} of tenant {tenant_id} is destroyed and never comes back.")


class TenantKeys(Protocol):
    """The place. Each method raises KeysUnavailable."""

    async def versions(self, tenant_id: int) -> Mapping[int, bytes | None]:
        """Every version ever made, with its 32 bytes, or None for one that was destroyed."""
        ...

    async def add(self, tenant_id: int, version: int) -> bytes:
        """The key of this version, durable, made if there was none.

        Whoever adds the same version, in whatever process, gets the same key. Raises KeyDestroyed.
        """
        ...

    async def destroy(self, tenant_id: int, version: int) -> None:
        """The key is gone for ever and its version stays known as destroyed; idempotent.

        A version of which there is no trace is KeysUnavailable: its key may live elsewhere.
        """
        ...


@dataclass(frozen=True, slots=True)
class TenantKey:
    """What is derived from one version of a tenant's key.

    `wrapping` wraps the keys of persons, `command` and `index` are 32 bytes each, for the hashes
    of commands and for blind indexes.
    """

    version: int
    wrapping: AESGCM = field(repr=False)
    command: bytes = field(repr=False)
    index: bytes = field(repr=False)


@dataclass(slots=True)
class _Tenant:
    """What is known of one tenant's keys; `read` numbers the reading it comes from."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    keys: Mapping[int, TenantKey | None] = field(default_factory=dict)
    newest: int = 0
    read: int = 0
    stale_at: float = float("-inf")


class KeyRing:
    """The keys that a process has at hand, one ring a process.

    What it says is at most REFRESH_S old. When the place cannot be read for longer, it raises
    KeysUnavailable and does not go on with what may have been destroyed meanwhile.
    """

    def __init__(self, keys: TenantKeys, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._reads = 0
        self._tenants: dict[int, _Tenant] = {}

    def cached(self, tenant_id: int) -> TenantKey | None:
        """The current key, if it is at hand; None says nothing, ask `current`."""
        tenant = self._tenants.get(tenant_id)
        if tenant is None or self._clock() >= tenant.stale_at:
            return None
        return tenant.keys.get(tenant.newest)

    def cached_key(self, tenant_id: int, version: int) -> TenantKey | None:
        """The key of a version, if it is at hand; None says nothing, ask `key`."""
        tenant = self._tenants.get(tenant_id)
        if tenant is None or self._clock() >= tenant.stale_at:
            return None
        return tenant.keys.get(version)

    async def current(self, tenant_id: int) -> TenantKey:
        """The newest key, the first one made now if there was never one.

        Raises KeysUnavailable, and KeyDestroyed when the newest is destroyed: an older one was
        superseded and is not taken up again.
        """
        tenant = await self._fresh(tenant_id)
        if not tenant.newest:
            await self._keys.add(tenant_id, 1)
            tenant = await self._read(tenant_id)
        return _newest(tenant_id, tenant)

    async def at_least(self, tenant_id: int, version: int) -> TenantKey:
        """The newest key, read again if what is at hand is older than this version; makes none.

        Raises KeysUnavailable if there is no trace of this version or a later one, KeyDestroyed as
        `current` does.
        """
        tenant = await self._fresh(tenant_id)
        if tenant.newest < version:
            tenant = await self._read(tenant_id)
        if tenant.newest < version:
            raise _missing(tenant_id, version)
        return _newest(tenant_id, tenant)

    async def key(self, tenant_id: int, version: int) -> TenantKey | None:
        """The key of a version, None if it was destroyed.

        Raises KeysUnavailable for a version of which there is no trace: what is missing was not
        destroyed, the place is the wrong one or has lost it.
        """
        tenant = await self._fresh(tenant_id)
        if version not in tenant.keys:
            tenant = await self._read(tenant_id)
        if version not in tenant.keys:
            raise _missing(tenant_id, version)
        return tenant.keys[version]

    def forget(self, tenant_id: int) -> None:
        """The tenant's keys leave the memory; a reading under way does not bring them back."""
        self._tenants.pop(tenant_id, None)

    async def _fresh(self, tenant_id: int) -> _Tenant:
        tenant = self._tenants.get(tenant_id)
        if tenant is None or self._clock() >= tenant.stale_at:
            return await self._read(tenant_id)
        return tenant

    async def _read(self, tenant_id: int) -> _Tenant:
        """What stands there now; those who wait for a reading that has yet to begin share it."""
        asked = self._reads
        tenant = self._tenants.setdefault(tenant_id, _Tenant())
        async with tenant.lock:
            if tenant.read > asked:
                return tenant
            self._reads += 1
            read, stale_at = self._reads, self._clock() + REFRESH_S
            found = await self._keys.versions(tenant_id)
            tenant.keys = {
                version: None if material is None else _derived(version, material)
                for version, material in found.items()
            }
            tenant.newest = max(found, default=0)
            tenant.read, tenant.stale_at = read, stale_at
        return tenant


def _newest(tenant_id: int, tenant: _Tenant) -> TenantKey:
    if not tenant.newest:
        raise _missing(tenant_id, 1)
    key = tenant.keys[tenant.newest]
    if key is None:
        raise KeyDestroyed(tenant_id, tenant.newest)
    return key


def _missing(tenant_id: int, version: int) -> KeysUnavailable:
    return KeysUnavailable(
        f"There is no trace of key {version} of tenant {tenant_id}, not even of its destruction: "
        f"the place of the keys is not the one it was made in, or has lost it."
    )


def _derived(version: int, material: bytes) -> TenantKey:
    if len(material) != KEY_BYTES:
        raise KeysUnavailable(f"A tenant's key {version} has not {KEY_BYTES} bytes.")
    wrapping, command, index = (
        HKDF(SHA256(), KEY_BYTES, salt=None, info=b"nguon tenant key 1: " + use).derive(material)
        for use in (b"wrapping", b"command", b"index")
    )
    return TenantKey(version, AESGCM(wrapping), command, index)
