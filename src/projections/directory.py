"""Where organizations are, for commands.

Today's tree, waiting for the read model before it says that there is none.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from commands.ports import Clock, OrganizationRef
from db.database import Database
from domain.candidate import Cell
from domain.errors import NotFound, organization_not_found
from domain.organization_kind import OrganizationKind
from domain.structure import Placed
from domain.territory import Territory
from domain.text import Text
from eventstore.position import Position
from eventstore.store import EventStore
from projections.lifetime import Lifetime
from projections.organization import OrganizationProjection
from projections.read_models import ReadModels
from projections.structure_record import StructureRecordProjection, record_ids
from projections.tree import Node, Tree

KEPT_S: Final = 1.0
"""How long a tree is used again.

It may miss what is new, which is looked for afresh; the rest changes a moment late.
"""


class OrganizationDirectory:
    """Implements `commands.ports.Directory`."""

    def __init__(
        self, database: Database, read_models: ReadModels, store: EventStore, clock: Clock
    ) -> None:
        self._database = database
        self._read_models = read_models
        self._store = store
        self._clock = clock
        self._kept: dict[int, tuple[float, date, Tree]] = {}

    async def tenant_of(self, code: str) -> int:
        """The tenant whose log an organization of that code belongs to. Raises NotFound."""
        return await self._store.tenant_of(code)

    async def organization(self, code: str) -> OrganizationRef:
        """The organization that bears a code, or bore it until it ended.

        Raises NotFound, and ReadModelBehind when that cannot be known in time.
        """
        tenant = await self._store.tenant_of(code)
        found = ref_of_code(await self._tree(tenant), code)
        if found is None:
            found = ref_of_code(await self._fresh_tree(tenant), code)
        if found is None:
            raise organization_not_found(code)
        return found

    async def organization_by_id(self, tenant_id: int, organization_id: UUID) -> OrganizationRef:
        """The organization with an id, an ended one too. Raises as `organization`."""
        found = ref_of(await self._tree(tenant_id), organization_id)
        if found is None:
            found = ref_of(await self._fresh_tree(tenant_id), organization_id)
        if found is None:
            raise NotFound(
                "ORGANIZATION_NOT_FOUND",
                Text("Không tìm thấy tổ chức.", "There is no such organization."),
                field="organization",
            )
        return found

    async def look_again(self, tenant_id: int) -> None:
        """Build the tree anew, as of the head of the log. Raises ReadModelBehind."""
        await self._fresh_tree(tenant_id)

    async def structure(self, tenant_id: int, on: date) -> Mapping[UUID, Placed]:
        """A tenant's organizations as they stand on a day, as of the head of its log.

        Raises ReadModelBehind.
        """
        await self._fresh_tree(tenant_id)
        return structure_of(await self._read_models.tree([tenant_id], on))

    async def cell_on(self, tenant_id: int, cell: Cell, on: date) -> Cell:
        """A case's cell as it stood on a day."""
        return cell_in(await self._read_models.tree([tenant_id], on), cell)

    async def paths_on(
        self, tenant_id: int, codes: Collection[str], on: date
    ) -> Mapping[str, tuple[str, ...]]:
        """By each code those of all above it and of its place, in the tree of a day."""
        return paths_in(await self._read_models.tree([tenant_id], on), codes)

    async def territories(self, tenant_id: int) -> list[UUID]:
        """All territories of a tenant as of the head of its log. Raises ReadModelBehind."""
        heads = await self._store.heads([tenant_id])
        await self._read_models.wait_for(
            Position.of(heads), [tenant_id], projections=[StructureRecordProjection.name]
        )
        return await record_ids(self._database, tenant_id, Territory, None)

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


def ref_of_code(tree: Tree, code: str) -> OrganizationRef | None:
    """The organization of a code in a tree or until it ended; None for one yet to come."""
    life = tree.bearer(code)
    return None if life is None else ref_of(tree, life.id)


def ref_of(tree: Tree, organization_id: UUID) -> OrganizationRef | None:
    """The organization with an id, likewise."""
    node = tree.get(organization_id)
    if node is not None:
        return _ref(node)
    life = tree.lives.get(organization_id)
    if life is None or life.ended_on is None or tree.on < life.ended_on:
        return None
    return OrganizationRef(
        life.tenant_id,
        life.id,
        life.code,
        life.kind_on(tree.on),
        (*_above_ended(tree, life), life.id),
        frozenset(),
        ended_on=life.ended_on,
        established_on=life.established_on,
    )


def _above_ended(tree: Tree, life: Lifetime) -> tuple[UUID, ...]:
    """The path to where the people of an ended organization count.

    Where that is another tenant, to what it last stood under: its log stays readable from there.
    """
    heir = tree.place(life.id)
    if heir is not None:
        return tuple(each.id for each in heir.path())
    superior = life.superior_on(tree.on)
    above = None if superior is None else ref_of(tree, superior)
    return () if above is None else above.path


def _ref(node: Node) -> OrganizationRef:
    path = tuple(above.id for above in node.path())
    return OrganizationRef(
        node.tenant_id,
        node.id,
        node.code,
        node.kind,
        path,
        node.characteristics,
        established_on=node.established_on,
    )


def cell_in(tree: Tree, cell: Cell) -> Cell:
    """A case's cell as it stands in a tree, or what stands in its place."""
    at = tree.place(cell.id)
    if at is None:
        return cell
    delegated = at.decides_admission().admits
    if not at.kind.is_cell:
        return replace(cell, delegated=delegated)
    grassroots = at.kind is OrganizationKind.GRASSROOTS_CELL
    return Cell(cell.id, grassroots, at.characteristics, delegated)


def paths_in(tree: Tree, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By each code those of all above it and of its place, in a tree."""
    lives = {code: tree.bearer(code) for code in codes}
    places = {code: life and tree.place(life.id) for code, life in lives.items()}
    return {
        code: tuple(above.code for above in place.path()) if place else ()
        for code, place in places.items()
    }


def structure_of(tree: Tree) -> dict[UUID, Placed]:
    """The organizations of a tree as a plan needs them."""
    return {
        node.id: Placed(node.id, node.code, node.kind, node.parent.id if node.parent else None)
        for node in tree.nodes()
    }
