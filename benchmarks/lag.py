"""How long after an append is acknowledged the figures have it, with one worker process.

`python benchmarks/lag.py [--json] [--only NAME] [--rounds N] [--postgresql FOLDER]`. Events of
the last days come at a steady pace, in turn to several tenants. The peer is a process that NOTIFY
tells of each inserted row and that copies it into another table by one bare statement. Both are
asked alike, every few milliseconds, what they have.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import uuid4

import uvloop

from _compare import P99, Contender, Options, Report, Run, compare, read_options
from _consumer import open_consumed
from _machine import describe
from _ours import PERSON, settings_of
from _province import Province, found_province
from _server import Server, open_server
from app.installation import Installation, open_installation
from commands.ports import Actor, Command
from db.migrate import migrate
from domain.access import Role
from domain.calendar import VIETNAM
from domain.candidate import Candidate, Cell
from domain.judgment import Day
from domain.procedure import rule_book

TENANTS: Final = 8
PACES: Final = {"lag.p99.20": 20, "lag.p99": 100}
"""Events a second, by the name of the line."""
SECONDS: Final = 3.0
LOOK_S: Final = 0.004
ARRIVAL_S: Final = 60.0
NGUON: Final = Path(sys.executable).with_name("nguon")

Sent = tuple[int, int]
"""A tenant, and a position of its log."""
Send = Callable[[int], Awaitable[Sent]]
"""Append one event to a tenant of the province, by its place; returns when it is durable."""
There = Callable[[Collection[Sent]], Awaitable[Collection[Sent]]]
"""Which of these can be read."""


class Ours:
    """People who are identified, and the positions that the figures have come to."""

    def __init__(self, installation: Installation, province: Province) -> None:
        self._installation = installation
        self._cells = list(province.tenants.items())
        self._choice = Random(1)
        self._today = datetime.now(VIETNAM).date()

    async def send(self, place: int) -> Sent:
        """One event of a new person, of one of the last days."""
        tenant, cells = self._cells[place]
        on = self._today - timedelta(days=self._choice.randint(0, 7))
        cell = Cell(self._choice.choice(cells), grassroots=False, characteristics=frozenset())
        case = Candidate.identify(uuid4(), Day(on, rule_book()), cell, PERSON)
        key = uuid4()
        actor = Actor("benchmark", Role.BOARD, "tinh")
        command = Command(id=key, actor=actor, occurred_on=on, input_hash=key.bytes * 2)
        log = self._installation.desk.log
        return tenant, (await log.save(tenant, command, case, subject=case.id)).first_position

    async def there(self, asked: Collection[Sent]) -> list[Sent]:
        """Those that all projections of the figures have folded."""
        tenants = sorted({tenant for tenant, _ in asked})
        reached = await self._installation.read_models.positions(tenants)
        return [(tenant, position) for tenant, position in asked if position <= reached[tenant]]


def paced(send: Send, there: There, pace: int) -> Contender:
    """A round at a fixed pace, whether the earlier events have arrived or not."""

    async def run(seconds: float) -> Run:
        waiting: dict[Sent, float] = {}
        latencies: list[float] = []
        started, count = time.monotonic(), round(seconds * pace)

        async def one(number: int) -> None:
            await asyncio.sleep(started + number / pace - time.monotonic())
            sent = await send(number % TENANTS)
            waiting[sent] = time.monotonic()

        async def look() -> None:
            while len(latencies) < count:
                await asyncio.sleep(LOOK_S)
                if waiting:
                    arrived = await there(list(waiting))
                    now = time.monotonic()
                    latencies.extend(1000 * (now - waiting.pop(sent)) for sent in arrived)

        async with asyncio.timeout(seconds + ARRIVAL_S), asyncio.TaskGroup() as group:
            group.create_task(look())
            for number in range(count):
                group.create_task(one(number))
        return Run(count, time.monotonic() - started, latencies)

    return run


@asynccontextmanager
async def worker(server: Server) -> AsyncIterator[None]:
    """One process that folds, signs and carries transfers on, as an installation runs it."""
    environment = {
        "NGUON_HOME": str(server.folder),
        "NGUON_DATABASE_URL": server.owner_url,
        "NGUON_APP_DATABASE_URL": server.app_url,
    }
    process = subprocess.Popen([NGUON, "worker"], env=os.environ | environment)  # noqa: ASYNC220 - returns at once
    try:
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def main(options: Options) -> None:
    """Found a province, start both sides' processes, and send to them in turn."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(options.postgresql))
        await migrate(server.owner_url)
        settings = settings_of(server.folder, server.owner_url, server.app_url)
        installation = await stack.enter_async_context(open_installation(settings))
        province = await found_province(server, installation, "tinh", TENANTS)
        ours = Ours(installation, province)
        peer = await open_consumed(server, stack)
        await stack.enter_async_context(worker(server))
        report = Report(options, await describe(server))
        for name, pace in PACES.items():
            if options.wants(name):
                mine = {name: paced(ours.send, ours.there, pace)}
                theirs = {"NOTIFY and one bare INSERT": paced(peer.send, peer.there, pace)}
                lines = await compare(mine, theirs, options=options, seconds=SECONDS, figure=P99)
                report.add(lines)


if __name__ == "__main__":
    uvloop.run(main(read_options(__doc__)))
