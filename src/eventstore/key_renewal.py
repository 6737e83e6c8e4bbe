"""Renews a tenant's key: all that it protects goes under the next one; the old one is destroyed.

So is a person erased: the key that is left out has no wrapping any more, in no backup either.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol
from uuid import UUID

from db.database import CONNECTION_LOST, DatabaseUnavailable
from eventstore.append import Append, Status, Verdict
from eventstore.key_table import KeyTable, Reservation, WrappedKey
from eventstore.sealing import DoesNotOpen, blind_index, open_thing, rewrap, seal_thing
from eventstore.tenant_keys import KeyRing, KeysUnavailable, TenantKey, TenantKeys

_LOGGER: Final = logging.getLogger(__name__)

Receipt = Callable[[TenantKey], Append]
"""The command to be appended in the same transaction, made with the new key."""


class LockedKeyTable(Protocol):
    """A tenant's key table in a transaction that lets nobody else write to its log."""

    held: KeyTable

    async def replace(self, table: KeyTable) -> None: ...

    async def append(self, append: Append) -> Verdict: ...

    def discard(self) -> None: ...


class Store(Protocol):
    """What of an EventStore is needed here."""

    async def key_version(self, tenant_id: int) -> int: ...

    def key_table(self, tenant_id: int) -> AbstractAsyncContextManager[LockedKeyTable]: ...


class KeyRenewal:
    """One a process."""

    def __init__(self, store: Store, keys: TenantKeys, ring: KeyRing) -> None:
        self._store = store
        self._keys = keys
        self._ring = ring

    async def renew(
        self, tenant_id: int, *, without: UUID | None = None, receipt: Receipt | None = None
    ) -> Verdict | None:
        """The verdict on the receipt; unless it is recorded nothing has changed.

        Writers of the tenant wait meanwhile, some 20 microseconds a person. Raises KeysUnavailable,
        and one of `CONNECTION_LOST` when it is unknown whether it was done: then the key that is
        not needed is destroyed by the next `destroy_superseded`.
        """
        verdict: Verdict | None = None
        async with self._store.key_table(tenant_id) as table:
            new = await self._next_key(tenant_id, table.held.key_version)
            old = await self._old_keys(tenant_id, table.held)
            changed = await asyncio.to_thread(_rewrapped, tenant_id, table.held, old, new, without)
            await table.replace(changed)
            if receipt is not None:
                verdict = await table.append(receipt(new))
                if verdict.status is not Status.RECORDED:
                    table.discard()
        try:
            await self.destroy_superseded(tenant_id)
        except (KeysUnavailable, DatabaseUnavailable, *CONNECTION_LOST) as failure:
            # What was asked for is recorded; the rest is made up for at the next start.
            _LOGGER.error("the old key of tenant %d is not destroyed yet: %s", tenant_id, failure)  # noqa: TRY400
        return verdict

    async def destroy_superseded(self, tenant_id: int) -> None:
        """Destroy each key older than the one the log names, whatever was interrupted before."""
        current = await self._store.key_version(tenant_id)
        versions = await self._keys.versions(tenant_id)
        superseded = [v for v, material in versions.items() if v < current and material is not None]
        if not superseded:
            return
        if versions.get(current) is None:
            raise KeysUnavailable(
                f"Key {current} of tenant {tenant_id} is not in the place of the keys; nothing is "
                f"destroyed."
            )
        for version in superseded:
            await self._keys.destroy(tenant_id, version)
        self._ring.forget(tenant_id)

    async def _next_key(self, tenant_id: int, version: int) -> TenantKey:
        await self._keys.add(tenant_id, version + 1)
        self._ring.forget(tenant_id)
        key = await self._ring.key(tenant_id, version + 1)
        if key is None:
            raise KeysUnavailable(
                f"Key {version + 1} of tenant {tenant_id} is destroyed though the log has not "
                f"reached it: the database is older than the keys."
            )
        return key

    async def _old_keys(self, tenant_id: int, held: KeyTable) -> dict[int, TenantKey]:
        versions = {key.key_version for key in held.keys}
        versions |= {each.key_version for each in held.reservations}
        found = {version: await self._ring.key(tenant_id, version) for version in versions}
        return {version: key for version, key in found.items() if key is not None}


def _rewrapped(
    tenant_id: int,
    held: KeyTable,
    old: dict[int, TenantKey],
    new: TenantKey,
    without: UUID | None,
) -> KeyTable:
    """The same under the new key, but for one person and for what no key opens any more."""
    try:
        return KeyTable(
            new.version,
            [
                WrappedKey(
                    key.person_id,
                    new.version,
                    rewrap(tenant_id, key.person_id, key.wrapped, old[key.key_version], new),
                )
                for key in held.keys
                if key.person_id != without and key.key_version in old
            ],
            [
                _reserved_again(tenant_id, each, old[each.key_version], new)
                for each in held.reservations
                if each.holder != without and each.key_version in old
            ],
        )
    except DoesNotOpen:
        raise KeysUnavailable(_WRONG_PLACE.format(tenant_id)) from None


def _reserved_again(
    tenant_id: int, each: Reservation, old: TenantKey, new: TenantKey
) -> Reservation:
    thing = open_thing(old, tenant_id, each.kind, each.sealed)
    return Reservation(
        each.kind,
        blind_index(new, each.kind, thing),
        each.holder,
        new.version,
        seal_thing(new, tenant_id, each.kind, thing),
    )


_WRONG_PLACE: Final = (
    "The keys of tenant {} do not open what this database holds: the place of the keys belongs to "
    "another one."
)
