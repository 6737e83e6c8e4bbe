"""Random histories of several tenants: every figure is the same in three independent ways."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from tests.acceptance.recount import Event
from tests.databases import Urls
from tests.profile import at_length
from tests.projections.random_history import BEGUN, NEW, ONE, PROVINCE, TWO, History
from tests.projections.three_ways import compare, exported, question

from app.installation import Installation, open_installation
from app.settings import Directory, ExternalDatabase, Settings
from app.worker import running

STEPS, QUESTIONS = 150, 20
CODES = [PROVINCE, PROVINCE, ONE, TWO, NEW]
SEED = int(os.environ.get("NGUON_SEED", "1"))


@asynccontextmanager
async def opened(urls: Urls, folder: Path) -> AsyncIterator[Installation]:
    """An installation over a database of its own."""
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


@pytest.mark.parametrize("seed", range(SEED, SEED + at_length(2)))
async def test_read_models_replay_and_recount_agree(urls: Urls, tmp_path: Path, seed: int) -> None:
    """At random clocks, levels, groups, bases and periods, after some years of anything."""
    random = Random(seed)
    async with opened(urls, tmp_path) as installation:
        history = History(installation, random)
        async with running(installation.runner):
            await history.begin()
            await history.live(STEPS)
        await installation.runner.catch_up()
        events = await exported(installation, PROVINCE)
        compared = 0
        for _ in range(QUESTIONS):
            asked = question(random, CODES, (BEGUN, history.day), history.moments)
            compared += await compare(installation, events, asked)

    print(f"seed {seed}: {len(events)} events, {compared} organizations")  # noqa: T201 (asked for)
    assert compared >= QUESTIONS
    require_variety(events)


def require_variety(events: list[Event]) -> None:
    """The history has what makes figures hard to count, and no event is left out."""
    for tenant in CODES:
        sequence = [event["sequence"] for event in events if event["tenant"] == tenant]
        assert sequence == list(range(1, len(sequence) + 1)), tenant
    kinds = {event["type"] for event in events}
    assert kinds >= {"candidate.admission_decided", "organization.ended", "target.set"}
    assert kinds & {"candidate.entry_voided", "organization.entry_voided"}
    late = [e for e in events if e["recordedAt"][:10] > e["effectiveOn"]]
    assert len(late) > 10
