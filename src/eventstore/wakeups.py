"""Wakes whoever waits for new events: at once in this process, by NOTIFY in the others.

A wake-up that is lost costs its waiter the rest of its poll, never an event.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any, Final

import asyncpg

from db.database import CONNECTION_LOST, Database, DatabaseUnavailable

_LOGGER: Final = logging.getLogger(__name__)
CHANNEL: Final = "nguon_log"
RECONNECT_S: Final = 0.5
NOTIFY_EVERY_S: Final = 0.005
# A notification that a crash takes away is made up for by polling, so nobody waits for its commit.
_NOTIFY: Final = """
SELECT pg_notify('nguon_log', $1) FROM set_config('synchronous_commit', 'off', true)
"""


class Wakeups:
    """Two tasks and two connections a process at the most, however many followers it has."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._signal = asyncio.Event()
        self._dirty: set[int] = set()
        self._has_dirty = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen and to notify."""
        self._tasks = [
            asyncio.create_task(self._listen(), name="listen"),
            asyncio.create_task(self._notify(), name="notify"),
        ]

    async def aclose(self) -> None:
        """Stop both."""
        for task in self._tasks:
            while not task.done():  # One cancellation can be lost in a wait that just ended.
                task.cancel()
                await asyncio.wait({task}, timeout=1)

    def appended(self, tenant_id: int) -> None:
        """Something was recorded here: wake this process now, the others once they can be told."""
        self._dirty.add(tenant_id)
        self._has_dirty.set()
        self._wake()

    def ticket(self) -> asyncio.Event:
        """What the next wake-up sets; take it before looking, so that nothing falls between."""
        return self._signal

    def _wake(self) -> None:
        signal, self._signal = self._signal, asyncio.Event()
        signal.set()

    async def _notify(self) -> None:
        while True:
            await self._has_dirty.wait()
            self._has_dirty.clear()
            tenants, self._dirty = self._dirty, set()
            payload = ",".join(map(str, sorted(tenants)[:1_000]))
            with contextlib.suppress(*CONNECTION_LOST, DatabaseUnavailable, asyncpg.PostgresError):
                await self._database.call(_NOTIFY, payload)
            await asyncio.sleep(NOTIFY_EVERY_S)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except (*CONNECTION_LOST, asyncpg.PostgresError) as lost:
                _LOGGER.info("listening again after %s", type(lost).__name__)
            self._wake()
            await asyncio.sleep(RECONNECT_S)

    async def _listen_once(self) -> None:
        connection = await self._database.listen_connection()
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        try:
            await connection.add_listener(CHANNEL, lambda *_: self._wake())
            await gone.wait()
        finally:
            with contextlib.suppress(*CONNECTION_LOST, asyncpg.PostgresError):
                await connection.close(timeout=1)


async def rest(ticket: asyncio.Event, timeout_s: float) -> None:
    """Until the wake-up or the time-out, whichever is first."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ticket.wait(), timeout_s)


async def unless(stop: asyncio.Event, wait: Coroutine[Any, Any, None]) -> None:
    """Wait for this, or until it is time to stop."""
    waits = [asyncio.create_task(stop.wait()), asyncio.create_task(wait)]
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
