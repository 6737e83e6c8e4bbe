"""What is signed, when, and what is never signed: anything but what was signed before, grown."""

import asyncio
import logging
from pathlib import Path

import pytest
from tests.databases import Log, establish
from tests.proof import VERIFIER, fill, forget_tree, leaves, notary_of, owner, restore, signed

from eventstore import merkle
from eventstore.notary import EVERY_S
from eventstore.note import open_checkpoint
from eventstore.signed_memory import SignedMemory


def remembered(folder: Path) -> Path:
    """The one file of a memory."""
    [file] = folder.rglob("*.signed")
    return file


async def rewrite(log: Log, position: int) -> None:
    """An event is changed by somebody with the rights for it, and the tiles with it."""
    async with owner(log.urls, log.tenant) as connection:
        await connection.execute(
            "UPDATE event SET actor = 'x' WHERE tenant_id = $1 AND position = $2",
            log.tenant,
            position,
        )
    await forget_tree(log, log.tenant, checkpoints_after=0)


async def test_each_log_that_has_grown_is_signed_as_a_whole(log: Log, tmp_path: Path) -> None:
    notary = notary_of(log, tmp_path)
    await fill(log, log.tenant, 700)
    await establish(log.records, log.other)
    await notary.catch_up()
    for tenant, code in ((log.tenant, "lam-dong/bao-lam"), (log.other, "lam-dong/di-linh")):
        [row] = await signed(log, tenant)
        checkpoint = open_checkpoint(row["note"], [VERIFIER])
        over = await leaves(log, tenant)
        assert checkpoint.origin == f"nguon/{code}/1"
        assert (checkpoint.size, checkpoint.root) == (len(over), merkle.root(over))
        assert (row["size"], row["root"]) == (checkpoint.size, checkpoint.root)
    assert await signed(log, log.province) == []
    assert notary.stopped == {}


async def test_what_has_not_grown_is_not_signed_again(log: Log, tmp_path: Path) -> None:
    notary = notary_of(log, tmp_path)
    await fill(log, log.tenant, 5)
    await notary.catch_up()
    await notary.catch_up()
    await notary_of(log, tmp_path).catch_up()
    assert [row["size"] for row in await signed(log, log.tenant)] == [5]
    await fill(log, log.tenant, 6)
    await notary.catch_up()
    assert [row["size"] for row in await signed(log, log.tenant)] == [5, 6]


async def test_a_tail_is_signed_within_a_second_while_it_runs(log: Log, tmp_path: Path) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(notary_of(log, tmp_path).run(stop))
    sizes: set[int] = set()
    async with asyncio.timeout(60):
        for _ in range(3):
            recorded = await establish(log.records, log.tenant)
            while recorded.last_position not in sizes:
                await asyncio.sleep(EVERY_S / 20)
                sizes = {row["size"] for row in await signed(log, log.tenant)}
        stop.set()
        await running
    assert sizes == {1, 2, 3}


async def test_notaries_at_once_sign_one_history(log: Log, tmp_path: Path) -> None:
    """Two processes share the memory, and appends go on meanwhile."""
    notaries = [notary_of(log, tmp_path) for _ in range(3)]
    for until in range(100, 1_300, 300):
        await fill(log, log.tenant, until)
        await asyncio.gather(*(notary.catch_up() for notary in notaries))
    over = await leaves(log, log.tenant)
    rows = await signed(log, log.tenant)
    assert [row["size"] for row in rows] == [100, 400, 700, 1_000]
    assert [row["root"] for row in rows] == [merkle.root(over[: row["size"]]) for row in rows]
    assert all(notary.stopped == {} for notary in notaries)


async def test_a_restored_database_is_refused_for_its_tenant_alone(
    log: Log, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(log, log.tenant, 20)
    await notary_of(log, tmp_path).catch_up()
    await restore(log, log.tenant, 15)
    await fill(log, log.other, 3)
    notary = notary_of(log, tmp_path)
    with caplog.at_level(logging.ERROR):
        await notary.catch_up()
    assert await signed(log, log.tenant) == []
    assert [row["size"] for row in await signed(log, log.other)] == [3]
    assert list(notary.stopped) == [log.tenant]
    assert "lam-dong/bao-lam" in caplog.text
    assert "20 were signed" in caplog.text


async def test_a_restored_log_that_has_grown_past_it_is_refused(log: Log, tmp_path: Path) -> None:
    await establish(log.records, log.tenant)
    await fill(log, log.tenant, 20)
    await notary_of(log, tmp_path).catch_up()
    await restore(log, log.tenant, 15)
    for _ in range(10):
        await establish(log.records, log.tenant)
    notary = notary_of(log, tmp_path)
    await notary.catch_up()
    assert await signed(log, log.tenant) == []
    assert "first 20 events are not those" in notary.stopped[log.tenant]


async def test_a_rewritten_log_is_refused(log: Log, tmp_path: Path) -> None:
    """Also one whose tiles were made anew and whose checkpoints were taken away."""
    await fill(log, log.tenant, 300)
    await notary_of(log, tmp_path).catch_up()
    await rewrite(log, 7)
    await fill(log, log.tenant, 301)
    notary = notary_of(log, tmp_path)
    await notary.catch_up()
    assert await signed(log, log.tenant) == []
    assert "first 300 events are not those" in notary.stopped[log.tenant]


async def test_a_log_with_a_gap_is_refused(log: Log, tmp_path: Path) -> None:
    await fill(log, log.tenant, 300)
    async with owner(log.urls, log.tenant) as connection:
        await connection.execute(
            "DELETE FROM event WHERE tenant_id = $1 AND position = 17", log.tenant
        )
    notary = notary_of(log, tmp_path)
    await notary.catch_up()
    assert await signed(log, log.tenant) == []
    assert "position 17" in notary.stopped[log.tenant]


async def test_what_a_killed_one_remembered_is_signed_by_the_next(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed after it remembered and before anybody could see what it signed."""
    await fill(log, log.tenant, 10)
    advance = SignedMemory.advance

    async def killed(*given: object) -> None:
        await advance(*given)  # type: ignore[arg-type]
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(SignedMemory, "advance", killed)
        with pytest.raises(asyncio.CancelledError):
            await notary_of(log, tmp_path).catch_up()
    assert await signed(log, log.tenant) == []
    await notary_of(log, tmp_path).catch_up()
    assert [row["size"] for row in await signed(log, log.tenant)] == [10]


async def test_a_damaged_memory_stops_the_tenant(log: Log, tmp_path: Path) -> None:
    await fill(log, log.tenant, 10)
    await notary_of(log, tmp_path).catch_up()
    file = remembered(tmp_path)
    file.write_bytes(b"{")
    await fill(log, log.tenant, 11)
    notary = notary_of(log, tmp_path)
    await notary.catch_up()
    assert str(file) in notary.stopped[log.tenant]
    assert [row["size"] for row in await signed(log, log.tenant)] == [10]


async def test_the_memory_is_for_its_owner_only(log: Log, tmp_path: Path) -> None:
    await fill(log, log.tenant, 10)
    await notary_of(log, tmp_path).catch_up()
    file = remembered(tmp_path)
    assert file.stat().st_mode & 0o077 == 0
