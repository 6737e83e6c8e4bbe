"""Following the log: once and in order, live, filtered, across cuts and lost connections."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from tests.databases import Log, establish, now
from tests.eventstore.appends import new_append

from db.database import Database
from eventstore import tails
from eventstore.follow import Followed, follow
from eventstore.position import Position
from eventstore.reading import Filter
from eventstore.store import EventStore


async def take(events: AsyncGenerator[Followed, None], count: int) -> list[Followed]:
    """The next events; the stream stays open."""
    async with asyncio.timeout(20):
        return [await anext(events) for _ in range(count)]


def places(found: list[Followed], tenant: int) -> list[int]:
    return [each.event.position for each in found if each.event.tenant_id == tenant]


async def terminate(log: Log, query: str = "%") -> int:
    """End every session of the application in this database, as a restart of the server does.

    Or only those whose last statement was like this one; how many there were.
    """
    connection = await asyncpg.connect(log.urls.app)
    ended = await connection.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user"
        " AND pid <> pg_backend_pid() AND query LIKE $1",
        query,
    )
    await connection.close()
    return len(ended)


async def sessions(log: Log) -> int:
    """How many the application has in this database."""
    connection = await asyncpg.connect(log.urls.owner)
    count: int = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'nguon_app'"
    )
    await connection.close()
    return count


async def test_what_is_there_comes_first_and_what_is_appended_follows(log: Log) -> None:
    await establish(log.records, log.tenant, renamed=1)
    events = follow(log.store, [log.tenant], Position())
    assert places(await take(events, 2), log.tenant) == [1, 2]
    waiting = asyncio.create_task(take(events, 1))
    await establish(log.records, log.tenant)
    assert places(await waiting, log.tenant) == [3]
    await events.aclose()


async def test_an_append_of_another_process_arrives_by_notification(log: Log) -> None:
    async with (
        await Database.connect(log.urls.app) as database,
        EventStore(database, now) as elsewhere,
    ):
        events = follow(elsewhere, [log.tenant], Position())
        waiting = asyncio.create_task(take(events, 1))
        await establish(log.records, log.tenant)
        assert places(await waiting, log.tenant) == [1]
        await events.aclose()


async def test_only_what_is_wanted_of_the_wanted_tenants_is_given(log: Log) -> None:
    await establish(log.records, log.tenant, renamed=2)
    await establish(log.records, log.other, renamed=2)
    last = await establish(log.records, log.tenant)
    events = follow(log.store, [log.tenant], Position(), Filter(types=["organization.established"]))
    found = await take(events, 2)
    assert [each.event.position for each in found] == [1, 4]
    assert found[1].event.stream_id == last.subject
    assert found[1].position == Position.of({log.tenant: 4})
    await events.aclose()


async def test_cut_at_any_point_and_resumed_each_event_comes_once_in_order(log: Log) -> None:
    random.seed(20260102)
    tenants = [log.tenant, log.other]

    async def write() -> None:
        for _ in range(150):
            await establish(log.records, random.choice(tenants), renamed=random.randrange(4))

    writer = asyncio.create_task(write())
    found: list[Followed] = []
    position = Position()
    while not writer.done() or not position.covers(Position.of(await log.store.heads(tenants))):
        events = follow(log.store, tenants, Position.decode(position.encode()))
        found += await take(events, 1)
        for _ in range(random.randrange(30)):
            if position_at_head(found, await log.store.heads(tenants)):
                break
            found += await take(events, 1)
        position = found[-1].position
        await events.aclose()
    await writer
    heads = await log.store.heads(tenants)
    for tenant in tenants:
        assert places(found, tenant) == list(range(1, heads[tenant] + 1))


def position_at_head(found: list[Followed], heads: dict[int, int]) -> bool:
    return found[-1].position.covers(Position.of(heads))


async def test_lost_connections_lose_and_repeat_nothing(log: Log) -> None:
    events = follow(log.store, [log.tenant], Position())
    reader = asyncio.create_task(take(events, 60))
    for round_number in range(30):
        if round_number % 10 == 5:
            await terminate(log)
        await establish(log.records, log.tenant, renamed=1)
    assert places(await reader, log.tenant) == list(range(1, 61))
    await events.aclose()


async def test_a_slow_reader_is_given_one_batch_at_a_time(log: Log) -> None:
    for _ in range(3):
        await establish(log.records, log.tenant, renamed=199)
    events = follow(log.store, [log.tenant], Position())
    assert places(await take(events, 600), log.tenant) == list(range(1, 601))
    await events.aclose()


async def test_all_followers_of_a_process_have_one_connection_together(log: Log) -> None:
    await establish(log.records, log.tenant, renamed=199)
    before = await sessions(log)
    tenants = [log.tenant, log.other]
    wanted = [None, Filter(types=["organization.renamed"])] * 50
    followers = [follow(log.store, tenants, Position(), each) for each in wanted]
    found = await asyncio.gather(*[take(each, 150) for each in followers])
    assert await sessions(log) == before + 1
    assert [len(each) for each in found] == [150] * len(wanted)
    for each in followers:
        await each.aclose()


async def test_what_nobody_is_notified_of_arrives_all_the_same(log: Log) -> None:
    async with silent_store(log) as silent:
        events = follow(log.store, [log.tenant], Position())
        await log.store.append(log.tenant, new_append())
        await take(events, 1)
        await silent.append(log.tenant, new_append())
        assert places(await take(events, 1), log.tenant) == [2]
        await events.aclose()


@pytest.mark.parametrize("payload", ["", "nonsense", '[["a", 1]]', "[[1, 2, 3]]"])
async def test_a_notification_that_names_no_log_makes_all_look(
    log: Log, monkeypatch: pytest.MonkeyPatch, payload: str
) -> None:
    monkeypatch.setattr(tails, "POLL_S", 600)
    async with silent_store(log) as silent:
        events = follow(log.store, [log.tenant], Position())
        await log.store.append(log.tenant, new_append())
        await take(events, 1)
        await silent.append(log.tenant, new_append())
        await silent._database.call("SELECT pg_notify('nguon_log', $1)", payload)
        assert places(await take(events, 1), log.tenant) == [2]
        await events.aclose()


@pytest.mark.parametrize("others", [199, 200, 1_000])
async def test_any_number_of_logs_can_grow_at_once(
    log: Log, monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    """Named as long as they fit into a notification."""
    monkeypatch.setattr(tails, "POLL_S", 600)
    async with (
        silent_store(log) as silent,
        await Database.connect(log.urls.app) as database,
        EventStore(database, now) as elsewhere,
    ):
        events = follow(elsewhere, [log.tenant], Position())
        await log.store.append(log.tenant, new_append())
        await take(events, 1)
        await silent.append(log.tenant, new_append())
        for number in range(others):
            log.store._wakeups.appended(2**31 - 1 - number, 2**62)
        log.store._wakeups.appended(log.tenant, 2)
        assert places(await take(events, 1), log.tenant) == [2]
        await events.aclose()


@asynccontextmanager
async def silent_store(log: Log) -> AsyncIterator[EventStore]:
    """One whose appends nobody is notified of."""
    async with (
        await Database.connect(log.urls.app) as database,
        EventStore(database, now) as silent,
    ):
        await silent._wakeups.aclose()
        yield silent


async def test_a_listening_connection_that_is_lost_stops_nobody(log: Log) -> None:
    async with (
        await Database.connect(log.urls.app) as database,
        EventStore(database, now) as elsewhere,
    ):
        events = follow(elsewhere, [log.tenant], Position())
        for number in range(1, 4):
            await log.store.append(log.tenant, new_append())
            assert places(await take(events, 1), log.tenant) == [number]
            assert await terminate(log, "%LISTEN%") + await terminate(log, "%pg_notify%") > 0
        await events.aclose()


async def test_the_open_transaction_of_a_stranger_stalls_no_follower(log: Log) -> None:
    """Neither one that has written to another log, nor an old snapshot."""
    stranger = await asyncpg.connect(log.urls.owner)
    await stranger.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT txid_current()")
    async with log.database.tenant(log.other) as connection:
        await connection.execute(
            "UPDATE tenant_log SET clock = now() WHERE tenant_id = $1", log.other
        )
        events = follow(log.store, [log.tenant, log.other], Position())
        for number in range(1, 4):
            await establish(log.records, log.tenant)
            assert places(await take(events, 1), log.tenant) == [number]
        await events.aclose()
    await stranger.close()
