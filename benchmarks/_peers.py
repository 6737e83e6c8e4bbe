"""Peers that run in an environment and a process of their own, never in the product's.

Each environment is made on demand from the lock in `peers/`, under a cache folder outside the
repository, and named after the lock: another lock makes another environment.
"""

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Self

from _compare import Contender, PeerFailed, Run
from _server import CONNECTIONS, Server

PEERS: Final = Path(__file__).parent / "peers"
_ANSWER_S: Final = 120.0
_LINE_BYTES_MAX: Final = 2**26


@asynccontextmanager
async def open_library(
    server: Server, *, functions: bool = False
) -> AsyncIterator[tuple[str, "Process"]]:
    """The library's own recorder and application. Raises PeerFailed.

    With its option for database functions it takes no lock, and a reader that follows the log may
    miss an event that commits late; as it is by default, none.
    """
    python = await asyncio.to_thread(python_environment, "eventsourcing")
    process = await Process.start(str(python), str(PEERS / "eventsourcing" / "peer.py"))
    database = "peer_eventsourcing" + "_functions" * functions
    async with _opened(process, server, database, functions=functions) as version:
        yield f"eventsourcing {version}", process


@asynccontextmanager
async def open_emmett(server: Server) -> AsyncIterator[tuple[str, "Process"]]:
    """Emmett on Node. Raises PeerFailed."""
    modules = await asyncio.to_thread(node_environment, "emmett")
    script = str(PEERS / "emmett" / "peer.cjs")
    process = await Process.start("node", script, environment={"NODE_PATH": str(modules)})
    async with _opened(process, server, "peer_emmett") as version:
        yield f"emmett-postgresql {version}", process


@asynccontextmanager
async def _opened(
    process: "Process", server: Server, database: str, **options: object
) -> AsyncIterator[str]:
    """The version of a peer that has opened a database of its own."""
    try:
        dsn = await server.create_database(database)
        opened = await process.ask(op="open", dsn=dsn, connections=CONNECTIONS, **options)
        yield opened["version"]
    finally:
        await process.aclose()


def python_environment(name: str) -> Path:
    """The interpreter of a virtual environment with the packages of `requirements.lock`."""

    def install(folder: Path, lock: Path) -> None:
        _run(sys.executable, "-m", "venv", str(folder))
        pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q")
        _run(*pip, "install", "--require-hashes", "--only-binary", ":all:", "-r", str(lock))

    return _environment(name, "requirements.lock", install) / "bin" / "python"


def node_environment(name: str) -> Path:
    """The folder `node_modules` with the packages of `package-lock.json`."""

    def install(folder: Path, lock: Path) -> None:
        folder.mkdir(parents=True)
        for file in (lock, lock.with_name("package.json")):
            shutil.copy(file, folder)
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund")
        _run("npm", "ci", *quiet, "--prefix", str(folder))

    return _environment(name, "package-lock.json", install) / "node_modules"


def _environment(name: str, lock_name: str, install: Callable[[Path, Path], None]) -> Path:
    """Made once, and complete when its stamp is there. Raises PeerFailed."""
    lock = PEERS / name / lock_name
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nguon-bench"
    folder = cache / f"{name}-{sys.version_info.major}.{sys.version_info.minor}-{digest}"
    stamp = folder / ".complete"
    if not stamp.exists():
        shutil.rmtree(folder, ignore_errors=True)
        install(folder, lock)
        stamp.touch()
    return folder


def _run(*command: str) -> None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise PeerFailed(f"{command[0]} cannot be started: {error}") from error
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
        raise PeerFailed(f"{command[0]} failed with {done.returncode}:\n{tail}")


class Process:
    """A peer's process: one JSON object a line in, one a line out, one at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, *command: str, environment: dict[str, str] | None = None) -> Self:
        """Start it; it is told its database by the first question."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | (environment or {}),
            limit=_LINE_BYTES_MAX,
        )
        return cls(process)

    async def ask(self, **question: object) -> dict[str, Any]:
        """The answer. Raises PeerFailed for an error, an end or a silence."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            async with asyncio.timeout(_ANSWER_S):
                await self._process.stdin.drain()
                line = await self._process.stdout.readline()
        except (TimeoutError, ConnectionError) as error:
            raise PeerFailed(f"no answer to {question['op']!r}") from error
        answer: dict[str, Any] = json.loads(line or b'{"error": "it has ended"}')
        if "error" in answer:
            raise PeerFailed(f"{question['op']!r}: {answer['error']}")
        return answer

    def contender(self, op: str, units: int = 1, **fields: object) -> Contender:
        """A round of the operation; each command of it is so many units."""

        async def run(seconds: float) -> Run:
            answer = await self.ask(op=op, seconds=seconds, **fields)
            latencies = answer["latencies_ms"]
            return Run(len(latencies) * units, answer["seconds"], latencies)

        return run

    async def aclose(self) -> None:
        """The end of its input ends it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 10)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
