"""The organization tree of any date: its rows, and how they fold into nodes.

Figures are not here.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from asyncpg import Record as Row

from db.database import Connection
from domain.organization import Established, OrganizationEntryVoided, OrganizationKind, Renamed
from domain.record import Entry
from domain.vietnamese import SortKey, sort_key
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent

_INSERT: Final = """
INSERT INTO organization_entry (
  tenant_id, position, organization_id, version, effective_on, voids, code, name, kind,
  parent_id, characteristics
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

_LAST: Final = """
SELECT tenant_id, max(position) AS last FROM organization_entry
WHERE tenant_id = ANY ($1::int[]) GROUP BY tenant_id
"""

_ROWS: Final = """
SELECT tenant_id, position, organization_id, version, effective_on, voids, code, name, kind,
  parent_id, characteristics
FROM organization_entry WHERE tenant_id = $1 ORDER BY position
"""


class OrganizationProjection:
    """Keeps `organization_entry`."""

    name = "organization"
    types = frozenset({Established.TOPIC, Renamed.TOPIC, OrganizationEntryVoided.TOPIC})
    tables = ("organization_entry",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row an event."""
        rows = []
        for stored in events:
            columns = _columns(self._codec.decode_clear(stored))
            place = (tenant_id, stored.position, stored.stream_id, stored.version)
            rows.append((*place, stored.effective_on, *columns))
        await connection.executemany(_INSERT, rows)


def _columns(entry: Entry) -> tuple[object, ...]:
    match entry:
        case Established():
            return (
                None,
                entry.code,
                entry.name,
                entry.kind.value,
                entry.parent_id,
                list(entry.characteristics),
            )
        case Renamed():
            return (None, None, entry.name, None, None, None)
        case OrganizationEntryVoided():
            return (entry.voided_version, None, None, None, None, None)
        case _:
            raise TypeError(type(entry).__qualname__)


@dataclass(slots=True, eq=False)
class Node:
    """An organization in a tree of one date. `children` are in Vietnamese order."""

    tenant_id: int
    id: UUID
    code: str
    name: str
    kind: OrganizationKind
    parent_id: UUID | None
    characteristics: frozenset[str]
    established_on: date
    position: int
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    @property
    def order(self) -> tuple[SortKey, str]:
        """Its place among its siblings."""
        return sort_key(self.name), self.code

    def path(self) -> tuple["Node", ...]:
        """The nodes from the root to this one, both included."""
        above = self.parent.path() if self.parent is not None else ()
        return (*above, self)

    def subtree(self) -> Iterable["Node"]:
        """The node itself and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.subtree()


class Tree:
    """Organizations as they stood on a date, as known at some positions."""

    def __init__(self, nodes: Mapping[UUID, Node], unplaced: Mapping[UUID, UUID]) -> None:
        """`unplaced` leads from an organization that did not exist yet to its later superior."""
        self._nodes = nodes
        self._unplaced = unplaced
        self._codes = {node.code: node for node in nodes.values()}
        for node in nodes.values():
            superior = nodes.get(node.parent_id) if node.parent_id is not None else None
            if superior is not None:
                node.parent = superior
                superior.children.append(node)
        for node in nodes.values():
            node.children.sort(key=lambda child: child.order)

    def find(self, code: str) -> Node | None:
        """The organization that bears a code."""
        return self._codes.get(code)

    def get(self, organization_id: UUID) -> Node | None:
        """The organization with an id."""
        return self._nodes.get(organization_id)

    def place(self, unit: UUID) -> Node | None:
        """Where the people of a unit count.

        Its own node, or the nearest superior when it did not exist yet.
        """
        at: UUID | None = unit
        while at is not None and at not in self._nodes:
            at = self._unplaced.get(at)
        return self._nodes[at] if at is not None else None


class Trees:
    """Builds trees from the rows.

    Keeps the rows of a tenant until it has new ones, and the last trees.
    """

    KEPT_MAX: Final = 64

    def __init__(self) -> None:
        self._rows: dict[int, tuple[int, list[Row]]] = {}
        self._trees: dict[tuple[object, ...], Tree] = {}

    async def tree(self, connection: Connection, positions: Mapping[int, int], on: date) -> Tree:
        """The tree of a date from the entries up to the positions.

        The connection must see all the tenants.
        """
        rows = await self._load(connection, list(positions))
        visible = {
            tenant: bisect_right(found, positions[tenant], key=lambda row: row["position"])
            for tenant, found in rows.items()
        }
        key = (on, *sorted((tenant, count, len(rows[tenant])) for tenant, count in visible.items()))
        if key not in self._trees:
            while len(self._trees) >= self.KEPT_MAX:
                self._trees.pop(next(iter(self._trees)))
            self._trees[key] = build_tree(
                [row for tenant, found in rows.items() for row in found[: visible[tenant]]], on
            )
        return self._trees[key]

    async def _load(self, connection: Connection, tenants: list[int]) -> dict[int, list[Row]]:
        last = {row["tenant_id"]: row["last"] for row in await connection.fetch(_LAST, tenants)}
        for tenant, position in last.items():
            if self._rows.get(tenant, (0, []))[0] != position:
                self._rows[tenant] = (position, await connection.fetch(_ROWS, tenant))
        return {tenant: self._rows[tenant][1] for tenant in last}


def build_tree(rows: Iterable[Row], on: date) -> Tree:
    """The tree that rows add up to on a date; voided entries are left out, later names win."""
    by_organization: dict[UUID, list[Row]] = {}
    for row in rows:
        by_organization.setdefault(row["organization_id"], []).append(row)
    nodes: dict[UUID, Node] = {}
    unplaced: dict[UUID, UUID] = {}
    for organization_id, entries in by_organization.items():
        voided = {row["voids"] for row in entries}
        live = [row for row in entries if row["voids"] is None and row["version"] not in voided]
        live.sort(key=lambda row: (row["effective_on"], row["version"]))
        began = next((row for row in live if row["code"] is not None), None)
        if began is None:
            continue
        if began["effective_on"] > on:
            if began["parent_id"] is not None:
                unplaced[organization_id] = began["parent_id"]
            continue
        names = [row["name"] for row in live if row["effective_on"] <= on]
        nodes[organization_id] = _node(began, names[-1])
    return Tree(nodes, unplaced)


def _node(began: Row, name: str) -> Node:
    return Node(
        tenant_id=began["tenant_id"],
        id=began["organization_id"],
        code=began["code"],
        name=name,
        kind=OrganizationKind(began["kind"]),
        parent_id=began["parent_id"],
        characteristics=frozenset(began["characteristics"]),
        established_on=began["effective_on"],
        position=began["position"],
    )
