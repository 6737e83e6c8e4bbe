"""The in-memory twin of a place for tenant keys, as the contract suite of the places demands it."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Mapping

from eventstore.tenant_keys import KEY_BYTES, KeyDestroyed, KeysUnavailable


class MemoryKeys:
    """TenantKeys whose keys last as long as the object."""

    def __init__(self) -> None:
        self._keys: defaultdict[int, dict[int, bytes | None]] = defaultdict(dict)

    async def versions(self, tenant_id: int) -> Mapping[int, bytes | None]:
        """See TenantKeys."""
        return dict(self._keys[tenant_id])

    async def add(self, tenant_id: int, version: int) -> bytes:
        """See TenantKeys."""
        await asyncio.sleep(0)
        key = self._keys[tenant_id].setdefault(version, secrets.token_bytes(KEY_BYTES))
        if key is None:
            raise KeyDestroyed(tenant_id, version)
        return key

    async def destroy(self, tenant_id: int, version: int) -> None:
        """See TenantKeys."""
        if version not in self._keys[tenant_id]:
            message = f"There is no key {version} of tenant {tenant_id}."
            raise KeysUnavailable(message)
        self._keys[tenant_id][version] = None
