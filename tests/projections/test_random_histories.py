"""Random histories: every figure of the read models is what a replay of the logs counts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from tests.databases import Urls
from tests.profile import at_length
from tests.projections.random_history import History

from app.installation import Installation, open_installation
from app.settings import Directory, ExternalDatabase, Settings
from app.worker import running


@asynccontextmanager
async def opened(urls: Urls, folder: Path) -> AsyncIterator[Installation]:
    settings = Settings(
        host="127.0.0.1",
        port=0,
        home=folder,
        database=ExternalDatabase(urls.owner, urls.app),
        now=None,
        token_public_key=None,
        keys=Directory(folder / "keys", None),
        otlp_endpoint=None,
    )
    async with open_installation(settings) as installation:
        yield installation


@pytest.mark.parametrize("seed", range(at_length(2)))
async def test_it(urls: Urls, tmp_path: Path, seed: int) -> None:
    async with opened(urls, tmp_path) as installation:
        history = History(installation, Random(seed))
        async with running(installation.runner):
            await history.begin()
            await history.live(150)
        await installation.runner.catch_up()
        for name, n in sorted(history.counted.items()):
            print(n, name)
