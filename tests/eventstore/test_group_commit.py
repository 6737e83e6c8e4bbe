"""The queue before the log: what shares a commit, who waits, what a lost connection leaves."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import uuid4

import asyncpg
import pytest
from tests.databases import Log, establish, now
from tests.eventstore.appends import new_append, new_event

from db.database import Call
from domain.errors import VersionConflict
from eventstore import group_commit
from eventstore.append import Append, Status, Verdict, append_batch
from eventstore.group_commit import CommandTooLarge, GroupCommit, OutcomeUnknown


class Batches:
    """Lets real batches through, and remembers them; `gate` holds them back while it is closed."""

    def __init__(self) -> None:
        self.seen: list[list[Append]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def append(
        self, call: Call, tenant_id: int, at: datetime, batch: Sequence[Append]
    ) -> list[Verdict]:
        self.seen.append(list(batch))
        await self.gate.wait()
        return await append_batch(call, tenant_id, at, batch)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Batches:
    made = Batches()
    monkeypatch.setattr(group_commit, "append_batch", made.append)
    return made


@pytest.fixture
async def commits(log: Log) -> AsyncIterator[GroupCommit]:
    made = GroupCommit(log.database, now, lambda *_: None)
    yield made
    await made.aclose()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_comes_during_a_commit_gathers_for_the_next(
    log: Log, commits: GroupCommit, batches: Batches
) -> None:
    batches.gate.clear()
    first = asyncio.create_task(commits.append(log.tenant, new_append()))
    await settle()
    rest = [asyncio.create_task(commits.append(log.tenant, new_append())) for _ in range(10)]
    await settle()
    assert [len(batch) for batch in batches.seen] == [1]
    batches.gate.set()
    verdicts = await asyncio.gather(first, *rest)
    assert [len(batch) for batch in batches.seen] == [1, 10]
    assert [verdict.first_position for verdict in verdicts] == list(range(1, 12))


async def test_commands_on_one_stream_or_of_one_id_never_share_a_commit(
    log: Log, commits: GroupCommit, batches: Batches
) -> None:
    stream = uuid4()
    one, two, same, other = (
        new_append(new_event(stream), actor="a"),
        new_append(new_event(stream), actor="b"),
        new_append(actor="c"),
        new_append(actor="d"),
    )
    asked = (one, two, same, same, other)
    verdicts = await asyncio.gather(*(commits.append(log.tenant, each) for each in asked))
    assert batches.seen == [[one, same, other], [two, same]]
    assert [verdict.status for verdict in verdicts] == [
        Status.RECORDED,
        Status.CONFLICT,
        Status.RECORDED,
        Status.REPEATED,
        Status.RECORDED,
    ]


async def test_the_order_of_one_actor_is_kept_when_a_command_has_to_wait(
    log: Log, commits: GroupCommit, batches: Batches
) -> None:
    stream = uuid4()
    before, held, after = (
        new_append(new_event(stream), actor="b"),
        new_append(new_event(stream), actor="a"),
        new_append(actor="a"),
    )
    await asyncio.gather(*(commits.append(log.tenant, each) for each in (before, held, after)))
    assert batches.seen == [[before], [held, after]]


async def test_tenants_do_not_wait_for_each_other(
    log: Log, commits: GroupCommit, batches: Batches
) -> None:
    async with log.database.tenant(log.tenant) as connection:
        await connection.execute(
            "SELECT FROM tenant_log WHERE tenant_id = $1 FOR NO KEY UPDATE", log.tenant
        )
        held = asyncio.create_task(commits.append(log.tenant, new_append()))
        free = await commits.append(log.other, new_append())
        assert not held.done()
    assert (free.status, (await held).status) == (Status.RECORDED, Status.RECORDED)
    assert len(batches.seen) == 2


async def test_a_caller_that_is_cancelled_while_it_waits_takes_its_command_back(
    log: Log, commits: GroupCommit, batches: Batches
) -> None:
    batches.gate.clear()
    taken = asyncio.create_task(commits.append(log.tenant, new_append()))
    await settle()
    waiting = asyncio.create_task(commits.append(log.tenant, new_append()))
    await settle()
    waiting.cancel()
    taken.cancel()
    await asyncio.gather(taken, waiting, return_exceptions=True)
    batches.gate.set()
    last = await commits.append(log.tenant, new_append())
    # The one in the commit was recorded without its caller, the waiting one never was.
    assert last.first_position == 2
    assert await log.store.heads([log.tenant]) == {log.tenant: 2}


async def test_a_full_queue_makes_its_callers_wait_in_order(
    log: Log, commits: GroupCommit, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "QUEUE_COMMANDS_MAX", 4)
    batches.gate.clear()
    asked = [new_append() for _ in range(20)]
    tasks = [asyncio.create_task(commits.append(log.tenant, each)) for each in asked]
    await settle()
    batches.gate.set()
    verdicts = await asyncio.gather(*tasks)
    assert max(len(batch) for batch in batches.seen) <= 5
    assert [verdict.first_position for verdict in verdicts] == list(range(1, 21))


async def test_a_cancelled_caller_of_a_full_queue_blocks_nobody(
    log: Log, commits: GroupCommit, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "QUEUE_COMMANDS_MAX", 2)
    batches.gate.clear()
    tasks = [asyncio.create_task(commits.append(log.tenant, new_append())) for _ in range(8)]
    await settle()
    for task in tasks[2:7]:
        task.cancel()
    await settle()
    batches.gate.set()
    async with asyncio.timeout(10):
        last = await tasks[7]
    assert last.status is Status.RECORDED


async def test_a_command_that_is_too_large_fails_alone(log: Log, commits: GroupCommit) -> None:
    large = new_append(new_event(data=bytes(group_commit.COMMAND_BYTES_MAX)))
    asked = [new_append(), large, new_append()]
    results = await asyncio.gather(
        *(commits.append(log.tenant, each) for each in asked), return_exceptions=True
    )
    assert isinstance(results[1], CommandTooLarge)
    assert [each.status for each in results if isinstance(each, Verdict)] == [Status.RECORDED] * 2


async def test_a_command_that_the_database_rejects_fails_alone(
    log: Log, commits: GroupCommit
) -> None:
    asked = [new_append(actor="a"), new_append(actor="nul \0"), new_append(actor="c")]
    results = await asyncio.gather(
        *(commits.append(log.tenant, each) for each in asked), return_exceptions=True
    )
    assert isinstance(results[1], asyncpg.PostgresError)
    assert [each.status for each in results if isinstance(each, Verdict)] == [Status.RECORDED] * 2
    assert await log.store.heads([log.tenant]) == {log.tenant: 2}


@pytest.mark.parametrize("was_committed", [True, False])
async def test_an_append_whose_commit_is_unknown_is_recorded_once_and_answered(
    log: Log, commits: GroupCommit, monkeypatch: pytest.MonkeyPatch, *, was_committed: bool
) -> None:
    calls = 0

    async def lose_the_first_answer(
        call: Call, tenant_id: int, at: datetime, batch: Sequence[Append]
    ) -> list[Verdict]:
        nonlocal calls
        calls += 1
        if calls > 1:
            return await append_batch(call, tenant_id, at, batch)
        if was_committed:
            await append_batch(call, tenant_id, at, batch)
        raise ConnectionResetError

    monkeypatch.setattr(group_commit, "append_batch", lose_the_first_answer)
    verdict = await commits.append(log.tenant, new_append())
    assert (verdict.status, verdict.first_position) == (Status.RECORDED, 1)
    assert await log.store.heads([log.tenant]) == {log.tenant: 1}


async def test_when_the_database_stays_away_the_outcome_is_said_to_be_unknown(
    log: Log, commits: GroupCommit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: object) -> list[Verdict]:
        raise ConnectionRefusedError

    monkeypatch.setattr(group_commit, "append_batch", lose)
    monkeypatch.setattr(group_commit, "RESOLVE_S", 0.2)
    with pytest.raises(OutcomeUnknown):
        await commits.append(log.tenant, new_append())


async def test_a_command_that_may_be_recorded_is_not_said_to_have_failed(
    log: Log, commits: GroupCommit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer is lost, and sent again it meets an error that has nothing to do with it."""
    errors = iter((ConnectionResetError(), asyncpg.DiskFullError()))

    async def lose_the_answer(
        call: Call, tenant_id: int, at: datetime, batch: Sequence[Append]
    ) -> list[Verdict]:
        error = next(errors)
        if isinstance(error, ConnectionResetError):
            await append_batch(call, tenant_id, at, batch)
        raise error

    monkeypatch.setattr(group_commit, "append_batch", lose_the_answer)
    with pytest.raises(OutcomeUnknown):
        await commits.append(log.tenant, new_append())
    assert await log.store.heads([log.tenant]) == {log.tenant: 1}


async def test_killed_sessions_lose_no_acknowledged_command_and_record_none_twice(log: Log) -> None:
    """Sessions of the application are ended at random moments while eight callers append."""
    random.seed(20260103)
    killer = await asyncpg.connect(log.urls.app)
    acknowledged: dict[int, list[int]] = {log.tenant: [], log.other: []}

    async def write() -> None:
        for _ in range(60):
            tenant = random.choice(list(acknowledged))
            try:
                done = await establish(log.records, tenant, renamed=random.randrange(3))
            except VersionConflict:
                pytest.fail("a command lost against itself")
            assert not done.repeated
            acknowledged[tenant] += range(done.first_position, done.last_position + 1)

    ended = 0

    async def kill() -> None:
        nonlocal ended
        while True:
            await asyncio.sleep(random.uniform(0.005, 0.03))
            ended += await killer.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user"
                " AND pid <> pg_backend_pid() AND query LIKE '%append_events%'"
            )

    killing = asyncio.create_task(kill())
    async with asyncio.TaskGroup() as writers:
        for _ in range(8):
            writers.create_task(write())
    killing.cancel()
    await asyncio.wait([killing])
    await killer.close()
    assert ended > 0
    heads = await log.store.heads(list(acknowledged))
    for tenant, positions in acknowledged.items():
        assert sorted(positions) == list(range(1, heads[tenant] + 1))
