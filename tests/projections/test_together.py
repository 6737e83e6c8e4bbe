"""Projections of a tenant that are a few events behind share a transaction, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
from tests.databases import Log, change_event, command, establish
from tests.projections.test_runner import Seen, reached, stops
from tests.projections.test_sharing import Counted
from tests.proof import owner

from db.database import Connection
from domain.projection import Projection as Decided
from eventstore.stored_event import StoredEvent
from projections import runner
from projections.runner import Runner

ESTABLISHED, RENAMED = "organization.established", "organization.renamed"
HELD = "SELECT FROM checkpoint WHERE projection = $1 FOR UPDATE"


class Hanging(Seen):
    """A projection that waits before it has seen anything."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.goes_on = asyncio.Event()

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        await self.goes_on.wait()
        await super().apply(connection, tenant_id, events)


@pytest.fixture
async def counted(log: Log) -> AsyncIterator[Counted]:
    async with await Counted.connect(log.urls.app) as database:
        database.transactions = []
        yield database


def seen_of(seen: Seen, tenant: int) -> list[int]:
    return [position for owner, position in seen.positions if owner == tenant]


async def test_one_transaction_passes_an_event_by_all_and_folds_it_where_it_is_wanted(
    log: Log, counted: Counted
) -> None:
    """Of a log with few events, from the first one on."""
    one, other, none = Seen([ESTABLISHED], "one"), Seen([RENAMED], "other"), Seen(["n"], "none")
    runs = Runner(counted, log.store, [one, other, none])
    for first in (1, 4):
        await establish(log.records, log.tenant, renamed=2)
        counted.transactions.clear()
        await runs.catch_up()
        assert counted.transactions == [log.tenant]
        assert seen_of(one, log.tenant)[-1:] == [first]
        assert seen_of(other, log.tenant)[-2:] == [first + 1, first + 2]
        for name in ("one", "other", "none"):
            assert await reached(log, log.tenant, name) == first + 2
    assert (len(one.positions), len(other.positions), none.positions) == (2, 4, [])
    assert await runs.caught_up()


async def test_who_is_far_behind_has_a_transaction_of_its_own(
    log: Log, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "TOGETHER_MAX", 4)
    one, other = Seen(name="one"), Seen(name="other")
    runs = Runner(counted, log.store, [one, other])
    await establish(log.records, log.tenant, renamed=4)
    await runs.catch_up()
    assert counted.transactions == 2 * [log.tenant]
    await establish(log.records, log.tenant, renamed=3)
    await runs.catch_up()
    assert counted.transactions == 3 * [log.tenant]
    assert seen_of(one, log.tenant) == seen_of(other, log.tenant) == list(range(1, 10))


async def test_those_that_another_process_held_up_come_back_to_the_others(
    log: Log, counted: Counted
) -> None:
    """Each goes on from where it was; no event is folded twice or left out."""
    one, other = Seen(name="one"), Seen(name="other")
    runs = Runner(counted, log.store, [one, other])
    await establish(log.records, log.tenant)
    await runs.catch_up()
    async with owner(log.urls, log.tenant) as connection:
        await connection.execute(HELD, "one")
        await establish(log.records, log.tenant, renamed=2)
        await runs.catch_up()
        assert (seen_of(one, log.tenant), await reached(log, log.tenant, "one")) == ([1], 1)
        assert seen_of(other, log.tenant) == [1, 2, 3, 4]
    await establish(log.records, log.tenant)
    counted.transactions.clear()
    await runs.catch_up()
    assert counted.transactions == [log.tenant]
    assert seen_of(one, log.tenant) == seen_of(other, log.tenant) == [1, 2, 3, 4, 5]


async def test_a_new_projection_and_another_version_go_beside_the_others(log: Log) -> None:
    """The new one begins at the first event; rows of another version stay as they are."""
    one, other, new = Seen(name="one"), Seen(name="other"), Seen(name="new")
    await establish(log.records, log.tenant)
    await Runner(log.database, log.store, [one, other]).catch_up()
    await establish(log.records, log.tenant)
    other.version = 2
    await Runner(log.database, log.store, [one, other, new]).catch_up()
    assert seen_of(one, log.tenant) == seen_of(new, log.tenant) == [1, 2]
    assert (seen_of(other, log.tenant), await reached(log, log.tenant, "other")) == ([1], 1)


async def test_one_that_cannot_fold_an_event_stops_alone(log: Log, counted: Counted) -> None:
    """The others share on without it, and with it again once it has come up."""
    bad, good, better = Seen(name="bad"), Seen(name="good"), Seen(name="better")
    bad.failing = (log.tenant, 3)
    runs = Runner(counted, log.store, [good, bad, better])
    await establish(log.records, log.tenant, renamed=5)
    await runs.catch_up()
    assert await stops(runs) == {("bad", log.tenant): (3, "LookupError")}
    assert await reached(log, log.tenant, "bad") == 2
    assert await reached(log, log.tenant, "good") == 6
    await establish(log.records, log.tenant)
    counted.transactions.clear()
    await runs.catch_up()
    assert counted.transactions == [log.tenant]
    assert await reached(log, log.tenant, "better") == 7

    bad.failing = None
    found = await runs.retry("bad", log.tenant)
    assert (found.position, found.stop) == (3, None)
    counted.transactions.clear()
    await runs.catch_up()
    assert await runs.caught_up()
    assert counted.transactions == [log.tenant]
    await establish(log.records, log.tenant)
    await runs.catch_up()
    assert counted.transactions == 2 * [log.tenant]


async def test_an_event_of_an_unknown_name_stops_all_of_its_tenant(log: Log) -> None:
    """Also those that want nothing of what came: nobody knows whom it concerns."""
    one, none = Seen(name="one"), Seen(["n"], "none")
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant, renamed=3)
    await change_event(log.urls, log.tenant, 2, type="organization.unheard_of")
    runs = Runner(log.database, log.store, [one, none])
    await runs.catch_up()
    assert {key: at for key, (at, _) in (await stops(runs)).items()} == {
        ("one", log.tenant): 2,
        ("none", log.tenant): 2,
    }
    assert await reached(log, log.other, "none") == 4


async def test_what_is_skipped_is_skipped_by_the_one_it_was_decided_for(log: Log) -> None:
    on = date(2024, 1, 5)
    one, other = Seen(name="one"), Seen(name="other")
    await establish(log.records, log.tenant, renamed=2)
    decided = Decided.begin_skip("lam-dong/bao-lam", "one", 2, on=on, reason="Bản ghi hỏng")
    await log.records.save(log.tenant, command(), decided, subject=decided.id)
    await Runner(log.database, log.store, [one, other]).catch_up()
    assert seen_of(one, log.tenant) == [1, 3, 4]
    assert seen_of(other, log.tenant) == [1, 2, 3, 4]


async def test_one_that_takes_long_keeps_the_others_up_for_a_moment_only(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "TOGETHER_S", 0.2)
    slow, quick = Hanging("slow"), Seen(name="quick")
    await establish(log.records, log.tenant)
    runs = Runner(log.database, log.store, [slow, quick])
    advancing = asyncio.ensure_future(runs.advance())
    try:
        async with asyncio.timeout(10):
            while await reached(log, log.tenant, "quick") != 1:  # noqa: ASYNC110 (the event is in a table)
                await asyncio.sleep(0.02)
        assert await reached(log, log.tenant, "slow") is None
    finally:
        slow.goes_on.set()
        await advancing
    assert await runs.caught_up()
    assert seen_of(slow, log.tenant) == [1]
