"""Where organizations are, for commands.

Today's tree, waiting for the read model before it says that there is none.
"""

import time
from datetime import date
from typing import Final
from uuid import UUID

from commands.ports import Clock, OrganizationRef
from domain.errors import NotFound, organization_not_found
from domain.text import Text
from eventstore.position import Position
from eventstore.store import EventStore
from projections.organization import Node, OrganizationProjection, Tree
from projections.read_models import ReadModels

KEPT_S: Final = 1.0
"""How long a tree is used again.

It may miss what is new, which is looked for afresh; the rest never changes in it.
"""


class OrganizationDirectory:
    """Implements `commands.ports.Directory`."""

    def __init__(self, read_models: ReadModels, store: EventStore, clock: Clock) -> None:
        self._read_models = read_models
        self._store = store
        self._clock = clock
        self._kept: dict[int, tuple[float, date, Tree]] = {}

    async def tenant_of(self, code: str) -> int:
        """The tenant whose log an organization of that code belongs to. Raises NotFound."""
        return await self._store.tenant_of(code)

    async def organization(self, code: str) -> OrganizationRef:
        """The organization that bears a code.

        Raises NotFound, and ReadModelBehind when that cannot be known in time.
        """
        tenant = await self._store.tenant_of(code)
        node = (await self._tree(tenant)).find(code)
        if node is None:
            node = (await self._fresh_tree(tenant)).find(code)
        if node is None:
            raise organization_not_found(code)
        return _ref(node)

    async def organization_by_id(self, tenant_id: int, organization_id: UUID) -> OrganizationRef:
        """The organization with an id. Raises as `organization`."""
        node = (await self._tree(tenant_id)).get(organization_id)
        if node is None:
            node = (await self._fresh_tree(tenant_id)).get(organization_id)
        if node is None:
            raise NotFound(
                "ORGANIZATION_NOT_FOUND",
                Text("Không tìm thấy tổ chức.", "There is no such organization."),
                field="organization",
            )
        return _ref(node)

    async def shown(self, tenant_id: int, position: int) -> None:
        """Returns when the figures contain a position. Raises ReadModelBehind."""
        await self._read_models.wait_for(Position.of({tenant_id: position}), [tenant_id])

    async def below(self, code: str) -> tuple[OrganizationRef, ...]:
        """The organizations directly below one, of its own tenant. Raises as `organization`."""
        tenant = await self._store.tenant_of(code)
        node = (await self._fresh_tree(tenant)).find(code)
        if node is None:
            raise organization_not_found(code)
        return tuple(_ref(child) for child in node.children if child.tenant_id == tenant)

    async def _tree(self, tenant_id: int) -> Tree:
        today = self._clock.today(tenant_id)
        kept = self._kept.get(tenant_id)
        if kept is not None and kept[1] == today and time.monotonic() - kept[0] < KEPT_S:
            return kept[2]
        tree = await self._read_models.tree([tenant_id], today)
        self._kept[tenant_id] = (time.monotonic(), today, tree)
        return tree

    async def _fresh_tree(self, tenant_id: int) -> Tree:
        heads = await self._store.heads([tenant_id])
        await self._read_models.wait_for(
            Position.of(heads), [tenant_id], projections=[OrganizationProjection.name]
        )
        self._kept.pop(tenant_id, None)
        return await self._tree(tenant_id)


def _ref(node: Node) -> OrganizationRef:
    return OrganizationRef(
        tenant_id=node.tenant_id,
        id=node.id,
        code=node.code,
        kind=node.kind,
        path=tuple(above.id for above in node.path()),
        characteristics=node.characteristics,
    )
