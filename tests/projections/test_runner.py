"""Projections move by themselves: each event once, and one that fails stops for its tenant only."""

import asyncio
from collections.abc import Collection
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
from tests.databases import Log, change_event, command, establish
from tests.domain.steps import CELL, PERSON, on

from db.database import Connection
from domain.candidate import Candidate
from domain.events import EVENTS
from eventstore.codec import Codec
from eventstore.registry import Registry
from eventstore.stored_event import StoredEvent
from projections import batch, runner
from projections.organization import OrganizationProjection
from projections.pipeline import PipelineProjection
from projections.projection import Projection
from projections.runner import Runner
from projections.target_progress import TargetProjection

POSITION = "SELECT position FROM checkpoint WHERE tenant_id = $1 AND projection = $2"


class Seen:
    """A projection that remembers what it was given; `failing` is a position it cannot bear."""

    version = 1
    tables = ()

    def __init__(self, types: Collection[str] | None = None, name: str = "seen") -> None:
        self.name = name
        self.types = frozenset(types or (cls.TOPIC for cls in EVENTS))
        self.positions: list[tuple[int, int]] = []
        self.failing: tuple[int, int] | None = None
        self.failure: Exception = LookupError()

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        assert await connection.fetchval("SELECT true")
        found = [(tenant_id, event.position) for event in events]
        if self.failing in found:
            raise self.failure
        self.positions += found


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_MAX", 7)


async def reached(log: Log, tenant: int, projection: str = "seen") -> int | None:
    async with log.database.tenant(tenant) as connection:
        position: int | None = await connection.fetchval(POSITION, tenant, projection)
    return position


async def stops(runs: Runner) -> dict[tuple[str, int], tuple[int, str]]:
    """The position and the reason of each stop."""
    return {
        (each.projection, each.tenant_id): (each.stop.position, each.stop.reason)
        for each in await runs.standing_still()
        if each.stop is not None
    }


async def test_each_event_is_folded_once_in_order_by_however_many_runners(log: Log) -> None:
    """A checkpoint never falls back, and nothing is folded below it."""
    tenants = [log.tenant, log.other]
    seen = Seen()
    runners = [Runner(log.database, log.store, [seen]) for _ in range(4)]
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as running:
        for each in runners:
            running.create_task(each.run(stop))
        for number in range(30):
            await establish(log.records, tenants[number % 2], renamed=4)
        async with asyncio.timeout(60):
            while not await runners[0].caught_up():
                await log.store.wait_for_append(log.store.ticket(), 0.01)
        stop.set()
    for tenant in tenants:
        positions = [position for owner, position in seen.positions if owner == tenant]
        assert positions == list(range(1, 76))
        assert await reached(log, tenant) == 75
    assert not any([await each.advance() for each in runners])
    assert len(seen.positions) == 150


async def test_the_checkpoint_passes_what_is_not_wanted(log: Log) -> None:
    seen = Seen(["organization.established"])
    await establish(log.records, log.tenant, renamed=9)
    await establish(log.records, log.tenant, renamed=9)
    await Runner(log.database, log.store, [seen]).catch_up()
    assert seen.positions == [(log.tenant, 1), (log.tenant, 11)]
    assert await reached(log, log.tenant) == 20


async def test_a_projection_stops_before_what_it_cannot_fold_for_one_tenant_only(log: Log) -> None:
    """All before it is folded, once, and nothing behind it; another tenant is not held up."""
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant, renamed=19)
    seen = Seen()
    seen.failing = (log.tenant, 10)
    first = Runner(log.database, log.store, [seen])
    await first.catch_up()
    assert await reached(log, log.tenant) == 9
    assert await reached(log, log.other) == 20
    assert [at for owner, at in seen.positions if owner == log.tenant] == list(range(1, 10))
    assert await stops(first) == {("seen", log.tenant): (10, "LookupError")}
    assert not await first.caught_up()
    assert await first.has_caught_up()


async def test_a_stop_outlives_the_process_and_goes_when_the_event_can_be_folded(log: Log) -> None:
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant, renamed=19)
    seen = Seen(["organization.renamed"])
    seen.failing = (log.tenant, 2)
    await Runner(log.database, log.store, [seen]).catch_up()
    again = Runner(log.database, log.store, [seen])
    [stopped] = await again.standing_still()
    assert stopped.stop is not None
    assert (stopped.position, stopped.stop.position, stopped.lag) == (1, 2, 19)
    assert stopped.waiting_s > 0
    await again.catch_up()
    assert (await again.retry("seen", log.tenant)).stop == stopped.stop
    assert await reached(log, log.tenant) == 1

    seen.failing = None
    newer = Runner(log.database, log.store, [seen])
    await newer.catch_up()
    assert await newer.standing_still() == []
    assert [at for owner, at in seen.positions if owner == log.tenant] == list(range(2, 21))


async def test_a_failure_that_passes_stops_nothing(log: Log) -> None:
    await establish(log.records, log.tenant, renamed=2)
    seen = Seen()
    seen.failing, seen.failure = (log.tenant, 2), asyncpg.DeadlockDetectedError()
    runs = Runner(log.database, log.store, [seen])
    await runs.catch_up()
    assert await stops(runs) == {}
    assert await reached(log, log.tenant) is None
    assert not await runs.has_caught_up()


async def test_a_full_page_of_events_is_not_taken_for_all_of_a_batch(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No event between the last one read and the end of the batch is passed over."""
    monkeypatch.setattr(batch, "BATCH_MAX", 15)
    monkeypatch.setattr(runner, "READ_MAX", 4)
    await establish(log.records, log.tenant, renamed=19)
    seen = Seen()
    await Runner(log.database, log.store, [seen]).catch_up()
    assert seen.positions == [(log.tenant, position) for position in range(1, 21)]


COUNTED, ORGANIZED, TARGETED = "pipeline", "organization", "target_progress"


@pytest.mark.parametrize(
    ("damage", "reason", "stopped"),
    [
        ({"data": b"{"}, "no JSON", {COUNTED}),
        ({"data": b'{"groups":7}'}, "does not fit", {COUNTED}),
        ({"schema_version": 99}, "only versions up to", {COUNTED}),
        # Whom a name that nobody knows concerns, nobody knows either.
        ({"type": "candidate.unheard_of"}, "no event of this name", {COUNTED, ORGANIZED, TARGETED}),
        # Whoever counts opens nothing.
        ({"sealed": b"noise"}, "", set()),
    ],
    ids=["JSON", "field", "version", "name", "sealed"],
)
async def test_a_row_that_cannot_be_read_stops_the_projections_of_its_tenant_that_read_it(
    log: Log, registry: Registry, damage: dict[str, object], reason: str, stopped: set[str]
) -> None:
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant, renamed=9)
        case = Candidate.identify(uuid4(), on(date(2023, 3, 1)), CELL, PERSON)
        await log.records.save(tenant, command(), case, subject=case.id)
        await establish(log.records, tenant, renamed=9)
    [sound] = await log.store.read_after(log.tenant, 10, 1)
    await change_event(log.urls, log.tenant, sound.position, **damage)
    codec = Codec(registry)
    projections: list[Projection] = [
        OrganizationProjection(codec),
        PipelineProjection(codec),
        TargetProjection(codec),
    ]
    runs = Runner(log.database, log.store, projections)
    await runs.catch_up()
    found = await stops(runs)
    assert found.keys() == {(name, log.tenant) for name in stopped}
    for position, told in found.values():
        assert position == 11
        assert f"event 11 of tenant {log.tenant} " in told
        assert reason in told
    behind = {key for key, lag in (await runs.lag()).items() if lag > 0}
    assert behind == found.keys()
    for name in stopped:
        assert await reached(log, log.tenant, name) == 10

    whole = {column: getattr(sound, column) for column in damage}
    await change_event(log.urls, log.tenant, sound.position, **whole)
    again = Runner(log.database, log.store, projections)
    await again.catch_up()
    assert await again.caught_up()
