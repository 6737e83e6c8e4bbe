"""Several projections are folded anew from one reading of a log, and each is on its own in it."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest
from tests.databases import Log, command
from tests.domain.steps import CELL, PERSON, on, path, recognized

from db.database import Connection
from domain.candidate import Candidate
from domain.events import EVENTS
from eventstore.codec import Codec
from eventstore.reading import Filter, LogReader
from eventstore.registry import Registry
from eventstore.stored_event import StoredEvent
from projections import batch, carry_forward, refold
from projections.breach import BreachProjection
from projections.pipeline import PipelineProjection
from projections.projection import Projection
from projections.rebuild import Rebuild
from projections.refold import Step
from projections.runner import Runner

POISONED = 17
EPOCHS = "SELECT count(*) FROM beside.balance_epoch WHERE tenant_id = $1"
WAY = path(recognized)


class Mistaken(BreachProjection):
    """One that cannot bear a position."""

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        if any(event.position == POISONED for event in events):
            raise LookupError
        await super().apply(connection, tenant_id, events)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_MAX", 7)
    monkeypatch.setattr(carry_forward, "STEP", 4)


@pytest.fixture
async def projections(log: Log, registry: Registry) -> list[Projection]:
    """Two that fold the same events, of three people; they serve up to the head."""
    codec = Codec(registry)
    found: list[Projection] = [PipelineProjection(codec), BreachProjection(codec)]
    for _ in range(3):
        candidate = Candidate.identify(uuid4(), on(date(2023, 3, 1)), CELL, PERSON)
        for step in WAY[:8]:
            step(candidate)
        await log.records.save(log.tenant, command(), candidate, subject=candidate.id)
    await Runner(log.database, log.store, found).catch_up()
    return found


async def whole(log: Log, projections: list[Projection]) -> list[Step]:
    return [step async for step in refold.refold(log.database, projections, log.tenant)]


async def unequal(log: Log, projections: list[Projection]) -> list[object]:
    """What differs where each takes over."""
    works = [Rebuild(log.database, each) for each in projections]
    return [each for work in works for each in await work.take_over(log.tenant)]


async def test_the_log_is_read_once_for_all(
    log: Log, projections: list[Projection], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty-seven events in pages of seven are four readings, however many fold them."""
    reads: list[int] = []
    read_after = LogReader.read_after

    async def counted(
        self: LogReader, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]:
        reads.append(position)
        return await read_after(self, tenant_id, position, limit, wanted)

    monkeypatch.setattr(LogReader, "read_after", counted)
    steps = await whole(log, projections)

    assert reads == [0, 7, 14, 21]
    assert {step.projection for step in steps if step.position == step.until} == {
        "pipeline",
        "breach",
    }
    assert await unequal(log, projections) == []


async def test_one_that_cannot_fold_an_event_keeps_no_other_from_going_on(
    log: Log, projections: list[Projection], registry: Registry
) -> None:
    """It says where it stops; what serves of it stays, the others come to the end."""
    pipeline, _ = projections
    steps = await whole(log, [pipeline, Mistaken(Codec(registry))])

    [failed] = [step for step in steps if step.failed is not None]
    assert failed.projection == "breach"
    assert failed.failed is not None
    assert failed.failed.position < POISONED
    assert str(failed.failed) == "LookupError"
    assert steps[-1].projection == "pipeline"
    assert (steps[-1].position, steps[-1].until) == (27, 27)
    assert await unequal(log, [pipeline]) == []


async def test_what_stands_at_different_places_comes_to_one(
    log: Log, projections: list[Projection]
) -> None:
    """Given one that is done and one that was interrupted, then both are equal to what serves."""
    pipeline, breach = projections
    steps = refold.refold(log.database, [breach], log.tenant)
    await anext(steps)
    await steps.aclose()
    await whole(log, [pipeline])

    steps_of_both = await whole(log, projections)

    assert [step.position for step in steps_of_both if step.projection == "pipeline"] == [27]
    assert await unequal(log, projections) == []


async def test_balances_are_settled_by_who_takes_over_where_nobody_did(
    log: Log, projections: list[Projection]
) -> None:
    """Given a rebuild that ended before its balances were written, then they are not missing."""
    pipeline, _ = projections
    steps = refold.refold(log.database, [pipeline], log.tenant)
    assert (await anext(steps)).position == 7
    await steps.aclose()
    async with log.database.tenant(log.tenant) as connection:
        assert await connection.fetchval(EPOCHS, log.tenant) == 0

    assert await unequal(log, [pipeline]) == []


async def test_two_who_fold_at_once_do_it_once(log: Log, projections: list[Projection]) -> None:
    """Each batch is one process's; who comes too late goes on with what the other has left."""
    async with asyncio.timeout(30), asyncio.TaskGroup() as both:
        for _ in range(2):
            both.create_task(whole(log, projections))

    assert await unequal(log, projections) == []


def test_a_person_is_folded_from_all_events_of_the_record() -> None:
    """The pipeline does not read again whom it has from the first event on."""
    assert {cls.TOPIC for cls in EVENTS if cls.TOPIC.startswith("candidate.")} == (
        PipelineProjection.types
    )
