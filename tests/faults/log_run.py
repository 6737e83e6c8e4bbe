"""Many writers and readers of some tenants, killed at random together with their PostgreSQL.

Run as `python -m tests.faults.log_run --seed N --seconds S --history FOLDER`. It starts a server of
its own and judges nothing: `check_history.py FOLDER` does, from what every process wrote down.
"""

import argparse
import asyncio
import contextlib
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
from tests.faults.history import Assignment, History
from tests.faults.log_dump import dump
from tests.faults.progress import Progress
from tests.faults.strangers import Strangers

from db.cluster import live_postmaster
from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from eventstore.key_directory import KeyDirectory
from eventstore.tenants import add_tenant

ROOT: Final = Path(__file__).parents[2]
READERS: Final = 2
# Rounds of kills: one spares the server and the readers, so that a stranger's transaction can last.
ROUGH: Final = ("writer", "writer", "postgres", "reader", "postgres")
MILD: Final = ("writer",) * 7
PAUSE_S: Final = (1.0, 3.0)
WATCH_S: Final = 0.25
QUIET_S: Final = 3.0
END_S: Final = 120.0


@dataclass
class Child:
    """A process of the run in its present life."""

    assignment: Assignment
    module: str
    process: subprocess.Popen[bytes]


class Run:
    """All processes of one run, and what it does to them."""

    def __init__(self, options: argparse.Namespace, home: Path, server: EmbeddedPostgres) -> None:
        self._options = options
        self._home = home
        self._server = server
        self._chance = random.Random(options.seed)
        self._folder: Path = options.history
        self._history = History(self._folder, "run")
        self._children: dict[str, Child] = {}
        self._tenants: list[int] = []

    async def run(self) -> None:
        """Prepare, disturb for so many seconds, let all come to rest, write down what is left."""
        self._history.write("run", **{k: str(v) for k, v in vars(self._options).items()})
        await migrate(self._server.owner_url)
        for number in range(self._options.tenants):
            code = f"tinh/{number}" if number else "tinh"
            tenant = await add_tenant(self._server.owner_url, code)
            # Some writers know no records and seal nothing, so they would not make the first key.
            await KeyDirectory(self._home / "keys").add(tenant, 1)
            self._tenants.append(tenant)
        strangers = Strangers(self._superuser_url, self._history, self._options.seed)
        async with strangers, self._watched():
            for number in range(READERS):
                self._start(f"reader-{number}", "tests.faults.log_reader", 0)
            for number in range(self._options.processes):
                name = f"writer-{number}"
                self._start(name, "tests.faults.log_writer", self._options.writers)
            await self._disturb()
            await self._come_to_rest(strangers)
        await dump(self._superuser_url, self._home / "keys", self._folder)
        self._history.write("end")
        self._history.close()

    async def _disturb(self) -> None:
        """Kill somebody every few seconds; who and when follows from the seed."""
        end = time.monotonic() + self._options.seconds
        deck: list[str] = []
        rough = True
        while True:
            if not deck:
                deck = list(ROUGH if rough else MILD)
                rough = not rough
                self._chance.shuffle(deck)
            pause_s = self._chance.uniform(*PAUSE_S)
            if time.monotonic() + pause_s >= end:
                break
            await asyncio.sleep(pause_s)
            victim = deck.pop()
            if victim == "postgres":
                self._kill_postgres()
            else:
                names = sorted(name for name in self._children if name.startswith(victim))
                self._kill(self._chance.choice(names))
        await asyncio.sleep(max(0.0, end - time.monotonic()))

    async def _come_to_rest(self, strangers: Strangers) -> None:
        """The readers must reach the heads while every stranger's transaction is still open."""
        await self._server.ensure_running()
        await strangers.hold()
        await asyncio.sleep(QUIET_S)
        await self._finish("writer")
        heads = await self._heads()
        progress = Progress(self._folder)
        deadline = time.monotonic() + END_S
        while progress.look() != {f"reader-{n}": heads for n in range(READERS)}:
            if time.monotonic() > deadline:
                break  # Who came how far is judged by the history.
            await asyncio.sleep(WATCH_S)
        await strangers.let_go()
        await self._finish("reader")

    def _start(self, name: str, module: str, writers: int, start: int = 1) -> None:
        assignment = Assignment(
            name=name,
            start=start,
            seed=self._options.seed,
            writers=writers,
            tenants=self._tenants,
            history=str(self._folder),
            keys=str(self._home / "keys"),
        )
        self._history.write("start", name=name, start=start)
        with (self._folder / f"{name}.{start}.err").open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", module, msgspec.json.encode(assignment).decode()],
                cwd=ROOT,
                env=os.environ | {"NGUON_APP_DATABASE_URL": self._server.app_url},
                stdin=subprocess.PIPE,
                stdout=errors,
                stderr=errors,
            )
        self._children[name] = Child(assignment, module, process)

    def _start_again(self, child: Child) -> None:
        given = child.assignment
        self._start(given.name, child.module, given.writers, given.start + 1)

    def _kill(self, name: str) -> None:
        self._history.write("kill", victim=name)
        child = self._children[name]
        child.process.kill()
        child.process.wait()
        self._start_again(child)

    def _kill_postgres(self) -> None:
        """The postmaster alone: its children notice, or the guardian ends them."""
        postmaster = live_postmaster(self._home / "postgres" / "data")
        if postmaster is not None:
            self._history.write("kill", victim="postgres")
            os.kill(postmaster.pid, signal.SIGKILL)

    async def _finish(self, kind: str) -> None:
        """Ask them to end, and note how they did."""
        children = [self._children.pop(n) for n in list(self._children) if n.startswith(kind)]
        for child in children:
            child.process.terminate()
        for child in children:
            name = child.assignment.name
            try:
                code = await asyncio.to_thread(child.process.wait, END_S)
            except subprocess.TimeoutExpired:
                child.process.kill()
                code = child.process.wait()
            self._history.write("left", name=name, code=code)

    @contextlib.asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """Whoever dies unasked is noted and started again; nobody survives the block."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait({watching})
            for child in self._children.values():
                child.process.kill()
                child.process.wait()
        if not watching.cancelled():
            watching.result()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            await self._server.ensure_running()
            for name, child in list(self._children.items()):
                code = child.process.poll()
                if code is not None and self._children.get(name) is child:
                    self._history.write("died", name=name, code=code)
                    self._start_again(child)

    async def _heads(self) -> dict[int, int]:
        connection = await asyncpg.connect(self._superuser_url)
        try:
            rows = await connection.fetch("SELECT tenant_id, head FROM tenant_log WHERE head > 0")
        finally:
            await connection.close()
        return {row["tenant_id"]: row["head"] for row in rows}

    @property
    def _superuser_url(self) -> str:
        return self._server.superuser_url.removesuffix("/postgres") + "/nguon"


async def main(options: argparse.Namespace) -> None:
    """One run, in a home folder that is removed afterwards unless it was named."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    options.history.mkdir(parents=True, exist_ok=False)
    with contextlib.ExitStack() as stack:
        home: Path = options.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        async with EmbeddedPostgres(home) as server:
            await Run(options, home, server).run()
    sys.stdout.write(f"seed {options.seed}: the history is in {options.history}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--writers", type=int, default=32, help="in each process")
    parser.add_argument("--tenants", type=int, default=8)
    parser.add_argument("--history", type=Path, required=True, help="a folder that does not exist")
    parser.add_argument("--home", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(_options()))
