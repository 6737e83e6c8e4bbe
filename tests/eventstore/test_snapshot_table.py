"""Snapshots are written beside everything else, one after the other, in a form that is numbered."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from tests.databases import Log, now
from tests.eventstore.samples import row
from tests.eventstore.snapshots import Cellar, helped, settled

from db.database import Database
from eventstore.codec import Codec
from eventstore.registry import Registry
from eventstore.sealing import PersonKey
from eventstore.snapshot import FORMAT, Snapshot, UnusableSnapshot, events_of, take
from eventstore.snapshot_table import WAITING_MAX
from eventstore.store import EventStore
from eventstore.tenant_keys import TenantKeys

IN_THE_FIRST_FORMAT = (
    "b0afe5ca0c9b6cd3941ba8f5a84da76e008caee7eb8a57b20cbf01ff6c93e35f939829b46f7267616e697a61"
    "74696f6e2e72656e616d656401c0aa323032332d30392d3136d7ff000f42406440f808c40c7b226e616d6522"
    "3a2231227dc0982ab46f7267616e697a6174696f6e2e72656e616d656401c410000000000000000000000000"
    "00000003aa323032332d30392d3136d7ff000f42406440f808c40c7b226e616d65223a2232227dc0982bb46f"
    "7267616e697a6174696f6e2e72656e616d656401c41000000000000000000000000000000003aa323032332d"
    "30392d3136d7ff000f42406440f808c40c7b226e616d65223a2233227dc0"
)


@pytest.fixture
def cellar(log: Log, registry: Registry, keys: TenantKeys) -> Cellar:
    return Cellar(log, Codec(registry), keys)


async def test_of_what_two_processes_write_at_once_the_newest_stays(cellar: Cellar) -> None:
    made = helped(12)
    await cellar.save(made)
    tenant = cellar.log.tenant
    opened = [(stored, None) for stored in await cellar.log.store.read_stream(tenant, made.id)]
    async with (
        await Database.connect(cellar.log.urls.app) as database,
        EventStore(database, now) as elsewhere,
    ):
        for first, second in ((4, 7), (9, 8), (11, 12)):
            for store, version in ((cellar.log.store, first), (elsewhere, second)):
                store.snapshots.offer(tenant, made.id, partial(take, opened[:version], None))
            for store in (cellar.log.store, elsewhere):
                await settled(store, tenant)
            assert await cellar.version(made.id) == max(first, second)


async def test_a_write_that_fails_is_logged_and_the_next_goes_on(
    cellar: Cellar, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = uuid4(), helped(3)
    await cellar.save(good)
    opened = [
        (stored, None) for stored in await cellar.log.store.read_stream(cellar.log.tenant, good.id)
    ]

    def fail() -> Snapshot:
        message = "Nguyễn Thị Mẫu"
        raise ValueError(message)

    cellar.log.store.snapshots.offer(cellar.log.tenant, bad, fail)
    with caplog.at_level(logging.WARNING, "nguon.eventstore"):
        cellar.log.store.snapshots.offer(cellar.log.tenant, good.id, partial(take, opened, None))
        await settled(cellar.log.store, cellar.log.tenant)
    assert await cellar.version(good.id) == 3
    assert f"record {bad} of tenant {cellar.log.tenant} " in caplog.text
    assert "ValueError" in caplog.text
    assert "Mẫu" not in caplog.text


async def test_only_so_many_writes_wait_one_for_a_stream(cellar: Cellar) -> None:
    snapshots, tenant = cellar.log.store.snapshots, cellar.log.tenant
    taken = []

    def one(stream: UUID) -> Callable[[], Snapshot]:
        def take_it() -> Snapshot:
            taken.append(stream)
            return Snapshot(tenant, stream, 1, None, b"")

        return take_it

    streams = [uuid4() for _ in range(WAITING_MAX + 5)]
    for stream in streams:
        for _ in range(2):
            snapshots.offer(tenant, stream, one(stream))
    assert taken == []
    async with asyncio.timeout(10):
        while True:
            await asyncio.sleep(0)
            if len(taken) == WAITING_MAX:
                break
    await settled(cellar.log.store, tenant)
    assert taken == streams[:WAITING_MAX]


async def test_a_store_that_closes_gives_up_what_waits(cellar: Cellar) -> None:
    tenant, streams, taken = cellar.log.tenant, [uuid4(), uuid4(), uuid4()], []

    def take_one() -> Snapshot:
        taken.append(1)
        return Snapshot(tenant, streams[0], 1, None, b"")

    async with await Database.connect(cellar.log.urls.app) as database:
        async with EventStore(database, now) as store:
            for stream in streams[:2]:
                store.snapshots.offer(tenant, stream, take_one)
        store.snapshots.offer(tenant, streams[2], take_one)
        await asyncio.sleep(0)
    assert taken == []
    assert [await cellar.row(stream) for stream in streams] == [None, None, None]


def kept() -> Snapshot:
    """Three events of an organization, the way this program writes them."""
    times = datetime(2023, 4, 20, 8, 30, 0, 250, tzinfo=UTC)
    stored = [
        row(
            version=version,
            position=version + 40,
            type="organization.renamed",
            recorded_at=times,
            organization_id=None if version == 1 else UUID(int=3),
            data=b'{"name":"%d"}' % version,
        )
        for version in (1, 2, 3)
    ]
    return take([(each, None) for each in stored], None)


def test_what_was_taken_in_this_format_is_read() -> None:
    """When this fails the form has changed: then so must the number of the format."""
    assert FORMAT == 1
    assert kept().data.hex() == IN_THE_FIRST_FORMAT
    assert [stored.position for stored, _ in events_of(kept(), {})] == [41, 42, 43]


def test_personal_fields_are_never_taken_in_the_clear() -> None:
    key = PersonKey.new(3, uuid4())
    [(stored, _), *_] = events_of(kept(), {})
    with pytest.raises(AssertionError):
        take([(stored, b"{}")], None)
    assert events_of(take([(stored, b"{}")], key), {key.person_id: key})[0][1] == b"{}"
    with pytest.raises(UnusableSnapshot):
        events_of(take([(stored, b"{}")], key), {})
