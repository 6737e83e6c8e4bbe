"""A projection is folded anew beside what serves, and takes over where both are equal."""

import asyncio
from datetime import date
from random import Random
from uuid import uuid4

import asyncpg
import pytest
from tests.databases import Log, command
from tests.domain.steps import CELL, PERSON, on, path, recognized

from db.database import Connection
from domain.candidate import Candidate
from domain.errors import Conflict
from eventstore.codec import Codec
from eventstore.registry import Registry
from eventstore.stored_event import StoredEvent
from projections import batch
from projections.basis import Basis
from projections.organization import OrganizationProjection
from projections.pipeline import PipelineProjection
from projections.projection import Projection
from projections.rebuild import Difference, Rebuild
from projections.receipt import InvalidBasis, Receipt
from projections.receipts import Receipts
from projections.runner import Runner

ROWS = "SELECT * FROM posting WHERE tenant_id = $1 ORDER BY position, ordinal"
STATE = "SELECT position, version FROM checkpoint WHERE tenant_id = $1"
WAY = path(recognized)
BEGINS = date(2023, 3, 1)


class Mistaken(PipelineProjection):
    """A newer version that forgets what is posted at a stage."""

    version = 2

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        await super().apply(connection, tenant_id, events)
        await connection.execute(
            "DELETE FROM posting WHERE tenant_id = $1 AND account = 'CERTIFIED'", tenant_id
        )


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_MAX", 7)


async def case(log: Log, steps: int, tenant: int | None = None) -> None:
    """One person who comes some way, in one append."""
    candidate = Candidate.identify(uuid4(), on(BEGINS), CELL, PERSON)
    for step in WAY[:steps]:
        step(candidate)
    await log.records.save(tenant or log.tenant, command(), candidate, subject=candidate.id)


async def rows(log: Log, tenant: int) -> list[asyncpg.Record]:
    async with log.database.tenant(tenant) as connection:
        return await connection.fetch(ROWS, tenant)


async def state(log: Log) -> tuple[int, int]:
    async with log.database.tenant(log.tenant) as connection:
        row = await connection.fetchrow(STATE, log.tenant)
    assert row is not None
    return row["position"], row["version"]


async def whole(work: Rebuild, tenant: int) -> list[tuple[int, int]]:
    return [step async for step in work.fold(tenant)]


async def test_a_rebuild_under_writes_loses_and_doubles_nothing(
    log: Log, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given people who go on being recorded and folded meanwhile, then old and new are equal."""
    monkeypatch.setattr(batch, "BATCH_MAX", 50)
    random = Random(3)
    for _ in range(6):
        await case(log, random.randint(0, 8))
        await case(log, 3, log.other)
    projection = PipelineProjection(Codec(registry))
    serving = Runner(log.database, log.store, [projection])
    work = Rebuild(log.database, projection)
    await serving.catch_up()
    untouched = await rows(log, log.other)
    stop = asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            await case(log, random.randint(0, 8))
            await asyncio.sleep(0.05)

    async with asyncio.timeout(60), asyncio.TaskGroup() as running:
        running.create_task(write())
        running.create_task(serving.run(stop))
        for _ in range(3):
            await whole(work, log.tenant)
            assert await work.take_over(log.tenant) == []
        stop.set()
    await serving.catch_up()

    again = Rebuild(log.database, projection)
    await whole(again, log.tenant)
    assert await again.take_over(log.tenant) == []
    assert await rows(log, log.other) == untouched


async def test_a_fold_that_is_wrong_does_not_take_over_unless_signed_off(
    log: Log, registry: Registry
) -> None:
    """Given a newer version with a mistake, then the old one serves on until that is accepted."""
    for _ in range(3):
        await case(log, 8)
    codec = Codec(registry)
    old = Runner(log.database, log.store, [PipelineProjection(codec)])
    await old.catch_up()
    before, (reached, _) = await rows(log, log.tenant), await state(log)
    new = Runner(log.database, log.store, [Mistaken(codec)])
    work = Rebuild(log.database, Mistaken(codec))

    await whole(work, log.tenant)
    [difference] = await work.take_over(log.tenant)

    assert (difference.table, difference.new) == ("posting", 0)
    assert difference.serving > 0
    assert await rows(log, log.tenant) == before
    assert await state(log) == (reached, 1)
    assert not await new.advance()

    assert await work.take_over(log.tenant, signed_off=True) == [
        Difference("posting", difference.serving, 0)
    ]
    assert await state(log) == (reached, 2)
    assert len(await rows(log, log.tenant)) == len(before) - difference.serving
    await case(log, 2)
    assert not await old.advance()
    assert await new.advance()


async def test_a_receipt_names_the_fold_that_wrote_the_rows(log: Log, registry: Registry) -> None:
    """Given a newer program whose rows do not serve yet, then figures rest on the older fold."""
    await case(log, 8)
    codec = Codec(registry)
    folds: list[Projection] = [OrganizationProjection(codec), PipelineProjection(codec)]
    await Runner(log.database, log.store, folds).catch_up()
    receipts, positions = Receipts(log.database, log.store, folds), {log.tenant: 9}
    basis = Basis(date(2023, 9, 1), positions, date(2023, 9, 1), positions, is_cut=False)

    async def receipt() -> Receipt:
        return Receipt.decode((await receipts.of(basis)).encode())

    before = await receipt()
    await receipts.opened(before, log.tenant, [log.tenant])
    work = Rebuild(log.database, Mistaken(codec))
    await whole(work, log.tenant)
    assert await receipt() == before
    await work.take_over(log.tenant, signed_off=True)

    assert (await receipt()).logs[0].versions == (1, 2)
    with pytest.raises(Conflict, match="version 1 of “pipeline”; now it is 2"):
        await receipts.opened(before, log.tenant, [log.tenant])


async def test_a_receipt_of_fewer_folds_still_holds(log: Log, registry: Registry) -> None:
    """Given one of a program that had not all of them yet; one of a projection unknown does not."""
    await case(log, 2)
    codec = Codec(registry)
    organization, pipeline = OrganizationProjection(codec), PipelineProjection(codec)
    await Runner(log.database, log.store, [organization, pipeline]).catch_up()
    positions = {log.tenant: 3}
    basis = Basis(date(2023, 9, 1), positions, date(2023, 9, 1), positions, is_cut=False)
    earlier = Receipts(log.database, log.store, [pipeline])
    later = Receipts(log.database, log.store, [organization, pipeline])

    opened = await later.opened(await earlier.of(basis), log.tenant, [log.tenant])
    assert opened.positions == positions
    with pytest.raises(InvalidBasis):
        await earlier.opened(await later.of(basis), log.tenant, [log.tenant])


async def test_an_interrupted_rebuild_is_gone_on_with_and_a_cancelled_one_begins_again(
    log: Log, registry: Registry
) -> None:
    """Given a first batch, then the next one follows it, unless somebody dropped it."""
    for _ in range(3):
        await case(log, 8)
    projection = PipelineProjection(Codec(registry))
    serving = Runner(log.database, log.store, [projection])
    await serving.catch_up()

    def started() -> Rebuild:
        return Rebuild(log.database, projection)

    first = started().fold(log.tenant)
    assert await anext(first) == (7, 27)
    await first.aclose()
    second = started().fold(log.tenant)
    assert await anext(second) == (14, 27)
    await second.aclose()
    await started().cancel(log.tenant)
    assert await whole(started(), log.tenant) == [(7, 27), (14, 27), (21, 27), (27, 27)]
    assert await started().take_over(log.tenant) == []
