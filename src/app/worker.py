"""What goes on by itself: projections, signing, hand-overs; alone or beside the API.

Any number of such processes may run.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Protocol

from app.installation import Installation, open_installation
from app.key_store import finish_renewals
from app.rule_book import adopt_everywhere
from app.settings import Settings
from db.database import CONNECTION_LOST
from eventstore.wakeups import unless

_LOGGER: Final = logging.getLogger(__name__)
RETRY_S: Final = 1.0


class Worker(Protocol):
    """Something that follows the logs."""

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until `stop` is set."""
        ...


@asynccontextmanager
async def running(*workers: Worker) -> AsyncIterator[None]:
    """The workers go on as long as the block lasts; what they are at is finished."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


def stop_on_signal() -> asyncio.Event:
    """Set by SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def work(settings: Settings) -> None:
    """Run projections, sign and carry transfers on until a signal comes."""
    stop = stop_on_signal()
    async with open_installation(settings) as installation:
        await _prepare(installation, stop)
        async with running(installation.runner, installation.notary, installation.courier):
            await stop.wait()


async def _prepare(installation: Installation, stop: asyncio.Event) -> None:
    """What is done once, before anything is followed; again where a connection is lost in it."""
    while not stop.is_set():
        try:
            await finish_renewals(installation)
            await adopt_everywhere(installation)
        except CONNECTION_LOST as lost:
            _LOGGER.warning("beginning again once the database is back: %s", lost)
            await unless(stop, asyncio.sleep(RETRY_S))
        else:
            return
