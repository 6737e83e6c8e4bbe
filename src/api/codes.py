"""Codes of organizations and tenants by their ids.

A code never changes, so what was found once is kept.
"""

from typing import Final
from uuid import UUID

import msgspec

from commands.ports import Directory
from domain.errors import NotFound
from domain.organization_entry import Established
from eventstore.store import EventStore

KEPT_MAX: Final = 100_000


class _Established(msgspec.Struct):
    code: str


class Codes:
    """Looks up codes; shared by all requests of a process."""

    def __init__(self, directory: Directory, store: EventStore) -> None:
        self._directory = directory
        self._store = store
        self._organizations: dict[tuple[int, UUID], str] = {}
        self._tenants: dict[int, str] = {}

    async def organization(self, tenant_id: int, organization_id: UUID | None) -> str | None:
        """The code of an organization, also of one to come or whose founding was voided.

        None for no organization.
        """
        if organization_id is None:
            return None
        key = (tenant_id, organization_id)
        if key not in self._organizations:
            code = await self._look_up(tenant_id, organization_id)
            if code is None:
                return None
            if len(self._organizations) >= KEPT_MAX:
                self._organizations.clear()
            self._organizations[key] = code
        return self._organizations[key]

    async def _look_up(self, tenant_id: int, organization_id: UUID) -> str | None:
        try:
            return (await self._directory.organization_by_id(tenant_id, organization_id)).code
        except NotFound:
            streams = await self._store.read_streams(
                tenant_id, [organization_id], types=[Established.TOPIC]
            )
        for stored in streams.get(organization_id, []):
            return msgspec.json.decode(stored.data, type=_Established).code
        return None

    async def tenant(self, tenant_id: int) -> str:
        """The code of a tenant that is known to exist."""
        if tenant_id not in self._tenants:
            await self.tenants()
        return self._tenants[tenant_id]

    async def tenants(self) -> dict[int, str]:
        """All tenants as of now."""
        self._tenants = {tenant.tenant_id: tenant.code for tenant in await self._store.tenants()}
        return self._tenants
