"""A process of a run that follows all tenants from position 0, and notes what it is given.

Run as `python -m tests.faults.log_reader ASSIGNMENT`. Started again it goes on from the last event
that it noted; ends in order on SIGTERM.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Final

import msgspec
from tests.faults.history import Assignment, History, earlier
from tests.faults.log_writer import opened

from eventstore.follow import follow
from eventstore.position import Position
from eventstore.store import EventStore

POOL_MAX: Final = 2


async def read(assignment: Assignment, history: History, store: EventStore) -> None:
    """Without end."""
    reached = dict.fromkeys(assignment.tenants, 0)
    for line in earlier(assignment):
        if line["kind"] == "given":
            reached[line["tenant"]] = line["position"]
    history.write("ready", after=reached)
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


async def main(assignment: Assignment, dsn: str) -> None:
    """Read until SIGTERM."""
    history = History(Path(assignment.history), assignment.name, assignment.start)
    async with opened(dsn, POOL_MAX) as store:
        reading = asyncio.create_task(read(assignment, history, store))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, reading.cancel)
        await asyncio.wait({reading})
    if not reading.cancelled():
        reading.result()
    history.write("finished")
    history.close()


if __name__ == "__main__":
    asyncio.run(
        main(
            msgspec.json.decode(sys.argv[1], type=Assignment),
            os.environ["NGUON_APP_DATABASE_URL"],
        )
    )
