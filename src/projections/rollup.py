"""Any figure of any organization of one tree: sums of postings, and targets beside them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from db.database import Connection, Database
from domain.case import Stage
from domain.counting import ADMITTED, FLOWS
from domain.groups import require_group
from domain.period import Period
from domain.target import CountingDate, TargetBasis
from projections import target_progress
from projections.balances import Balances
from projections.basis import Basis
from projections.breach import Breach, breaches
from projections.holder import holders
from projections.target_progress import (
    Asked,
    Progress,
    Targets,
    amount_of,
    growth_percent,
    percent_of,
)
from projections.tree import Node, Tree

_DAY: Final = timedelta(days=1)
_Question: TypeAlias = tuple[date, str | None]


class Rollup:
    """The figures of one tree at one basis.

    Sums of a question are fetched once and shared by all its organizations.
    """

    def __init__(self, database: Database, tree: Tree, root: Node, basis: Basis) -> None:
        self.tree = tree
        self.root = root
        self.basis = basis
        self._database = database
        self._lock = asyncio.Lock()
        self._waiting = asyncio.Lock()
        self._waited: set[str] = set()
        self._balances = Balances(basis.positions)
        self._standing: dict[_Question, dict[UUID, dict[str, int]]] = {}
        self._near: dict[_Question, dict[UUID, dict[str, int]]] = {}
        self._sums: dict[Hashable, dict[UUID, dict[Any, int]]] = {}
        self._targets: Targets | None = None

    def as_of(self, effective: date) -> "Rollup":
        """The same tree and knowledge as of another day."""
        basis = replace(self.basis, effective=effective)
        return Rollup(self._database, self.tree, self.root, basis)

    async def stage_counts(self, node: Node, group: str | None = None) -> Mapping[Stage, int]:
        """How many people of a node's whole subtree stand at each stage.

        Stages of nobody are left out.

        Raises InvalidInput for an unknown group.
        """
        require_group(group)
        standing = await self._accounts(node, self.basis.effective, group)
        return {Stage(each): n for each, n in standing.items() if n and each not in FLOWS}

    async def progress(
        self, node: Node, period: Period, group: str | None, basis: TargetBasis
    ) -> Progress:
        """What a node's whole subtree achieved of its target by the day of the basis.

        Raises InvalidInput.
        """
        require_group(group)
        stated = await self.targets()
        target, total, own, counting = await self.asked(node, period, group, basis)
        achieved = await self.achieved(node, own, group, counting)
        of_all = await self.achieved(node, own, None, counting)
        before = await self._achieved_before(node, own, group, counting)
        amount = amount_of(target, total, of_all)
        allocated = [
            child.count
            for below in node.children
            if (child := stated.find(below.id, period.name, group, basis))
            and child.count is not None
        ]
        share = target.share_percent if target else None
        return Progress(
            basis=basis,
            period=own,
            counting=counting,
            target=amount,
            achieved=achieved,
            achieved_year_before=before,
            percent=percent_of(achieved, amount),
            shortfall=None if amount is None else max(0.0, amount - achieved),
            stated_growth_percent=target.stated_growth_percent if target else None,
            computed_growth_percent=growth_percent(amount, before),
            achieved_growth_percent=growth_percent(achieved, before),
            pace_percent=own.elapsed_percent(self.basis.effective),
            share_percent=share,
            target_of_achieved=None if share is None else of_all * share / 100,
            allocated=float(sum(allocated)) if allocated else None,
        )

    async def asked(
        self, node: Node, period: Period, group: str | None, basis: TargetBasis
    ) -> Asked:
        """The target that a node is measured by, and the days and the counting date it says."""
        stated = await self.targets()
        target = stated.find(node.id, period.name, group, basis)
        total = stated.find(node.id, period.name, None, basis)
        leading = target or total
        return Asked(
            target,
            total,
            target.period if target else stated.period_of(node.id, period),
            leading.counting if leading else CountingDate.DECISION,
        )

    async def below_target(
        self, node: Node, period: Period, percent: float, basis: TargetBasis
    ) -> list[Node]:
        """The direct children that achieved less than `percent` of a target for the period."""
        below = []
        for child in node.children:
            reached = (await self.progress(child, period, None, basis)).percent
            if reached is not None and reached < percent:
                below.append(child)
        return below

    async def targets(self) -> Targets:
        """The targets in force on the day of the basis."""
        async with self._lock:
            if self._targets is None:
                async with self._database.rollup(list(self.basis.positions)) as connection:
                    self._targets = await target_progress.targets(
                        connection, self.basis.positions, self.basis.effective
                    )
        return self._targets

    async def sums(
        self,
        question: Hashable,
        fetch: Callable[[Connection], Awaitable[Iterable[tuple[UUID, Any, int]]]],
    ) -> Mapping[UUID, Mapping[Any, int]]:
        """Numbers by whatever the rows of a question are told apart by, for each whole subtree.

        `fetch` gives (unit, key, number). The same question is asked once.
        """
        async with self._lock:
            if question not in self._sums:
                async with self._database.rollup(list(self.basis.positions)) as connection:
                    rows = await fetch(connection)
                self._sums[question] = self._summed_by(rows)
        return self._sums[question]

    async def once(self, what: str, wait: Callable[[], Awaitable[None]]) -> None:
        """Wait for something that many questions about these figures need; the first one does."""
        async with self._waiting:
            if what not in self._waited:
                await wait()
                self._waited.add(what)

    async def flow(self, node: Node, account: str, period: Period, group: str | None) -> int:
        """By how much an account of a node's subtree grew in a period, by the day of the basis."""
        last = min(period.last, self.basis.effective)
        if last < period.first:
            return 0
        after = await self._accounts(node, last, group)
        before = await self._accounts(node, period.first - _DAY, group)
        return after.get(account, 0) - before.get(account, 0)

    async def breaches(self, node: Node, *, after: int, first: int) -> list[Breach]:
        """The steps with findings of a node's subtree in its own tenant, after a position.

        Those of an ended organization are its successor's.
        """
        tenant = node.tenant_id
        async with self._database.rollup([tenant]) as connection:
            return await breaches(
                connection,
                tenant,
                organizations=holders(self.tree, node).get(tenant, []),
                after=after,
                until=self.basis.positions[tenant],
                effective=self.basis.effective,
                limit=first,
            )

    async def achieved(
        self, node: Node, period: Period, group: str | None, counting: CountingDate
    ) -> int:
        """The admissions of a node's whole subtree in a period, by the day of the basis."""
        return await self.admitted(node, period.first, period.last, group, counting)

    async def admitted(
        self, node: Node, first: date, last: date, group: str | None, counting: CountingDate
    ) -> int:
        """How many were admitted in a node's whole subtree, both days included.

        None of them after the day of the basis; 0 where the last day comes before the first.
        """
        return await self.flow(node, ADMITTED[counting], Period("", first, last), group)

    async def _accounts(self, node: Node, day: date, group: str | None) -> Mapping[str, int]:
        """What the accounts of a node's whole subtree stand at on a day.

        The root's and its children's are added up in the database, all others from all units here.
        """
        asked = (day, group)
        near = node is self.root or node.parent is self.root
        async with self._lock:
            if asked not in self._standing and not (near and asked in self._near):
                async with self._database.rollup(list(self.basis.positions)) as connection:
                    if near:
                        self._near[asked] = await self._summed_near(connection, day, group)
                    else:
                        found = await self._balances.of_units(connection, day, group)
                        self._standing[asked] = self._summed_by(found)
        return self._standing.get(asked, self._near.get(asked, {})).get(node.id, {})

    async def _summed_near(
        self, connection: Connection, day: date, group: str | None
    ) -> dict[UUID, dict[str, int]]:
        """The sums of the root and of its children."""
        nodes = [self.root, *self.root.children]
        sums: dict[UUID, dict[str, int]] = {node.id: {} for node in nodes}
        places = self.tree.near(self.root)
        rows = await self._balances.of_places(connection, day, group, places)
        for place, account, n in rows:
            for node in {self.root.id, nodes[place].id}:
                sums[node][account] = sums[node].get(account, 0) + n
        return sums

    async def _achieved_before(
        self, node: Node, period: Period, group: str | None, counting: CountingDate
    ) -> int | None:
        previous = period.previous()
        if previous is None or previous.last > self.basis.effective:
            return None
        return await self.achieved(node, previous, group, counting)

    def _summed_by(self, rows: Iterable[tuple[UUID, Any, int]]) -> dict[UUID, dict[Any, int]]:
        """The sums of units for each whole subtree."""
        sums: dict[UUID, dict[Any, int]] = {}
        for unit, key, n in rows:
            node = self.tree.place(unit)
            if node is not None:
                counts = sums.setdefault(node.id, {})
                counts[key] = counts.get(key, 0) + n
        for node in self.tree.upward():
            if node.parent is not None and node.id in sums:
                above = sums.setdefault(node.parent.id, {})
                for key, n in sums[node.id].items():
                    above[key] = above.get(key, 0) + n
        return sums
