"""Opens roll-ups.

Waits until the read models know enough, and finds the tree that was asked for.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from commands.ports import Clock
from db.database import Connection, Database
from domain.errors import Refusal, organization_not_found
from domain.text import Text
from eventstore.position import Position
from eventstore.store import EventStore
from projections.basis import At, Basis
from projections.lifetime import Row
from projections.organization import OrganizationProjection, Trees
from projections.projection import Projection
from projections.receipt import Receipt
from projections.receipts import Receipts
from projections.rollup import Rollup
from projections.tree import Tree

PROJECTIONS: Final = ("organization", "pipeline", "target_progress")
WAIT_S: Final = 5.0
KEPT_S: Final = 1.0
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


class ReadModels:
    """Opens roll-ups."""

    def __init__(
        self,
        database: Database,
        store: EventStore,
        clock: Clock,
        projections: Iterable[Projection],
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._trees = Trees()
        self.receipts = Receipts(database, store, projections)
        self._kin: dict[tuple[int, ...], tuple[float, list[int]]] = {}

    async def rollup(self, code: str, at: At, *, by_province: bool = False) -> Rollup:
        """A roll-up whose root is the organization of a code.

        For the province it follows the people of a tenant that handed on some into those that they
        went over to, as the province's own roll-up does; the tenant itself may not look there.

        A code that nobody bears in the asked tree is answered for its last bearer, in the last tree
        that it stands in. Waits up to `WAIT_S` for `at.after`, then raises ReadModelBehind. Raises
        NotFound for a code that nobody ever bore, and what `Receipts.opened` raises.
        """
        own = await self._store.tenant_of(code)
        tenants = await self._tenants(code, by_province=by_province)
        if at.after is not None:
            await self.wait_for(at.after, tenants)
        tenants = await self._with_predecessors(tenants, fresh=at.after is not None)
        if at.basis is not None:
            return await self._again(code, at.basis, own, tenants)
        known = None
        if at.known is not None:
            known = await self._store.positions_known_at(tenants, at.known)
            await self.wait_for(Position.of(known), tenants)
        async with self._database.rollup(tenants) as connection:
            head = await _checkpoints(connection, tenants)
            basis = _basis(at, at.effective or self._clock.today(tenants[0]), head, known)
            tree = await self._trees.tree(connection, basis.tree_positions, basis.tree_on)
            if tree.find(code) is None:
                tree = await self._trees.tree(connection, head, basis.tree_on)
                life = tree.bearer(code)
                if life is not None and not life.stands(basis.tree_on):
                    tree = await self._trees.tree(connection, head, life.last_day())
                basis = replace(basis, tree_on=tree.on, tree_positions=head)
        return self._rollup(code, tree, basis)

    async def _again(self, code: str, receipt: Receipt, own: int, allowed: list[int]) -> Rollup:
        """The roll-up that a receipt was given for, or of another organization in its tree."""
        basis = await self.receipts.opened(receipt, own, allowed)
        needed = Position.of(basis.positions).merge(Position.of(basis.tree_positions))
        await self.wait_for(needed, list(basis.positions))
        async with self._database.rollup(list(basis.positions)) as connection:
            tree = await self._trees.tree(connection, basis.tree_positions, basis.tree_on)
        return self._rollup(code, tree, basis)

    def _rollup(self, code: str, tree: Tree, basis: Basis) -> Rollup:
        root = tree.find(code)
        if root is None:
            raise organization_not_found(code)
        return Rollup(self._database, tree, root, basis)

    async def tree(
        self, tenants: list[int], on: date, planned: Sequence[Row] | None = None
    ) -> Tree:
        """The tree of some tenants on a date as known now, or as it were with planned entries."""
        async with self._database.rollup(tenants) as connection:
            positions = await _checkpoints(connection, tenants, [OrganizationProjection.name])
            if planned is None:
                return await self._trees.tree(connection, positions, on)
            return await self._trees.planned(connection, positions, on, planned)

    async def positions(self, tenants: list[int]) -> dict[int, int]:
        """How far the figures of some tenants have come."""
        async with self._database.rollup(tenants) as connection:
            return await _checkpoints(connection, tenants)

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

    async def caught_up(self, basis: Basis, projection: str) -> None:
        """Return when a read model has all that some figures rest on. Raises ReadModelBehind."""
        await self.wait_for(Position.of(basis.positions), list(basis.positions), [projection])

    async def _reached(self, wanted: Mapping[int, int], projections: Sequence[str]) -> bool:
        async with self._database.rollup(list(wanted)) as connection:
            reached = await _checkpoints(connection, list(wanted), projections)
        return all(reached.get(tenant, 0) >= position for tenant, position in wanted.items())

    async def _tenants(self, code: str, *, by_province: bool) -> list[int]:
        """The tenants that an organization's figures come from.

        All of the province for a province, else its own, and for the province those that have what
        it handed on.
        """
        tenant = await self._store.tenant_of(code)
        if "/" not in code:
            return await self._store.tenants_of_province(tenant)
        if not by_province or not await self._handed_on(tenant):
            return [tenant]
        province = await self._store.tenant_of(code.partition("/")[0])
        every = await self._store.tenants_of_province(province)
        return [tenant, *(each for each in every if each != tenant)]

    async def _handed_on(self, tenant: int) -> bool:
        async with self._database.rollup([tenant]) as connection:
            return await self._trees.handed_on(connection, tenant)

    async def _with_predecessors(self, tenants: list[int], *, fresh: bool) -> list[int]:
        """The tenants, and those whose organizations went over to them, one after the other.

        What was counted in the place of an organization counts at what took it. Both sides have to
        say so: naming a predecessor shows nobody's figures. At most `KEPT_S` old unless `fresh`.
        """
        key, now = tuple(tenants), time.monotonic()
        kept = self._kin.get(key)
        if fresh or kept is None or now - kept[0] > KEPT_S:
            self._kin[key] = kept = (now, await self._look_for_predecessors(tenants))
        return kept[1]

    async def _look_for_predecessors(self, tenants: list[int]) -> list[int]:
        known = list(tenants)
        while True:
            async with self._database.rollup(known) as connection:
                codes = await self._trees.predecessors(connection, known)
            found = {await self._store.tenant_of(code) for code in codes} - set(known)
            if not found:
                return known
            async with self._database.rollup([*known, *found]) as connection:
                await self._trees.predecessors(connection, [*known, *found])
            more = [each for each in sorted(found) if self._trees.hands_on(each, known)]
            if not more:
                return known
            known += more


def _basis(at: At, effective: date, head: dict[int, int], known: dict[int, int] | None) -> Basis:
    """What is asked for, of tenants whose figures have come to `head`."""
    positions = head if known is None else known
    return Basis(
        effective=effective,
        positions=positions,
        tree_on=at.tree or effective,
        tree_positions=positions if at.tree is None else head,
        is_cut=known is not None,
    )


async def _checkpoints(
    connection: Connection, tenants: list[int], projections: Sequence[str] = PROJECTIONS
) -> dict[int, int]:
    rows = await connection.fetch(_CHECKPOINTS, tenants, list(projections))
    return {row["tenant_id"]: row["position"] for row in rows}
