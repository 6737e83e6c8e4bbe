"""Tenant keys as files: who may read them, what damage looks like, and what a kill leaves."""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from eventstore.key_directory import KeyDirectory
from eventstore.tenant_keys import KeyDestroyed, KeysUnavailable

TENANT = 7
ROOT, ANOTHER = bytes(range(32)), bytes(32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys"


async def test_only_the_owner_can_read_what_is_made(path: Path) -> None:
    await KeyDirectory(path).add(TENANT, 1)

    assert (0o700, 0o700, 0o600) == (
        mode(path),
        mode(path / "7"),
        mode(path / "7" / "1.key"),
    )
    assert ["1.key"] == [file.name for file in (path / "7").iterdir()]


@pytest.mark.parametrize("name", [".", "7", "7/1.key"])
async def test_what_others_can_read_is_refused(path: Path, name: str) -> None:
    """The sentence is the command that mends it."""
    keys = KeyDirectory(path)
    key = await keys.add(TENANT, 1)
    opened = path / name
    right = mode(opened)
    opened.chmod(right | 0o040)

    with pytest.raises(KeysUnavailable) as refused:
        await keys.versions(TENANT)
    with pytest.raises(KeysUnavailable):
        await keys.add(TENANT, 1)

    assert f"run chmod {right:o} {opened}" in str(refused.value)
    opened.chmod(right)
    assert {1: key} == await keys.versions(TENANT)


@pytest.mark.parametrize("root_key", [None, ROOT], ids=["plain", "sealed"])
async def test_every_flipped_bit_of_a_file_is_noticed(path: Path, root_key: bytes | None) -> None:
    """A damaged key is neither another key nor a destroyed one, and the file is named."""
    keys = KeyDirectory(path, root_key)
    key = await keys.add(TENANT, 1)
    file = path / "7" / "1.key"
    text = file.read_bytes()

    for place in range(len(text) - 1):
        file.write_bytes(flipped(text, place))
        with pytest.raises(KeysUnavailable) as damaged:
            await keys.versions(TENANT)
        assert str(file) in str(damaged.value)
    file.write_bytes(text)
    assert {1: key} == await keys.versions(TENANT)


async def test_a_file_that_is_cut_short_is_noticed(path: Path) -> None:
    keys = KeyDirectory(path)
    await keys.add(TENANT, 1)
    file = path / "7" / "1.key"
    text = file.read_bytes()

    for length in range(len(text) - 1):
        file.write_bytes(text[:length])
        with pytest.raises(KeysUnavailable):
            await keys.versions(TENANT)


@pytest.mark.parametrize("root_key", [None, ROOT], ids=["plain", "sealed"])
async def test_a_file_in_the_place_of_another_is_noticed(
    path: Path, root_key: bytes | None
) -> None:
    """Of another version as of another tenant."""
    keys = KeyDirectory(path, root_key)
    await keys.add(TENANT, 1)
    await keys.add(8, 1)
    (path / "7" / "1.key").rename(path / "7" / "2.key")
    (path / "8" / "1.key").rename(path / "7" / "1.key")

    for version in (1, 2):
        with pytest.raises(KeysUnavailable, match="belongs to another"):
            await keys.add(TENANT, version)


async def test_a_file_of_a_later_format_is_not_called_damaged(path: Path) -> None:
    keys = KeyDirectory(path)
    await keys.add(TENANT, 1)
    (path / "7" / "1.key").write_bytes(b"nguon-key-2 plain AAAA 0123456789abcdef\n")

    with pytest.raises(KeysUnavailable, match="format"):
        await keys.versions(TENANT)


async def test_other_files_are_left_alone(path: Path) -> None:
    keys = KeyDirectory(path)
    key = await keys.add(TENANT, 1)
    for name in ("README", "01.key", "0.key", "1.key~"):
        (path / "7" / name).write_text("not a key", encoding="utf-8")

    assert {1: key} == await keys.versions(TENANT)


async def test_a_root_key_seals_the_files(path: Path) -> None:
    """The file shows nothing of the key, and the root key alone opens it."""
    key = await KeyDirectory(path, ROOT).add(TENANT, 1)

    assert {1: key} == await KeyDirectory(path, ROOT).versions(TENANT)
    assert b" sealed " in (path / "7" / "1.key").read_bytes()
    with pytest.raises(KeysUnavailable, match="another root key"):
        await KeyDirectory(path, ANOTHER).versions(TENANT)
    with pytest.raises(KeysUnavailable, match="none is set"):
        await KeyDirectory(path).versions(TENANT)


async def test_a_tombstone_needs_no_root_key(path: Path) -> None:
    """Nothing is left that it could open."""
    await KeyDirectory(path, ROOT).add(TENANT, 1)
    await KeyDirectory(path).destroy(TENANT, 1)

    assert {1: None} == await KeyDirectory(path, ANOTHER).versions(TENANT)


async def test_a_key_from_before_the_root_key_stays_readable(path: Path) -> None:
    """The next one is sealed."""
    first = await KeyDirectory(path).add(TENANT, 1)
    keys = KeyDirectory(path, ROOT)
    second = await keys.add(TENANT, 2)

    assert {1: first, 2: second} == await keys.versions(TENANT)
    with pytest.raises(KeysUnavailable):
        await KeyDirectory(path).versions(TENANT)


async def test_a_destroyed_key_is_overwritten(path: Path) -> None:
    """Who still has the file open, or another name for it, finds nothing in it."""
    keys = KeyDirectory(path)
    await keys.add(TENANT, 1)
    file = path / "7" / "1.key"
    (path / "another name").hardlink_to(file)
    size = file.stat().st_size

    await keys.destroy(TENANT, 1)

    assert bytes(size) == (path / "another name").read_bytes()
    assert ["1.destroyed"] == [file.name for file in (path / "7").iterdir()]


async def test_a_copy_of_a_destroyed_key_is_not_taken_back(path: Path) -> None:
    """A backup that puts the file beside its tombstone brings nothing back, and is overwritten."""
    keys = KeyDirectory(path)
    await keys.add(TENANT, 1)
    file = path / "7" / "1.key"
    text = file.read_bytes()
    await keys.destroy(TENANT, 1)
    file.write_bytes(text)
    file.chmod(0o600)

    assert {1: None} == await keys.versions(TENANT)
    assert not file.exists()
    with pytest.raises(KeyDestroyed):
        await keys.add(TENANT, 1)


KILLED_AT_EVERY_CALL = """
import asyncio, os, signal, sys
from pathlib import Path
from eventstore.key_directory import KeyDirectory
from eventstore.tenant_keys import KeyDestroyed

step, root = sys.argv[1], Path(sys.argv[2])
CALLS = ("open", "write", "fsync", "link", "unlink", "mkdir", "close")

def armed(name, left):
    call = getattr(os, name)
    def counted(*arguments, **named):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)
    return counted

def killed_at(calls, work):
    process = os.fork()
    if process == 0:
        left = [calls]
        for name in CALLS:
            setattr(os, name, armed(name, left))
        work()
        os._exit(0)
    status = os.waitpid(process, 0)[1]
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, status
    return status != 0

calls = 0
while True:
    keys = KeyDirectory(root / str(calls))
    known = None
    if step == "destroy":
        known = keys._add(7, 1)
    was_killed = killed_at(calls, lambda: getattr(keys, "_" + step)(7, 1))
    found = asyncio.run(keys.versions(7))
    if step == "add":
        assert found == {} or len(found[1]) == 32, found
        key = asyncio.run(keys.add(7, 1))
        assert found in ({}, {1: key}), found
    else:
        assert found in ({1: known}, {1: None}), found
        if found == {1: None}:
            left = [file.name for file in (root / str(calls) / "7").iterdir()]
            assert left == ["1.destroyed"], left
        asyncio.run(keys.destroy(7, 1))
        assert asyncio.run(keys.versions(7)) == {1: None}
    if not was_killed:
        assert found != {} and found != {1: known}, found
        break
    calls += 1
print(calls)
"""


@pytest.mark.parametrize("step", ["add", "destroy"])
def test_a_kill_leaves_the_old_state_or_the_new_one(path: Path, step: str) -> None:
    """Before each call that the operating system gets; the next process finishes the step."""
    ran = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVERY_CALL, step, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert "" == ran.stderr
    assert 10 < int(ran.stdout)


async def test_a_draft_that_a_kill_left_goes_with_its_key(path: Path) -> None:
    """It is another name for the key's file."""
    keys = KeyDirectory(path)
    await keys.add(TENANT, 1)
    (path / "7" / f".1.{secrets.token_hex(8)}").hardlink_to(path / "7" / "1.key")

    await keys.destroy(TENANT, 1)

    assert ["1.destroyed"] == [file.name for file in (path / "7").iterdir()]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def flipped(text: bytes, place: int) -> bytes:
    return text[:place] + bytes([text[place] ^ 0x01]) + text[place + 1 :]
