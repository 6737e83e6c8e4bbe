"""The PostgreSQL that comes with the installation: set up once, shared by all nguon processes.

It does not migrate, pool or query. A user here is a process that holds a shared lock while it needs
the server; `db.guardian` runs the postmaster and stops it when the last such lock is gone, which
the kernel sees to even after kill -9.
"""

import asyncio
import contextlib
import fcntl
import os
import secrets
import sys
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg

from db.cluster import (
    Cluster,
    EmbeddedPostgresError,
    Postmaster,
    initialize,
    live_postmaster,
    locate,
    open_lock,
    try_lock,
    write_private,
)

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

_POLL_S = 0.01
_CONNECT_TIMEOUT_S = 10.0
_GUARDIANS_MAX = 2
_LOG_BYTES_MAX = 10_000_000
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_PASSWORDS = ("superuser", "owner", "app")

# DDL takes no parameters, so the server itself quotes the password into the statement.
_CREATE_ROLE = {
    "nguon_owner": """
        SELECT format('CREATE ROLE nguon_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
          NOREPLICATION NOBYPASSRLS PASSWORD %L', $1::text)""",
    "nguon_app": """
        SELECT format('CREATE ROLE nguon_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
          NOREPLICATION NOBYPASSRLS NOINHERIT PASSWORD %L', $1::text)""",
}
_ROLE_EXISTS = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)"
_DATABASE_EXISTS = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'nguon')"
_CREATE_DATABASE = "CREATE DATABASE nguon OWNER nguon_owner"
_GRANT = """
    REVOKE ALL ON DATABASE nguon FROM PUBLIC;
    GRANT CONNECT ON DATABASE nguon TO nguon_app;
    ALTER SCHEMA public OWNER TO nguon_owner;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO nguon_app;
"""


class EmbeddedPostgres:
    """The server of one home directory, for as long as the `async with` block lasts.

    Linux only. All time-outs and failures are EmbeddedPostgresError, with the end of the server's
    log. Not for use by several tasks before it is entered; `ensure_running` is.
    """

    def __init__(self, home: Path, *, timeout_s: float = 60.0) -> None:
        self._home = home
        self._timeout_s = timeout_s
        self._cluster: Cluster | None = None
        self._postmaster: Postmaster | None = None
        self._guardian: Future[int] | None = None  # its exit status
        self._users_lock: int | None = None

    async def __aenter__(self) -> Self:
        self._cluster = await asyncio.to_thread(locate, self._home)
        self._users_lock = open_lock(self._cluster.directory, "users.lock")
        try:
            async with self._starting(self._cluster):
                # Refused while a guardian stops the server for its former users.
                await _acquire(self._users_lock, fcntl.LOCK_SH)
                await self._prepare(self._cluster)
        except BaseException:
            self._release()
            raise
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Without a guardian (it was killed) nobody would stop the server after us.
        cluster = self._located
        try:
            if live_postmaster(cluster.data) and not self._is_guarded(cluster):
                self._spawn_guardian(cluster)
                async with asyncio.timeout(self._timeout_s):
                    await _until(lambda: self._guardian_has_ended or self._is_guarded(cluster))
        finally:
            self._release()

    @property
    def owner_url(self) -> str:
        """For migrations. It can change across `ensure_running` when a stranger took the port."""
        return self._url("nguon_owner", "owner", "nguon")

    @property
    def app_url(self) -> str:
        """For everything else: neither owner nor superuser, bound by row-level security."""
        return self._url("nguon_app", "app", "nguon")

    @property
    def superuser_url(self) -> str:
        """For setting up and for tests that make databases; the product never works with it."""
        return self._url("postgres", "superuser", "postgres")

    @property
    def port(self) -> int:
        if self._postmaster is None:
            raise EmbeddedPostgresError("the embedded server is used before it was entered")
        return self._postmaster.port

    async def ensure_running(self) -> None:
        """Return once the server accepts connections again; some 50 µs when it does already."""
        if not self._serves(self._located):
            async with self._starting(self._located):
                await self._start(self._located)

    @property
    def _located(self) -> Cluster:
        if self._cluster is None or self._users_lock is None:
            raise EmbeddedPostgresError("the embedded server is used outside its block")
        return self._cluster

    @contextlib.asynccontextmanager
    async def _starting(self, cluster: Cluster) -> AsyncIterator[None]:
        """One process at a time prepares or starts, within the time-out."""
        descriptor = open_lock(cluster.directory, "start.lock")
        try:
            async with asyncio.timeout(self._timeout_s):
                await _acquire(descriptor, fcntl.LOCK_EX)
                yield
        except TimeoutError as error:
            message = f"the embedded server did not start within {self._timeout_s} s"
            raise cluster.error(message) from error
        finally:
            os.close(descriptor)

    async def _prepare(self, cluster: Cluster) -> None:
        for name in _PASSWORDS:
            if not (path := _password_file(cluster, name)).exists():
                write_private(path, secrets.token_hex(24))
        if not cluster.data.exists():
            (cluster.directory / "bootstrapped").unlink(missing_ok=True)
            superuser = _password_file(cluster, "superuser").read_text()
            await asyncio.to_thread(initialize, cluster, superuser, self._timeout_s)
        await self._start(cluster)
        done = cluster.directory / "bootstrapped"
        if not done.exists():
            await self._bootstrap(cluster)
            write_private(done, "")

    async def _start(self, cluster: Cluster) -> None:
        guardians = 0
        while not self._serves(cluster):
            # In this order: ours may take the lock in between, and to wait for its end is to hang.
            if self._guardian_has_ended and not self._is_guarded(cluster):
                gave_up = guardians and self._guardian is not None and self._guardian.result() != 0
                if gave_up or guardians == _GUARDIANS_MAX:
                    raise cluster.error("the embedded server does not start")
                self._spawn_guardian(cluster)
                guardians += 1
            await asyncio.sleep(_POLL_S)

    def _serves(self, cluster: Cluster) -> bool:
        postmaster = live_postmaster(cluster.data)
        if postmaster is None or not postmaster.ready or not self._is_guarded(cluster):
            return False
        self._postmaster = postmaster
        return True

    def _is_guarded(self, cluster: Cluster) -> bool:
        descriptor = open_lock(cluster.directory, "guardian.lock")
        try:
            return not try_lock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    @property
    def _guardian_has_ended(self) -> bool:
        return self._guardian is None or self._guardian.done()

    def _spawn_guardian(self, cluster: Cluster) -> None:
        _rotate(cluster.log)
        # Without site (-S) it starts twice as fast, so it is told where this source tree is.
        environment = cluster.environment() | {"PYTHONPATH": str(Path(__file__).parents[1])}
        cluster_words = (cluster.directory, cluster.data, cluster.programs, cluster.account)
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-S", "-m", "db.guardian", *map(str, cluster_words)],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, cluster.log, _APPEND, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,  # Ctrl-C in our terminal must not reach it
        )
        self._guardian = Future()
        threading.Thread(target=_await_end, args=(pid, self._guardian), daemon=True).start()

    def _release(self) -> None:
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def _url(self, user: str, password: str, database: str) -> str:
        secret = _password_file(self._located, password).read_text()
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    async def _bootstrap(self, cluster: Cluster) -> None:
        """Roles and database; complete after any number of interrupted tries."""
        async with _connected(self.superuser_url) as connection:
            for role, statement in _CREATE_ROLE.items():
                if not await connection.fetchval(_ROLE_EXISTS, role):
                    secret = _password_file(cluster, role.removeprefix("nguon_")).read_text()
                    await connection.execute(await connection.fetchval(statement, secret))
            if not await connection.fetchval(_DATABASE_EXISTS):
                await connection.execute(_CREATE_DATABASE)
        async with _connected(self._url("postgres", "superuser", "nguon")) as connection:
            await connection.execute(_GRANT)


async def _acquire(descriptor: int, operation: int) -> None:
    # Not a blocking flock in a thread: that could not be cancelled.
    await _until(lambda: try_lock(descriptor, operation))


async def _until(reached: Callable[[], bool]) -> None:
    while not reached():  # noqa: ASYNC110 - other processes cause it, so there is no event
        await asyncio.sleep(_POLL_S)


@contextlib.asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, timeout=_CONNECT_TIMEOUT_S, command_timeout=60)
    try:
        yield connection
    finally:
        await connection.close(timeout=_CONNECT_TIMEOUT_S)


def _password_file(cluster: Cluster, name: str) -> Path:
    return cluster.directory / f"{name}.password"


def _await_end(pid: int, status: Future[int]) -> None:
    # Reaped at once, so that no zombie stays in a server that runs for months.
    try:
        status.set_result(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    except ChildProcessError:  # somebody in this process waits for all children
        status.set_result(0)


def _rotate(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_BYTES_MAX:
            log.rename(log.with_suffix(".log.1"))
