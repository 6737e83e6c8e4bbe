"""One queue a tenant: while a commit is under way, what comes in gathers for the next one.

There is no timer, so a single writer waits for nobody. Nothing is decided here about a command; the
database answers for each.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from opentelemetry import metrics, trace
from opentelemetry.context import Context

from db.database import CONNECTION_LOST, Call, Database
from eventstore.append import Append, Status, Verdict, append_batch

BATCH_COMMANDS_MAX: Final = 256
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
COMMAND_BYTES_MAX: Final = 32 * 1024 * 1024
"""Of one command: a whole district goes over to its successors in one. It is a batch of its own."""
QUEUE_COMMANDS_MAX: Final = 2_048
QUEUE_BYTES_MAX: Final = 32 * 1024 * 1024
LINKS_MAX: Final = 32
# After so many batches of one tenant, the others may have its connection.
SESSION_BATCHES_MAX: Final = 32
# How long a batch is asked about again after the connection was lost in the middle of it.
RESOLVE_S: Final = 30.0
RESOLVE_PAUSE_S: Final = 0.05
RESOLVE_PAUSE_MAX_S: Final = 1.0

_tracer = trace.get_tracer("nguon.eventstore")
_meter = metrics.get_meter("nguon.eventstore")
_appended = _meter.create_counter(
    "nguon.log.appended", unit="{event}", description="Events recorded"
)
_append_seconds = _meter.create_histogram(
    "nguon.log.append.duration", unit="s", description="One append of a batch, retries included"
)


class CommandTooLarge(Exception):
    """One command's events exceed what a batch may hold; nothing was written."""


class OutcomeUnknown(Exception):
    """The connection was lost in the middle of the append, and the database stayed away too long.

    Or it was back and could not say.
    The command was recorded or it was not; sent again with the same commandId it is recorded once.
    """


@dataclass(slots=True, eq=False)
class _Waiting:
    append: Append
    size_bytes: int
    verdict: asyncio.Future[Verdict]
    span_context: trace.SpanContext


@dataclass(slots=True, eq=False)
class _Queue:
    waiting: deque[_Waiting] = field(default_factory=deque)
    size_bytes: int = 0
    worker: asyncio.Task[None] | None = None
    # A lock is handed on in the order it was asked for, so a full queue keeps that order too.
    entrance: asyncio.Lock = field(default_factory=asyncio.Lock)
    before_entrance: int = 0
    room: asyncio.Event = field(default_factory=asyncio.Event)

    def has_room(self, size_bytes: int) -> bool:
        return not self.waiting or (
            len(self.waiting) < QUEUE_COMMANDS_MAX
            and self.size_bytes + size_bytes <= QUEUE_BYTES_MAX
        )

    async def put(self, waiting: _Waiting) -> None:
        # The lock need not be taken where nobody stands before it.
        if self.before_entrance or not self.has_room(waiting.size_bytes):
            self.before_entrance += 1
            try:
                async with self.entrance:
                    while not self.has_room(waiting.size_bytes):
                        self.room.clear()
                        await self.room.wait()
            finally:
                self.before_entrance -= 1
        self.waiting.append(waiting)
        self.size_bytes += waiting.size_bytes

    def take_batch(self) -> list[_Waiting]:
        """The next commands that may stand in one call.

        Who touches the same or repeats a key of the batch waits for the next one, and so does
        whatever the same actor or another command for that stream brings after it.
        """
        batch: list[_Waiting] = []
        left: list[_Waiting] = []
        touched: set[object] = set()
        keys: set[tuple[str, UUID]] = set()
        actors_left: set[str] = set()
        size_bytes = 0
        while self.waiting and len(batch) < BATCH_COMMANDS_MAX:
            waiting = self.waiting.popleft()
            append = waiting.append
            if waiting.verdict.done():
                self.size_bytes -= waiting.size_bytes
                continue
            key = (append.actor, append.command_id)
            touches = append.touched
            is_apart = touched.isdisjoint(touches) and key not in keys
            touched |= touches
            if append.actor in actors_left or not is_apart:
                left.append(waiting)
                actors_left.add(append.actor)
                continue
            if batch and size_bytes + waiting.size_bytes > BATCH_BYTES_MAX:
                left.append(waiting)
                break
            keys.add(key)
            batch.append(waiting)
            size_bytes += waiting.size_bytes
        self.waiting.extendleft(reversed(left))
        self.size_bytes -= size_bytes
        self.room.set()
        return batch


class GroupCommit:
    """The only caller of `append_events`; commands of one actor keep their order."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        appended: Callable[[int, int], None],
    ) -> None:
        """`appended(tenant_id, head)` is called after a commit that recorded something."""
        self._database = database
        self._now = now
        self._appended = appended
        self._queues: dict[int, _Queue] = {}
        self._closed = False

    async def append(self, tenant_id: int, append: Append) -> Verdict:
        """The database's verdict. Waits for room when the queue is full.

        A caller cancelled while its command waits takes it back; later, the command is recorded or
        not without it. Raises `CommandTooLarge`, `OutcomeUnknown`, or asyncpg's error for this
        command.
        """
        if self._closed:
            message = "the event store is closed"
            raise RuntimeError(message)
        size_bytes = append.size_bytes
        if size_bytes > COMMAND_BYTES_MAX:
            message = (
                f"the events of one command have {size_bytes} bytes, more than {COMMAND_BYTES_MAX}"
            )
            raise CommandTooLarge(message)
        queue = self._queues.setdefault(tenant_id, _Queue())
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        span_context = trace.get_current_span().get_span_context()
        await queue.put(_Waiting(append, size_bytes, verdict, span_context))
        if queue.worker is None:
            queue.worker = asyncio.create_task(
                self._work(tenant_id, queue), name=f"append-{tenant_id}"
            )
        return await verdict

    async def aclose(self) -> None:
        """Record what waits, then take nothing more."""
        self._closed = True
        workers = [queue.worker for queue in self._queues.values() if queue.worker is not None]
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, tenant_id: int, queue: _Queue) -> None:
        try:
            while queue.waiting:
                await self._work_in_session(tenant_id, queue)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            _fail(list(queue.waiting), error)
        finally:
            queue.worker = None

    async def _work_in_session(self, tenant_id: int, queue: _Queue) -> None:
        """Some batches on one connection; after that others may have it."""
        async with self._database.session() as call:
            for _ in range(SESSION_BATCHES_MAX):
                if batch := queue.take_batch():
                    await self._commit(call, tenant_id, batch)
                    # Those who were answered bring what they have next before it is looked for.
                    await asyncio.sleep(0)
                if not queue.waiting:
                    return

    async def _commit(self, call: Call, tenant_id: int, batch: list[_Waiting]) -> None:
        """Give each command of the batch its verdict or its error."""
        try:
            with _span(tenant_id, batch):
                verdicts = await self._append(call, tenant_id, [each.append for each in batch])
        except asyncpg.PostgresError as error:
            # Nothing was written, and the fault may be one command's: each by itself, then.
            if len(batch) == 1:
                _fail(batch, error)
            else:
                for waiting in batch:
                    await self._commit(call, tenant_id, [waiting])
        except BaseException as error:
            _fail(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            for waiting, verdict in zip(batch, verdicts, strict=True):
                if not waiting.verdict.done():
                    waiting.verdict.set_result(verdict)

    async def _append(self, call: Call, tenant_id: int, batch: list[Append]) -> list[Verdict]:
        """The verdicts, also when the connection is lost on the way.

        Then the batch is sent again. That is safe where a plain repetition would not be: the
        function looks up each commandId under the tenant's lock, so what the first attempt
        recorded, even one that is still being committed on the server, comes back as its first
        result.
        """
        started = time.perf_counter()
        deadline: float | None = None
        pause_s = RESOLVE_PAUSE_S
        while True:
            try:
                verdicts = await append_batch(call, tenant_id, self._now(), batch)
                break
            except CONNECTION_LOST as lost:
                deadline = deadline or time.monotonic() + RESOLVE_S
                if time.monotonic() >= deadline:
                    raise _unknown(batch) from lost
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, RESOLVE_PAUSE_MAX_S)
            except asyncpg.PostgresError as error:
                if deadline is None:
                    raise
                # This attempt wrote nothing; the one whose answer was lost may have.
                raise _unknown(batch) from error
        if deadline is not None:
            verdicts = [_as_first(verdict) for verdict in verdicts]
        self._measure(tenant_id, time.perf_counter() - started, verdicts)
        return verdicts

    def _measure(self, tenant_id: int, seconds: float, verdicts: list[Verdict]) -> None:
        _append_seconds.record(seconds)
        recorded = [each for each in verdicts if each.status is Status.RECORDED]
        if recorded:
            events = sum(each.last_position - each.first_position + 1 for each in recorded)
            _appended.add(events, {"nguon.tenant": tenant_id})
            self._appended(tenant_id, max(each.last_position for each in recorded))


def _unknown(batch: list[Append]) -> OutcomeUnknown:
    return OutcomeUnknown(f"whether {len(batch)} commands were recorded is unknown")


def _as_first(verdict: Verdict) -> Verdict:
    return (
        replace(verdict, status=Status.RECORDED) if verdict.status is Status.REPEATED else verdict
    )


def _fail(batch: list[_Waiting], error: BaseException) -> None:
    for waiting in batch:
        if not waiting.verdict.done():
            if isinstance(error, Exception):
                waiting.verdict.set_exception(error)
            else:
                waiting.verdict.cancel()


def _span(tenant_id: int, batch: list[_Waiting]) -> AbstractContextManager[trace.Span]:
    """A span under the first command that is traced, linked to the others."""
    contexts = [each.span_context for each in batch if each.span_context.is_valid]
    parent = trace.set_span_in_context(
        trace.NonRecordingSpan(contexts[0]) if contexts else trace.INVALID_SPAN, Context()
    )
    return _tracer.start_as_current_span(
        "append",
        context=parent,
        links=[trace.Link(each) for each in contexts[1:LINKS_MAX]],
        attributes={"nguon.tenant": tenant_id, "nguon.batch.commands": len(batch)},
    )
