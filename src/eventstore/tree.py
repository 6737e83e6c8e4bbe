"""The Merkle tree of a tenant's log in one epoch, kept as tiles of 256 hashes. It signs nothing.

An entry of a tile on level 0 is a leaf hash, one above it the root of a full tile below. So what
stands in a full tile never changes, and any root or proof needs a few tiles only.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from db.database import Connection
from eventstore.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Subtree,
    consistency_path,
    inclusion_path,
    node_hash,
    root,
)

TILE_HEIGHT: Final = 8
TILE_HASHES: Final = 1 << TILE_HEIGHT
TILE_BYTES: Final = TILE_HASHES * HASH_BYTES
BATCH_MAX: Final = 16_384
"""Leaves by which a tree grows in one transaction."""
LEVELS_MAX: Final = 8

_SEED: Final = """
INSERT INTO log_tree (tenant_id, epoch, size) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING
"""
_CLAIM: Final = """
SELECT size FROM log_tree WHERE tenant_id = $1 AND epoch = $2 FOR UPDATE SKIP LOCKED
"""
_SIZE: Final = "SELECT size FROM log_tree WHERE tenant_id = $1 AND epoch = $2"
_GROWN: Final = "UPDATE log_tree SET size = $3 WHERE tenant_id = $1 AND epoch = $2"
_LEAVES: Final = "SELECT leaves, hashes FROM leaf_hashes($1, $2, $3)"
_FIRST_GAP: Final = """
SELECT coalesce(max(position), $2) + 1 FROM (
  SELECT position, row_number() OVER (ORDER BY position) AS place FROM event
  WHERE tenant_id = $1 AND position > $2 AND position <= $3
) p WHERE position = $2 + place
"""
_TILES: Final = """
SELECT t.level, t.index, t.hashes
FROM unnest($3::smallint[], $4::bigint[]) w (level, index)
JOIN tile t ON t.tenant_id = $1 AND t.epoch = $2 AND t.level = w.level AND t.index = w.index
"""
_KEEP: Final = """
INSERT INTO tile (tenant_id, epoch, level, index, hashes)
SELECT $1, $2, * FROM unnest($3::smallint[], $4::bigint[], $5::bytea[])
ON CONFLICT (tenant_id, epoch, level, index) DO UPDATE SET hashes = EXCLUDED.hashes
"""

Place: TypeAlias = tuple[int, int]
"""The level and the index of a tile."""


class BrokenLog(Exception):
    """The log or its tree lacks something that must be there."""

    def __init__(self, tenant_id: int, position: int, reason: str) -> None:
        super().__init__(f"tenant {tenant_id}, position {position}: {reason}")
        self.position = position


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree as of `size`, read and written on a connection that can see the tenant."""

    connection: Connection
    tenant_id: int
    epoch: int
    size: int

    @classmethod
    async def open(cls, connection: Connection, tenant_id: int, epoch: int) -> Self:
        """The tree for reading; one that nobody has begun is empty."""
        size = await connection.fetchval(_SIZE, tenant_id, epoch)
        return cls(connection, tenant_id, epoch, size or 0)

    @classmethod
    async def claim(cls, connection: Connection, tenant_id: int, epoch: int) -> Self | None:
        """The tree for growing, ours until the transaction ends; None while somebody else's.

        It waits for nobody, but for whoever is just beginning the same tree.
        """
        size = await connection.fetchval(_CLAIM, tenant_id, epoch)
        if size is None and await connection.fetchval(_SIZE, tenant_id, epoch) is None:
            await connection.execute(_SEED, tenant_id, epoch)
            size = await connection.fetchval(_CLAIM, tenant_id, epoch)
        return None if size is None else cls(connection, tenant_id, epoch, size)

    async def grown(self, until: int) -> "Tree":
        """The claimed tree grown towards a position of the log, by `BATCH_MAX` at the most.

        Raises `BrokenLog` where the log has a gap or a tile is missing.
        """
        until = min(until, self.size + BATCH_MAX)
        if until <= self.size:
            return self
        [found] = await self.connection.fetch(_LEAVES, self.tenant_id, self.size, until)
        if found["leaves"] != until - self.size:
            gap = await self.connection.fetchval(_FIRST_GAP, self.tenant_id, self.size, until)
            raise BrokenLog(self.tenant_id, gap, "the event is missing")
        tiles = await self._with(found["hashes"])
        places = list(tiles)
        await self.connection.execute(
            _KEEP,
            self.tenant_id,
            self.epoch,
            [level for level, _ in places],
            [index for _, index in places],
            [tiles[place] for place in places],
        )
        await self.connection.execute(_GROWN, self.tenant_id, self.epoch, until)
        return Tree(self.connection, self.tenant_id, self.epoch, until)

    async def root(self, size: int) -> bytes:
        """The root over the first leaves."""
        assert 0 <= size <= self.size
        if size == 0:
            return EMPTY_ROOT
        [found] = await self._hashes([Subtree(0, size)])
        return found

    async def leaf(self, index: int) -> bytes:
        """The hash of a leaf, from 0."""
        [found] = await self._hashes([Subtree(index, index + 1)])
        return found

    async def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that the tree of a size holds a leaf."""
        assert size <= self.size
        return await self._hashes(inclusion_path(index, size))

    async def consistency(self, old_size: int, size: int) -> list[bytes]:
        """The proof that the tree of a size begins with that of an older one."""
        assert size <= self.size
        return await self._hashes(consistency_path(old_size, size))

    async def tiles(self, places: Collection[Place]) -> dict[Place, bytes]:
        """The tiles of these places, as far as there are any."""
        rows = await self.connection.fetch(
            _TILES,
            self.tenant_id,
            self.epoch,
            [level for level, _ in places],
            [index for _, index in places],
        )
        return {(row["level"], row["index"]): row["hashes"] for row in rows}

    async def _with(self, hashes: bytes) -> dict[Place, bytes]:
        """The tiles that are made or changed by more leaves."""
        unfinished = {
            (level, (self.size >> TILE_HEIGHT * level) >> TILE_HEIGHT): level
            for level in range(LEVELS_MAX)
            if (self.size >> TILE_HEIGHT * level) % TILE_HASHES
        }
        before = await self.tiles(list(unfinished))
        changed: dict[Place, bytes] = {}
        for level in range(LEVELS_MAX):
            if not hashes:
                break
            index, filled = divmod(self.size >> TILE_HEIGHT * level, TILE_HASHES)
            begun = before.get((level, index), b"")[: filled * HASH_BYTES]
            if len(begun) != filled * HASH_BYTES:
                raise self._lacks(level, index)
            hashes = begun + hashes
            above: list[bytes] = []
            for number, at in enumerate(range(0, len(hashes), TILE_BYTES), start=index):
                tile = changed[level, number] = hashes[at : at + TILE_BYTES]
                if len(tile) == TILE_BYTES:
                    above.append(root(_entries(tile)))
            hashes = b"".join(above)
        return changed

    async def _hashes(self, subtrees: Iterable[Subtree]) -> list[bytes]:
        """The roots of subtrees that end within the tree, from one look at the tiles."""
        wanted = [list(_full(subtree)) for subtree in subtrees]
        places = {_place(full) for fulls in wanted for full in fulls}
        tiles = await self.tiles(sorted(places))
        return [self._root(fulls, tiles) for fulls in wanted]

    def _root(self, fulls: list[Subtree], tiles: dict[Place, bytes]) -> bytes:
        found: bytes | None = None
        for full in reversed(fulls):
            level, index = _place(full)
            first = (full.start >> TILE_HEIGHT * level) % TILE_HASHES
            count = (full.end - full.start) >> TILE_HEIGHT * level
            entries = _entries(tiles.get((level, index), b""))[first : first + count]
            if len(entries) != count:
                raise self._lacks(level, index)
            left = root(entries)
            found = left if found is None else node_hash(left, found)
        assert found is not None
        return found

    def _lacks(self, level: int, index: int) -> BrokenLog:
        position = (index << TILE_HEIGHT * (level + 1)) + 1
        return BrokenLog(self.tenant_id, position, f"tile {index} of level {level} is incomplete")


def _full(subtree: Subtree) -> Iterable[Subtree]:
    """The full subtrees that a subtree consists of, from left to right."""
    start = subtree.start
    while start < subtree.end:
        count = 1 << (subtree.end - start).bit_length() - 1
        yield Subtree(start, start + count)
        start += count


def _place(full: Subtree) -> Place:
    """The tile whose entries a full subtree is the root of."""
    level = ((full.end - full.start).bit_length() - 1) // TILE_HEIGHT
    return level, (full.start >> TILE_HEIGHT * level) >> TILE_HEIGHT


def _entries(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]
