"""Following the log: once and in order, live, filtered, across cuts and lost connections."""

import asyncio
import random
from collections.abc import AsyncGenerator

import asyncpg
from tests.databases import Log, establish, now

from db.database import Database
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


async def terminate_all(log: Log) -> None:
    """End every session of the application in this database, as a restart of the server does."""
    connection = await asyncpg.connect(log.urls.app)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user"
        " AND pid <> pg_backend_pid()"
    )
    await connection.close()


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
            await terminate_all(log)
        await establish(log.records, log.tenant, renamed=1)
    assert places(await reader, log.tenant) == list(range(1, 61))
    await events.aclose()


async def test_a_slow_reader_is_given_one_batch_at_a_time(log: Log) -> None:
    for _ in range(3):
        await establish(log.records, log.tenant, renamed=199)
    events = follow(log.store, [log.tenant], Position())
    assert places(await take(events, 600), log.tenant) == list(range(1, 601))
    await events.aclose()
