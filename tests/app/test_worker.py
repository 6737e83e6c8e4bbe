"""A worker that begins while its connections are taken away."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest
from tests.databases import Log
from tests.proof import settings_of

from app import worker
from app.installation import Installation
from app.rule_book import adopt_everywhere


async def test_it_begins_again_when_a_connection_is_lost_at_the_beginning(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a database that ends the connection of its first steps, then it goes on and follows."""
    begun = 0

    async def interrupted(installation: Installation) -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            async with installation.database.tenant(log.tenant) as connection:
                terminate = "SELECT pg_terminate_backend(pg_backend_pid())"
                await connection.execute(terminate)
        await adopt_everywhere(installation)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(worker, "adopt_everywhere", interrupted)
    monkeypatch.setattr(worker, "RETRY_S", 0.01)
    async with asyncio.timeout(30):
        await worker.work(settings_of(log, tmp_path))

    assert begun == 2


async def test_what_is_no_lost_connection_ends_it(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(_: Installation) -> None:
        raise asyncpg.UndefinedTableError

    monkeypatch.setattr(worker, "adopt_everywhere", failing)
    with pytest.raises(asyncpg.UndefinedTableError):
        await worker.work(settings_of(log, tmp_path))
