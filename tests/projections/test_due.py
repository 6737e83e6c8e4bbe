"""The rows of dues are the same however the log was cut into batches, tightened rules included."""

from datetime import date
from random import Random
from uuid import uuid4

import asyncpg
import pytest
from tests.databases import Log, command
from tests.domain.steps import CELL, PERSON, on, path, recognized, void
from tests.projections.test_rebuild import whole

from domain.candidate import Candidate
from domain.due_kind import OF_CASES, DueKind
from domain.procedure import rule_book, rule_book_digest
from domain.rulebook import Document, Rulebook
from eventstore.codec import Codec
from eventstore.registry import Registry
from projections import batch
from projections.due import STILL_KNOWN, DueProjection
from projections.due_list import Owed, asked, counts_of_cases, dues_of_cases
from projections.rebuild import Rebuild
from projections.runner import Runner

ROWS = """
SELECT person, position, ordinal, superseded, kind, due_on, since, until FROM due
WHERE tenant_id = $1 ORDER BY person, position, ordinal
"""
WAY = path(recognized)
BEGINS = date(2023, 3, 1)
TIGHTENED = date(2023, 8, 1)
LATER = date(2023, 9, 1)


async def case(log: Log, steps: int) -> Candidate:
    """One person who comes some way, in one append."""
    candidate = Candidate.identify(uuid4(), on(BEGINS), CELL, PERSON)
    for step in WAY[:steps]:
        step(candidate)
    await log.records.save(log.tenant, command(), candidate, subject=candidate.id)
    return candidate


async def tightened(log: Log, rulebook: Rulebook, rule: str, value: int) -> None:
    """The tenant gives itself less time from `TIGHTENED` on."""
    document = Document("9-QĐ/HU", TIGHTENED)
    given = {"rule": rule, "document": document, "parameter": "working_days", "value": value}
    rulebook.tighten(rule_book(), on=TIGHTENED, today=TIGHTENED, **given)  # type: ignore[arg-type]
    await log.records.save(log.tenant, command(), rulebook, subject=rulebook.id)


async def rows(log: Log) -> list[asyncpg.Record]:
    async with log.database.tenant(log.tenant) as connection:
        return await connection.fetch(ROWS, log.tenant)


async def listed(log: Log, day: date, position: int = STILL_KNOWN - 1) -> list[Owed]:
    """What is due on a day, as known at a position; the counts say as much."""
    wanted = asked(OF_CASES, day, within_days=1830)
    place = (log.tenant, position, day, [CELL.id], wanted)
    async with log.database.tenant(log.tenant) as connection:
        found = await dues_of_cases(connection, *place, limit=1_000)
        counts = await counts_of_cases(connection, *place)
    assert sum(each.late + each.coming for each in counts) == len(found)
    return found


@pytest.fixture
def projection(registry: Registry) -> DueProjection:
    return DueProjection(Codec(registry))


@pytest.mark.parametrize("seed", range(3))
async def test_batches_of_any_size_make_the_same_rows(
    log: Log, projection: DueProjection, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Given late and voided entries and rules that are tightened between them."""
    random = Random(seed)
    rulebook = Rulebook.begin("lam-dong/bao-lam", rule_book(), rule_book_digest(), on=BEGINS)
    runner = Runner(log.database, log.store, (projection,))
    people = [await case(log, random.randint(1, 10)) for _ in range(8)]
    for rule, value in (("T9", 20), ("T12", 10), ("T9", 15)):
        await tightened(log, rulebook, rule, value)
        for _ in range(3):
            candidate = people.pop(random.randrange(len(people)))
            void(candidate.version)(candidate)
            await log.records.save(log.tenant, command(), candidate, subject=candidate.id)
        monkeypatch.setattr(batch, "BATCH_MAX", random.choice((1, 2, 5, 40)))
        await runner.catch_up()
        people += [await case(log, random.randint(5, 8)) for _ in range(3)]
    await runner.catch_up()
    served = await rows(log)
    monkeypatch.setattr(batch, "BATCH_MAX", 10_000)
    work = Rebuild(log.database, projection)

    await whole(work, log.tenant)
    assert await work.take_over(log.tenant) == []
    assert await rows(log) == served
    assert {row["superseded"] == STILL_KNOWN for row in served} == {True, False}


async def test_a_tightened_rule_replaces_the_rows_of_what_is_open(
    log: Log, projection: DueProjection
) -> None:
    """Given one case that waits and one that is decided, only what stands from its day on changes.

    As known before, and on the days before, the old limit stands.
    """
    rulebook = Rulebook.begin("lam-dong/bao-lam", rule_book(), rule_book_digest(), on=BEGINS)
    runner = Runner(log.database, log.store, (projection,))
    waits, decided = await case(log, 6), await case(log, 8)
    await log.records.save(log.tenant, command(), rulebook, subject=rulebook.id)
    await runner.catch_up()
    before, position = await rows(log), (await log.store.heads([log.tenant]))[log.tenant]
    await tightened(log, rulebook, "T9", 20)
    await runner.catch_up()

    old, new = date(2023, 8, 28), date(2023, 7, 3)
    kind = DueKind.DECISION
    changed = [row["person"] for row in await rows(log) if row["position"] > position]
    assert set(changed) == {waits.id}
    assert len([row for row in await rows(log) if row not in before]) == 3
    assert [each.due_on for each in await listed(log, LATER) if each.kind is kind] == [new]
    assert [each.due_on for each in await listed(log, LATER, position) if each.kind is kind] == [
        old
    ]
    assert [e.due_on for e in await listed(log, date(2023, 7, 31)) if e.kind is kind] == [old]
    assert DueKind.CEREMONY in {e.kind for e in await listed(log, LATER) if e.subject == decided.id}


async def test_what_does_not_change_keeps_its_row(log: Log, projection: DueProjection) -> None:
    """Given a step that settles nothing, when it is folded, no row is written or superseded."""
    runner = Runner(log.database, log.store, (projection,))
    candidate = await case(log, 6)
    await runner.catch_up()
    before = await rows(log)
    WAY[6](candidate)
    await log.records.save(log.tenant, command(), candidate, subject=candidate.id)
    await runner.catch_up()

    assert await rows(log) == before
    assert any(row["superseded"] == STILL_KNOWN for row in before)
