"""The tree kept as tiles: the same roots and proofs as over all leaves at once."""

import asyncio
import random

import pytest
from tests.databases import Log
from tests.proof import fill, leaves, owner

from eventstore import merkle
from eventstore.tree import BATCH_MAX, BrokenLog, Tree


async def grow(log: Log, until: int) -> int:
    """One transaction's growth of the tenant's tree: its size then, 0 while it is claimed."""
    async with log.database.tenant(log.tenant) as connection:
        tree = await Tree.claim(connection, log.tenant, 1)
        return 0 if tree is None else (await tree.grown(until)).size


async def grow_all(log: Log, until: int) -> None:
    while await grow(log, until) < until:
        pass


async def kept(log: Log) -> list[tuple[object, ...]]:
    """All tiles."""
    async with log.database.tenant(log.tenant) as connection:
        rows = await connection.fetch(
            "SELECT level, index, hashes FROM tile WHERE tenant_id = $1 ORDER BY level, index",
            log.tenant,
        )
    return [tuple(row) for row in rows]


async def require_proofs(log: Log, sizes: list[int]) -> None:
    """Roots and proofs at these sizes are those over the leaves, whatever the tree's size now."""
    over = await leaves(log, log.tenant)
    async with log.database.tenant(log.tenant) as connection:
        tree = await Tree.open(connection, log.tenant, 1)
        assert tree.size == len(over)
        for size in sizes:
            root = merkle.root(over[:size])
            assert await tree.root(size) == root
            if size:
                index = random.Random(size).randrange(size)
                leaf = await tree.leaf(index)
                assert leaf == over[index]
                path = await tree.inclusion(index, size)
                merkle.verify_inclusion(leaf, index, size, path, root)
            path = await tree.consistency(size, tree.size)
            merkle.verify_consistency(size, root, tree.size, merkle.root(over), path)


async def test_it_proves_what_all_leaves_at_once_would(log: Log) -> None:
    """Grown in steps that end anywhere in a tile, at its edge and past several."""
    for until in (1, 2, 255, 256, 257, 300, 511, 512, 513, 1_100, 1_792):
        await fill(log, log.tenant, until)
        assert await grow(log, until) == until
        await require_proofs(log, [0, 1, until // 2, until - 1, until])


async def test_it_proves_across_three_levels(log: Log) -> None:
    until = 256 * 256 + 3 * 256 + 7
    await fill(log, log.tenant, until)
    assert await grow(log, until) == BATCH_MAX
    await grow_all(log, until)
    sizes = [65_535, 65_536, 65_537, until - 1, until]
    await require_proofs(log, [*sizes, *random.Random(6).sample(range(until), 20)])


async def test_growing_in_other_steps_ends_equal(log: Log) -> None:
    await fill(log, log.tenant, 1_500)
    await grow_all(log, 1_500)
    at_once = await kept(log)
    async with owner(log.urls, log.tenant) as connection:
        for table in ("tile", "log_tree"):
            await connection.execute(f"DELETE FROM {table} WHERE tenant_id = $1", log.tenant)  # noqa: S608 (our own names)
    choice = random.Random(7)
    size = 0
    while size < 1_500:
        size = await grow(log, min(1_500, size + choice.randrange(1, 200)))
    assert await kept(log) == at_once


async def test_one_grows_it_at_a_time(log: Log) -> None:
    """Whoever comes meanwhile leaves it alone and does not wait."""
    await fill(log, log.tenant, 600)
    await grow(log, 100)
    async with log.database.tenant(log.tenant) as connection:
        tree = await Tree.claim(connection, log.tenant, 1)
        assert tree is not None
        await tree.grown(300)
        assert await asyncio.wait_for(grow(log, 600), 5) == 0
    assert await grow(log, 600) == 600
    await require_proofs(log, [300, 600])


async def test_a_transaction_that_is_lost_leaves_nothing(log: Log) -> None:
    await fill(log, log.tenant, 600)
    await grow(log, 100)
    before = await kept(log)

    async def lost() -> None:
        async with log.database.tenant(log.tenant) as connection:
            tree = await Tree.claim(connection, log.tenant, 1)
            assert tree is not None
            await tree.grown(600)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await lost()
    assert await kept(log) == before
    await grow_all(log, 600)
    await require_proofs(log, [100, 600])


@pytest.mark.parametrize("missing", [1, 300, 599, 600])
async def test_a_gap_is_named(log: Log, missing: int) -> None:
    await fill(log, log.tenant, 600)
    async with owner(log.urls, log.tenant) as connection:
        await connection.execute(
            "DELETE FROM event WHERE tenant_id = $1 AND position = $2", log.tenant, missing
        )
    with pytest.raises(BrokenLog, match=f"position {missing}:") as broken:
        await grow(log, 600)
    assert broken.value.position == missing


async def test_a_tile_that_is_cut_short_is_named(log: Log) -> None:
    await fill(log, log.tenant, 600)
    await grow_all(log, 600)
    async with owner(log.urls, log.tenant) as connection:
        await connection.execute(
            "UPDATE tile SET hashes = substr(hashes, 1, 64)"
            " WHERE tenant_id = $1 AND level = 0 AND index = 2",
            log.tenant,
        )
    await fill(log, log.tenant, 700)
    with pytest.raises(BrokenLog, match="tile 2 of level 0"):
        await grow(log, 700)
    async with log.database.tenant(log.tenant) as connection:
        tree = await Tree.open(connection, log.tenant, 1)
        with pytest.raises(BrokenLog, match="tile 2 of level 0"):
            await tree.root(600)


async def test_a_proof_reads_a_handful_of_tiles(log: Log) -> None:
    """However long the log is: at most two for each level that its size has."""
    until = 256 * 256 + 1_000
    await fill(log, log.tenant, until)
    await grow_all(log, until)
    async with log.database.tenant(log.tenant) as connection:
        tree = await Tree.open(connection, log.tenant, 1)
        asked: list[int] = []
        found = tree.tiles

        class Counting(Tree):
            async def tiles(self, places):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
                asked.append(len(places))
                return await found(places)

        counting = Counting(connection, log.tenant, 1, tree.size)
        for index in random.Random(8).sample(range(until), 50):
            await counting.inclusion(index, until)
            await counting.consistency(index, until)
    assert max(asked) <= 6
