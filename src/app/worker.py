"""The projection worker, alone in its process or beside the API. Any number of them may run."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.installation import open_installation
from app.key_store import finish_renewals
from app.settings import Settings
from projections.runner import Runner


@asynccontextmanager
async def running(runner: Runner) -> AsyncIterator[None]:
    """Projections move forward as long as the block lasts; the batch under way is finished."""
    stop = asyncio.Event()
    task = asyncio.create_task(runner.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


def stop_on_signal() -> asyncio.Event:
    """Set by SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def work(settings: Settings) -> None:
    """Run projections until a signal comes."""
    stop = stop_on_signal()
    async with open_installation(settings) as installation:
        await finish_renewals(installation)
        await installation.runner.run(stop)
