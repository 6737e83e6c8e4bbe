"""The events that one caller may see of an organization, tenant by tenant.

Over a cursor that covers all its tenants.

Between tenants there is no order: each tenant's events come in the order of its own log.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from api.context import Services
from commands.ports import OrganizationRef
from commands.scope import within
from domain.errors import InvalidInput, NotFound
from domain.text import Text
from eventstore.follow import Followed, follow
from eventstore.position import Position
from eventstore.reading import Filter
from eventstore.stored_event import StoredEvent

READ_MAX: Final = 500
"""Events read at a time.

Those of other organizations of the same tenant are left out afterwards.
"""
SCANNED_MAX: Final = 20_000
"""Events looked at for one page; a page may therefore be empty and still not the last."""
TYPES_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, the position after them, and whether there is more already."""

    events: list[Followed]
    next: Position
    more: bool


class Feed:
    """The events of an organization and all below it."""

    def __init__(
        self,
        services: Services,
        organization: OrganizationRef,
        tenants: dict[int, str],
        types: frozenset[str] | None,
        hidden: frozenset[str],
    ) -> None:
        self._services = services
        self._id = organization.id
        self._code = organization.code
        self._tenants = tenants
        self._types = types
        self._hidden = hidden

    async def page(self, after: Position, size: int) -> Page:
        """The next events after a position, `size` at most."""
        reached = {t: p for t, p in after.as_dict().items() if t in self._tenants}
        found: list[Followed] = []
        scanned = 0
        for tenant_id in sorted(self._tenants):
            while len(found) < size and scanned < SCANNED_MAX:
                events = await self._services.store.read_after(
                    tenant_id, reached.get(tenant_id, 0), READ_MAX
                )
                for event in events:
                    scanned += 1
                    reached[tenant_id] = event.position
                    if self._wants(event) and await self._covers(event):
                        found.append(Followed(event, Position.of(reached)))
                        if len(found) == size:
                            break
                if len(events) < READ_MAX:
                    break
        return Page(found, Position.of(reached), await self._more(reached))

    async def follow(self, after: Position | None) -> AsyncIterator[Followed]:
        """All events after a position and then each new one, without end. None is the beginning."""
        store, tenants = self._services.store, list(self._tenants)
        async for seen in follow(store, tenants, after or Position(), Filter(types=self._types)):
            if self._wants(seen.event) and await self._covers(seen.event):
                yield seen

    async def _more(self, reached: dict[int, int]) -> bool:
        heads = await self._services.store.heads(list(self._tenants))
        return any(head > reached.get(tenant_id, 0) for tenant_id, head in heads.items())

    def _wants(self, event: StoredEvent) -> bool:
        asked = self._types is None or event.type in self._types
        return asked and event.type not in self._hidden

    async def _covers(self, event: StoredEvent) -> bool:
        if within(self._code, self._tenants[event.tenant_id]):
            return True
        if event.organization_id is None:
            return False
        directory = self._services.desk.directory
        try:
            found = await directory.organization_by_id(event.tenant_id, event.organization_id)
        except NotFound:
            return False
        return self._id in found.path


async def open_feed(
    services: Services, code: str, types: list[str] | None, hidden: frozenset[str]
) -> Feed:
    """The feed of an organization, without the `hidden` types of events.

    Raises NotFound for one that does not exist, InvalidInput for too many types.
    """
    if types is not None and len(types) > TYPES_MAX:
        raise InvalidInput(
            "TOO_MANY_TYPES",
            Text(f"Tối đa {TYPES_MAX} loại sự kiện.", f"At most {TYPES_MAX} event types."),
            field="types",
        )
    organization = await services.desk.directory.organization(code)
    tenants = {
        tenant_id: tenant
        for tenant_id, tenant in (await services.codes.tenants()).items()
        if within(code, tenant) or within(tenant, code)
    }
    if "/" in code:
        own = organization.tenant_id
        tenants = {own: tenants[own]}
    wanted = None if types is None else frozenset(types)
    return Feed(services, organization, tenants, wanted, hidden)
