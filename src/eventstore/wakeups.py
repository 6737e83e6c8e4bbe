"""Wakes whoever waits for new events: at once in this process, by NOTIFY in the others.

A wake-up that is lost costs its waiter the rest of its poll, never an event.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any, Final

import asyncpg
import msgspec

from db.database import CONNECTION_LOST, Database
from eventstore.tails import Tails

_LOGGER: Final = logging.getLogger(__name__)
CHANNEL: Final = "nguon_log"
RECONNECT_S: Final = 0.5
NOTIFY_EVERY_S: Final = 0.002
# A notification holds less than 8,000 bytes, a tenant with its head takes 35 at the most.
NOTIFIED_MAX: Final = 200
# A notification that a crash takes away is made up for by polling, so nobody waits for its commit.
_NOTIFY: Final = """
SELECT pg_notify('nguon_log', $1) FROM set_config('synchronous_commit', 'off', true)
"""
_HEADS: Final = msgspec.json.Decoder(list[tuple[int, int]])


class Wakeups:
    """One task and one connection a process, which both listens and notifies."""

    def __init__(self, database: Database, tails: Tails) -> None:
        self._database = database
        self._tails = tails
        self._signal = asyncio.Event()
        self._heads: dict[int, int] = {}
        self._called = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen and to notify."""
        self._task = asyncio.create_task(self._run(), name="wakeups")

    async def aclose(self) -> None:
        """Stop both."""
        while self._task and not self._task.done():  # One cancellation can be lost in a wait.
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=1)

    def appended(self, tenant_id: int, head: int) -> None:
        """A log grew to `head` here: wake this process now, the others once they can be told."""
        self._heads[tenant_id] = max(head, self._heads.get(tenant_id, 0))
        self._called.set()
        self._tails.moved(tenant_id, head)
        self._wake()

    def ticket(self) -> asyncio.Event:
        """What the next wake-up sets; take it before looking, so that nothing falls between."""
        return self._signal

    def _wake(self) -> None:
        signal, self._signal = self._signal, asyncio.Event()
        signal.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._listen_and_notify()
            except (*CONNECTION_LOST, asyncpg.PostgresError) as lost:
                _LOGGER.info("listening again after %s", type(lost).__name__)
            await asyncio.sleep(RECONNECT_S)

    async def _listen_and_notify(self) -> None:
        """As long as the connection lasts."""
        connection = await self._database.listen_connection()
        connection.add_termination_listener(lambda _: self._called.set())
        try:
            own = connection.get_server_pid()

            def hear(_connection: object, sender: int, _channel: str, payload: object) -> None:
                if sender != own:
                    self._hear(str(payload))

            await connection.add_listener(CHANNEL, hear)
            self._hear("")
            while not connection.is_closed():
                self._called.clear()
                if self._heads:
                    heads, self._heads = self._heads, {}
                    await connection.execute(_NOTIFY, _payload(heads))
                    await asyncio.sleep(NOTIFY_EVERY_S)
                else:
                    await self._called.wait()
        finally:
            with contextlib.suppress(*CONNECTION_LOST, asyncpg.PostgresError):
                await connection.close(timeout=1)

    def _hear(self, payload: str) -> None:
        """Of some logs, or of any if nothing can be made of it."""
        try:
            for tenant_id, head in _HEADS.decode(payload):
                self._tails.moved(tenant_id, head)
        except msgspec.DecodeError:
            self._tails.look()
        self._wake()


def _payload(heads: dict[int, int]) -> str:
    """The heads, or nothing, which stands for any log, where they are too many to tell."""
    return msgspec.json.encode([*heads.items()]).decode() if len(heads) <= NOTIFIED_MAX else ""


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
