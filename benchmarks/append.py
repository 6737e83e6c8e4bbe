"""How fast the log appends, against PostgreSQL itself in the same run on the same server.

`python benchmarks/append.py [--json]`. Both have equally many connections; ratios are the median of
alternating rounds, absolute figures are this machine's.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from db.database import Database
from db.durability import read_durability
from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from eventstore.append import Append, NewEvent
from eventstore.group_commit import GroupCommit
from eventstore.tenants import add_tenant

ROUNDS = 5
CONNECTIONS = 10
PAYLOAD = b'{"groups":["ETHNIC_MINORITY","YOUTH_UNION"],"ageBand":"18-30","inFavor":7}'
RAW_TABLE = """
CREATE TABLE raw_event (
  tenant_id int, position bigint, stream_id uuid, version int, type text, data bytea,
  recorded_at timestamptz,
  PRIMARY KEY (tenant_id, position)
);
GRANT SELECT, INSERT ON raw_event TO nguon_app
"""
RAW_INSERT = "INSERT INTO raw_event VALUES ($1, $2, $3, $4, $5, $6, $7)"


@dataclass(frozen=True)
class Load:
    """How many writers append how many commands each, of how many events, to how many tenants."""

    writers: int
    commands: int
    events: int
    tenants: int

    @property
    def total(self) -> int:
        """All events of one round."""
        return self.writers * self.commands * self.events


STORE = Load(writers=32, commands=60, events=1, tenants=8)
BULK = Load(writers=256, commands=8, events=10, tenants=8)


class Bench:
    """One server, one pool for the store and one of the same size for the peer."""

    def __init__(
        self, tenants: list[int], database: Database, raw: "asyncpg.Pool[asyncpg.Record]"
    ) -> None:
        self._tenants = tenants
        self._raw = raw
        self._commits = GroupCommit(
            database, lambda: datetime.now(UTC), lambda _tenant, _head: None
        )
        self._position = 0

    async def store(self, load: Load) -> None:
        """Commands of a new stream each, through the queue of their tenant.

        Each is awaited before the next.
        """

        async def write(writer: int) -> None:
            for number in range(load.commands):
                tenant = self._tenants[(writer + number) % load.tenants]
                await self._commits.append(tenant, _command(f"writer-{writer}", load.events))

        await asyncio.gather(*map(write, range(load.writers)))

    async def raw_insert(self, load: Load) -> None:
        """One row a statement and commit, with no version, no command id and no queue to keep."""

        async def write(_writer: int) -> None:
            for _ in range(load.commands):
                async with self._raw.acquire() as connection:
                    await connection.execute(RAW_INSERT, *self._row())

        await asyncio.gather(*map(write, range(load.writers)))

    async def copy(self, load: Load) -> None:
        """All rows of the round by COPY in one transaction."""
        rows = [self._row() for _ in range(load.total)]
        async with self._raw.acquire() as connection:
            await connection.copy_records_to_table("raw_event", records=rows)

    def _row(self) -> tuple[int, int, UUID, int, str, bytes, datetime]:
        self._position += 1
        return 1, self._position, uuid4(), 1, "candidate.cell_vote_held", PAYLOAD, datetime.now(UTC)


def _command(actor: str, events: int) -> Append:
    command, stream = uuid4(), uuid4()
    return Append(
        actor=actor,
        command_id=command,
        input_hash=command.bytes * 2,
        subject=stream,
        correlation_id=command,
        events=tuple(
            NewEvent(
                stream_id=stream,
                version=version,
                event_id=uuid4(),
                type="candidate.cell_vote_held",
                schema_version=1,
                organization_id=stream,
                effective_on=date(2023, 9, 17),
                data=PAYLOAD,
            )
            for version in range(1, events + 1)
        ),
    )


async def compare(
    name: str,
    load: Load,
    ours: Callable[[Load], Awaitable[None]],
    peer: tuple[str, Callable[[Load], Awaitable[None]]],
) -> dict[str, object]:
    """Events a second of both, alternating, after one short round to warm up."""
    peer_name, run_peer = peer
    short = replace(load, commands=max(1, load.commands // 4))
    await ours(short)
    await run_peer(short)
    rates = [(await _rate(load, ours), await _rate(load, run_peer)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(a / b for a, b in rates)
    return {
        "name": name,
        "ours": round(mine),
        "peer": round(theirs),
        "peer_name": peer_name,
        "ratio": round(ratio, 2),
        "unit": "events/s",
    }


async def _rate(load: Load, run: Callable[[Load], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await run(load)
    return load.total / (time.perf_counter() - started)


async def main(*, as_json: bool) -> None:
    """Start a server of its own, measure, and leave nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedPostgres(Path(folder) / "home") as server:
            await migrate(server.owner_url)
            await add_tenant(server.owner_url, "tinh")
            tenants = [await add_tenant(server.owner_url, f"tinh/huyen-{i}") for i in range(8)]
            owner = await asyncpg.connect(server.owner_url)
            await owner.execute(RAW_TABLE)
            await owner.close()
            raw = await asyncpg.create_pool(
                server.app_url, min_size=CONNECTIONS, max_size=CONNECTIONS
            )
            database = await Database.connect(
                server.app_url, min_size=CONNECTIONS, max_size=CONNECTIONS
            )
            async with raw, database:
                bench = Bench(tenants, database, raw)
                results = [
                    await compare(
                        "append.store", STORE, bench.store, ("raw one-row insert", bench.raw_insert)
                    ),
                    await compare(
                        "append.bulk", BULK, bench.store, ("COPY of the same rows", bench.copy)
                    ),
                ]
            if not as_json:
                print(
                    f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
                    f"{await read_durability(server.app_url)}"
                )
    for result in results:
        print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line and nothing else"
    )
    asyncio.run(main(as_json=parser.parse_args().json))
