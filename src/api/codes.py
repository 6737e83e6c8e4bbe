"""Codes of organizations and tenants by their ids.

A code never changes, so what was found once is kept.
"""

from typing import Final
from uuid import UUID

from commands.ports import Directory
from domain.errors import NotFound
from eventstore.store import EventStore

KEPT_MAX: Final = 100_000


class Codes:
    """Looks up codes; shared by all requests of a process."""

    def __init__(self, directory: Directory, store: EventStore) -> None:
        self._directory = directory
        self._store = store
        self._organizations: dict[tuple[int, UUID], str] = {}
        self._tenants: dict[int, str] = {}

    async def organization(self, tenant_id: int, organization_id: UUID | None) -> str | None:
        """The code of an organization.

        None for no organization, or one whose founding was voided.
        """
        if organization_id is None:
            return None
        key = (tenant_id, organization_id)
        if key not in self._organizations:
            try:
                found = await self._directory.organization_by_id(tenant_id, organization_id)
            except NotFound:
                return None
            if len(self._organizations) >= KEPT_MAX:
                self._organizations.clear()
            self._organizations[key] = found.code
        return self._organizations[key]

    async def tenant(self, tenant_id: int) -> str:
        """The code of a tenant that is known to exist."""
        if tenant_id not in self._tenants:
            await self.tenants()
        return self._tenants[tenant_id]

    async def tenants(self) -> dict[int, str]:
        """All tenants as of now."""
        self._tenants = {tenant.tenant_id: tenant.code for tenant in await self._store.tenants()}
        return self._tenants
