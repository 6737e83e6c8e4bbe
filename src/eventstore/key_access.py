"""Gets at keys: the tenant's for what is written, each person's for what is read."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol
from uuid import UUID

from eventstore.codec import UnreadableEvent
from eventstore.key_table import WrappedKey
from eventstore.outcome import older_than_keys, wrong_key
from eventstore.sealing import DoesNotOpen, PersonKey
from eventstore.snapshot import Snapshot
from eventstore.store import KeySample
from eventstore.stored_event import StoredEvent
from eventstore.tenant_keys import KeyRing, TenantKey


class Store(Protocol):
    """What of an EventStore is needed here."""

    async def key_version(self, tenant_id: int) -> int: ...

    async def key_sample(self, tenant_id: int) -> KeySample: ...

    async def wrapped_keys(
        self, tenant_id: int, person_ids: Collection[UUID]
    ) -> list[WrappedKey]: ...


class KeyAccess:
    """One a process; persons' keys are not kept."""

    def __init__(self, store: Store, ring: KeyRing) -> None:
        self._store = store
        self._ring = ring
        self._versions: dict[int, int] = {}

    def named(self, tenant_id: int, version: int) -> None:
        """The log has named the version that it goes by now."""
        self._versions[tenant_id] = version

    async def current(self, tenant_id: int) -> TenantKey:
        """The key that the log has last named."""
        version = self._versions.get(tenant_id)
        if version is not None:
            key = self._ring.cached_key(tenant_id, version) or await self._ring.key(
                tenant_id, version
            )
            if key is not None:
                return key
        return await self._fitting_key(tenant_id)

    async def _fitting_key(self, tenant_id: int) -> TenantKey:
        """The key that the log names, tried on what it has sealed; the first one for a new log."""
        sample = await self._store.key_sample(tenant_id)
        if sample.head == 0:
            await self._ring.current(tenant_id)
        key = await self._ring.key(tenant_id, sample.key_version)
        if key is None:
            if await self._store.key_version(tenant_id) != sample.key_version:
                return await self._fitting_key(tenant_id)  # It was renewed a moment ago.
            raise older_than_keys(tenant_id, sample.key_version)
        if sample.person_id is not None and sample.wrapped_version == sample.key_version:
            assert sample.wrapped is not None
            try:
                PersonKey.unwrap(tenant_id, sample.person_id, sample.wrapped, key)
            except DoesNotOpen:
                raise wrong_key(tenant_id, key.version) from None
        self._versions[tenant_id] = key.version
        return key

    async def of(self, rows: Iterable[StoredEvent | Snapshot]) -> dict[UUID, PersonKey]:
        """The keys that came with what is sealed, by person, each unwrapped once."""
        keys: dict[UUID, PersonKey | None] = {}
        tenant_id = 0
        for row in rows:
            if row.wrapped is None or row.person_id is None or row.person_id in keys:
                continue
            assert row.key_version is not None
            tenant_id = row.tenant_id
            wrapped = WrappedKey(row.person_id, row.key_version, row.wrapped)
            keys[row.person_id] = await self._unwrap(tenant_id, wrapped)
        if missing := [person for person, key in keys.items() if key is None]:
            # The tenant's key was renewed after the read, or these people are erased.
            for wrapped in await self._store.wrapped_keys(tenant_id, missing):
                keys[wrapped.person_id] = await self._unwrap(tenant_id, wrapped)
        return {person: key for person, key in keys.items() if key is not None}

    async def _unwrap(self, tenant_id: int, wrapped: WrappedKey) -> PersonKey | None:
        version = wrapped.key_version
        key = self._ring.cached_key(tenant_id, version) or await self._ring.key(tenant_id, version)
        if key is None:
            return None
        try:
            return PersonKey.unwrap(tenant_id, wrapped.person_id, wrapped.wrapped, key)
        except DoesNotOpen:
            raise wrong_key(tenant_id, version) from None


def open_personal(stored: StoredEvent, keys: Mapping[UUID, PersonKey]) -> bytes | None:
    """The personal fields of an event, None if it has none or the person is erased."""
    key = None if stored.person_id is None else keys.get(stored.person_id)
    if stored.sealed is None or key is None:
        return None
    try:
        return key.open(stored.stream_id, stored.event_id, stored.sealed)
    except DoesNotOpen:
        raise UnreadableEvent(stored, "its sealed fields do not open") from None
