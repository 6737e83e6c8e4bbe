"""What child processes of a run do alike: each ends when it is told to, or with its parent."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from tests.faults.history import Assignment, History

from db.database import CONNECTION_LOST, Database
from eventstore.store import EventStore

Work = Callable[[Assignment, str, History, asyncio.Event], Awaitable[None]]
"""With the assignment, the DSN, the history of this life, and what is set by SIGTERM."""


def start(work: Work) -> None:
    """Do the work that the command line assigns."""
    asyncio.run(_run(work, msgspec.json.decode(sys.argv[1], type=Assignment)))


async def _run(work: Work, assignment: Assignment) -> None:
    loop = asyncio.get_running_loop()
    finish = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, finish.set)
    # The parent holds the other end and writes nothing: this is readable when the parent is gone.
    loop.add_reader(sys.stdin.fileno(), os._exit, 1)
    history = History(Path(assignment.history), assignment.name, assignment.start)
    await work(assignment, os.environ["NGUON_APP_DATABASE_URL"], history, finish)
    history.write("finished")
    history.close()


@asynccontextmanager
async def opened(dsn: str, pool_max: int) -> AsyncIterator[EventStore]:
    """A store of its own, once the database is there."""
    async with AsyncExitStack() as stack:
        while True:
            try:
                database = await Database.connect(dsn, max_size=pool_max)
                break
            except CONNECTION_LOST:
                await asyncio.sleep(0.1)
        await stack.enter_async_context(database)
        yield await stack.enter_async_context(EventStore(database, lambda: datetime.now(UTC)))
