"""A process of a run that follows all tenants from position 0, and notes what it is given.

Run as `python -m tests.faults.log_reader ASSIGNMENT`. Started again it goes on from the last event
that it noted; ends in order on SIGTERM.
"""

import asyncio
from typing import Final

from tests.faults.history import Assignment, History, lives
from tests.faults.log_process import opened, start

from eventstore.follow import follow
from eventstore.position import Position
from eventstore.store import EventStore

POOL_MAX: Final = 2


async def read(assignment: Assignment, dsn: str, history: History, finish: asyncio.Event) -> None:
    """Read until told to finish."""
    async with opened(dsn, POOL_MAX) as store:
        reading = asyncio.create_task(_follow(assignment, history, store))
        finishing = asyncio.create_task(finish.wait())
        await asyncio.wait({reading, finishing}, return_when=asyncio.FIRST_COMPLETED)
        finishing.cancel()
        reading.cancel()
        await asyncio.wait({reading, finishing})
    if not reading.cancelled():
        reading.result()


async def _follow(assignment: Assignment, history: History, store: EventStore) -> None:
    reached = _reached(assignment)
    history.write("ready", after=list(reached.items()))
    async for followed in follow(store, assignment.tenants, Position.of(reached)):
        event = followed.event
        reached[event.tenant_id] = event.position
        history.write(
            "given",
            tenant=event.tenant_id,
            position=event.position,
            id=event.event_id,
            stream=event.stream_id,
            version=event.version,
        )
        if followed.position != Position.of(reached):
            history.write("astray", tenant=event.tenant_id, position=event.position)


def _reached(assignment: Assignment) -> dict[int, int]:
    """What the last life that came to read anything noted as read."""
    reached = dict.fromkeys(assignment.tenants, 0)
    for life in lives(assignment):
        if not any(line["kind"] == "ready" for line in life):
            continue
        for line in life:
            if line["kind"] == "ready":
                reached.update(dict(line["after"]))
            elif line["kind"] == "given":
                reached[line["tenant"]] = line["position"]
        break
    return reached


if __name__ == "__main__":
    start(read)
