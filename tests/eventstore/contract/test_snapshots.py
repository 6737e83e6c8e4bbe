"""The contract of a log: a snapshot of a stream, and the events after it."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from tests.eventstore.appends import new_event, next_events
from tests.eventstore.contract.place import Place
from tests.eventstore.snapshots import settled

from eventstore.append import NewKey
from eventstore.snapshot import Snapshot

Offer = Callable[..., Awaitable[None]]


@pytest.fixture
def offer(place: Place) -> Offer:
    """Offer a snapshot of a stream, and wait until it was dealt with."""

    async def one(snapshot: Snapshot) -> None:
        place.store.snapshots.offer(snapshot.tenant_id, snapshot.stream_id, lambda: snapshot)
        await settled(place.store, place.tenant)

    return one


def taken(place: Place, stream: UUID, version: int, person: UUID | None = None) -> Snapshot:
    return Snapshot(place.tenant, stream, version, person, b"%d" % version)


async def seen(place: Place, stream: UUID, tenant: int | None = None) -> tuple[int, list[int]]:
    """The version of the snapshot, 0 without one, and those of the events after it."""
    snapshot, events = await place.store.snapshots.read(tenant or place.tenant, stream)
    return snapshot.version if snapshot else 0, [event.version for event in events]


async def test_without_a_snapshot_all_events_are_given(place: Place) -> None:
    stream = uuid4()
    assert await seen(place, stream) == (0, [])
    await place.append(*next_events(stream, 2))
    assert await seen(place, stream) == (0, [1, 2])
    _, events = await place.store.snapshots.read(place.tenant, stream)
    assert events == await place.store.read_stream(place.tenant, stream)


async def test_after_a_snapshot_only_the_later_events_are_given(place: Place, offer: Offer) -> None:
    stream = uuid4()
    await place.append(*next_events(stream, 3))
    await offer(taken(place, stream, 3))
    assert await place.store.snapshots.read(place.tenant, stream) == (taken(place, stream, 3), [])
    await place.append(*next_events(stream, 2))
    assert await seen(place, stream) == (3, [4, 5])
    assert len(await place.store.read_stream(place.tenant, stream)) == 5


async def test_the_newest_snapshot_stays(place: Place, offer: Offer) -> None:
    stream = uuid4()
    await place.append(*next_events(stream, 3))
    for version, kept in ((2, 2), (1, 2), (3, 3), (2, 3)):
        await offer(taken(place, stream, version))
        assert await seen(place, stream) == (kept, [1, 2, 3][kept:])


async def test_a_snapshot_of_what_is_not_in_the_log_is_not_given(
    place: Place, offer: Offer
) -> None:
    stream = uuid4()
    await offer(taken(place, stream, 2))
    assert await seen(place, stream) == (0, [])
    await place.append(new_event(stream))
    assert await seen(place, stream) == (0, [1])


async def test_a_snapshot_is_dropped_unless_another_has_taken_its_place(
    place: Place, offer: Offer
) -> None:
    stream = uuid4()
    await place.append(*next_events(stream, 2))
    await offer(taken(place, stream, 2))
    for version, kept in ((1, 2), (2, 0), (2, 0)):
        place.store.snapshots.drop(taken(place, stream, version))
        await settled(place.store, place.tenant)
        assert (await seen(place, stream))[0] == kept


async def test_a_snapshot_is_its_streams_and_its_tenants(place: Place, offer: Offer) -> None:
    stream, other = uuid4(), uuid4()
    await place.append(new_event(stream), new_event(other))
    await offer(taken(place, stream, 1))
    assert await seen(place, other) == (0, [1])
    assert await seen(place, stream, place.other) == (0, [])


async def test_the_key_of_its_person_comes_with_a_snapshot(place: Place, offer: Offer) -> None:
    stream, person = uuid4(), uuid4()
    await place.append(new_event(stream), keys=(NewKey(person, b"wrapped"),))
    await offer(taken(place, stream, 1, person))
    snapshot, _ = await place.store.snapshots.read(place.tenant, stream)
    assert snapshot is not None
    assert (snapshot.person_id, snapshot.key_version, snapshot.wrapped) == (person, 1, b"wrapped")


async def test_without_a_key_no_snapshot_of_a_person_is_kept(place: Place, offer: Offer) -> None:
    """Nor one that is offered when its person has been erased already."""
    stream, person, clear = uuid4(), uuid4(), uuid4()
    await place.append(new_event(stream), new_event(clear), keys=(NewKey(person, b"wrapped"),))
    await offer(taken(place, stream, 1, person))
    await offer(taken(place, clear, 1))
    async with place.store.key_table(place.tenant) as table:
        await table.replace(type(table.held)(2, [], []))
    assert await seen(place, stream) == (0, [1])
    assert await seen(place, clear) == (1, [])
    place.store.snapshots.offer(place.tenant, stream, lambda: taken(place, stream, 1, person))
    async with place.store.key_table(place.tenant) as table:
        await table.replace(type(table.held)(1, [], []))
    await settled(place.store, place.tenant)
    assert await seen(place, stream) == (0, [1])
