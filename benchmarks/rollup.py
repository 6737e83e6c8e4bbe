"""How fast a province's figures are summed, at any dates, in any year of its history.

`python benchmarks/rollup.py [--json] [--only NAME] [--rounds N] [--postgresql FOLDER]`. A question
is a district-by-district pipeline at a random pair of dates, by the read models with row-level
security on. `NGUON_BENCH_TENANTS` and `NGUON_BENCH_EVENTS` (a tenant) make the province smaller.
"""

import os
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

import asyncpg
import uvloop

from _compare import Contender, Figure, Options, Report, Run, compare, drive, note, read_options
from _machine import describe
from _ours import settings_of
from _province import Province, found_province, grow
from _server import Server, open_server
from app.installation import Installation, open_installation
from db.migrate import migrate
from projections.basis import At
from projections.read_models import PROJECTIONS

TENANTS: Final = int(os.environ.get("NGUON_BENCH_TENANTS", "25"))
EVENTS: Final = int(os.environ.get("NGUON_BENCH_EVENTS", "85000"))
YEARS: Final = 5
FIRST: Final = 2018
YEARLY: Final = 3_700
"""Events of a tenant in a year, of the two histories of different length."""
_CURRENT: Final = """
CREATE TABLE peer_balance AS
SELECT tenant_id, unit, account, sum(n)::int AS n FROM posting
WHERE effective_on <= current_date GROUP BY tenant_id, unit, account HAVING sum(n) <> 0;
CREATE INDEX ON peer_balance (tenant_id) INCLUDE (account, n);
GRANT SELECT ON peer_balance TO nguon_app;
VACUUM ANALYZE peer_balance
"""
_SUM: Final = """
SELECT tenant_id, account, sum(n) FROM peer_balance WHERE tenant_id = ANY ($1)
GROUP BY tenant_id, account
"""
_JSON: Final = """
SELECT json_object_agg(tenant_id, stages)::text FROM (
  SELECT tenant_id, json_object_agg(account, n) AS stages FROM (
    SELECT p.tenant_id, p.account, sum(p.n) AS n FROM posting p
    WHERE p.tenant_id = ANY ($1) AND p.effective_on <= $2 GROUP BY p.tenant_id, p.account
  ) AS s GROUP BY tenant_id
) AS d
"""


def _median(run: Run) -> float:
    ordered = sorted(run.latencies_ms)
    return ordered[len(ordered) // 2]


P50: Final = Figure("ms p50", _median, lower_is_better=True)


def asks(
    installation: Installation, province: Province, first: int, years: int, *, known: bool
) -> Contender:
    """One reader: every child's pipeline at a random day, half a year of recording later."""
    random = Random(years)

    async def step(_: int) -> None:
        on = date(first, 1, 1) + timedelta(days=random.randint(0, 365 * years))
        moment = datetime.combine(on, datetime.min.time(), UTC) + timedelta(days=180)
        tree = on - timedelta(days=random.randint(0, 700))
        at = At(effective=on, known=moment, tree=tree) if known else At(effective=on)
        rollup = await installation.read_models.rollup(province.code, at)
        for child in rollup.root.children:
            assert await rollup.stage_counts(child) is not None

    return lambda seconds: drive(1, 1, step, seconds=seconds)


async def three_clocks(
    server: Server, installation: Installation, options: Options, report: Report
) -> None:
    """A province of many tenants at three dates, against adding up balances of today."""
    province = await found_province(server, installation, "tinh", TENANTS)
    await grow(server, province, EVENTS, FIRST, YEARS)
    await fold(installation, province)
    await settle(server)
    connection = await asyncpg.connect(server.superuser_of_product())
    try:
        for statement in _CURRENT.split(";"):
            await connection.execute(statement)
    finally:
        await connection.close()

    def bare(sql: str, *more: Callable[[], object]) -> Contender:
        async def step(_: int) -> None:
            async with installation.database.rollup(province.all_tenants) as reading:
                await reading.fetch(sql, province.all_tenants, *(each() for each in more))

        return lambda seconds: drive(1, 1, step, seconds=seconds)

    random = Random(2)

    def some_day() -> date:
        return date(FIRST, 1, 1) + timedelta(days=random.randint(0, 365 * YEARS))

    mine = asks(installation, province, FIRST, YEARS, known=True)
    peers = {"bare SQL over balances of today": bare(_SUM)}
    report.add(
        await compare({"rollup.threeclock": mine}, peers, options=options, figure=P50, seconds=3)
    )
    peers = {"PostgreSQL building the JSON from the postings": bare(_JSON, some_day)}
    now = asks(installation, province, FIRST, YEARS, known=False)
    report.add(await compare({"rollup.json": now}, peers, options=options, figure=P50, seconds=3))


async def past(
    server: Server, installation: Installation, options: Options, report: Report
) -> None:
    """Ten times the years at an equal rate, any day of them, against the short history."""
    short = await found_province(server, installation, "ngan", 3)
    long = await found_province(server, installation, "dai", 3)
    await grow(server, short, YEARLY * YEARS, 1975 + 9 * YEARS, YEARS)
    await grow(server, long, YEARLY * YEARS * 10, 1975, YEARS * 10)
    for province in (short, long):
        await fold(installation, province)
    await settle(server)
    mine = asks(installation, long, 1975, YEARS * 10, known=True)
    peers = {"a tenth of the years": asks(installation, short, 1975 + 9 * YEARS, YEARS, known=True)}
    report.add(await compare({"rollup.past": mine}, peers, options=options, figure=P50, seconds=2))


async def fold(installation: Installation, province: Province) -> None:
    """Let the read models of the figures follow."""
    started, runner = time.perf_counter(), installation.runner
    for tenant in province.all_tenants:
        for name in PROJECTIONS:
            while await runner._batch([runner.projection(name)], tenant):  # noqa: SLF001 - no others
                pass
    heads = await installation.store.heads(province.all_tenants)
    events, seconds = sum(heads.values()), time.perf_counter() - started
    note(f"{province.code}: {events:,} events folded in {seconds:.0f} s")


async def settle(server: Server) -> None:
    """What autovacuum and the checkpointer would have done by now."""
    connection = await asyncpg.connect(server.superuser_of_product())
    try:
        for table in ("posting", "balance", "balance_epoch", "unit", "organization_entry"):
            await connection.execute(f"VACUUM ANALYZE {table}")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def main(options: Options) -> None:
    """Start a server of its own, grow provinces in it, ask."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(options.postgresql))
        await migrate(server.owner_url)
        settings = settings_of(server.folder, server.owner_url, server.app_url)
        installation = await stack.enter_async_context(open_installation(settings))
        report = Report(options, await describe(server))
        parts: dict[str, Callable[..., Awaitable[None]]] = {
            "rollup.past": past,
            "rollup.threeclock": three_clocks,
        }
        for name, part in parts.items():
            if options.wants(name):
                await part(server, installation, options, report)


if __name__ == "__main__":
    uvloop.run(main(read_options(__doc__)))
