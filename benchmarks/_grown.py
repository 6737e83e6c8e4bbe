"""Logs of a given length, and what is measured on them. Knows the product's store and schema."""

import random
import time
from typing import Final

import asyncpg

from _clerk import Clerk
from _compare import Contender, Run, drive
from _postgres import PAYLOAD, TYPE
from _server import Server
from app.installation import Installation
from eventstore.tenants import Tenant
from eventstore.verification import Verification

WRITERS: Final = 32
PAGE: Final = 500
STREAM: Final = 8
_HEAD: Final = "SELECT head FROM tenant_log WHERE tenant_id = $1"
_FILL: Final = """
INSERT INTO event (
  tenant_id, position, stream_id, version, event_id, type, schema_version, organization_id,
  effective_on, recorded_at, actor, causation_id, correlation_id, data, person_id, sealed
)
SELECT $1::int, $2::bigint + n, s.stream, (n - 1) % $4::bigint + 1,
  md5($1::int || '/event/' || n)::uuid, $5, 1,
  md5($1::int || '/organization/' || (n / $4::bigint) % 70)::uuid,
  date '2020-01-01' + (n / 1000)::int,
  timestamptz '2020-01-01 00:00+00' + n * interval '1 second', 'writer', s.stream, s.stream,
  $6, s.stream, decode(repeat(md5(n::text), 2), 'hex')
FROM generate_series(1, $3::bigint) AS n,
  LATERAL (SELECT md5($1::int || '/stream/' || (n - 1) / $4::bigint)::uuid AS stream) AS s
"""
_RAISE: Final = """
UPDATE tenant_log SET head = head + $2, recorded_at = timestamptz '2020-01-01 00:00+00'
  + $2 * interval '1 second'
WHERE tenant_id = $1
"""


class Grown:
    """One tenant whose log was grown to a length past the application, sealed and signed."""

    def __init__(self, installation: Installation, tenant: Tenant, events: int) -> None:
        self._installation = installation
        self._tenant = tenant
        self._events = events
        self._choice = random.Random(events)

    @classmethod
    async def grow(
        cls, server: Server, installation: Installation, tenant: Tenant, events: int
    ) -> "Grown":
        """Events of many streams of eight, as long as a candidate's usual ones."""
        connection = await asyncpg.connect(server.superuser_of_product())
        try:
            head = await connection.fetchval(_HEAD, tenant.tenant_id)
            more = events - head
            made = (tenant.tenant_id, head, more, STREAM, TYPE, PAYLOAD)
            async with connection.transaction():
                await connection.execute(_FILL, *made, timeout=600)
                await connection.execute(_RAISE, tenant.tenant_id, more)
            await connection.execute("VACUUM ANALYZE event", timeout=600)
        finally:
            await connection.close()
        await installation.notary.catch_up()
        return cls(installation, tenant, events)

    def append(self) -> Contender:
        """One event of a new stream a command, 32 writers, through the store."""
        clerks = [Clerk(f"writer-{number}", self._tenant.tenant_id) for number in range(WRITERS)]

        async def step(writer: int) -> None:
            await self._installation.store.append(self._tenant.tenant_id, clerks[writer].append(1))

        return lambda seconds: drive(WRITERS, 1, step, seconds=seconds)

    def page(self) -> Contender:
        """Pages of the log from any position, as projections and auditors read it."""

        async def step(_reader: int) -> None:
            after = self._choice.randrange(self._events - PAGE)
            tenant_id = self._tenant.tenant_id
            page = await self._installation.store.read_after(tenant_id, after, PAGE)
            assert len(page) == PAGE

        return lambda seconds: drive(1, PAGE, step, seconds=seconds)

    async def stream(self) -> Contender:
        """The events of one stream, whichever, as a command loads them."""
        tenant_id, streams = self._tenant.tenant_id, []
        for _ in range(200):
            after = self._choice.randrange(100, self._events - 100)
            [event] = await self._installation.store.read_after(tenant_id, after, 1)
            streams.append(event.stream_id)

        async def step(_reader: int) -> None:
            stream = self._choice.choice(streams)
            assert len(await self._installation.store.read_stream(tenant_id, stream)) == STREAM

        return lambda seconds: drive(1, STREAM, step, seconds=seconds)

    def verify(self) -> Contender:
        """The whole log against its tree and all that was signed of it, at least once."""
        keys = self._installation.log_keys

        async def run(seconds: float) -> Run:
            started, events = time.perf_counter(), 0
            while events == 0 or time.perf_counter() - started < seconds:
                report = await Verification(
                    self._installation.database, self._tenant, keys.signer.name, keys.verifiers, []
                ).run()
                assert not report.findings, report.findings
                events += report.events
            return Run(events, time.perf_counter() - started)

        return run
