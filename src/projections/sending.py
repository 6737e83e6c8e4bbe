"""Rows on their way into a table while the next ones are made."""

import asyncio
from collections.abc import Sequence
from typing import Final, Self

from db.database import Connection


class Sending:
    """One statement over an array of rows, again and again; whoever leaves has waited for all.

    Within one transaction, by one connection: nothing else may be asked of it meanwhile.
    """

    def __init__(self, connection: Connection, sql: str, *given: object) -> None:
        self._connection: Final = connection
        self._sql: Final = sql
        self._given: Final = given
        self._task: asyncio.Task[str] | None = None

    async def begin(self, rows: Sequence[Sequence[object]]) -> None:
        """Send some rows, at least one, after the last ones have arrived; does not wait for these.

        Raises what the last statement raised.
        """
        await self._arrived()
        self._task = asyncio.ensure_future(self._connection.execute(self._sql, *self._given, rows))
        await asyncio.sleep(0)

    async def _arrived(self) -> None:
        if self._task is not None:
            task, self._task = self._task, None
            await task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            await self._arrived()
        elif self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
