"""Why a figure differs from the same one at other days: the difference, split into parts.

Every posting that is in one figure only belongs to one part, and so does every one that is in both
but counts elsewhere. So the parts add up to the difference, whatever the two days are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from db.database import Database
from domain.case import Stage
from domain.counting import ADMITTED
from domain.groups import mask, require_group
from domain.period import Period
from domain.target import TargetBasis
from projections.balances import Balances
from projections.bridge_part import Bridge, BridgePart, Part, Place
from projections.bridge_rows import TREE_TYPES, Side, posted, said
from projections.rollup import Rollup
from projections.target_progress import Asked, amount_of
from projections.tree import Node

_BEGINNING: Final = date.min
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """What is asked: who stands at a stage, or of a period, what was achieved or was to be."""

    stage: Stage | None = None
    period: Period | None = None
    of_target: bool = False
    basis: TargetBasis = TargetBasis.ASSIGNED
    group: str | None = None


class Bridges:
    """Builds bridges between the figures of an organization, or of what took its place."""

    def __init__(self, database: Database, first: Rollup, second: Rollup, limit: int) -> None:
        """`limit` is how many events and places of each part are told at most."""
        self._database = database
        self._sides = first, second
        self._limit = limit
        self._parts = {each: Part() for each in BridgePart}
        self._tenants = sorted({*first.basis.positions, *second.basis.positions})

    async def build(self, figure: Figure) -> Bridge:
        """The bridge of a figure. Raises InvalidInput for an unknown group."""
        require_group(figure.group)
        first, second = self._sides
        if figure.stage is not None:
            before, after = [
                await each.stage_counts(each.root, figure.group) for each in self._sides
            ]
            await self._postings(figure.stage.value, _BEGINNING, date.max, figure.group, 1)
            return self._bridge(before.get(figure.stage, 0), after.get(figure.stage, 0))
        assert figure.period is not None
        given = (figure.period, figure.group, figure.basis)
        one = await first.asked(first.root, *given)
        two = await second.asked(second.root, *given)
        if figure.of_target:
            return await self._of_target(one, two)
        counts = await self._admitted(one, two, figure.group)
        await self._changed(BridgePart.RULE_CHANGES, one, two, counts[1] - counts[0])
        await self._admissions(two, figure.group, 1)
        return self._bridge(counts[0], counts[2])

    async def _of_target(self, one: Asked, two: Asked) -> Bridge:
        """A share of all who were admitted changes with these; another target by itself alone."""
        before, by_rule, after = await self._admitted(one, two, None)
        amounts = [
            amount_of(asked.target, asked.total, admitted)
            for asked, admitted in ((one, before), (two, before), (two, by_rule), (two, after))
        ]
        known = [each or 0 for each in amounts]
        await self._changed(BridgePart.TARGET_CHANGES, one, two, known[1] - known[0])
        await self._changed(BridgePart.RULE_CHANGES, one, two, known[2] - known[1])
        if two.target is not None and two.target.count is None:
            assert two.target.share_percent is not None
            if two.total is None or two.total.count is None:
                await self._admissions(two, None, two.target.share_percent / 100)
        return self._bridge(amounts[0], amounts[3])

    async def _admitted(self, one: Asked, two: Asked, group: str | None) -> tuple[int, int, int]:
        """The admissions of the first figure, the same counted as in the second, and its own."""
        first, second = self._sides
        return (
            await first.achieved(first.root, one.period, group, one.counting),
            await first.achieved(first.root, two.period, group, two.counting),
            await second.achieved(second.root, two.period, group, two.counting),
        )

    def _bridge(self, first: float | None, second: float | None) -> Bridge:
        for part in self._parts.values():
            part.events.sort(key=lambda each: (each.tenant_id, each.position))
            del part.events[self._limit :]
        return Bridge(first, second, self._parts)

    async def _admissions(self, asked: Asked, group: str | None, times: float) -> None:
        period = asked.period
        await self._postings(ADMITTED[asked.counting], period.first, period.last, group, times)

    async def _postings(
        self, account: str, begin: date, end: date, group: str | None, times: float
    ) -> None:
        """Tell the parts of what an account grew by from a first to a last day."""
        lasts = [min(end, each.basis.effective) for each in self._sides]
        units = [frozenset(each.tree.units(each.root)) for each in self._sides]
        if max(lasts) < begin:
            return
        for tenant in self._tenants:
            one, two = (
                Side(position, last, held if tenant in each.basis.positions else frozenset())
                for each, position, last, held in zip(
                    self._sides, self._known(tenant), lasts, units, strict=True
                )
            )
            async with self._database.tenant(tenant) as connection:
                groups = 0 if group is None else mask([group])
                found = await posted(
                    connection, tenant, (one, two), account, groups, begin, self._limit
                )
            for kind, told in found.items():
                self._parts[BridgePart(kind)].add(told, times)
        await self._moved((account, begin, min(lasts), group), units, times)

    async def _moved(
        self,
        counted: tuple[str, date, date, str | None],
        units: list[frozenset[UUID]],
        times: float,
    ) -> None:
        """What both figures know, and only one counts here, since its organizations moved.

        Of a tenant that counts in one of the figures only, all that the other could have counted.
        """
        first, second = (each.basis.positions for each in self._sides)
        both = {each: min(first[each], second[each]) for each in first.keys() & second.keys()}
        shared = await self._sums(both, *counted) if units[0] != units[1] else {}
        moved: list[tuple[int, UUID, float]] = []
        for at, held in enumerate(units):
            positions = self._sides[at].basis.positions
            own = {each: n for each, n in positions.items() if each not in both}
            alone = await self._sums(own, *counted)
            here = {unit: n for unit, n in shared.items() if unit in held - units[1 - at]}
            for unit in held & {*here, *alone}:
                n = here.get(unit, 0) + alone.get(unit, 0)
                moved.append((at, unit, (n if at else -n) * times))
        part = self._parts[BridgePart.MOVED_ORGANIZATIONS]
        part.amount += sum(n for _, _, n in moved)
        part.places += self._places(moved)[: self._limit]
        if moved:
            await self._reorganized(part, {unit for _, unit, _ in moved})

    def _places(self, moved: list[tuple[int, UUID, float]]) -> list[Place]:
        """Where units count in one of the figures, and where in the other's tree."""
        sums: dict[tuple[Node, str | None], float] = {}
        for at, unit, n in moved:
            node = self._sides[at].tree.place(unit)
            other = self._sides[1 - at].tree.place(unit)
            assert node is not None
            life = other or self._sides[at].tree.lives.get(unit)
            was = None if life is None or life.code == node.code else life.code
            sums[node, was] = sums.get((node, was), 0) + n
        places = [Place(node, was, n) for (node, was), n in sums.items() if n]
        return sorted(places, key=lambda each: (-abs(each.n), each.node.code, each.elsewhere or ""))

    async def _sums(
        self, positions: Mapping[int, int], account: str, begin: date, end: date, group: str | None
    ) -> dict[UUID, int]:
        """By how much an account grew from a first to a last day, by unit."""
        sums: dict[UUID, int] = {}
        if not positions or end < begin:
            return sums
        balances = Balances(positions)
        days = [(end, 1)] if begin == _BEGINNING else [(end, 1), (begin - _DAY, -1)]
        async with self._database.rollup(list(positions)) as connection:
            for day, sign in days:
                for unit, each, n in await balances.of_units(connection, day, group):
                    if each == account:
                        sums[unit] = sums.get(unit, 0) + sign * n
        return {unit: n for unit, n in sums.items() if n}

    async def _reorganized(self, part: Part, units: Iterable[UUID]) -> None:
        """Add the events of the trees that brought units elsewhere."""
        first, second = self._sides
        told = {each for unit in units for side in self._sides for each in _concerned(side, unit)}
        days = first.basis.tree_on, second.basis.tree_on
        await self._said(part, told, TREE_TYPES, days, trees=True)

    async def _changed(self, kind: BridgePart, one: Asked, two: Asked, amount: float) -> None:
        """Add what changed between two targets, where that changes the figure."""
        if not amount:
            return
        part = self._parts[kind]
        part.amount += amount
        first, second = self._sides
        told = {each.id for each in (*one[:2], *two[:2]) if each is not None}
        days = first.basis.effective, second.basis.effective
        await self._said(part, told, None, days, trees=False)

    async def _said(
        self,
        part: Part,
        streams: set[UUID],
        types: list[str] | None,
        days: tuple[date, date],
        *,
        trees: bool,
    ) -> None:
        for tenant in self._tenants:
            known = self._known(tenant, trees=trees)
            async with self._database.tenant(tenant) as connection:
                told = await said(connection, tenant, streams, types, known, days, self._limit)
            part.add(told, 0)

    def _known(self, tenant: int, *, trees: bool = False) -> tuple[int, int]:
        """How much both figures knew of a tenant; one in which it does not count, as the other."""
        first, second = (
            each.basis.tree_positions if trees else each.basis.positions for each in self._sides
        )
        one, two = first.get(tenant), second.get(tenant)
        return two or 0 if one is None else one, one or 0 if two is None else two


def _concerned(side: Rollup, unit: UUID) -> set[UUID]:
    """The organizations whose events say where a unit counts in a tree."""
    place = side.tree.place(unit)
    found = {unit, *(node.id for node in place.path())} if place is not None else {unit}
    waiting = list(found)
    while waiting:
        life = side.tree.lives.get(waiting.pop())
        if life is not None:
            near = {link.id for link in (*life.predecessors, *life.successors)} - found
            found |= near
            waiting += near
    return found
