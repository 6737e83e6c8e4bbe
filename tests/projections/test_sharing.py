"""Any number of tenants and workers: few connections, no work for nothing, no share left alone."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import asyncpg
import pytest
from tests.databases import Log, establish, now
from tests.proof import owner

from db.database import Connection, Database
from eventstore.codec import Codec
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.store import EventStore
from eventstore.tenant_keys import TenantKeys
from projections import progress
from projections.organization import OrganizationProjection
from projections.pipeline import PipelineProjection
from projections.projection import Projection
from projections.runner import Runner
from projections.target_progress import TargetProjection

TENANTS = 200
POOL = 5
TAKEN_OVER_S = 5.0
CONNECTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'counted'
"""
HOLDER = """
import asyncio, asyncpg, sys
async def hold():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute(f"BEGIN; SET LOCAL nguon.tenant = '{sys.argv[2]}'")
    claimed = "SELECT FROM checkpoint WHERE projection = 'pipeline' FOR UPDATE"
    print(await connection.execute(claimed), flush=True)
    await asyncio.sleep(600)
asyncio.run(hold())
"""


class Counted(Database):
    """Counts the transactions in which it lets somebody see a tenant's rows."""

    transactions: list[int]

    @asynccontextmanager
    async def tenant(self, tenant_id: int) -> AsyncIterator[Connection]:
        self.transactions.append(tenant_id)
        async with super().tenant(tenant_id) as connection:
            yield connection


def projections(registry: Registry) -> list[Projection]:
    codec = Codec(registry)
    return [OrganizationProjection(codec), PipelineProjection(codec), TargetProjection(codec)]


async def test_hundreds_of_tenants_take_no_more_connections_than_the_pool(
    log: Log, registry: Registry, keys: TenantKeys
) -> None:
    """Who has caught up costs no transaction; who is a few events behind costs one for all."""
    connection = await asyncpg.connect(log.urls.owner)
    try:
        for number in range(TENANTS - 3):
            await connection.fetchval("SELECT add_tenant($1)", f"lam-dong/xa-{number}")
    finally:
        await connection.close()
    app = f"{log.urls.app}?application_name=counted"
    async with await Counted.connect(app, max_size=POOL) as database:
        database.transactions = []
        async with EventStore(database, now) as store:
            tenants = [tenant.tenant_id for tenant in await store.tenants()]
            assert len(tenants) == TENANTS
            records = Records(store, Codec(registry), keys)
            for tenant in tenants:
                await establish(records, tenant)
            runs = Runner(database, store, projections(registry))
            database.transactions.clear()
            # Outside the pool are what listens and what the tails read by.
            assert await most_connections(log, runs.catch_up()) <= POOL + 2
            assert sorted(database.transactions) == tenants
            assert await runs.caught_up()

            database.transactions.clear()
            assert not await runs.advance()
            assert database.transactions == []
            await establish(records, log.other)
            database.transactions.clear()
            await runs.catch_up()
            assert database.transactions == [log.other]


async def most_connections(log: Log, work: Coroutine[None, None, None]) -> int:
    """The most connections that whoever is named so had to the database while it worked."""
    watcher = await asyncpg.connect(log.urls.owner)
    most = 0
    try:
        running = asyncio.ensure_future(work)
        while not running.done():
            most = max(most, await watcher.fetchval(CONNECTIONS))
            await asyncio.sleep(0.005)
        await running
    finally:
        await watcher.close()
    assert most > 0
    return most


async def test_the_share_of_a_killed_process_is_taken_over_within_seconds(
    log: Log, registry: Registry
) -> None:
    """It holds one projection of one tenant; meanwhile all others move."""
    runs = Runner(log.database, log.store, projections(registry))
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant)
    await runs.catch_up()
    held = [sys.executable, "-c", HOLDER, log.urls.app, str(log.tenant)]
    holder = await asyncio.create_subprocess_exec(*held, stdout=asyncio.subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"SELECT 1\n"
        for tenant in (log.tenant, log.other):
            await establish(log.records, tenant)
        await runs.catch_up()
        assert [key for key, lag in (await runs.lag()).items() if lag] == [("pipeline", log.tenant)]
        holder.kill()
        began_s = time.monotonic()
        while not await runs.caught_up():
            assert time.monotonic() < began_s + TAKEN_OVER_S
            await runs.advance()
    finally:
        if holder.returncode is None:
            holder.kill()
        await holder.wait()


async def test_a_reader_that_looks_alive_but_does_not_move_is_named(
    log: Log, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one that is idle with nothing to do, nor one that has only just fallen behind."""
    monkeypatch.setattr(progress, "STALLED_S", 0.5)
    runs = Runner(log.database, log.store, projections(registry))
    await establish(log.records, log.tenant)
    await runs.catch_up()
    async with owner(log.urls, log.tenant) as connection:
        await connection.execute("SELECT FROM checkpoint WHERE projection = 'pipeline' FOR UPDATE")
        await asyncio.sleep(0.6)
        assert await runs.standing_still() == []
        await establish(log.records, log.tenant)
        await runs.catch_up()
        assert await runs.standing_still() == []
        await asyncio.sleep(0.6)
        await runs.catch_up()
        [found] = await runs.standing_still()
        assert (found.projection, found.tenant_id, found.lag) == ("pipeline", log.tenant, 1)
        assert found.stop is None
        assert found.waiting_s > 0.5
        assert await Runner(log.database, log.store, projections(registry)).standing_still() == []
    await runs.catch_up()
    assert await runs.standing_still() == []
