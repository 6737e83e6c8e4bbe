"""Streams that are wanted while a call is under way are read by the next one, each once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from eventstore.stream_loads import STREAMS_MAX, StreamLoads


class Gate:
    """A database whose reads wait to be let through; a row is nothing but its stream."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, list[UUID]]] = []
        self.open = asyncio.Semaphore(0)
        self.fails = False

    async def read(self, _sql: str, tenant: int, streams: list[UUID], _format: int) -> Any:  # noqa: ANN401
        self.calls.append((tenant, streams))
        await self.open.acquire()
        if self.fails:
            raise ConnectionError
        return [{"stream_id": stream} for stream in streams]


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def loads(gate: Gate) -> StreamLoads:
    return StreamLoads(gate)  # type: ignore[arg-type]


def start(loads: StreamLoads, stream: UUID, tenant: int = 1) -> "asyncio.Task[Any]":
    return asyncio.create_task(loads.rows(tenant, stream))


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_who_asks_while_a_call_is_under_way_shares_the_next(
    gate: Gate, loads: StreamLoads
) -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    tasks = [start(loads, first)]
    await settle()
    # The first one again: what is under way may have been read before it was asked for.
    tasks += [start(loads, each) for each in (first, second, third, third)]
    gate.open.release()
    await settle()
    gate.open.release()

    found = await asyncio.gather(*tasks)

    assert gate.calls == [(1, [first]), (1, [first, second, third])]
    wanted = (first, first, second, third, third)
    assert found == [[{"stream_id": stream}] for stream in wanted]


async def test_tenants_do_not_wait_for_each_other(gate: Gate, loads: StreamLoads) -> None:
    tasks = [start(loads, uuid4(), tenant) for tenant in (1, 2)]
    await settle()
    gate.open.release()
    gate.open.release()
    await asyncio.gather(*tasks)
    assert [tenant for tenant, _ in gate.calls] == [1, 2]


async def test_a_call_reads_a_bounded_number_of_streams(gate: Gate, loads: StreamLoads) -> None:
    tasks = [start(loads, uuid4()) for _ in range(STREAMS_MAX + 1)]
    gate.open.release()
    gate.open.release()
    await asyncio.gather(*tasks)
    assert [len(streams) for _, streams in gate.calls] == [STREAMS_MAX, 1]


async def test_a_call_that_fails_fails_those_who_wait_for_it_and_no_other(
    gate: Gate, loads: StreamLoads
) -> None:
    gate.fails = True
    failed = [start(loads, uuid4()) for _ in range(2)]
    gate.open.release()
    errors = await asyncio.gather(*failed, return_exceptions=True)
    assert [type(error) for error in errors] == [ConnectionError] * 2

    gate.fails = False
    gate.open.release()
    stream = uuid4()
    assert await start(loads, stream) == [{"stream_id": stream}]


async def test_who_gives_up_takes_nothing_from_another_who_wants_the_same(
    gate: Gate, loads: StreamLoads
) -> None:
    stream = uuid4()
    gone, stays = start(loads, stream), start(loads, stream)
    await settle()
    gone.cancel()
    gate.open.release()
    assert await stays == [{"stream_id": stream}]


async def test_closing_leaves_nobody_waiting(loads: StreamLoads) -> None:
    under_way = start(loads, uuid4())
    await settle()
    waiting = start(loads, uuid4())
    await asyncio.sleep(0)
    await loads.aclose()
    await asyncio.wait({under_way, waiting}, timeout=5)
    assert under_way.cancelled()
    assert waiting.cancelled()
