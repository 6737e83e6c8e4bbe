"""Gives out what figures rested on, and says of what is given back whether it still holds."""

from collections.abc import Collection, Iterable
from typing import Final

from db.database import Database
from domain.errors import Conflict
from domain.text import Text
from eventstore.store import EventStore
from eventstore.tree import Tree
from projections.basis import Basis
from projections.projection import Projection
from projections.receipt import InvalidBasis, LogReceipt, Receipt, other_tenants

FIGURES: Final = (
    *("organization", "pipeline", "target_progress", "register", "obligation"),
    *("breach", "dossier_return", "class_result", "due"),
)
"""The projections that figures come from."""

_VERSIONS: Final = """
SELECT tenant_id, projection, version FROM checkpoint
WHERE tenant_id = ANY ($1::int[]) AND projection = ANY ($2::text[])
"""
_EPOCH: Final = "SELECT epoch FROM log_tree WHERE tenant_id = $1 ORDER BY epoch DESC LIMIT 1"


class Receipts:
    """Writes receipts and opens them."""

    def __init__(
        self, database: Database, store: EventStore, projections: Iterable[Projection]
    ) -> None:
        self._database = database
        self._store = store
        # Those of the rows may be older.
        self._folds = {each.name: each.version for each in projections if each.name in FIGURES}

    async def of(self, basis: Basis) -> Receipt:
        """The receipt of a basis, with the roots of the logs as far as their trees have grown."""
        logs = []
        versions = await self._versions(list(basis.positions))
        for tenant_id, position in sorted(basis.positions.items()):
            size, root = await self._root(tenant_id, position)
            tree_position = basis.tree_positions[tenant_id]
            folded = tuple(versions[tenant_id].values())
            logs.append(LogReceipt(tenant_id, position, tree_position, folded, size, root))
        return Receipt(basis.effective, basis.tree_on, tuple(self._folds), tuple(logs))

    async def opened(self, receipt: Receipt, own: int, allowed: Collection[int]) -> Basis:
        """The basis of a receipt for a question of the tenant `own`, which may see `allowed`.

        Raises InvalidBasis for one of other tenants, or that says more of a log than there is or
        something else; Conflict for one of other folds.
        """
        positions = {log.tenant_id: log.position for log in receipt.logs}
        if own not in positions or not positions.keys() <= set(allowed):
            raise other_tenants()
        self._require_folds(receipt, await self._versions(list(positions)))
        heads = await self._store.heads(list(positions))
        for log in receipt.logs:
            if max(log.position, log.tree_position, log.size or 0) > heads.get(log.tenant_id, 0):
                raise _other_log()
            if log.size is not None and log.root is not None:
                size, root = await self._root(log.tenant_id, log.size)
                if size == log.size and root != log.root:
                    raise _other_log()
        return Basis(
            effective=receipt.effective,
            positions=positions,
            tree_on=receipt.tree_on,
            tree_positions={log.tenant_id: log.tree_position for log in receipt.logs},
            is_cut=True,
        )

    async def _versions(self, tenants: list[int]) -> dict[int, dict[str, int]]:
        """Which version of each fold wrote the rows of each tenant."""
        found = {tenant: self._folds.copy() for tenant in tenants}
        async with self._database.rollup(tenants) as connection:
            for row in await connection.fetch(_VERSIONS, tenants, list(self._folds)):
                found[row["tenant_id"]][row["projection"]] = row["version"]
        return found

    def _require_folds(self, receipt: Receipt, versions: dict[int, dict[str, int]]) -> None:
        """One of a program that had fewer of them still holds."""
        if not receipt.folds or not self._folds.keys() >= set(receipt.folds):
            raise InvalidBasis
        for log in receipt.logs:
            for name, then in zip(receipt.folds, log.versions, strict=True):
                if then != (now := versions[log.tenant_id][name]):
                    raise _other_fold(name, then, now)

    async def _root(self, tenant_id: int, position: int) -> tuple[int | None, bytes | None]:
        """The root over a log up to a position, or as far as its tree has grown; None without."""
        async with self._database.tenant(tenant_id) as connection:
            epoch = await connection.fetchval(_EPOCH, tenant_id)
            if epoch is None:
                return None, None
            tree = await Tree.open(connection, tenant_id, epoch)
            size = min(position, tree.size)
            return size, await tree.root(size)


def _other_fold(name: str, then: int, now: int) -> Conflict:
    return Conflict(
        "BASIS_OF_OTHER_FOLD",
        Text(
            f"Số liệu này tính theo phiên bản {then} của “{name}”; nay là phiên bản {now}.",
            f"These figures were folded by version {then} of “{name}”; now it is {now}.",
        ),
        field="at.basis",
    )


def _other_log() -> InvalidBasis:
    return InvalidBasis(
        "BASIS_OF_OTHER_LOG",
        Text(
            "Nhật ký hiện có không phải là nhật ký mà cơ sở số liệu này nói đến.",
            "The log that there is now is not the one that this basis speaks of.",
        ),
    )
