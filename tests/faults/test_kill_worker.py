"""Workers that share the projections are killed again and again while several logs grow.

Whatever happens to them, the rows are those of one that nobody disturbed, byte by byte. The one
stopped nowhere, because the operator's decision was in the log before it began.
"""

import asyncio
import random
import secrets
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.acceptance.installation import NGUON
from tests.databases import Log, Urls, command, organization
from tests.domain.steps import CELL, PATH, PERSON, Step, on, void
from tests.profile import at_length
from tests.proof import owner, settings_of

from app.installation import _projections, open_installation
from app.projection_control import skip
from app.settings import Settings
from domain.candidate import Candidate
from domain.errors import Refusal
from domain.events import CREATED, EVENTS
from domain.period import year
from domain.record import Record
from domain.target import Amount, Target, TargetBasis, TargetTerms
from eventstore.codec import Codec
from eventstore.registry import Registry

KILLS = at_length(6)
WORKERS = 2
SETTLED_S = 120.0
DAY = date(2023, 1, 5)
LOG_TABLES = ("tenant", "tenant_log", "event", "person_key", "command")
TERMINATE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = $1 AND application_name = 'worker'
"""
POISON = """
INSERT INTO event
SELECT tenant_id, $2, gen_random_uuid(), 1, gen_random_uuid(), type, 99, organization_id,
  effective_on, now(), actor, causation_id, correlation_id, data, person_id, sealed
FROM event WHERE tenant_id = $1 AND type = 'candidate.identified' LIMIT 1
"""
DIGEST = (
    "SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')), count(*) FROM {} t"
)


@dataclass
class Workers:
    """Real worker processes over one database."""

    log: Log
    home: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """One more."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "NGUON_HOME": str(self.home),
            "NGUON_DATABASE_URL": self.log.urls.owner,
            "NGUON_APP_DATABASE_URL": f"{self.log.urls.app}?application_name=worker",
        }
        with (self.home / "workers.log").open("ab") as told:
            self.running.append(
                subprocess.Popen([NGUON, "worker"], env=environment, stdout=told, stderr=told)
            )

    def kill(self, which: int) -> None:
        """Kill -9 one of them."""
        process = self.running.pop(which)
        assert process.poll() is None, (self.home / "workers.log").read_text("utf-8")
        process.kill()
        process.wait(30)


@pytest.fixture
async def undisturbed(server: Urls, template: str) -> AsyncIterator[Urls]:
    """Another migrated, empty database."""
    name = f"nguon_undisturbed_{secrets.token_hex(6)}"
    made = f'CREATE DATABASE "{name}" OWNER nguon_owner TEMPLATE "{template}"'
    await _execute(server.maker, made)
    yield server.of(name)
    await _execute(server.maker, f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_killed_workers_leave_the_rows_of_an_undisturbed_one(
    log: Log, undisturbed: Urls, tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    workers = Workers(log, tmp_path)
    finished = asyncio.Event()
    writers = [
        asyncio.create_task(write(log, tenant, random.Random(f"{seed} {tenant}"), finished))
        for tenant in (log.province, log.tenant, log.other)
    ]
    nuisance = asyncio.create_task(disturb(log, chance, finished))
    try:
        for _ in range(WORKERS):
            workers.start()
        for kill in range(KILLS):
            await moved(log)
            if kill == KILLS // 2:
                position = await poison(log)
            await asyncio.sleep(chance.random() * 0.5)
            workers.kill(chance.randrange(WORKERS))
            workers.start()
        finished.set()
        await asyncio.gather(*writers, nuisance)
        await skip_where_stopped(log, settings_of(log, tmp_path), position)
        await settled(log)
    finally:
        finished.set()
        for process in workers.running:
            process.kill()
            process.wait(30)
        await asyncio.gather(*writers, nuisance, return_exceptions=True)
    await copy_log(log.urls, undisturbed)
    elsewhere = tmp_path / "undisturbed"
    elsewhere.mkdir()
    async with open_installation(settings_of(replace(log, urls=undisturbed), elsewhere)) as other:
        await other.runner.catch_up()
        assert await other.runner.caught_up()
    found, expected = await digests(log.urls), await digests(undisturbed)
    assert found == expected
    assert sum(count for _, count in found.values()) > 100
    assert found["posting"][1] > 0
    assert found["balance"][1] > 0


async def write(log: Log, tenant: int, chance: random.Random, finished: asyncio.Event) -> None:
    """One command after the other: new people and units, late steps, corrections, targets."""
    people: list[UUID] = []
    targets: list[UUID] = []
    while not finished.is_set():
        made = await _made(log, tenant, chance, people, targets)
        if made.pending_events:
            await log.records.save(tenant, command(), made, subject=made.id)
        await asyncio.sleep(chance.random() * 0.05)


async def _made(
    log: Log, tenant: int, chance: random.Random, people: list[UUID], targets: list[UUID]
) -> Record:
    match chance.randrange(5):
        case 0:
            return organization(renamed=chance.randrange(4))
        case 1 if targets:
            target = await log.records.load(tenant, Target, chance.choice(targets))
            target.adjust(Amount(count=chance.randrange(1, 90)), on=DAY, reason="Điều chỉnh")
            return target
        case 1:
            terms = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2023))
            target = Target.set(organization().id, terms, Amount(count=30), on=DAY)
            targets.append(target.id)
            return target
        case 2 if people:
            case = await log.records.load(tenant, Candidate, chance.choice(people))
            with suppress(Refusal):
                _correction(case, chance)(case)
            return case
        case _:
            began = on(date(2022, 3, 1) + timedelta(days=chance.randrange(365)))
            cell = replace(CELL, id=UUID(int=chance.randrange(1, 9)))
            case = Candidate.identify(uuid4(), began, cell, PERSON)
            people.append(case.id)
            for step in PATH[: chance.randrange(len(PATH))]:
                step()(case)
            return case


def _correction(case: Candidate, chance: random.Random) -> Step:
    """One more step, perhaps out of its turn, or an earlier one that was never true."""
    if case.version > 1 and chance.random() < 0.3:
        return void(chance.randrange(2, case.version + 1))
    return chance.choice(PATH)()


async def disturb(log: Log, chance: random.Random, finished: asyncio.Event) -> None:
    """Wake the workers for nothing and twice, and now and then take their connections away."""
    connection = await asyncpg.connect(log.urls.owner)
    maker = await asyncpg.connect(log.urls.maker)
    try:
        while not finished.is_set():
            told = chance.choice(["", f"[[{log.tenant},{chance.randrange(99)}]]"])
            for _ in range(chance.randrange(1, 4)):
                await connection.execute("SELECT pg_notify('nguon_log', $1)", told)
            if chance.random() < 0.05:
                await maker.execute(TERMINATE, log.urls.name)
            await asyncio.sleep(chance.random() * 0.3)
    finally:
        await connection.close()
        await maker.close()


async def poison(log: Log) -> int:
    """Append an event that nobody can read past the application; its position."""
    async with owner(log.urls, log.tenant) as connection:
        position: int = await connection.fetchval(
            "UPDATE tenant_log SET head = head + 1 WHERE tenant_id = $1 RETURNING head", log.tenant
        )
        assert await connection.execute(POISON, log.tenant, position) == "INSERT 0 1"
    return position


async def skip_where_stopped(log: Log, settings: Settings, position: int) -> None:
    """Decide as an operator would, once everything else has caught up."""
    async with open_installation(settings) as installation, asyncio.timeout(SETTLED_S):
        while any(e.lag and e.stop is None for e in await installation.runner.progress()):  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.1)
        stopped = await installation.runner.standing_still()
    assert {each.projection for each in stopped} >= {"pipeline", "breach"}
    for each in stopped:
        assert each.stop is not None
        assert (each.tenant_id, each.stop.position) == (log.tenant, position)
        await skip(settings, each.projection, "lam-dong/bao-lam", position, "Bản ghi hỏng")


async def moved(log: Log) -> None:
    """Until some worker has folded something from now on."""
    before = await checkpoints(log)
    async with asyncio.timeout(SETTLED_S):
        while await checkpoints(log) == before:  # noqa: ASYNC110 (the event is in a table)
            await asyncio.sleep(0.02)


async def settled(log: Log) -> None:
    """Until the workers have caught up."""
    projections = {name for _, name, _ in await checkpoints(log)}
    assert len(projections) > 5
    async with asyncio.timeout(SETTLED_S):
        while True:
            heads = await log.store.heads([log.province, log.tenant, log.other])
            if await checkpoints(log) == sorted(
                (tenant, name, head) for tenant, head in heads.items() for name in projections
            ):
                return
            await asyncio.sleep(0.1)


async def checkpoints(log: Log) -> list[tuple[int, str, int]]:
    """Where each projection of each tenant is."""
    async with log.database.rollup([log.province, log.tenant, log.other]) as connection:
        rows = await connection.fetch("SELECT tenant_id, projection, position FROM checkpoint")
    return sorted((row[0], row[1], row[2]) for row in rows)


async def copy_log(source: Urls, target: Urls) -> None:
    """The log and nothing that was made of it, in place of an empty one."""
    giving, taking = await _everything(source), await _everything(target)
    try:
        for table in LOG_TABLES:
            rows = await giving.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608
            await taking.copy_records_to_table(table, records=[tuple(row) for row in rows])
    finally:
        await giving.close()
        await taking.close()


async def digests(urls: Urls) -> dict[str, tuple[str, int]]:
    """What the rows of each table of a projection come to, and how many they are."""
    connection = await _everything(urls)
    tables = {
        table for each in _projections(Codec(Registry(EVENTS, CREATED))) for table in each.tables
    }
    try:
        rows = {table: await connection.fetchrow(DIGEST.format(table)) for table in sorted(tables)}
    finally:
        await connection.close()
    return {table: (row[0], row[1]) for table, row in rows.items() if row is not None}


async def _everything(urls: Urls) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection that sees the rows of all tenants of a database."""
    return await asyncpg.connect(urlsplit(urls.maker)._replace(path=f"/{urls.name}").geturl())


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
