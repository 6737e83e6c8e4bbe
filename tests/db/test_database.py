"""Transactions of a tenant, and what a caller notices of lost connections: as little as is safe."""

import asyncio
from typing import Any

import asyncpg
import pytest
from asyncpg.pool import PoolConnectionHolder
from tests.databases import Log, Urls

from db import database as database_module
from db.database import CONNECTION_LOST, Call, Database, DatabaseUnavailable
from db.durability import read_durability

SEED = "INSERT INTO checkpoint (tenant_id, projection, position) VALUES ($1, $2, 0)"
COUNT = "SELECT count(*) FROM checkpoint WHERE tenant_id = $1"
END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)


async def count(log: Log) -> int:
    async with log.database.tenant(log.tenant) as connection:
        found: int = await connection.fetchval(COUNT, log.tenant)
    return found


async def test_a_session_outlives_the_loss_of_its_idle_connection(database: Database) -> None:
    async with database.session() as call:
        await _end(database, call)
        with pytest.raises(CONNECTION_LOST):
            await call("SELECT 1")
        assert [1] == [row[0] for row in await call("SELECT 1")]


async def test_a_session_whose_connection_was_lost_ends_in_peace(database: Database) -> None:
    async with database.session() as call:
        await _end(database, call)
    assert [1] == [row[0] for row in await database.call("SELECT 1")]


async def _end(database: Database, call: Call) -> None:
    """End the connection of a session while nothing runs on it."""
    [[backend]] = await call("SELECT pg_backend_pid()")
    await database.call("SELECT pg_terminate_backend($1, 5000)", backend)
    await asyncio.sleep(0.05)  # The driver reads the farewell.


async def test_a_block_that_ends_commits_and_one_that_raises_does_not(log: Log) -> None:
    async with log.database.tenant(log.tenant) as connection:
        await connection.execute(SEED, log.tenant, "kept")

    async def fail() -> None:
        async with log.database.tenant(log.tenant) as connection:
            await connection.execute(SEED, log.tenant, "dropped")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(log) == 1


async def test_a_cancelled_block_commits_nothing_and_gives_its_connection_back(urls: Urls) -> None:
    async with await Database.connect(urls.app, max_size=1) as database:

        async def wait() -> None:
            async with database.tenant(1) as connection:
                await connection.execute("SELECT pg_sleep(60)")

        task = asyncio.create_task(wait())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(10), database.tenant(1) as connection:
            assert await connection.fetchval("SELECT current_setting('nguon.tenant')") == "1"


async def test_the_setting_ends_with_the_transaction(urls: Urls) -> None:
    async with await Database.connect(urls.app, max_size=1) as database:
        async with database.tenant(7) as connection:
            assert await connection.fetchval("SELECT current_setting('nguon.tenant')") == "7"
        async with database.rollup([1, 2]) as connection:
            tenants = await connection.fetchval("SELECT current_setting('nguon.tenants')")
            tenant = await connection.fetchval("SELECT current_setting('nguon.tenant', true)")
        assert (tenants, tenant or "") == ("1,2", "")
        [row] = await database.read("SELECT current_setting('nguon.tenants', true) AS tenants")
        assert not row["tenants"]


async def test_a_number_of_a_tenant_is_never_text(urls: Urls) -> None:
    async with await Database.connect(urls.app) as database:
        with pytest.raises(ValueError, match="invalid literal"):
            async with database.tenant("1'; SELECT 1; --"):  # type: ignore[arg-type]
                pass
        with pytest.raises(ValueError, match="invalid literal"):
            async with database.rollup(["1'"]):  # type: ignore[list-item]
                pass


async def test_a_connection_that_died_while_idle_is_not_noticed(log: Log) -> None:
    await count(log)
    killer = await asyncpg.connect(log.urls.app)
    for _ in range(5):
        await killer.execute(END)
        assert await count(log) == 0
        await killer.execute(END)
        assert await log.database.read("SELECT 1 AS one")
    await killer.close()


async def test_a_connection_that_dies_inside_a_block_is_the_callers_to_hear_of(log: Log) -> None:
    killer = await asyncpg.connect(log.urls.app)

    async def lose() -> None:
        async with log.database.tenant(log.tenant) as connection:
            await connection.execute(SEED, log.tenant, "lost")
            await killer.execute(END)
            await connection.execute(SEED, log.tenant, "lost too")

    with pytest.raises(CONNECTION_LOST):
        await lose()
    await killer.close()
    assert await count(log) == 0


@pytest.mark.parametrize("kind", ["session", "tenant"])
async def test_what_is_done_stays_done_when_the_connection_goes_as_it_is_given_back(
    urls: Urls, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    release = PoolConnectionHolder.release

    async def lose_and_release(holder: Any, timeout: float | None) -> None:  # noqa: ANN401, ASYNC109
        holder._con.terminate()
        await release(holder, timeout)

    async with await Database.connect(urls.app, max_size=1) as database:
        with monkeypatch.context() as patched:
            patched.setattr(PoolConnectionHolder, "release", lose_and_release)
            if kind == "session":
                async with database.session() as call:
                    assert await call("SELECT 1 AS one")
            else:
                async with database.tenant(1) as connection:
                    assert await connection.fetchval("SELECT 1") == 1
        assert await database.read("SELECT 1 AS one")


async def test_a_server_that_stays_away_is_said_to_be_unavailable(
    urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "PATIENCE_S", 0.2)
    async with await Database.connect(urls.app) as database:

        class Refusing:
            async def acquire(self, **_: object) -> None:
                raise ConnectionRefusedError

        async def wait() -> None:
            async with database.tenant(1):
                pass

        with monkeypatch.context() as patched:
            patched.setattr(database, "_pool", Refusing())
            with pytest.raises(DatabaseUnavailable):
                await wait()


async def test_the_durability_settings_are_postgresqls_defaults(urls: Urls) -> None:
    durability = await read_durability(urls.app)
    assert durability.is_safe
    assert (durability.fsync, durability.full_page_writes) == ("on", "on")
    assert "fsync=on synchronous_commit=on full_page_writes=on" in str(durability)
