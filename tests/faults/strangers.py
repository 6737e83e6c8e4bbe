"""Transactions of others in the same database, held open for long while the log is written."""

import asyncio
import random
from typing import Final, Self

import asyncpg
from tests.faults.history import History

from db.database import CONNECTION_LOST

HELD_S: Final = (10.0, 90.0)
LOOK_S: Final = 0.1
OPEN_S: Final = 60.0
TABLE: Final = """
CREATE SCHEMA IF NOT EXISTS stranger;
CREATE TABLE IF NOT EXISTS stranger.note (written_at timestamptz NOT NULL DEFAULT now());
"""
TRANSACTIONS: Final = {
    "writes": (
        "BEGIN",
        "SELECT txid_current()",
        "INSERT INTO stranger.note DEFAULT VALUES",
    ),
    "reads": (
        "BEGIN ISOLATION LEVEL REPEATABLE READ",
        "SELECT count(*) FROM event WHERE position = 1",
    ),
}
LOST: Final = (*CONNECTION_LOST, asyncpg.PostgresError)


class Strangers:
    """One holds a transaction id, one a snapshot over the log; both come back when they are cut."""

    def __init__(self, url: str, history: History, seed: int) -> None:
        self._url = url
        self._history = history
        self._chance = random.Random(f"{seed}/strangers")
        self._tasks: list[asyncio.Task[None]] = []
        self._open: set[str] = set()
        self._all_open = asyncio.Event()
        self._must_hold = False

    async def __aenter__(self) -> Self:
        connection = await asyncpg.connect(self._url)
        await connection.execute(TABLE)
        await connection.close()
        self._tasks = [asyncio.create_task(self._live(name)) for name in TRANSACTIONS]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.let_go()

    async def hold(self) -> None:
        """From now on nobody ends a transaction; returns once all are open."""
        self._must_hold = True
        async with asyncio.timeout(OPEN_S):
            await self._all_open.wait()

    async def let_go(self) -> None:
        """End all transactions."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    async def _live(self, name: str) -> None:
        while True:
            try:
                connection = await asyncpg.connect(self._url, timeout=5)
            except LOST:
                await asyncio.sleep(LOOK_S)
                continue
            try:
                for statement in TRANSACTIONS[name]:
                    await connection.execute(statement)
                await self._hold(name, connection)
                await connection.execute("COMMIT")
            except LOST:
                await asyncio.sleep(LOOK_S)
            finally:
                connection.terminate()

    async def _hold(self, name: str, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._open.add(name)
        if len(self._open) == len(TRANSACTIONS):
            self._all_open.set()
        self._history.write("stranger", name=name, is_open=True)
        try:
            looks = int(self._chance.uniform(*HELD_S) / LOOK_S)
            while (looks := looks - 1) > 0 or self._must_hold:
                await asyncio.sleep(LOOK_S)
                if connection.is_closed():
                    break
        finally:
            self._open.discard(name)
            self._all_open.clear()
            self._history.write("stranger", name=name, is_open=False)
