"""The pool, and the transactions in which a tenant's rows can be seen. Knows no table."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Self, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

# The stubs make these classes generic, the driver does not.
if TYPE_CHECKING:
    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]
    _Driver: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Connection = PoolConnectionProxy
    _Driver = asyncpg.Connection
Parameter: TypeAlias = object
Call: TypeAlias = Callable[..., Awaitable[list[asyncpg.Record]]]
"""Runs one statement with its parameters."""

COMMAND_TIMEOUT_S: Final = 60.0
ACQUIRE_TIMEOUT_S: Final = 30.0
# How long a restart of the server may take before its callers are told.
PATIENCE_S: Final = 10.0
RETRY_PAUSE_S: Final = 0.05

# What a machine that died had locked is free after about ten seconds, in a long statement too.
_NOTICED_GONE: Final = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "client_connection_check_interval": "5000",
}

CONNECTION_LOST: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    # What the driver says between the server's farewell and the end of the connection.
    asyncpg.InternalClientError,
    TimeoutError,
)
"""Raised when the server or the way to it went away: whether a COMMIT took place is unknown."""


class DatabaseUnavailable(Exception):
    """The database could not be reached for longer than a restart takes. Nothing was done."""


class _PooledConnection(_Driver):
    """A connection that needs no reset: every setting is SET LOCAL."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """The application's way to PostgreSQL, as the role nguon_app.

    Without `tenant` or `rollup` no row of any table can be seen.
    """

    def __init__(self, dsn: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._dsn = dsn
        self._pool = pool

    @classmethod
    async def connect(cls, app_dsn: str, *, min_size: int = 1, max_size: int = 10) -> Self:
        """Open the pool; `aclose` closes it."""
        return await cls(app_dsn, _new_pool(app_dsn, min_size, max_size)).__aenter__()

    def apart(self) -> Self:
        """The same over one connection of its own, for an `async with`."""
        return type(self)(self._dsn, _new_pool(self._dsn, 0, 1))

    async def aclose(self) -> None:
        """Wait a moment for running transactions, then close every connection."""
        try:
            await asyncio.wait_for(self._pool.close(), timeout=5)
        except TimeoutError:
            self._pool.terminate()

    async def __aenter__(self) -> Self:
        await self._pool
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @asynccontextmanager
    async def tenant(self, tenant_id: int) -> AsyncIterator[Connection]:
        """A transaction on the rows of one tenant; commits unless the block raises."""
        async with self._transaction(
            f"BEGIN; SET LOCAL nguon.tenant = '{int(tenant_id)}'"
        ) as connection:
            yield connection

    @asynccontextmanager
    async def rollup(self, tenant_ids: Iterable[int]) -> AsyncIterator[Connection]:
        """A read-only transaction, of one snapshot, that sees the roll-up rows of these tenants."""
        tenants = ",".join(str(int(tenant_id)) for tenant_id in tenant_ids)
        begin = (
            f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;SET LOCAL nguon.tenants = '{tenants}'"
        )
        async with self._transaction(begin) as connection:
            yield connection

    async def call(self, sql: str, *parameters: Parameter) -> list[asyncpg.Record]:
        """One statement that commits by itself, in one round trip; never repeated.

        Raises one of `CONNECTION_LOST` when its outcome is unknown.
        """
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await connection.fetch(sql, *parameters)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Call]:
        """As `call`, on one connection for as long as the block lasts; a lost one is replaced."""
        held: list[Connection] = []

        async def call(sql: str, *parameters: Parameter) -> list[asyncpg.Record]:
            if not held:
                held.append(await self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S))
            try:
                return await held[0].fetch(sql, *parameters)
            except CONNECTION_LOST:
                await self._give_back(held.pop())
                raise

        try:
            yield call
        finally:
            if held:
                await self._give_back(held.pop())

    async def read(self, sql: str, *parameters: Parameter) -> list[asyncpg.Record]:
        """One statement that writes nothing, and is therefore repeated once the server is back."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return await self.call(sql, *parameters)
            except CONNECTION_LOST as lost:
                await _pause(deadline, lost)

    async def listen_connection(self) -> _Driver:
        """A connection outside the pool, for LISTEN; its owner closes it."""
        return await asyncpg.connect(self._dsn, command_timeout=COMMAND_TIMEOUT_S)

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[Connection]:
        connection = await self._begin(begin)
        try:
            try:
                yield connection
            except BaseException:
                # A connection that is gone has rolled back; what the block raised matters more.
                with suppress(*CONNECTION_LOST):
                    await connection.execute("ROLLBACK")
                raise
            await connection.execute("COMMIT")
        finally:
            await self._give_back(connection)

    async def _give_back(self, connection: Connection) -> None:
        """What was done on it is done; one that is lost has left the pool by itself."""
        with suppress(*CONNECTION_LOST):
            await self._pool.release(connection)

    async def _begin(self, begin: str) -> Connection:
        """A connection on which `begin` went through: a dead one is met before anything counts."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                connection = await self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
            except CONNECTION_LOST as lost:
                await _pause(deadline, lost)
                continue
            try:
                await connection.execute(begin)
            except BaseException as error:
                await self._give_back(connection)
                if not isinstance(error, CONNECTION_LOST):
                    raise
                await _pause(deadline, error)
                continue
            return connection


def _new_pool(dsn: str, min_size: int, max_size: int) -> "asyncpg.Pool[asyncpg.Record]":
    return asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        command_timeout=COMMAND_TIMEOUT_S,
        connection_class=_PooledConnection,
        server_settings=_NOTICED_GONE,
    )


async def _pause(deadline: float, lost: Exception) -> None:
    if time.monotonic() >= deadline:
        message = f"the database cannot be reached: {type(lost).__name__}"
        raise DatabaseUnavailable(message) from lost
    await asyncio.sleep(RETRY_PAUSE_S)
