"""A process of a run with many writers of one event store; killed at any moment, started again.

Run as `python -m tests.faults.log_writer ASSIGNMENT`; ends in order on SIGTERM.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import chain, islice
from typing import Final
from uuid import UUID

from tests.faults.history import Assignment, History, lives
from tests.faults.log_commands import SHARED_STREAMS, Maker, Prepared, again, shared_stream
from tests.faults.log_process import opened, start
from tests.faults.log_records import RecordWriter
from tests.faults.log_sender import Sender

from db.database import CONNECTION_LOST, DatabaseUnavailable
from eventstore.append import Status
from eventstore.sealing import PersonKey

POOL_MAX: Final = 6
REST_S: Final = 1.0
RENEWAL_S: Final = (3.0, 12.0)
REMEMBERED: Final = 20
SENT_AGAIN_MAX: Final = 200
LIVES: Final = 3
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
}


class Writer:
    """One client: it sends one command after the other, or a few at once."""

    def __init__(self, sender: Sender, number: int) -> None:
        given = sender.assignment
        self._sender = sender
        self._tenants = given.tenants
        self._seed = given.seed
        actor = f"{given.name}/{number}"
        self._chance = random.Random(f"{given.seed}/{given.start}/{actor}")
        self._maker = Maker(self._chance, given.seed, actor)
        self._persons: deque[tuple[int, PersonKey, UUID, int]] = deque(maxlen=REMEMBERED)
        self._sent: deque[Prepared] = deque(maxlen=REMEMBERED)
        self._records = RecordWriter(sender, self._chance, actor)

    async def run(self) -> None:
        """Bursts and rests until the process is told to finish."""
        while not self._sender.finished.is_set():
            await asyncio.sleep(self._chance.expovariate(1 / REST_S))
            for _ in range(self._chance.choice((1, 1, 1, 4))):
                try:
                    await self._step()
                except (*CONNECTION_LOST, DatabaseUnavailable):
                    await asyncio.sleep(0.1)  # A reading that came before the command.

    async def renew_keys(self) -> None:
        """Renew some tenant's key now and then, and erase a person on the way."""
        while not self._sender.finished.is_set():
            await asyncio.sleep(self._chance.uniform(*RENEWAL_S))
            tenant = self._chance.choice(self._tenants)
            own = [each for each in self._persons if each[0] == tenant]
            if own:
                self._persons.remove(own[0])
            erased = own[0][1].person_id if own else None
            try:
                await self._sender.renew(self._maker.erasure(tenant, erased))
            except (*CONNECTION_LOST, DatabaseUnavailable):
                continue

    async def _step(self) -> None:
        drawn = self._chance.random()
        if drawn < 0.85:
            await self._one()
        elif drawn < 0.94:
            await self._pipelined(self._chance.randint(2, 5))
        else:
            await self._cancelled()

    async def _one(self) -> None:
        [kind] = self._chance.choices(list(KINDS), list(KINDS.values()))
        if kind == "record":
            await self._records.step(self._chance.choice(self._tenants))
        elif prepared := await self._make(kind):
            await self._send(prepared)

    async def _send(self, prepared: Prepared) -> None:
        self._sent.append(prepared)
        verdict = await self._sender.send(prepared)
        if verdict is None or verdict.status is not Status.RECORDED:
            return
        last = prepared.events[-1]
        if last.stream_id in self._sender.known and last.version:
            self._sender.known[last.stream_id] = last.version
        if prepared.key is not None and not prepared.is_shared:
            self._persons.append((prepared.tenant, prepared.key, last.stream_id, last.version))

    async def _pipelined(self, count: int) -> None:
        """Several at once to one tenant: their order there must be that of their sending."""
        tenant = self._chance.choice(self._tenants)
        kinds = (self._maker.new_stream, self._maker.any_version, self._maker.several_streams)
        made = [self._chance.choice(kinds)(tenant) for _ in range(count)]
        await asyncio.gather(*(self._send(prepared) for prepared in made))

    async def _cancelled(self) -> None:
        prepared = self._maker.several_streams(self._chance.choice(self._tenants))
        sending = asyncio.create_task(self._send(prepared))
        await asyncio.sleep(self._chance.choice((0, 0, 0.002, 0.01)))
        sending.cancel()
        await asyncio.wait({sending})

    async def _make(self, kind: str) -> Prepared | None:
        tenant = self._chance.choice(self._tenants)
        match kind:
            case "expected":
                stream = shared_stream(self._seed, tenant, self._chance.randrange(SHARED_STREAMS))
                version = self._sender.known.get(stream, 0)
                if not version or self._chance.random() < 0.5:
                    version = await self._sender.version(tenant, stream)
                return self._maker.expected(tenant, stream, version)
            case "more_of":
                return self._maker.more_of(*self._persons.popleft()) if self._persons else None
            case "repeat" | "other_input" | "others_id":
                return self._used_again(kind)
            case _:
                make: Callable[[int], Prepared] = getattr(self._maker, kind)
                return make(tenant)

    def _used_again(self, kind: str) -> Prepared | None:
        pool = self._sender.sent if kind == "others_id" else self._sent
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


async def _send_again(sender: Sender) -> None:
    """What had no answer when this process was killed is sent once more, as a client would do."""
    unanswered: dict[str, Prepared] = {}
    commands: dict[str, str] = {}
    former = list(islice(lives(sender.assignment), LIVES))
    for line in chain.from_iterable(reversed(former)):
        if line["kind"] == "invoke" and "events" in line:
            if (prepared := again(line)) is not None:
                commands[line["op"]] = line["command"]
                unanswered[line["command"]] = prepared
        elif line["kind"] == "ok" or line.get("reason") in {"conflict", "reused", "too_large"}:
            unanswered.pop(commands.get(line["op"], ""), None)
    for prepared in list(unanswered.values())[-SENT_AGAIN_MAX:]:
        await sender.send(prepared)


async def write(assignment: Assignment, dsn: str, history: History, finish: asyncio.Event) -> None:
    """Write until told to finish."""
    async with opened(dsn, POOL_MAX) as store:
        sender = Sender(assignment, history, store)
        sender.finished = finish
        history.write("ready")
        writers = [Writer(sender, number) for number in range(assignment.writers)]
        work: list[Awaitable[None]] = [_send_again(sender), writers[0].renew_keys()]
        await asyncio.gather(*work, *(writer.run() for writer in writers))


if __name__ == "__main__":
    start(write)
