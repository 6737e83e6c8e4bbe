"""The contract of a log: several at once, and following."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import chain
from uuid import uuid4

from tests.eventstore.appends import new_append, new_event, next_events
from tests.eventstore.contract.place import Place

from eventstore import follow
from eventstore.append import Status, Verdict
from eventstore.follow import Followed
from eventstore.position import Position
from eventstore.reading import READ_MAX, Filter

READERS, WRITERS, WRITES, EVENTS_A_WRITE = 2, 10, 20, 20


async def take(events: AsyncGenerator[Followed, None], count: int) -> list[int]:
    """The positions of the next events."""
    async with asyncio.timeout(20):
        return [(await anext(events)).event.position for _ in range(count)]


async def test_writers_and_readers_at_once_leave_and_see_a_gapless_log(place: Place) -> None:
    """The events of one write stand together, times follow positions, and no reader misses one."""
    writing = True

    async def write() -> list[Verdict]:
        streams = [uuid4() for _ in range(WRITES)]
        return [await place.append(*next_events(each, EVENTS_A_WRITE)) for each in streams]

    async def read() -> list[int]:
        seen: list[int] = []
        while writing or len(seen) < await place.head():
            seen += await place.positions(len(seen), 500)
            await asyncio.sleep(0)
        return seen

    readers = [asyncio.create_task(read()) for _ in range(READERS)]
    verdicts = list(chain(*await asyncio.gather(*[write() for _ in range(WRITERS)])))
    writing = False
    everything = list(range(1, WRITERS * WRITES * EVENTS_A_WRITE + 1))
    for reader in readers:
        assert await reader == everything
    taken = [
        position
        for verdict in verdicts
        for position in range(verdict.first_position, verdict.last_position + 1)
    ]
    assert {each.last_position - each.first_position + 1 for each in verdicts} == {EVENTS_A_WRITE}
    assert sorted(taken) == everything
    stored = await place.store.read_after(place.tenant, 0, READ_MAX)
    times = [event.recorded_at for event in stored]
    assert times == sorted(times)
    for verdict in verdicts:
        own = stored[verdict.first_position - 1 : verdict.last_position]
        assert [event.version for event in own] == list(range(1, EVENTS_A_WRITE + 1))
        assert len({event.stream_id for event in own}) == 1


async def test_of_writers_that_race_for_one_version_one_wins_each_time(place: Place) -> None:
    stream, chance = uuid4(), random.Random(20260201)

    async def write() -> list[Verdict]:
        verdicts = []
        for _ in range(chance.randrange(5, 10)):
            version = len(await place.store.read_stream(place.tenant, stream)) + 1
            verdicts.append(await place.append(new_event(stream, version)))
        return verdicts

    verdicts = [
        each for done in await asyncio.gather(*[write() for _ in range(8)]) for each in done
    ]
    wins = sum(verdict.status is Status.RECORDED for verdict in verdicts)
    assert 0 < wins < len(verdicts)
    found = await place.store.read_stream(place.tenant, stream)
    assert [event.version for event in found] == list(range(1, wins + 1))
    assert await place.head() == wins


async def test_a_follower_gets_what_is_there_and_then_what_comes(place: Place) -> None:
    stream = uuid4()
    await place.append(*next_events(stream, 2))
    async with aclosing(follow.follow(place.store, [place.tenant], Position())) as events:
        assert await take(events, 2) == [1, 2]
        waiting = asyncio.create_task(take(events, 1))
        await asyncio.sleep(0)
        await place.append(*next_events(stream, 1))
        assert await waiting == [3]


async def test_a_follower_begins_after_its_position_and_is_given_the_next_one(place: Place) -> None:
    await place.append(*next_events(uuid4(), 5))
    await place.store.append(place.other, new_append())
    tenants = [place.tenant, place.other]
    after = Position.of({place.tenant: 3})
    async with aclosing(follow.follow(place.store, tenants, after)) as events:
        found = [await anext(events) for _ in range(3)]
    seen = [(each.event.tenant_id, each.event.position) for each in found]
    assert sorted(seen) == sorted([(place.tenant, 4), (place.tenant, 5), (place.other, 1)])
    assert found[-1].position == Position.of({place.tenant: 5, place.other: 1})


async def test_a_follower_gets_the_wanted_types_only(place: Place) -> None:
    for kind in ("t.one", "t.two", "t.one", "t.two"):
        await place.append(new_event(type=kind))
    wanted = Filter(types=["t.two"])
    async with aclosing(follow.follow(place.store, [place.tenant], Position(), wanted)) as events:
        assert await take(events, 2) == [2, 4]


async def test_a_follower_that_was_ended_gives_nothing_more(place: Place) -> None:
    await place.append(new_event(), new_event())
    events = follow.follow(place.store, [place.tenant], Position())
    assert await take(events, 1) == [1]
    await events.aclose()
    assert [each async for each in events] == []
    unused = follow.follow(place.store, [place.tenant], Position())
    await unused.aclose()
    assert [each async for each in unused] == []


async def test_whoever_took_a_ticket_is_woken_by_an_append(place: Place) -> None:
    """Also when the append came between the ticket and the wait."""
    ticket = place.store.ticket()
    waiting = asyncio.create_task(place.store.wait_for_append(ticket, 600))
    await place.append()
    late = place.store.wait_for_append(ticket, 600)
    async with asyncio.timeout(20):
        await asyncio.gather(waiting, late)
    # An append that comes to nothing may wake or not; a wait ends by itself.
    await place.store.wait_for_append(place.store.ticket(), 0.01)
