"""The contract of a log: reading by position, tenants, time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.databases import now
from tests.eventstore.appends import claim, new_append, new_event, next_events
from tests.eventstore.contract.place import Place

from eventstore.append import Status
from eventstore.reading import READ_MAX


@pytest.mark.parametrize(
    ("position", "limit", "wanted", "expected"),
    [
        (0, 10, {}, [1, 2, 3, 4]),
        (0, 1, {}, [1]),
        (0, 0, {}, []),
        (1, 10, {}, [2, 3, 4]),
        (1, 2, {}, [2, 3]),
        (3, 1, {}, [4]),
        (4, 10, {}, []),
        (9, 10, {}, []),
        (0, 10, {"until": 2}, [1, 2]),
        (1, 10, {"until": 2}, [2]),
        (2, 10, {"until": 2}, []),
        (0, 1, {"until": 3}, [1]),
        (0, 10, {"types": ["t.one", "t.two"]}, [1, 2, 4]),
        (0, 10, {"types": ["t.one"]}, [1, 4]),
        (0, 1, {"types": ["t.two"]}, [2]),
        (2, 10, {"types": ["t.one"], "until": 3}, []),
        (1, 10, {"types": ["t.one"]}, [4]),
        (0, 10, {"types": ["t.none"]}, []),
        (0, 10, {"types": []}, []),
        (0, 10, {"types": ["t.two"], "known": ["t.two", "t.three"]}, [1, 2, 4]),
        (0, 10, {"types": ["t.two"], "known": ["t.one", "t.two", "t.three"]}, [2]),
        (0, 2, {"types": [], "known": []}, [1, 2]),
        (0, 10, {"known": []}, [1, 2, 3, 4]),
        (0, 10, {"organizations": [UUID(int=1)]}, [1, 2]),
        (0, 10, {"organizations": []}, []),
        (0, 10, {"effective": date(2020, 1, 2)}, [1, 2]),
        (0, 10, {"stream": UUID(int=9)}, [1, 2, 3]),
        (0, 10, {"stream": UUID(int=9), "types": ["t.three", "t.one"], "until": 3}, [1, 3]),
    ],
)
async def test_the_log_is_read_from_a_position_on(
    place: Place, position: int, limit: int, wanted: dict[str, Any], expected: list[int]
) -> None:
    stream, organization = UUID(int=9), UUID(int=1)
    days = [date(2020, 1, 1), date(2020, 1, 2), date(2020, 1, 3)]
    await place.append(
        new_event(stream, 1, type="t.one", organization_id=organization, effective_on=days[0]),
        new_event(stream, 2, type="t.two", organization_id=organization, effective_on=days[1]),
    )
    await place.append(
        new_event(stream, 3, type="t.three", organization_id=UUID(int=2), effective_on=days[2])
    )
    await place.append(new_event(type="t.one", effective_on=days[2]))
    assert await place.positions(position, limit, **wanted) == expected


async def test_one_reading_has_a_bound_whatever_is_asked_for(place: Place) -> None:
    stream = uuid4()
    for _ in range(6):
        await place.append(*next_events(stream, 1_000))
    assert len(await place.positions(0, 2 * READ_MAX)) == READ_MAX
    assert await place.positions(READ_MAX, 2 * READ_MAX) == list(range(READ_MAX + 1, 6_001))


async def test_another_tenant_sees_nothing(place: Place) -> None:
    stream = uuid4()
    asked = new_append(new_event(stream), claims=(claim(b"1", uuid4()),))
    await place.store.append(place.tenant, asked)
    store, other = place.store, place.other
    assert await store.read_stream(other, stream) == []
    assert await store.read_streams(other, [stream]) == {}
    assert await store.read_after(other, 0, 10) == []
    assert await store.find_command(other, "a", asked.command_id) is None
    assert await store.heads([other]) == {other: 0}
    assert await store.positions_known_at([other], now() + timedelta(days=1)) == {other: 0}
    verdict = await store.append(other, new_append(new_event(stream)))
    assert (verdict.status, verdict.first_position) == (Status.RECORDED, 1)


async def test_an_unknown_tenant_has_no_log(place: Place) -> None:
    with pytest.raises(Exception, match="unknown tenant 999"):
        await place.store.append(999, new_append())
    assert await place.store.heads([999]) == {}


async def test_a_simulated_clock_is_kept_and_never_runs_backwards(place: Place) -> None:
    days = [datetime(2021, month, 1, tzinfo=UTC) for month in (5, 7, 6, 8)]
    recorded = []
    for day in days:
        await place.store.set_clock(place.tenant, day)
        recorded.append((await place.append()).recorded_at)
    assert recorded == [days[0], days[1], days[1], days[3]]
    await place.store.set_clock(place.tenant, None)
    assert now() - (await place.append()).recorded_at < timedelta(minutes=1)
    await place.store.set_clock(place.tenant, days[0])
    assert now() - (await place.append()).recorded_at < timedelta(minutes=1)
    stored = await place.store.read_after(place.tenant, 0, 10)
    assert [event.recorded_at for event in stored[:4]] == recorded


async def test_known_at_is_the_last_position_recorded_by_then(place: Place) -> None:
    for month in (5, 6, 6, 7):
        await place.store.set_clock(place.tenant, datetime(2021, month, 1, tzinfo=UTC))
        await place.append()
    for known, position in (
        (datetime(2021, 4, 30, tzinfo=UTC), 0),
        (datetime(2021, 5, 1, tzinfo=UTC), 1),
        (datetime(2021, 6, 1, tzinfo=UTC) - timedelta(microseconds=1), 1),
        (datetime(2021, 6, 1, tzinfo=UTC), 3),
        (now(), 4),
    ):
        found = await place.store.positions_known_at([place.tenant, place.other], known)
        assert found == {place.tenant: position, place.other: 0}
