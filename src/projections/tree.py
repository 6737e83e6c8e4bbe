"""How the entries about organizations fold into the tree of a date.

Every organization that ever was has a place in every tree: its own node, or where its people count
there. Figures are not here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.organization_kind import Level, OrganizationKind, level_of
from domain.part import Unit
from domain.vietnamese import SortKey, sort_key
from projections.balances import Places
from projections.lifetime import Lifetime, Row, Voided, lifetimes, never_were


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
    ended_on: date | None = None
    official_members: int | None = None
    members_counted_on: date | None = None
    admits: bool = False
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    @property
    def order(self) -> tuple[SortKey, str]:
        """Its place among its siblings."""
        return sort_key(self.name), self.code

    @property
    def level(self) -> Level:
        """Its level under its superior."""
        above = OrganizationKind.PROVINCE if self.parent_id is not None else None
        return level_of(self.kind, self.parent.kind if self.parent is not None else above)

    def path(self) -> tuple["Node", ...]:
        """The nodes from the root to this one, both included."""
        above = self.parent.path() if self.parent is not None else ()
        return (*above, self)

    def subtree(self) -> Iterable["Node"]:
        """The node itself and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.subtree()

    def decides_admission(self) -> "Node":
        """Whose committee decides on admissions here.

        The lowest one above that was authorized, or else the one directly above grassroots; the top
        where there is none. Source: 29-QĐ/TW and 24-QĐ/TW, 4.3.2.
        """
        for above in reversed(self.path()):
            if above.admits or above.level in {Level.ABOVE_GRASSROOTS, Level.PROVINCE}:
                return above
        return self.path()[0]


class Tree:
    """Organizations as they stood on a date, as known at some positions."""

    def __init__(
        self,
        nodes: Mapping[UUID, Node],
        lives: Mapping[UUID, Lifetime],
        on: date,
        units: Iterable[Unit] = (),
        voided: Mapping[UUID, Voided] | None = None,
    ) -> None:
        """`lives` are those of all organizations that ever were, `voided` those that never were."""
        self.on = on
        self.lives = lives
        self._nodes = nodes
        self._units = {unit.id: unit for unit in units}
        self.voided = voided or {}
        self._codes = {node.code: node for node in nodes.values()}
        self._bearers = {life.code: life for life in lives.values()}
        self._places: dict[UUID, Node | None] = {}
        self._held: dict[UUID, list[UUID]] | None = None
        self._near: dict[UUID, Places] = {}
        for node in sorted(nodes.values(), key=lambda each: each.parent_id not in nodes):
            self._link(node)
        for node in nodes.values():
            node.children.sort(key=lambda child: child.order)

    def find(self, code: str) -> Node | None:
        """The organization that bears a code in this tree."""
        return self._codes.get(code)

    def bearer(self, code: str) -> Lifetime | None:
        """The organization that bears, bore or is to bear a code, in whatever tree."""
        return self._bearers.get(code)

    def get(self, organization_id: UUID) -> Node | None:
        """The organization with an id."""
        return self._nodes.get(organization_id)

    def nodes(self) -> Iterable[Node]:
        """All organizations of this tree."""
        return self._nodes.values()

    def upward(self) -> list[Node]:
        """All organizations of this tree, those below before those above."""
        tops = (node for node in self._nodes.values() if node.parent is None)
        return [node for top in tops for node in top.subtree()][::-1]

    def place(self, unit: UUID) -> Node | None:
        """Where the people of a unit count.

        Its own node; after its end its successor's, or what lies above all of them; before its
        beginning its only predecessor's, or what lies above all of them; else its superior's. One
        that never was has, by what was known once, the people of whom it was said to follow. Who
        goes over to what is yet to be founded counts at the province; None for a unit of a tenant
        that this tree does not show, or that went over to one.
        """
        if unit not in self._places:
            self._places[unit] = self._place(unit, frozenset())
        return self._places[unit]

    def units(self, node: Node) -> list[UUID]:
        """All units whose people count at a node or below it."""
        return [unit for below in node.subtree() for unit in self.units_at(below)]

    def near(self, node: Node) -> Places:
        """The units of a node by the number of the child that has them, from 1; 0 for itself."""
        if node.id not in self._near:
            of_parts = [self.units_at(node), *(self.units(child) for child in node.children)]
            units = {unit: n for n, some in enumerate(of_parts) for unit in some}
            in_order = sorted(units)
            numbers = [units[unit] for unit in in_order]
            self._near[node.id] = Places(self._whole(units), units, (in_order, numbers))
        return self._near[node.id]

    def _whole(self, places: Mapping[UUID, int]) -> dict[int, int]:
        """The tenants that have all their units in one place, and its number."""
        found: dict[int, set[int | None]] = {}
        for unit, tenant in self._tenants():
            found.setdefault(tenant, set()).add(places.get(unit))
        only = {tenant: numbers.pop() for tenant, numbers in found.items() if len(numbers) == 1}
        return {tenant: number for tenant, number in only.items() if number is not None}

    def _tenants(self) -> Iterator[tuple[UUID, int]]:
        """Each unit, and the tenant whose people may count there."""
        of_organizations = {life.id: life.tenant_id for life in self.lives.values()}
        of_organizations |= {id_: never.tenant_id for id_, never in self.voided.items()}
        yield from of_organizations.items()
        for part in self._units.values():
            for organization in {part.organization_id, part.origin} & of_organizations.keys():
                yield part.id, of_organizations[organization]

    def units_at(self, node: Node) -> list[UUID]:
        """All units whose people count at a node itself."""
        if self._held is None:
            self._held = {}
            for unit in (*self.lives, *self._units, *self.voided):
                at = self.place(unit)
                if at is not None:
                    self._held.setdefault(at.id, []).append(unit)
        return self._held.get(node.id, [])

    def _place(self, unit: UUID, passed: frozenset[UUID]) -> Node | None:
        if unit in self._nodes:
            return self._nodes[unit]
        if unit in passed:
            return None
        passed |= {unit}
        if (part := self._units.get(unit)) is not None:
            at = part.organization_id if self.on >= part.effective_on else part.origin
            return self._place(at, passed)
        if (never := self.voided.get(unit)) is not None:
            origin = self._common(never.predecessors, passed)
            return origin or self._above(never.superior, passed)
        life = self.lives.get(unit)
        return None if life is None else self._in_place_of(life, passed)

    def _in_place_of(self, life: Lifetime, passed: frozenset[UUID]) -> Node | None:
        unknown = list(self._unknown(life, passed))
        if unknown:
            return self._province_of(unknown)
        heir = self._common(life.heirs(self.on), passed)
        return heir or self._above(life.superior_on(self.on), passed)

    def _unknown(self, life: Lifetime, passed: frozenset[UUID]) -> Iterator[str]:
        """The codes of those who have its people, at least in part, and are not known of."""
        if self.on < life.established_on:
            return
        for link in life.successors:
            heir = self.lives.get(link.id)
            if link.on != life.ended_on or link.id in self._nodes or link.id in passed:
                continue
            if heir is not None:
                yield from self._unknown(heir, passed | {link.id})
            elif link.code is not None:
                yield link.code

    def _province_of(self, codes: Iterable[str]) -> Node | None:
        """Where people count until an organization of the province is founded to take them."""
        provinces = {self.find(code.partition("/")[0]) for code in codes}
        return provinces.pop() if len(provinces) == 1 else None

    def _above(self, superior: UUID | None, passed: frozenset[UUID]) -> Node | None:
        return None if superior is None else self._place(superior, passed)

    def _common(self, heirs: Iterable[UUID], passed: frozenset[UUID]) -> Node | None:
        """The lowest node that is, or lies above, the places of all heirs."""
        found: Node | None = None
        for heir in heirs:
            at = self._place(heir, passed)
            if at is None:
                continue
            found = at if found is None else _lowest_above(found, at)
            if found is None:
                return None
        return found

    def _link(self, node: Node) -> None:
        """Put a node below its superior, or below who took the superior's place.

        Of organizations that late entries put below each other one stays without a superior.
        """
        if node.parent_id is None:
            return
        superior = self._nodes.get(node.parent_id)
        if superior is None:
            superior = self._place(node.parent_id, frozenset({node.id}))
        at = superior
        while at is not None:
            if at is node:
                return
            at = at.parent
        if superior is not None:
            node.parent = superior
            superior.children.append(node)


def _lowest_above(one: Node, other: Node) -> Node | None:
    above = [
        first for first, second in zip(one.path(), other.path(), strict=False) if first is second
    ]
    return above[-1] if above else None


def build_tree(rows: Iterable[Row], on: date, units: Iterable[Unit] = ()) -> Tree:
    """The tree that rows add up to on a date; voided entries are left out, later ones win."""
    every = list(rows)
    lives = lifetimes(every)
    nodes = {life.id: _node(life, on) for life in lives.values() if life.stands(on)}
    return Tree(nodes, lives, on, units, never_were(every, lives))


def _node(life: Lifetime, on: date) -> Node:
    began = life.began
    node = Node(
        tenant_id=began["tenant_id"],
        id=life.id,
        code=life.code,
        name=began["name"],
        kind=OrganizationKind(began["kind"]),
        parent_id=life.superior_on(on),
        characteristics=frozenset(),
        established_on=life.established_on,
        position=began["position"],
        ended_on=life.ended_on,
    )
    for row in life.live:
        if row["effective_on"] > on:
            break
        _take(node, row)
    return node


def _take(node: Node, row: Row) -> None:
    node.name = row["name"] or node.name
    node.kind = OrganizationKind(row["kind"] or node.kind)
    node.characteristics |= frozenset(row["characteristics"] or ())
    node.characteristics -= frozenset(row["characteristics_lost"] or ())
    if row["official_members"] is not None:
        node.official_members = row["official_members"]
        node.members_counted_on = row["effective_on"]
    if row["admits"] is not None:
        node.admits = row["admits"]
