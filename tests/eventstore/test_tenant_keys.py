"""What every place for tenant keys must do, and what a process's ring of them answers."""

import asyncio
import secrets
from pathlib import Path

import pytest

from eventstore.key_directory import KeyDirectory
from eventstore.tenant_keys import (
    KeyDestroyed,
    KeysUnavailable,
    TenantKeys,
)

TENANT, OTHER = 7, 8


@pytest.fixture(params=["directory", "sealed directory"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> TenantKeys:
    """An empty place."""
    root_key = secrets.token_bytes(32) if "sealed" in request.param else None
    return KeyDirectory(tmp_path / "keys", root_key)


async def test_a_tenant_has_no_key_at_first(keys: TenantKeys) -> None:
    assert {} == await keys.versions(TENANT)


async def test_an_added_key_is_found_again(keys: TenantKeys) -> None:
    """Each version has a key of its own, and so has each tenant."""
    first, second = await keys.add(TENANT, 1), await keys.add(TENANT, 2)
    foreign = await keys.add(OTHER, 1)

    assert {1: first, 2: second} == await keys.versions(TENANT)
    assert {1: foreign} == await keys.versions(OTHER)
    assert {32} == {len(first), len(second), len(foreign)}
    assert 3 == len({first, second, foreign})


async def test_adding_a_version_again_gives_the_same_key(keys: TenantKeys) -> None:
    assert await keys.add(TENANT, 1) == await keys.add(TENANT, 1)


async def test_adding_at_once_gives_everybody_the_same_key(keys: TenantKeys) -> None:
    async with asyncio.TaskGroup() as group:
        added = [group.create_task(keys.add(TENANT, 1)) for _ in range(16)]

    assert 1 == len({task.result() for task in added})
    assert {1: added[0].result()} == await keys.versions(TENANT)


async def test_a_destroyed_key_leaves_a_tombstone(keys: TenantKeys) -> None:
    """And no other key goes with it."""
    await keys.add(TENANT, 1)
    second, foreign = await keys.add(TENANT, 2), await keys.add(OTHER, 1)

    await keys.destroy(TENANT, 1)

    assert {1: None, 2: second} == await keys.versions(TENANT)
    assert {1: foreign} == await keys.versions(OTHER)


async def test_destroying_again_changes_nothing(keys: TenantKeys) -> None:
    await keys.add(TENANT, 1)
    await keys.destroy(TENANT, 1)
    await keys.destroy(TENANT, 1)

    assert {1: None} == await keys.versions(TENANT)


async def test_a_destroyed_version_is_never_added_again(keys: TenantKeys) -> None:
    await keys.add(TENANT, 1)
    await keys.destroy(TENANT, 1)

    with pytest.raises(KeyDestroyed):
        await keys.add(TENANT, 1)
    assert {1: None} == await keys.versions(TENANT)


async def test_what_was_never_there_is_not_destroyed(keys: TenantKeys) -> None:
    """Its key may live elsewhere; a tombstone here would tell a lie."""
    with pytest.raises(KeysUnavailable):
        await keys.destroy(TENANT, 1)
    assert {} == await keys.versions(TENANT)
