"""The contract of a log: streams and their versions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.databases import now
from tests.eventstore.appends import new_append, new_event, next_events
from tests.eventstore.contract.place import Place

from eventstore.append import ANY_VERSION, Status
from eventstore.stored_event import StoredEvent


async def test_nothing_is_there_at_first(place: Place) -> None:
    store, stream = place.store, uuid4()
    assert await store.read_stream(place.tenant, stream) == []
    assert await store.read_streams(place.tenant, [stream]) == {}
    assert await store.read_after(place.tenant, 0, 10) == []
    assert await store.heads([place.tenant, place.other]) == {place.tenant: 0, place.other: 0}
    assert await store.find_command(place.tenant, "a", uuid4()) is None


async def test_an_event_is_read_back_as_it_was_written(place: Place) -> None:
    event = new_event(
        type="candidate.identified",
        schema_version=3,
        organization_id=uuid4(),
        effective_on=date(1930, 2, 3),
        data='{"lý do":"Ơ"}'.encode(),
        person_id=uuid4(),
        sealed=bytes(range(256)),
    )
    asked = new_append(event, actor="cán bộ 1")
    verdict = await place.store.append(place.tenant, asked)
    [stored] = await place.store.read_stream(place.tenant, event.stream_id)
    assert stored == StoredEvent(
        tenant_id=place.tenant,
        position=1,
        stream_id=event.stream_id,
        version=1,
        event_id=event.event_id,
        type="candidate.identified",
        schema_version=3,
        organization_id=event.organization_id,
        effective_on=date(1930, 2, 3),
        recorded_at=verdict.recorded_at,
        actor="cán bộ 1",
        causation_id=asked.command_id,
        correlation_id=asked.correlation_id,
        data=event.data,
        person_id=event.person_id,
        sealed=event.sealed,
    )
    assert (type(stored.data), type(stored.sealed)) == (bytes, bytes)
    assert stored.recorded_at.tzinfo is not None
    assert await place.store.read_after(place.tenant, 0, 10) == [stored]


async def test_the_verdict_on_what_is_recorded_names_subject_and_positions(place: Place) -> None:
    asked = new_append(new_event(), new_event(), new_event())
    before = now()
    verdict = await place.store.append(place.tenant, asked)
    assert (verdict.status, verdict.subject) == (Status.RECORDED, asked.subject)
    assert (verdict.first_position, verdict.last_position, verdict.key_version) == (1, 3, 1)
    assert before - timedelta(minutes=1) < verdict.recorded_at < now() + timedelta(minutes=1)
    assert (await place.append()).first_position == 4


async def test_a_version_that_is_taken_is_a_conflict_and_writes_nothing(place: Place) -> None:
    stream = uuid4()
    await place.append(new_event(stream))
    verdict = await place.append(new_event(stream, data=b"other"))
    assert (verdict.status, verdict.first_position, verdict.last_position) == (
        Status.CONFLICT,
        0,
        0,
    )
    assert [event.data for event in await place.store.read_stream(place.tenant, stream)] == [b"{}"]
    assert await place.head() == 1


@pytest.mark.parametrize("there", [0, 1, 2])
@pytest.mark.parametrize("expected", [1, 2, 3, 4])
async def test_only_the_next_version_of_a_stream_is_taken(
    place: Place, there: int, expected: int
) -> None:
    """Version 1 demands that there is no stream; a gap is as wrong as a repetition."""
    stream = uuid4()
    await place.append(new_event(), *next_events(stream, there))
    verdict = await place.append(new_event(stream, expected), new_event(stream, expected + 1))
    is_next = expected == there + 1
    assert (verdict.status is Status.RECORDED) == is_next
    assert await place.head() == 1 + there + 2 * is_next


async def test_any_version_takes_the_next_ones(place: Place) -> None:
    stream, other = uuid4(), uuid4()
    await place.append(new_event(stream, 1), new_event(stream, 2))
    mixed = next_events(stream, 2) + next_events(other, 2) + next_events(stream, 1)
    assert (await place.append(*mixed)).status is Status.RECORDED
    for each, count in ((stream, 5), (other, 2)):
        found = await place.store.read_stream(place.tenant, each)
        assert [event.version for event in found] == list(range(1, count + 1))


async def test_a_command_without_events_or_with_a_gap_is_a_programming_error() -> None:
    stream = uuid4()
    with pytest.raises(ValueError, match="at least one event"):
        replace(new_append(), events=())
    for versions in ((1, 1), (1, 3), (2, 1), (ANY_VERSION, 1), (1, ANY_VERSION)):
        with pytest.raises(ValueError, match="gap"):
            new_append(*(new_event(stream, version) for version in versions))


async def test_several_streams_are_appended_to_together_or_not_at_all(place: Place) -> None:
    old, new = uuid4(), uuid4()
    await place.append(new_event(old))
    assert (await place.append(new_event(new), new_event(old, 1))).status is Status.CONFLICT
    assert await place.store.read_stream(place.tenant, new) == []
    verdict = await place.append(new_event(new), new_event(old, 2))
    assert (verdict.first_position, verdict.last_position) == (2, 3)


async def test_streams_are_kept_apart_and_read_from_a_version_on(place: Place) -> None:
    stream, other = uuid4(), uuid4()
    await place.append(*next_events(stream, 3), *next_events(other, 2))
    for after in range(5):
        found = await place.store.read_stream(place.tenant, stream, after_version=after)
        assert [event.version for event in found] == list(range(after + 1, 4))
        assert {event.stream_id for event in found} <= {stream}


async def test_several_streams_are_read_up_to_a_position_and_by_type(place: Place) -> None:
    stream, other, third = uuid4(), uuid4(), uuid4()
    await place.append(*next_events(stream, 2), *next_events(other, 2), *next_events(third, 1))
    await place.append(*next_events(stream, 1, type="organization.established"))

    async def versions(**wanted: Any) -> dict[UUID, list[int]]:  # noqa: ANN401
        found = await place.store.read_streams(place.tenant, [stream, other, uuid4()], **wanted)
        return {each: [event.version for event in events] for each, events in found.items()}

    assert await versions() == {stream: [1, 2, 3], other: [1, 2]}
    assert await versions(until_position=3) == {stream: [1, 2], other: [1]}
    assert await versions(types=["organization.established"]) == {stream: [3]}
    assert await versions(until_position=5, types=["organization.established"]) == {}
    assert await versions(types=[]) == {}
