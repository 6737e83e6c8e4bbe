"""What every place for tenant keys must do: a directory, a vault, the one of tests in memory."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.eventstore.memory_keys import MemoryKeys
from tests.vaults import TOKEN, empty_vault, free_port, openbao, real_vault, stand_in

from eventstore.key_directory import KeyDirectory
from eventstore.tenant_keys import KeyDestroyed, KeysUnavailable, TenantKeys
from gateways.key_vault import KeyVault

TENANT, OTHER = 7, 8
SEAL = bytes(range(32))
ADD_TWENTY = """
import asyncio, sys
from pathlib import Path
from eventstore.key_directory import KeyDirectory
from gateways.key_vault import KeyVault

where, secret = sys.argv[1:]
keys = KeyVault(where, secret) if ":" in where else KeyDirectory(
    Path(where), bytes.fromhex(secret) or None)
print("ready", flush=True)
sys.stdin.readline()

async def add():
    for version in range(1, 21):
        print((await keys.add(7, version)).hex())

asyncio.run(add())
"""


@dataclass
class Place:
    """A place for keys and how another process gets to it."""

    where: str
    secret: str

    def open(self) -> TenantKeys:
        if ":" in self.where:
            return KeyVault(self.where, self.secret)
        return KeyDirectory(Path(self.where), bytes.fromhex(self.secret) or None)


class Nowhere(Place):
    """The keys of one process, in its memory."""

    def __init__(self) -> None:
        super().__init__("nowhere", "")
        self._keys = MemoryKeys()

    def open(self) -> TenantKeys:
        return self._keys


@pytest.fixture(scope="module")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if openbao() is None:
        pytest.skip("there is no program bao on the PATH")
    with real_vault(tmp_path_factory.mktemp("bao")) as url:
        yield url


@pytest.fixture(params=["directory", "sealed directory", "vault", "OpenBao", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place."""
    match request.param:
        case "directory":
            yield Place(str(tmp_path / "keys"), "")
        case "sealed directory":
            yield Place(str(tmp_path / "keys"), SEAL.hex())
        case "memory":
            yield Nowhere()
        case "vault":
            with stand_in() as server:
                yield Place(server.url, TOKEN)
        case _:
            url = request.getfixturevalue("real_url")
            empty_vault(url)
            yield Place(url, TOKEN)


@pytest.fixture
def keys(place: Place) -> TenantKeys:
    return place.open()


@pytest.fixture(params=["directory", "vault"])
def unreachable(request: pytest.FixtureRequest, tmp_path: Path) -> TenantKeys:
    """A place that is none: a file instead of a directory, a port where nobody listens."""
    if request.param == "vault":
        return KeyVault(f"http://127.0.0.1:{free_port()}", TOKEN)
    (tmp_path / "keys").touch(mode=0o600)
    return KeyDirectory(tmp_path / "keys")


async def test_a_tenant_has_no_key_at_first(keys: TenantKeys) -> None:
    assert {} == await keys.versions(TENANT)


async def test_an_added_key_is_found_again(place: Place) -> None:
    """Each version has a key of its own, and so has each tenant; another process reads the same."""
    keys = place.open()
    first, second = await keys.add(TENANT, 1), await keys.add(TENANT, 2)
    foreign = await keys.add(OTHER, 1)

    assert {1: first, 2: second} == await place.open().versions(TENANT)
    assert {1: foreign} == await place.open().versions(OTHER)
    assert {32} == {len(first), len(second), len(foreign)}
    assert 3 == len({first, second, foreign})


async def test_adding_a_version_again_gives_the_same_key(place: Place) -> None:
    assert await place.open().add(TENANT, 1) == await place.open().add(TENANT, 1)


async def test_adding_at_once_gives_everybody_the_same_key(keys: TenantKeys) -> None:
    async with asyncio.TaskGroup() as group:
        added = [group.create_task(keys.add(TENANT, 1)) for _ in range(16)]

    assert 1 == len({task.result() for task in added})
    assert {1: added[0].result()} == await keys.versions(TENANT)


def test_processes_that_add_the_same_versions_get_the_same_keys(place: Place) -> None:
    """Twenty versions each, from the same moment on."""
    if isinstance(place, Nowhere):
        pytest.skip("its keys live in one process only")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADD_TWENTY, place.where, place.secret],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    printed = [process.communicate()[0].split() for process in processes]

    found = asyncio.run(versions(place.open()))
    assert printed[0] == printed[1]
    assert printed[0] == [(found[version] or b"").hex() for version in range(1, 21)]


async def test_a_destroyed_key_leaves_a_tombstone(place: Place) -> None:
    """And no other key goes with it."""
    keys = place.open()
    await keys.add(TENANT, 1)
    second, foreign = await keys.add(TENANT, 2), await keys.add(OTHER, 1)

    await keys.destroy(TENANT, 1)

    for process in (keys, place.open()):
        assert {1: None, 2: second} == await process.versions(TENANT)
        assert {1: foreign} == await process.versions(OTHER)


async def test_destroying_again_changes_nothing(place: Place) -> None:
    keys = place.open()
    await keys.add(TENANT, 1)
    await keys.destroy(TENANT, 1)
    await keys.destroy(TENANT, 1)
    await place.open().destroy(TENANT, 1)

    assert {1: None} == await place.open().versions(TENANT)


async def test_a_destroyed_version_is_never_added_again(place: Place) -> None:
    keys = place.open()
    await keys.add(TENANT, 1)
    await keys.destroy(TENANT, 1)

    for process in (keys, place.open()):
        with pytest.raises(KeyDestroyed):
            await process.add(TENANT, 1)
    assert {1: None} == await place.open().versions(TENANT)


async def test_adding_while_it_is_destroyed_brings_nothing_back(place: Place) -> None:
    """Whoever gets a key in the race gets the one that is being destroyed."""
    first, second = place.open(), place.open()
    for version in range(1, 11):
        key = await first.add(TENANT, version)
        async with asyncio.TaskGroup() as group:
            added = group.create_task(added_or_none(second, version))
            group.create_task(first.destroy(TENANT, version))
        assert added.result() in {key, None}

    assert dict.fromkeys(range(1, 11)) == await place.open().versions(TENANT)


async def test_what_was_never_there_is_not_destroyed(keys: TenantKeys) -> None:
    """Its key may live elsewhere; a tombstone here would tell a lie."""
    with pytest.raises(KeysUnavailable):
        await keys.destroy(TENANT, 1)
    assert {} == await keys.versions(TENANT)


async def test_a_place_that_cannot_be_reached_says_so(unreachable: TenantKeys) -> None:
    """It has neither lost nor destroyed anything."""
    with pytest.raises(KeysUnavailable):
        await unreachable.versions(TENANT)
    with pytest.raises(KeysUnavailable):
        await unreachable.add(TENANT, 1)
    with pytest.raises(KeysUnavailable):
        await unreachable.destroy(TENANT, 1)


async def added_or_none(keys: TenantKeys, version: int) -> bytes | None:
    try:
        return await keys.add(TENANT, version)
    except KeyDestroyed:
        return None


async def versions(keys: TenantKeys) -> Mapping[int, bytes | None]:
    return await keys.versions(TENANT)
