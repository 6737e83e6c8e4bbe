"""The tails: one reader for all followers, bounded, and nobody waits for anybody else."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import asynccontextmanager

import msgspec
import pytest
from tests.databases import Log, now
from tests.eventstore.appends import new_append, new_event
from tests.eventstore.memory import MemoryStore

from db.database import Database
from eventstore import tails
from eventstore.follow import Followed, follow
from eventstore.position import Position
from eventstore.reading import Filter, LogReader
from eventstore.stored_event import StoredEvent

TENANT, OTHER = 1, 2
MANY = 1_000


class CountedReader(LogReader):
    """Notes the position after which each batch was read, and how many events came."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.batches: list[tuple[int, int]] = []

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]:
        events = await super().read_after(tenant_id, position, limit, wanted)
        self.batches.append((position, len(events)))
        return events


class Reader:
    """A follower that reads what there is, all the time."""

    def __init__(self, events: AsyncGenerator[Followed, None]) -> None:
        self.seen: list[int] = []
        self._saw = asyncio.Event()
        self._task = asyncio.create_task(self._read(events))

    async def _read(self, events: AsyncGenerator[Followed, None]) -> None:
        async for each in events:
            self.seen.append(each.event.position)
            self._saw.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.seen) < count:
                self._saw.clear()
                await self._saw.wait()

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@asynccontextmanager
async def counted_reader(log: Log) -> AsyncIterator[CountedReader]:
    """What the tails of the log read with."""
    async with log.database.apart() as database:
        reader = CountedReader(database)
        log.store.tails._log = reader
        yield reader


async def append(store: MemoryStore, *types: str) -> None:
    await store.append(TENANT, new_append(*[new_event(type=each) for each in types]))


async def test_a_thousand_followers_cause_one_read_a_batch(log: Log) -> None:
    """Also if they begin a little behind the head."""
    await log.store.append(log.tenant, new_append(new_event(), new_event()))
    async with counted_reader(log) as reader:
        followers = [Reader(follow(log.store, [log.tenant], Position())) for _ in range(MANY)]
        for number in range(3, 11):
            for each in followers:
                await each.until(number - 1)
            await log.store.append(log.tenant, new_append(new_event()))
        for each in followers:
            await each.until(10)
            await each.end()
    assert [each.seen for each in followers] == [list(range(1, 11))] * MANY
    assert reader.batches == [(0, 2), *[(number, 1) for number in range(2, 10)]]


async def test_nothing_is_kept_for_one_who_never_reads(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And once it reads, it has its events in batches that it reads by itself."""
    monkeypatch.setattr(tails, "TAIL_EVENTS_MAX", 32)
    monkeypatch.setattr(tails, "BATCH_MAX", 16)
    events, written = 128, range(1, 129)
    async with counted_reader(log) as reader:
        followers = [Reader(follow(log.store, [log.tenant], Position())) for _ in range(MANY)]
        idle = follow(log.store, [log.tenant], Position())
        for number in written[::16]:
            await log.store.append(log.tenant, new_append(*[new_event() for _ in range(16)]))
            if number == 1:
                assert (await anext(idle)).event.position == 1
            for each in followers:
                await each.until(number + 15)
        for each in followers:
            await each.end()
        assert [each.seen for each in followers] == [[*written]] * MANY
        assert len(log.store.tails._tails[log.tenant]) == 32
        assert reader.batches == [(start, 16) for start in range(0, events, 16)]
        reader.batches.clear()
        rest = [(await anext(idle)).event.position for _ in range(events - 1)]
        await idle.aclose()
    assert rest == [*written[1:]]
    assert [count for _, count in reader.batches] == [16] * 6


async def test_a_tail_holds_no_more_bytes_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tails, "TAIL_BYTES_MAX", 1_000)
    store = MemoryStore([TENANT], now)
    reader = Reader(follow(store, [TENANT], Position()))
    for number in range(1, 21):
        await store.append(TENANT, new_append(new_event(data=b"1" * 300)))
        await reader.until(number)
    assert reader.seen == [*range(1, 21)]
    assert len(store.tails._tails[TENANT]) == 3
    await reader.end()


async def test_only_the_followers_of_a_log_that_grew_are_woken() -> None:
    store = MemoryStore([TENANT, OTHER], now)
    with store.tails.following({OTHER: 0}) as (seat, _):
        await seat.wait()  # Its tail has begun.
        woken = asyncio.create_task(seat.wait())
        reader = Reader(follow(store, [TENANT], Position()))
        await append(store, "t.one")
        await reader.until(1)
        assert not woken.done()
        await store.append(OTHER, new_append())
        async with asyncio.timeout(20):
            await woken
        await reader.end()


class NeverQuietStore(MemoryStore):
    """Each time that somebody has read the first log, it has grown."""

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]:
        events = await super().read_after(tenant_id, position, limit, wanted)
        await append(self, "t.one")
        return events


async def test_a_log_that_is_never_quiet_does_not_keep_another_from_being_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tails, "POLL_S", 0.01)
    store = NeverQuietStore([TENANT, OTHER], now)
    await append(store, "t.one")
    busy = Reader(follow(store, [TENANT], Position()))
    reader = Reader(follow(store, [OTHER], Position()))
    await busy.until(100)
    [lost] = await MemoryStore.read_after(store, TENANT, 0, 1)
    store._logs[OTHER].events.append(msgspec.structs.replace(lost, tenant_id=OTHER))
    await reader.until(1)
    await busy.end()
    await reader.end()


async def test_followers_of_any_filter_and_pace_get_what_they_want_once_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Within the tail and behind it, cut off and resumed, while others write."""
    for name, few in (("TAIL_EVENTS_MAX", 16), ("BATCH_MAX", 4), ("SPAN_MAX", 10), ("AGE_S", 0)):
        monkeypatch.setattr(tails, name, few)
    chance = random.Random(20260301)
    store = MemoryStore([TENANT], now)
    types = chance.choices(["t.often", "t.sometimes", "t.rarely"], [30, 5, 1], k=500)
    filters = [Filter(), Filter(until=200), Filter(types=[], known=["t.often"])]
    filters += [Filter(types=[each]) for each in sorted(set(types))]

    async def write() -> None:
        left = types
        while left:
            count = chance.randrange(1, 6)
            await append(store, *left[:count])
            left = left[count:]
            await asyncio.sleep(chance.choice([0, 0, 0.001]))

    async def read(wanted: Filter, chance: random.Random) -> None:
        expected = [at for at, kind in enumerate(types, start=1) if is_wanted(wanted, at, kind)]
        seen: list[int] = []
        position = Position()
        while len(seen) < len(expected):
            events = follow(store, [TENANT], position, wanted)
            for _ in range(min(chance.randrange(1, 100), len(expected) - len(seen))):
                found = await anext(events)
                position = found.position
                seen.append(found.event.position)
                if chance.random() < 0.02:
                    await asyncio.sleep(0.02)
            await events.aclose()
        assert seen == expected

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(write())
        for number in range(4):
            for wanted in filters:
                group.create_task(read(wanted, random.Random(number)))


def is_wanted(wanted: Filter, position: int, kind: str) -> bool:
    if wanted.known is not None:
        return kind not in wanted.known
    return position <= (wanted.until or position) and kind in (wanted.types or [kind])


async def test_what_a_reader_fails_with_reaches_all_and_the_next_follower_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = MemoryStore([TENANT], now)
    await append(store, *["t.one"] * 3)
    heads = store.heads

    async def broken(_: Collection[int]) -> dict[int, int]:
        await asyncio.sleep(0)
        raise LookupError

    monkeypatch.setattr(store, "heads", broken)
    failing = [anext(follow(store, [TENANT], Position())) for _ in range(3)]
    failures = await asyncio.gather(*failing, return_exceptions=True)
    assert [type(each) for each in failures] == [LookupError] * 3
    monkeypatch.setattr(store, "heads", heads)
    reader = Reader(follow(store, [TENANT], Position()))
    await reader.until(3)
    assert reader.seen == [1, 2, 3]
    await reader.end()


async def test_no_tail_outlasts_its_last_follower() -> None:
    store = MemoryStore([TENANT, OTHER], now)
    await append(store, *["t.one"] * 3)
    readers = [Reader(follow(store, [TENANT, OTHER], Position())) for _ in range(3)]
    for each in readers:
        await each.until(3)
        assert store.tails._tails.keys() == {TENANT, OTHER}
        await each.end()
    assert not store.tails._tails
    reader = store.tails._reader
    assert reader is not None
    async with asyncio.timeout(20):
        await reader


async def test_a_log_that_lost_its_end_is_read_anew() -> None:
    """As after a switch to a standby that had not been told everything."""
    store = MemoryStore([TENANT], now)
    await append(store, *["t.lost"] * 10)
    first = Reader(follow(store, [TENANT], Position.of({TENANT: 5})))
    await first.until(5)
    del store._logs[TENANT].events[7:]
    with store.tails.following({TENANT: 0}) as (seat, held):
        store.tails.look()
        async with asyncio.timeout(20):
            while held[TENANT].end > 7:
                await seat.wait()
    await append(store, *["t.kept"] * 3)
    events = follow(store, [TENANT], Position.of({TENANT: 7}))
    async with asyncio.timeout(20):
        assert [(await anext(events)).event.type for _ in range(3)] == ["t.kept"] * 3
    await events.aclose()
    await first.end()
