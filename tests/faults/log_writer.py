"""A process of a run with many writers of one event store; killed at any moment, started again.

Run as `python -m tests.faults.log_writer ASSIGNMENT`; ends in order on SIGTERM.
"""

import asyncio
import os
import random
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import msgspec
from tests.faults.history import Assignment, History, earlier
from tests.faults.log_commands import (
    SHARED_STREAMS,
    Maker,
    Prepared,
    again,
    describe,
    shared_stream,
)
from tests.faults.log_records import RecordWriter

from db.database import CONNECTION_LOST, Database, DatabaseUnavailable
from domain.events import CREATED, EVENTS
from eventstore.append import Status, Verdict
from eventstore.codec import Codec
from eventstore.group_commit import CommandTooLarge, OutcomeUnknown
from eventstore.key_directory import KeyDirectory
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.sealing import PersonKey
from eventstore.store import EventStore
from eventstore.tenant_keys import KeyRing

POOL_MAX: Final = 6
REST_S: Final = 1.0
REMEMBERED: Final = 20
SENT_AGAIN_MAX: Final = 200
KINDS: Final = {
    "new_stream": 24,
    "any_version": 14,
    "several_streams": 10,
    "expected": 14,
    "record": 12,
    "person": 8,
    "more_of": 4,
    "claim": 9,
    "repeat": 6,
    "other_input": 3,
    "others_id": 2,
    "large": 0.5,
    "oversized": 0.3,
    "hopeless": 0.5,
    "outdated": 0.7,
}


class Writers:
    """What the writers of one process share."""

    def __init__(self, assignment: Assignment, history: History, store: EventStore) -> None:
        self.assignment = assignment
        self.history = history
        self.store = store
        keys = KeyDirectory(Path(assignment.keys))
        self.ring = KeyRing(keys)
        self.records = Records(store, Codec(Registry(EVENTS, CREATED)), keys)
        self.sent: deque[Prepared] = deque(maxlen=REMEMBERED * 4)
        self.known: dict[UUID, int] = {}
        self.finished = asyncio.Event()
        self._invocations = 0

    def invoke(self, fields: dict[str, object]) -> str:
        """Written before anything is sent, so that whatever is in the log is in the history."""
        self._invocations += 1
        name = f"{self.assignment.name}.{self.assignment.start}.{self._invocations}"
        self.history.write("invoke", op=name, **fields)
        return name

    async def send(self, prepared: Prepared) -> Verdict | None:
        """The verdict if it was recorded, now or before; everything else stands in the history."""
        op = self.invoke(describe(prepared) | {"ordered": True})
        try:
            verdict = await self.store.append(prepared.tenant, prepared.append)
        except CommandTooLarge:
            self.history.write("fail", op=op, reason="too_large")
        except asyncpg.PostgresError as error:
            self.history.write("fail", op=op, reason="rejected", error=repr(error))
        except asyncio.CancelledError:
            self.history.write("unknown", op=op, reason="cancelled")
            raise
        except OutcomeUnknown:
            self.history.write("unknown", op=op, reason="outcome_unknown")
        except Exception as error:  # noqa: BLE001 - the checker says whether this may happen
            self.history.write("unknown", op=op, reason=repr(error))
        else:
            return self._note(op, verdict)
        return None

    def _note(self, op: str, verdict: Verdict) -> Verdict | None:
        if verdict.status in {Status.RECORDED, Status.REPEATED}:
            self.history.write(
                "ok",
                op=op,
                status=verdict.status,
                first=verdict.first_position,
                last=verdict.last_position,
                subject=verdict.subject,
            )
            return verdict
        self.history.write("fail", op=op, reason=verdict.status, subject=verdict.subject)
        return None


class Writer:
    """One client: it sends one command after the other, or a few at once."""

    def __init__(self, writers: Writers, number: int) -> None:
        given = writers.assignment
        self._writers = writers
        self._store = writers.store
        self._tenants = given.tenants
        self._seed = given.seed
        actor = f"{given.name}/{number}"
        self._chance = random.Random(f"{given.seed}/{given.start}/{actor}")
        self._maker = Maker(self._chance, given.seed, actor)
        self._persons: deque[tuple[int, PersonKey, UUID, int]] = deque(maxlen=REMEMBERED)
        self._sent: deque[Prepared] = deque(maxlen=REMEMBERED)
        self._records = RecordWriter(writers, self._chance, actor)

    async def run(self) -> None:
        """Bursts and rests until the process is told to finish."""
        while not self._writers.finished.is_set():
            await asyncio.sleep(self._chance.expovariate(1 / REST_S))
            for _ in range(self._chance.choice((1, 1, 1, 4))):
                try:
                    await self._step()
                except (*CONNECTION_LOST, DatabaseUnavailable):
                    await asyncio.sleep(0.1)  # A reading that came before the command.

    async def _step(self) -> None:
        drawn = self._chance.random()
        if drawn < 0.85:
            await self._one()
        elif drawn < 0.94:
            await self._pipelined(self._chance.randint(2, 5))
        else:
            await self._cancelled()

    async def _one(self) -> None:
        kind = self._kind()
        if kind == "record":
            await self._records.step(self._chance.choice(self._tenants))
        elif prepared := await self._make(kind):
            await self._send(prepared)

    async def _send(self, prepared: Prepared) -> None:
        verdict = await self._writers.send(prepared)
        self._sent.append(prepared)
        self._writers.sent.append(prepared)
        if verdict is not None and verdict.status is Status.RECORDED:
            last = prepared.append.events[-1]
            if last.stream_id in self._writers.known and last.version:
                self._writers.known[last.stream_id] = last.version
            if prepared.key is not None:
                self._persons.append((prepared.tenant, prepared.key, last.stream_id, last.version))

    async def _pipelined(self, count: int) -> None:
        """Several at once to one tenant: their order there must be that of their sending."""
        tenant = self._chance.choice(self._tenants)
        made = [
            self._chance.choice(
                (self._maker.new_stream, self._maker.any_version, self._maker.several_streams)
            )(tenant)
            for _ in range(count)
        ]
        await asyncio.gather(*(self._send(prepared) for prepared in made))

    async def _cancelled(self) -> None:
        prepared = self._maker.several_streams(self._chance.choice(self._tenants))
        sending = asyncio.create_task(self._send(prepared))
        await asyncio.sleep(self._chance.choice((0, 0, 0.002, 0.01)))
        sending.cancel()
        await asyncio.wait({sending})

    def _kind(self) -> str:
        return self._chance.choices(list(KINDS), list(KINDS.values()))[0]

    async def _make(self, kind: str) -> Prepared | None:
        tenant = self._chance.choice(self._tenants)
        match kind:
            case "expected":
                stream = shared_stream(self._seed, tenant, self._chance.randrange(SHARED_STREAMS))
                return self._maker.expected(tenant, stream, await self._version(tenant, stream))
            case "person":
                return self._maker.person(tenant, await self._writers.ring.current(tenant))
            case "more_of":
                return self._more_of()
            case "repeat" | "other_input" | "others_id":
                return self._used_again(kind)
            case _:
                make: Callable[[int], Prepared] = getattr(self._maker, kind)
                return make(tenant)

    async def _version(self, tenant: int, stream: UUID) -> int:
        """The stream's version, read, or as another writer of this process left it."""
        known = self._writers.known.get(stream, 0)
        if known and self._chance.random() < 0.5:
            return known
        op = self._writers.invoke({"tenant": tenant, "reads": stream})
        events = await self._store.read_stream(tenant, stream, after_version=known)
        found = [(event.version, event.event_id) for event in events]
        self._writers.history.write("read", op=op, stream=stream, after=known, found=found)
        version = events[-1].version if events else known
        self._writers.known[stream] = max(version, self._writers.known.get(stream, 0))
        return version

    def _more_of(self) -> Prepared | None:
        if not self._persons:
            return None
        tenant, key, stream, version = self._persons.popleft()
        return self._maker.more_of(tenant, key, stream, version)

    def _used_again(self, kind: str) -> Prepared | None:
        pool = self._writers.sent if kind == "others_id" else self._sent
        if not pool:
            return None
        chosen = self._chance.choice(pool)
        match kind:
            case "repeat":
                return chosen
            case "other_input":
                return self._maker.other_input(chosen)
            case _:
                return self._maker.others_id(chosen)


async def _send_again(writers: Writers) -> None:
    """What had no answer when this process was killed is sent once more, as a client would do."""
    unanswered: dict[str, Prepared] = {}
    commands: dict[str, str] = {}
    for line in earlier(writers.assignment):
        if line["kind"] == "invoke" and "events" in line:
            if (prepared := again(line)) is not None:
                commands[line["op"]] = line["command"]
                unanswered[line["command"]] = prepared
        elif line["kind"] in {"ok", "fail"}:
            unanswered.pop(commands.get(line["op"], ""), None)
    for prepared in list(unanswered.values())[-SENT_AGAIN_MAX:]:
        await writers.send(prepared)


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


async def main(assignment: Assignment, dsn: str) -> None:
    """Write until SIGTERM."""
    history = History(Path(assignment.history), assignment.name, assignment.start)
    async with opened(dsn, POOL_MAX) as store:
        writers = Writers(assignment, history, store)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, writers.finished.set)
        history.write("ready")
        work: list[Awaitable[None]] = [_send_again(writers)]
        work += [Writer(writers, number).run() for number in range(assignment.writers)]
        await asyncio.gather(*work)
    history.write("finished")
    history.close()


if __name__ == "__main__":
    asyncio.run(
        main(
            msgspec.json.decode(sys.argv[1], type=Assignment),
            os.environ["NGUON_APP_DATABASE_URL"],
        )
    )
