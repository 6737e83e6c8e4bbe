"""How fast all read models of a tenant are folded from nothing, in one process.

`python benchmarks/rebuild.py [--json] [--only NAME] [--rounds N] [--postgresql FOLDER]`. The peer
reads the same events, opens what is sealed and decodes them, and does nothing else. The log of
`rebuild.rate` was recorded person by person in one go; that of `rebuild.years` as it comes, by
many people at once over eight years, and its peer opens nothing.
"""

import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Final

import asyncpg
import uvloop

from _compare import Contender, Options, Report, Run, compare, read_options
from _machine import describe
from _ours import settings_of
from _province import found_province, grow, record_cases
from _server import Server, open_server
from app.installation import Installation, open_installation
from db.migrate import migrate
from domain import events
from eventstore.codec import Codec
from eventstore.key_access import KeyAccess, open_personal
from eventstore.reading import READ_MAX
from eventstore.registry import Registry
from eventstore.tenant_keys import KeyRing
from projections.rebuild import Rebuild
from projections.refold import refold

CASES: Final = 3_000
EVENTS, FIRST, YEARS = 50_000, 2015, 8


def folding(server: Server, installation: Installation, tenant: int) -> Contender:
    """Every projection beside what serves, from the first event to the last.

    Into tables without the dead rows of the last round, as a rebuild finds them.
    """
    database, runner = installation.database, installation.runner
    projections = [runner.projection(name) for name in installation.projections]

    async def run(_seconds: float) -> Run:
        for projection in projections:
            await Rebuild(database, projection).cancel(tenant)
            await _vacuum(server, projection.tables)
        head = (await installation.store.heads([tenant]))[tenant]
        started = time.perf_counter()
        async for step in refold(database, projections, tenant, installation.codec):
            assert step.failed is None
        return Run(head, time.perf_counter() - started)

    return run


async def _vacuum(server: Server, tables: Iterable[str]) -> None:
    connection = await asyncpg.connect(server.superuser_of_product())
    try:
        for table in tables:
            await connection.execute(f"VACUUM beside.{table}")
    finally:
        await connection.close()


def reading(installation: Installation, tenant: int, *, opens: bool = True) -> Contender:
    """Page after page of the log, opened and decoded."""
    codec = Codec(Registry(events.EVENTS, events.CREATED))

    async def run(_seconds: float) -> Run:
        keys = KeyAccess(installation.store, KeyRing(installation.keys))
        started, position = time.perf_counter(), 0
        while page := await installation.store.read_after(tenant, position, READ_MAX):
            if opens:
                opened = await keys.of(page)
                for stored in page:
                    codec.decode(stored, open_personal(stored, opened))
            else:
                for stored in page:
                    codec.decode_clear(stored)
            position = page[-1].position
        return Run(position, time.perf_counter() - started)

    return run


async def main(options: Options) -> None:
    """Record people in one tenant of a server of its own, then fold and read them in turn."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(options.postgresql))
        await migrate(server.owner_url)
        settings = settings_of(server.folder, server.owner_url, server.app_url)
        installation = await stack.enter_async_context(open_installation(settings))
        province = await found_province(server, installation, "tinh", 1)
        [(tenant, cells)] = province.tenants.items()
        await record_cases(installation, tenant, cells, CASES)
        old = await found_province(server, installation, "tinh-cu", 1)
        await grow(server, old, EVENTS, FIRST, YEARS)
        [of_years] = old.tenants
        await installation.runner.catch_up()
        report = Report(options, await describe(server))
        mine = {"rebuild.rate": folding(server, installation, tenant)}
        peers = {"reading, opening and decoding": reading(installation, tenant)}
        report.add(await compare(mine, peers, options=options))
        mine = {"rebuild.years": folding(server, installation, of_years)}
        peers = {"reading and decoding": reading(installation, of_years, opens=False)}
        report.add(await compare(mine, peers, options=options))


if __name__ == "__main__":
    uvloop.run(main(read_options(__doc__)))
