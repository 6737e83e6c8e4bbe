"""Appending to a log: versions, repetition, gapless positions, several writers and stores."""

import asyncio
import random
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.databases import ACTOR, FOUNDED, Log, command, establish, now, organization
from tests.eventstore.appends import new_append, new_event

from commands.ports import Actor, Recorded
from db.database import Database
from domain.access import Role
from domain.errors import Conflict, NotFound, VersionConflict
from domain.organization import Organization
from domain.target import Target
from eventstore.append import Status, append_batch
from eventstore.codec import Codec
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.store import EventStore
from eventstore.tenant_keys import TenantKeys


async def test_a_record_is_read_back_as_it_was_saved(log: Log) -> None:
    saved = organization(renamed=2)
    recorded = await log.records.save(log.tenant, command(), saved, subject=saved.id)
    loaded = await log.records.load(log.tenant, Organization, saved.id)
    assert recorded == Recorded(log.tenant, saved.id, 1, 3)
    assert (loaded.id, loaded.version) == (saved.id, 3)
    assert [type(entry) for entry in loaded.entries] == [type(entry) for entry in saved.entries]
    assert not loaded.pending_events


async def test_all_columns_of_an_event_are_filled(log: Log) -> None:
    sent = command(correlation_id=uuid4())
    saved = organization()
    await log.records.save(log.tenant, sent, saved, subject=saved.id)
    [stored] = await log.store.read_stream(log.tenant, saved.id)
    assert (stored.tenant_id, stored.position, stored.version) == (log.tenant, 1, 1)
    assert (stored.type, stored.schema_version) == ("organization.established", 1)
    assert (stored.organization_id, stored.effective_on) == (saved.id, FOUNDED)
    assert (stored.actor, stored.causation_id) == (ACTOR.id, sent.id)
    assert stored.correlation_id == sent.correlation_id
    assert abs(stored.recorded_at - now()) < timedelta(minutes=1)
    assert (stored.person_id, stored.sealed) == (None, None)


async def test_the_log_of_another_tenant_does_not_have_it(log: Log) -> None:
    recorded = await establish(log.records, log.tenant)
    assert await log.store.read_stream(log.other, recorded.subject) == []
    with pytest.raises(NotFound):
        await log.records.load(log.other, Organization, recorded.subject)
    assert await log.store.heads([log.tenant, log.other]) == {log.tenant: 1, log.other: 0}


async def test_a_record_of_another_kind_is_not_found(log: Log) -> None:
    recorded = await establish(log.records, log.tenant)
    with pytest.raises(NotFound):
        await log.records.load(log.tenant, Target, recorded.subject)


async def test_the_second_of_two_writers_of_a_stream_conflicts_and_writes_nothing(log: Log) -> None:
    recorded = await establish(log.records, log.tenant)
    first, second = [
        await log.records.load(log.tenant, Organization, recorded.subject) for _ in range(2)
    ]
    first.rename("Chi bộ một", on=FOUNDED)
    second.rename("Chi bộ hai", on=FOUNDED)
    await log.records.save(log.tenant, command(), first, subject=first.id)
    with pytest.raises(VersionConflict):
        await log.records.save(log.tenant, command(), second, subject=second.id)
    assert await log.store.heads([log.tenant]) == {log.tenant: 2}


async def test_establishing_the_same_organization_twice_is_refused_for_good(log: Log) -> None:
    for refused in (False, True):
        new = organization("mot-chi-bo")
        if refused:
            with pytest.raises(Conflict):
                await log.records.save(log.tenant, command(), new, subject=new.id)
        else:
            await log.records.save(log.tenant, command(), new, subject=new.id)


async def test_the_same_command_and_input_gives_the_first_result_and_no_event(log: Log) -> None:
    sent = command()
    first = await establish(log.records, log.tenant, sent)
    await establish(log.records, log.tenant)
    again = await establish(log.records, log.tenant, sent)
    assert again == Recorded(log.tenant, first.subject, 1, 1, repeated=True)
    assert await log.records.recorded(log.tenant, sent) == again
    assert await log.store.heads([log.tenant]) == {log.tenant: 2}


async def test_the_same_command_with_another_input_is_refused(log: Log) -> None:
    sent = command()
    await establish(log.records, log.tenant, sent)
    with pytest.raises(Conflict, match="COMMAND_ID_REUSED"):
        await establish(log.records, log.tenant, command(sent.id, input_hash=b"\0\0\0\1other"))
    with pytest.raises(Conflict, match="COMMAND_ID_REUSED"):
        await log.records.recorded(log.tenant, command(sent.id, input_hash=b"\0\0\0\1other"))
    assert await log.store.heads([log.tenant]) == {log.tenant: 1}


async def test_command_ids_of_other_actors_and_tenants_are_their_own(log: Log) -> None:
    sent = command()
    other = Actor("office-2", Role.OFFICE, "lam-dong/bao-lam")
    for tenant, actor in ((log.tenant, ACTOR), (log.tenant, other), (log.other, ACTOR)):
        recorded = await establish(log.records, tenant, command(sent.id, actor=actor))
        assert not recorded.repeated
    assert await log.records.recorded(log.province, sent) is None


async def test_in_a_batch_only_the_wrong_commands_fail(log: Log) -> None:
    known, taken, stream = new_append(), uuid4(), uuid4()
    there = [known, new_append(command_id=taken), new_append(new_event(stream))]
    await append_batch(log.database.call, log.tenant, now(), there)
    asked = {
        Status.RECORDED: new_append(),
        Status.CONFLICT: new_append(new_event(stream)),
        Status.REPEATED: known,
        Status.REUSED: new_append(command_id=taken, input_hash=b"\0\0\0\1other"),
    }
    verdicts = await append_batch(
        log.database.call, log.tenant, now(), [*asked.values(), new_append()]
    )
    assert [verdict.status for verdict in verdicts] == [*asked, Status.RECORDED]
    assert [verdict.first_position for verdict in verdicts] == [4, 0, 1, 2, 5]


async def test_a_commandid_that_is_found_used_last_leaves_one_answer_a_command(log: Log) -> None:
    """All others of the batch were written by then, and are written again."""
    taken = uuid4()
    await append_batch(log.database.call, log.tenant, now(), [new_append(command_id=taken)])
    reused = new_append(command_id=taken, input_hash=b"\0\0\0\1other")
    verdicts = await append_batch(
        log.database.call, log.tenant, now(), [new_append(), new_append(), reused, new_append()]
    )
    assert [verdict.status for verdict in verdicts] == [
        Status.RECORDED,
        Status.RECORDED,
        Status.REUSED,
        Status.RECORDED,
    ]
    assert [verdict.first_position for verdict in verdicts] == [2, 3, 1, 4]
    assert await log.store.heads([log.tenant]) == {log.tenant: 4}


async def test_one_command_may_append_to_several_streams_or_to_none_of_them(log: Log) -> None:
    old = await establish(log.records, log.tenant)
    stale = await log.records.load(log.tenant, Organization, old.subject)
    newer = await log.records.load(log.tenant, Organization, old.subject)
    newer.rename("Chi bộ mới", on=FOUNDED)
    fresh = organization()
    recorded = await log.records.save(log.tenant, command(), newer, fresh, subject=fresh.id)
    assert (recorded.first_position, recorded.last_position) == (2, 3)
    stale.rename("Chi bộ cũ", on=FOUNDED)
    renamed = await log.records.load(log.tenant, Organization, fresh.id)
    renamed.rename("Chi bộ khác", on=FOUNDED)
    with pytest.raises(VersionConflict):
        await log.records.save(log.tenant, command(), renamed, stale, subject=fresh.id)
    assert await log.store.heads([log.tenant]) == {log.tenant: 3}


async def test_a_command_without_an_event_is_a_programming_error(log: Log) -> None:
    with pytest.raises(ValueError, match="at least one event"):
        await log.records.save(log.tenant, command(), subject=uuid4())


async def test_eight_writers_in_two_stores_leave_two_gapless_logs(
    log: Log, registry: Registry, keys: TenantKeys
) -> None:
    """Half of the writes race for one shared stream; each is repeated until it wins."""
    random.seed(20260101)
    async with (
        await Database.connect(log.urls.app) as second_database,
        EventStore(second_database, now) as second,
    ):
        elsewhere = Records(second, Codec(registry), keys)
        both = (log.tenant, log.other)
        shared = {tenant: (await establish(log.records, tenant)).subject for tenant in both}
        positions: dict[int, list[int]] = {tenant: [1] for tenant in shared}

        async def rename(records: Records, tenant: int) -> Recorded:
            while True:
                record = await records.load(tenant, Organization, shared[tenant])
                record.rename(f"Chi bộ {random.random()}", on=FOUNDED)
                try:
                    return await records.save(tenant, command(), record, subject=record.id)
                except VersionConflict:
                    continue

        async def write(records: Records) -> None:
            for _ in range(25):
                tenant = random.choice([log.tenant, log.other])
                renames = random.random() < 0.5
                done = await (
                    rename(records, tenant)
                    if renames
                    else establish(records, tenant, renamed=random.randrange(3))
                )
                positions[tenant] += range(done.first_position, done.last_position + 1)

        async with asyncio.TaskGroup() as writers:
            for number in range(8):
                writers.create_task(write(elsewhere if number % 2 else log.records))
    heads = await log.store.heads(list(shared))
    for tenant, taken in positions.items():
        assert sorted(taken) == list(range(1, heads[tenant] + 1))
        stored = await log.store.read_after(tenant, 0, 5_000)
        assert [event.position for event in stored] == sorted(taken)
        assert [e.recorded_at for e in stored] == sorted(e.recorded_at for e in stored)
        stream = await log.store.read_stream(tenant, shared[tenant])
        assert [event.version for event in stream] == list(range(1, len(stream) + 1))
