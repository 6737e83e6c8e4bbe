"""What an operator decides about a projection that stopped, and what comes of it."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from tests.databases import Log, change_event, command, establish
from tests.domain.steps import CELL, PERSON, listed, on, path
from tests.proof import settings_of

from app.installation import Installation, open_installation
from app.operator import UnknownProjection
from app.projection_control import (
    SkipRefused,
    StopRemains,
    list_projections,
    resume,
    skip,
)
from app.settings import Settings
from domain.candidate import Candidate
from domain.errors import InvalidInput, Refusal
from eventstore.reading import Filter
from projections.rebuild import Rebuild

CODE = "lam-dong/bao-lam"
POISONED = 3
POSTINGS = """
SELECT position, account, n FROM posting WHERE tenant_id = $1 ORDER BY position, ordinal
"""
REASON = "Bản ghi hỏng, đã lập lại"


@pytest.fixture
async def settings(log: Log, tmp_path: Path) -> Settings:
    """Two people in each of two tenants; the first one's second event cannot be read in one."""
    settings = settings_of(log, tmp_path)
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant)
        for _ in range(2):
            case = Candidate.identify(uuid4(), on(date(2023, 3, 1)), CELL, PERSON)
            for step in path(listed):
                step(case)
            await log.records.save(tenant, command(), case, subject=case.id)
    await change_event(log.urls, log.tenant, POISONED, schema_version=99)
    async with open_installation(settings) as installation:
        await installation.runner.catch_up()
    return settings


async def skips(installation: Installation, tenant: int) -> list[int]:
    wanted = Filter(types=["projection.event_skipped"])
    return [e.position for e in await installation.store.read_after(tenant, 0, 10, wanted)]


async def test_a_stop_is_listed_with_its_position_and_reason(settings: Settings) -> None:
    lines = [line.split("\t") for line in await list_projections(settings)]
    assert lines[0][-1] == "stopped"
    [pipeline] = [each for each in lines if each[:2] == [CODE, "pipeline"]]
    assert pipeline[2] == str(POISONED - 1)
    assert int(pipeline[3]) - int(pipeline[2]) == int(pipeline[4]) > 0
    assert f"before event {POISONED} since " in pipeline[6]
    assert "only versions up to" in pipeline[6]
    assert not any(each[6] for each in lines[1:] if each[0] != CODE)


async def test_only_what_stopped_can_be_skipped(settings: Settings, log: Log) -> None:
    """Nothing is recorded otherwise, and a resumption of what cannot be read says so."""
    for name, code, position in (
        ("pipeline", CODE, POISONED + 1),
        ("organization", CODE, POISONED),
        ("pipeline", "lam-dong/di-linh", POISONED),
        ("pipeline", "lam-dong/nowhere", POISONED),
    ):
        with pytest.raises(SkipRefused):
            await skip(settings, name, code, position, REASON)
    with pytest.raises(UnknownProjection):
        await skip(settings, "unheard-of", CODE, POISONED, REASON)
    with pytest.raises((InvalidInput, Refusal)):
        await skip(settings, "pipeline", CODE, POISONED, " ")
    with pytest.raises(StopRemains, match=f"before event {POISONED}"):
        await resume(settings, "pipeline", CODE)
    async with open_installation(settings) as installation:
        assert await skips(installation, log.tenant) == []


async def test_a_skipped_event_is_skipped_by_every_rebuild(settings: Settings, log: Log) -> None:
    """The rest of the person's events counts, the other projections fold it as before."""
    head = (await log.store.heads([log.tenant]))[log.tenant]
    line = await skip(settings, "pipeline", CODE, POISONED, REASON)
    assert line.split("\t")[2:5] == [str(head + 1), str(head + 1), "0"]
    async with open_installation(settings) as installation:
        assert await skips(installation, log.tenant) == [head + 1]
        async with installation.database.tenant(log.tenant) as connection:
            found = await connection.fetch(POSTINGS, log.tenant)
        assert POISONED not in {row["position"] for row in found}
        assert {row["position"] for row in found} >= {POISONED - 1}
        await change_event(log.urls, log.tenant, POISONED, schema_version=1)
        runner = installation.runner
        again = Rebuild(installation.database, runner.projection("pipeline"))
        async for position, until in again.fold(log.tenant):
            assert position <= until == head + 1
        assert await again.take_over(log.tenant) == []
        async with installation.database.tenant(log.tenant) as connection:
            assert await connection.fetch(POSTINGS, log.tenant) == found
        for each in await installation.runner.standing_still():
            assert each.projection != "pipeline"
    assert (await resume(settings, "register", CODE)).split("\t")[4] == "0"
