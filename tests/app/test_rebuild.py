"""What an operator sees of a rebuild, and decides where the new rows differ from the old ones."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from tests.databases import Log, change_event, command, establish
from tests.domain.steps import CELL, PERSON, listed, on, path
from tests.proof import settings_of

from app.installation import open_installation
from app.operator import UnknownProjection
from app.rebuild import Choice, FoldFailed, RowsDiffer, UnknownTenant, cancel, rebuild
from app.settings import Settings
from domain.candidate import Candidate
from domain.errors import InvalidInput
from eventstore.reading import Filter

CODE = "lam-dong/bao-lam"
PIPELINE = Choice("pipeline", CODE)
LOST = "DELETE FROM posting WHERE tenant_id = $1 AND account = 'SYMPATHIZER'"
LEFT = "SELECT count(*) FROM posting WHERE tenant_id = $1 AND account = 'SYMPATHIZER'"


@pytest.fixture
async def settings(log: Log, tmp_path: Path) -> Settings:
    """Two tenants with a person each, whose read models are up to date."""
    settings = settings_of(log, tmp_path)
    for tenant in (log.tenant, log.other):
        await establish(log.records, tenant)
        case = Candidate.identify(uuid4(), on(date(2023, 3, 1)), CELL, PERSON)
        for step in path(listed):
            step(case)
        await log.records.save(tenant, command(), case, subject=case.id)
    async with open_installation(settings) as installation:
        await installation.runner.catch_up()
    return settings


async def told(settings: Settings, choice: Choice, sign_off: str | None = None) -> list[str]:
    return [line async for line in rebuild(settings, choice, sign_off=sign_off)]


async def lost(settings: Settings, log: Log, sql: str) -> object:
    async with (
        open_installation(settings) as installation,
        installation.database.tenant(log.tenant) as connection,
    ):
        return await connection.fetchval(sql, log.tenant)


async def test_equal_rows_take_over_by_themselves(settings: Settings) -> None:
    """Every projection of every tenant says how far it came, and that nothing differs."""
    lines = await told(settings, Choice())

    assert [line for line in lines if "equal, took over" in line and CODE in line]
    assert not [line for line in lines if "only in" in line]
    assert (await told(settings, PIPELINE))[-1] == f"pipeline\t{CODE}\tequal, took over"


async def test_rows_that_were_lost_come_back_when_somebody_signs_that_off(
    settings: Settings, log: Log
) -> None:
    """Given damage, then it is told and nothing changes; a reason lets the new rows serve."""
    await lost(settings, log, LOST)

    with pytest.raises(RowsDiffer, match="--sign-off"):
        await told(settings, PIPELINE)
    assert await lost(settings, log, LEFT) == 0
    await cancel(settings, PIPELINE)
    with pytest.raises(InvalidInput):
        await told(settings, PIPELINE, sign_off=" ")
    assert await lost(settings, log, LEFT) == 0

    lines = await told(settings, PIPELINE, sign_off="Đĩa hỏng ngày 3/5")

    assert lines[-2:] == [
        f"pipeline\t{CODE}\tposting: 0 rows only in what serves, 1 only in the new",
        f"pipeline\t{CODE}\tsigned off, took over",
    ]
    assert await lost(settings, log, LEFT) == 1
    wanted = Filter(types=["projection.difference_signed_off"])
    [recorded] = await log.store.read_after(log.tenant, 0, 10, wanted)
    assert "Đĩa hỏng" in recorded.data.decode()
    assert '"added":1' in recorded.data.decode()


async def test_a_fold_that_cannot_read_an_event_says_where(settings: Settings, log: Log) -> None:
    """Given an event that was damaged after it had been folded, what serves stays."""
    await change_event(log.urls, log.tenant, 3, schema_version=99)

    with pytest.raises(FoldFailed, match=f"pipeline of {CODE}, after event .*only versions up to"):
        await told(settings, PIPELINE)
    assert await lost(settings, log, LEFT) == 1


async def test_only_what_there_is_can_be_folded_anew(settings: Settings) -> None:
    """A name that nobody bears is refused before anything is folded."""
    with pytest.raises(UnknownProjection, match="organization"):
        await told(settings, Choice("nothing"))
    with pytest.raises(UnknownTenant):
        await told(settings, Choice(None, "lam-dong/nowhere"))
