"""What can be shown of a log to somebody who does not trust its keeper: checkpoints and proofs.

Always of the newest epoch in which something was signed.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from db.database import Connection, Database
from eventstore.merkle import HASH_BYTES
from eventstore.note import Checkpoint, InvalidNote, Verifier, open_checkpoint
from eventstore.tree import TILE_HASHES, Tree

PAGE: Final = 500

_NEWEST: Final = """
SELECT epoch, size, root, note, signed_at FROM signed_checkpoint
WHERE tenant_id = $1
ORDER BY tenant_id DESC, epoch DESC, size DESC
LIMIT 1
"""
_OF_SIZE: Final = """
SELECT epoch, size, root, note, signed_at FROM signed_checkpoint
WHERE tenant_id = $1 AND epoch = $2 AND size = $3
"""
_NOTES: Final = """
SELECT size, note FROM signed_checkpoint
WHERE tenant_id = $1 AND epoch = $2 AND size > $3 AND size <= $4
ORDER BY size LIMIT $5
"""
_EXTENT: Final = """
SELECT epoch, size, (SELECT head FROM tenant_log WHERE tenant_id = $1) AS head
FROM log_tree WHERE tenant_id = $1
ORDER BY epoch DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint, the note that was signed, and the verifier key that signed it."""

    epoch: int
    checkpoint: Checkpoint
    note: str
    key: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That the log of a checkpoint holds the event at position `index` + 1."""

    index: int
    leaf: bytes
    path: list[bytes]
    signed: SignedCheckpoint


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a log, and its tree in the newest epoch, went at some moment."""

    epoch: int
    sealed: int
    head: int


class Proofs:
    """One a process; `verifiers` are the keys that ever signed here."""

    def __init__(self, database: Database, verifiers: Sequence[Verifier]) -> None:
        self._database = database
        self._verifiers = verifiers

    async def checkpoint(self, tenant_id: int, size: int | None) -> SignedCheckpoint | None:
        """The checkpoint of a size, or the newest one, if it was signed."""
        async with self._database.tenant(tenant_id) as connection:
            return await self._checkpoint(connection, tenant_id, size)

    async def inclusion(self, tenant_id: int, position: int, size: int | None) -> Inclusion | None:
        """The proof that a checkpoint's log holds an event, if it does."""
        async with self._database.tenant(tenant_id) as connection:
            signed = await self._checkpoint(connection, tenant_id, size)
            if signed is None or not 0 < position <= signed.checkpoint.size:
                return None
            tree = await Tree.open(connection, tenant_id, signed.epoch)
            leaf = await tree.leaf(position - 1)
            path = await tree.inclusion(position - 1, signed.checkpoint.size)
            return Inclusion(position - 1, leaf, path, signed)

    async def consistency(self, tenant_id: int, old_size: int, size: int) -> list[bytes] | None:
        """The proof that the log of a size begins with that of another; None beyond its end."""
        async with self._database.tenant(tenant_id) as connection:
            newest = await self._checkpoint(connection, tenant_id, None)
            if newest is None or not 0 <= old_size <= size <= newest.checkpoint.size:
                return None
            tree = await Tree.open(connection, tenant_id, newest.epoch)
            return await tree.consistency(old_size, size)

    async def extent(self, tenant_id: int) -> Extent | None:
        """How far the log and its tree go now; None before anything was sealed."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_EXTENT, tenant_id)
        return None if row is None else Extent(*row)

    async def leaves(self, tenant_id: int, extent: Extent, after: int) -> list[bytes | None]:
        """The leaf hashes that were kept of the `TILE_HASHES` positions after one, a multiple."""
        async with self._database.tenant(tenant_id) as connection:
            tree = Tree(connection, tenant_id, extent.epoch, extent.sealed)
            place = (0, after // TILE_HASHES)
            tile = (await tree.tiles([place])).get(place, b"")
        count = min(len(tile) // HASH_BYTES, max(extent.sealed - after, 0))
        kept = [tile[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(count)]
        return [*kept, *[None] * (TILE_HASHES - count)]

    async def notes(self, tenant_id: int, extent: Extent) -> AsyncIterator[str]:
        """Every note that was signed in the epoch, ascending."""
        reached = 0
        while True:
            async with self._database.tenant(tenant_id) as connection:
                given = (tenant_id, extent.epoch, reached, extent.head, PAGE)
                rows = await connection.fetch(_NOTES, *given)
            for row in rows:
                yield row["note"]
            if len(rows) < PAGE:
                return
            reached = rows[-1]["size"]

    async def _checkpoint(
        self, connection: Connection, tenant_id: int, size: int | None
    ) -> SignedCheckpoint | None:
        row = await connection.fetchrow(_NEWEST, tenant_id)
        if row is not None and size is not None:
            row = await connection.fetchrow(_OF_SIZE, tenant_id, row["epoch"], size)
        return None if row is None else self._opened(row)

    def _opened(self, row: asyncpg.Record) -> SignedCheckpoint | None:
        """The checkpoint of a row, None if no key of ours signed it."""
        for verifier in reversed(self._verifiers):
            with suppress(InvalidNote):
                checkpoint = open_checkpoint(row["note"], [verifier])
                given = (row["epoch"], checkpoint, row["note"], str(verifier), row["signed_at"])
                return SignedCheckpoint(*given)
        return None
