"""Any figure of any organization at three clocks.

What is true on a day, as known at a time, in the tree of a date.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from commands.ports import Clock
from db.database import Connection, Database
from domain.case import Stage
from domain.errors import Refusal, organization_not_found
from domain.groups import mask, require_group
from domain.period import Period
from domain.target import CountingDate, TargetBasis
from domain.text import Text
from eventstore.position import Position
from eventstore.store import EventStore
from projections import pipeline, target_progress
from projections.organization import Node, OrganizationProjection, Tree, Trees
from projections.target_progress import (
    Progress,
    StatedTarget,
    Targets,
    growth_percent,
    percent_of,
)

PROJECTIONS: Final = ("organization", "pipeline", "target_progress")
WAIT_S: Final = 5.0
_POLL_S: Final = 0.02

_CHECKPOINTS: Final = """
SELECT l.tenant_id, coalesce(min(coalesce(c.position, 0)), 0) AS position
FROM tenant_log l
CROSS JOIN unnest($2::text[]) AS p (projection)
LEFT JOIN checkpoint c ON c.tenant_id = l.tenant_id AND c.projection = p.projection
WHERE l.tenant_id = ANY ($1::int[])
GROUP BY l.tenant_id
"""


class ReadModelBehind(Refusal):
    """The read models have not reached the asked position in time; the caller may ask again."""

    def __init__(self) -> None:
        super().__init__(
            "READ_MODEL_BEHIND",
            Text(
                "Số liệu chưa cập nhật đến vị trí này; hãy thử lại.",
                "The figures have not caught up with this position yet; try again.",
            ),
            field="at.after",
        )


@dataclass(frozen=True, slots=True)
class At:
    """The clocks of one question.

    None means today, the head, and the tree of `effective` as known at `known`.
    """

    effective: date | None = None
    known: datetime | None = None
    tree: date | None = None
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What one answer rests on.

    The day, and how much of each tenant's log was known, for facts and for the tree.
    """

    effective: date
    positions: Mapping[int, int]
    tree_on: date
    tree_positions: Mapping[int, int]
    is_cut: bool

    def log_end(self, tenant_id: int) -> int | None:
        """The last position that may be read of a log.

        None for its head, which may be ahead of the figures.
        """
        return self.positions[tenant_id] if self.is_cut else None


class ReadModels:
    """Opens roll-ups."""

    def __init__(self, database: Database, store: EventStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._trees = Trees()

    async def rollup(self, code: str, at: At, *, scope: str) -> "Rollup":
        """A roll-up whose root is the organization of a code.

        Waits up to `WAIT_S` for `at.after`, then raises ReadModelBehind. Raises NotFound for a code
        that nobody bears in the asked tree, or that lies outside `scope` (a code path).
        """
        if code != scope and not code.startswith(f"{scope}/"):
            raise organization_not_found(code)
        tenants = await self._tenants(code)
        basis = await self._basis(tenants, at)
        async with self._database.rollup(tenants) as connection:
            tree = await self._trees.tree(connection, basis.tree_positions, basis.tree_on)
        root = tree.find(code)
        if root is None:
            raise organization_not_found(code)
        return Rollup(self._database, tree, root, basis)

    async def tree(self, tenants: list[int], on: date) -> Tree:
        """The tree of some tenants on a date as known now."""
        async with self._database.rollup(tenants) as connection:
            positions = await _checkpoints(connection, tenants, [OrganizationProjection.name])
            return await self._trees.tree(connection, positions, on)

    async def wait_for(
        self, position: Position, tenants: list[int], projections: Sequence[str] = PROJECTIONS
    ) -> None:
        """Return when the read models of the `tenants` have reached the position.

        Raises ReadModelBehind after `WAIT_S`.
        """
        wanted = {tenant: p for tenant, p in position.positions if tenant in tenants}
        if not wanted:
            return
        try:
            async with asyncio.timeout(WAIT_S):
                while not await self._reached(wanted, projections):  # noqa: ASYNC110 (the event is in a table)
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise ReadModelBehind from None

    async def _reached(self, wanted: Mapping[int, int], projections: Sequence[str]) -> bool:
        async with self._database.rollup(list(wanted)) as connection:
            reached = await _checkpoints(connection, list(wanted), projections)
        return all(reached.get(tenant, 0) >= position for tenant, position in wanted.items())

    async def _tenants(self, code: str) -> list[int]:
        """The tenants that an organization's figures come from.

        All of the province for a province, else its own.
        """
        tenant = await self._store.tenant_of(code)
        if "/" in code:
            return [tenant]
        return await self._store.tenants_of_province(tenant)

    async def _basis(self, tenants: list[int], at: At) -> Basis:
        if at.after is not None:
            await self.wait_for(at.after, tenants)
        effective = at.effective or self._clock.today(tenants[0])
        async with self._database.rollup(tenants) as connection:
            head = await _checkpoints(connection, tenants)
        known = head
        if at.known is not None:
            known = await self._store.positions_known_at(tenants, at.known)
            await self.wait_for(Position.of(known), tenants)
        return Basis(
            effective=effective,
            positions=known,
            tree_on=at.tree or effective,
            tree_positions=known if at.tree is None else head,
            is_cut=at.known is not None,
        )


async def _checkpoints(
    connection: Connection, tenants: list[int], projections: Sequence[str] = PROJECTIONS
) -> dict[int, int]:
    rows = await connection.fetch(_CHECKPOINTS, tenants, list(projections))
    return {row["tenant_id"]: row["position"] for row in rows}


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
        self._stock: dict[str | None, dict[UUID, dict[Stage, int]]] = {}
        self._flow: dict[tuple[date, date, str | None, CountingDate], dict[UUID, int]] = {}
        self._targets: Targets | None = None

    async def stage_counts(self, node: Node, group: str | None = None) -> Mapping[Stage, int]:
        """How many people of a node's whole subtree stand at each stage.

        Stages of nobody are left out.

        Raises InvalidInput for an unknown group.
        """
        require_group(group)
        async with self._lock:
            if group not in self._stock:
                async with self._database.rollup(list(self.basis.positions)) as connection:
                    rows = await pipeline.stage_counts(
                        connection, self.basis.positions, self.basis.effective, _mask(group)
                    )
                self._stock[group] = self._summed_stages(rows)
        return self._stock[group].get(node.id, {})

    async def progress(
        self, node: Node, period: Period, group: str | None, basis: TargetBasis
    ) -> Progress:
        """What a node's whole subtree achieved of its target by the day of the basis.

        Raises InvalidInput.
        """
        require_group(group)
        stated = await self.targets()
        target = stated.find(node.id, period.name, group, basis)
        total = stated.find(node.id, period.name, None, basis)
        own = target.period if target else stated.period_of(node.id, period)
        leading = target or total
        counting = leading.counting if leading else CountingDate.DECISION
        achieved = await self._achieved(node, own, group, counting)
        of_all = await self._achieved(node, own, None, counting)
        before = await self._achieved_before(node, own, group, counting)
        amount = _amount(target, total, of_all)
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

    async def _achieved(
        self, node: Node, period: Period, group: str | None, counting: CountingDate
    ) -> int:
        last = min(period.last, self.basis.effective)
        if last < period.first:
            return 0
        key = (period.first, last, group, counting)
        async with self._lock:
            if key not in self._flow:
                async with self._database.rollup(list(self.basis.positions)) as connection:
                    rows = await pipeline.admissions(
                        connection, self.basis.positions, period.first, last, _mask(group), counting
                    )
                self._flow[key] = self._summed(rows)
        return self._flow[key].get(node.id, 0)

    async def _achieved_before(
        self, node: Node, period: Period, group: str | None, counting: CountingDate
    ) -> int | None:
        previous = period.previous()
        if previous is None or previous.last > self.basis.effective:
            return None
        return await self._achieved(node, previous, group, counting)

    def _summed_stages(self, rows: list[tuple[UUID, Stage, int]]) -> dict[UUID, dict[Stage, int]]:
        sums: dict[UUID, dict[Stage, int]] = {}
        for unit, stage, n in rows:
            node = self.tree.place(unit)
            while node is not None:
                counts = sums.setdefault(node.id, {})
                counts[stage] = counts.get(stage, 0) + n
                node = node.parent
        return sums

    def _summed(self, rows: list[tuple[UUID, int]]) -> dict[UUID, int]:
        sums: dict[UUID, int] = {}
        for unit, n in rows:
            node = self.tree.place(unit)
            while node is not None:
                sums[node.id] = sums.get(node.id, 0) + n
                node = node.parent
        return sums


def _mask(group: str | None) -> int:
    return 0 if group is None else mask([group])


def _amount(target: StatedTarget | None, total: StatedTarget | None, admitted: int) -> float | None:
    """The number that a target asks for.

    A share is taken of the total target, of all admitted where there is none.
    """
    if target is None:
        return None
    if target.count is not None:
        return float(target.count)
    assert target.share_percent is not None
    whole = total.count if total is not None and total.count is not None else admitted
    return whole * target.share_percent / 100
