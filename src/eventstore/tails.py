"""The newest events of each followed log, read once for all its followers in this process.

One task reads, over one connection, and waits for no follower: nothing is queued for any of them.
Whoever is behind a tail reads the log at its own pace, over the same connection, one batch at a
time.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Final, Protocol

from db.database import CONNECTION_LOST, DatabaseUnavailable
from eventstore.reading import Filter
from eventstore.stored_event import StoredEvent

_LOGGER: Final = logging.getLogger(__name__)
POLL_S: Final = 1.0
RETRY_S: Final = 0.5
AGE_S: Final = 10.0
TAIL_EVENTS_MAX: Final = 1_024
TAIL_BYTES_MAX: Final = 4 * 1024 * 1024
BATCH_MAX: Final = 128
# A rare type is looked for in steps, so that one reader never has the connection for long.
SPAN_MAX: Final = 5_000
_UNREAD: Final = -1


class Log(Protocol):
    """Where the events are read."""

    async def heads(self, tenant_ids: Collection[int]) -> dict[int, int]: ...

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]: ...


class Seat:
    """Wakes one follower; cheaper than an Event, for each event may be a wait of each of them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_woken = False
        self._waiter: asyncio.Future[None] | None = None
        self._failure: Exception | None = None

    def wake(self, failure: Exception | None = None) -> None:
        """Let the wait end, or the next one; with the failure if there is one."""
        self._is_woken = True
        self._failure = failure
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self) -> None:
        """Until it was woken since the last wait ended. Raises the failure it was woken with."""
        if not self._is_woken:
            self._waiter = self._loop.create_future()
            await self._waiter
        self._is_woken = False
        if self._failure is not None:
            raise self._failure


class Tail:
    """The events of one log after position `start` and up to `end`, the last one that was read."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.start = self.end = _UNREAD
        self.followers: set[Seat] = set()
        self._events: list[StoredEvent] = []
        self._size_bytes = 0
        self._end_before = _UNREAD

    def __len__(self) -> int:
        return len(self._events)

    def event(self, position: int) -> StoredEvent:
        """The one at a position that is in the tail."""
        return self._events[position - self.start - 1]

    def begin(self, head: int) -> None:
        """With nothing, where the first follower is unless that is far behind the head."""
        self._events.clear()
        self._size_bytes = 0
        self.start = self.end = max(min(self.after, head), head - TAIL_EVENTS_MAX)
        self.wake()

    def add(self, events: list[StoredEvent]) -> None:
        """What comes after the end; as much as is too much falls off at the start."""
        self._events += events
        self._size_bytes += sum(map(_size_bytes, events))
        self.end = events[-1].position
        left, size_bytes = len(self._events), self._size_bytes
        for event in self._events:
            if left <= TAIL_EVENTS_MAX and size_bytes <= TAIL_BYTES_MAX:
                break
            left -= 1
            size_bytes -= _size_bytes(event)
        self._drop(len(self._events) - left)
        self.wake()

    def age(self) -> None:
        """Drop what was there the last time already: by now, only who is slow has not had it."""
        if self._end_before > self.start:
            self._drop(self._end_before - self.start)
        self._end_before = self.end

    def wake(self, failure: Exception | None = None) -> None:
        """Let all followers look, or fail."""
        for follower in self.followers:
            follower.wake(failure)

    def _drop(self, count: int) -> None:
        self._size_bytes -= sum(map(_size_bytes, self._events[:count]))
        del self._events[:count]
        self.start += count


class Tails:
    """One a process."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._tails: dict[int, Tail] = {}
        self._unread: set[int] = set()
        self._moved: dict[int, int] = {}
        self._poll_at_s = 0.0
        self._age_at_s = 0.0
        self._called = asyncio.Event()
        self._turn = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def aclose(self) -> None:
        """Read no more."""
        while self._reader and not self._reader.done():  # One cancellation can be lost in a wait.
            self._reader.cancel()
            await asyncio.wait({self._reader}, timeout=1)

    def moved(self, tenant_id: int, head: int) -> None:
        """A log has events up to `head`, as far as is known."""
        tail = self._tails.get(tenant_id)
        if tail is not None and head > tail.end:
            self._moved[tenant_id] = max(head, self._moved.get(tenant_id, 0))
            self._called.set()

    def look(self) -> None:
        """Any log may have new events."""
        self._poll_at_s = 0.0
        self._called.set()

    @contextmanager
    def following(self, positions: Mapping[int, int]) -> Iterator[tuple[Seat, dict[int, Tail]]]:
        """Keep the tails of the tenants that are read from there as long as the block lasts."""
        seat = Seat()
        for tenant_id, after in positions.items():
            if tenant_id not in self._tails:
                self._tails[tenant_id] = Tail(after)
                self._unread.add(tenant_id)
            self._tails[tenant_id].followers.add(seat)
        self._called.set()
        if self._tails and (self._reader is None or self._reader.done()):
            self._reader = asyncio.create_task(self._read(), name="follow")
        try:
            yield seat, {tenant_id: self._tails[tenant_id] for tenant_id in positions}
        finally:
            for tenant_id in positions:
                self._tails[tenant_id].followers.discard(seat)
                if not self._tails[tenant_id].followers:
                    del self._tails[tenant_id]
            self._called.set()

    async def read_behind(
        self, tenant_id: int, position: int, wanted: Filter
    ) -> tuple[list[StoredEvent], int]:
        """Some wanted events after a position before the tail, and how far they are all of them."""
        until = min(position + SPAN_MAX, self._tails[tenant_id].start)
        last = until if wanted.until is None else min(until, wanted.until)
        asked = None if wanted == Filter() else replace(wanted, until=last)
        while True:
            try:
                # One waits for the connection beside the reader of the tails, whoever else queues.
                async with self._turn:
                    events = await self._log.read_after(tenant_id, position, BATCH_MAX, asked)
            except (*CONNECTION_LOST, DatabaseUnavailable):
                await asyncio.sleep(RETRY_S)
            else:
                reached = events[-1].position if events else until
                return events, reached if len(events) == BATCH_MAX else max(reached, until)

    async def _read(self) -> None:
        """Ends when nobody follows any more."""
        try:
            while self._tails:
                try:
                    await self._step()
                except (*CONNECTION_LOST, DatabaseUnavailable) as lost:
                    _LOGGER.warning(
                        "following goes on once the database is back: %s", type(lost).__name__
                    )
                    self.look()
                    await asyncio.sleep(RETRY_S)
        except Exception as failure:
            _LOGGER.exception("following stopped")
            for tail in self._tails.values():
                tail.wake(failure)

    async def _step(self) -> None:
        """The poll when it is due, however much else there is; else what is known to be new."""
        now_s = time.monotonic()
        if now_s >= self._poll_at_s:
            self._poll_at_s = now_s + POLL_S
            if now_s >= self._age_at_s:
                self._age_at_s = now_s + AGE_S
                for tail in self._tails.values():
                    tail.age()
            await self._look_at(list(self._tails))
        elif self._unread:
            await self._look_at([*self._unread])
        elif self._moved:
            tenant_id = next(iter(self._moved))
            await self._read_on(tenant_id, self._moved.pop(tenant_id))
        else:
            self._called.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._poll_at_s - now_s):
                    await self._called.wait()

    async def _look_at(self, tenant_ids: list[int]) -> None:
        self._unread.difference_update(tenant_ids)
        for tenant_id, head in (await self._log.heads(tenant_ids)).items():
            tail = self._tails.get(tenant_id)
            # A server that took over from a lost one may have lost the last events with it.
            if tail is not None and (tail.end == _UNREAD or head < tail.end):
                tail.begin(head)
            self.moved(tenant_id, head)

    async def _read_on(self, tenant_id: int, head: int) -> None:
        """One batch; a log that has more stands in line behind the others again."""
        tail = self._tails.get(tenant_id)
        if tail is None or tail.end == _UNREAD or tail.end >= head:
            return
        events = await self._log.read_after(tenant_id, tail.end, BATCH_MAX)
        if events:
            tail.add(events)
            self.moved(tenant_id, head)


def _size_bytes(event: StoredEvent) -> int:
    return len(event.data) + len(event.sealed or b"")
