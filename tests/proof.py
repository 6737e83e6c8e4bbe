"""What tests of the proof work with: events written past the application, and a notary."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.databases import Log, Urls, now

from eventstore import leaf, merkle
from eventstore.notary import Notary
from eventstore.note import Signer, Verifier
from eventstore.signed_memory import SignedMemory

NAME = "nguon"
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), NAME)
VERIFIER = Verifier.parse(SIGNER.verifier_key())

_FILL = """
INSERT INTO event (
  tenant_id, position, stream_id, version, event_id, type, schema_version, organization_id,
  effective_on, recorded_at, actor, causation_id, correlation_id, data, person_id, sealed
)
SELECT $1, g, md5('stream ' || (g - 1) / 5)::uuid, (g - 1) % 5 + 1, md5('event ' || g)::uuid,
  'candidate.identified', 1, CASE WHEN g % 7 > 0 THEN md5('cell ' || g % 20)::uuid END,
  DATE '1999-06-01' + (g % 2000)::int,
  timestamptz '2020-01-01 00:00:00.000001Z' + g * interval '1 s',
  'cán bộ ' || g % 3, md5('event ' || g)::uuid, md5('cause ' || g)::uuid, convert_to('{}', 'UTF8'),
  CASE WHEN g % 3 > 0 THEN md5('person ' || g)::uuid END,
  CASE WHEN g % 3 > 0 THEN decode(md5('sealed ' || g), 'hex') END
FROM generate_series($2::bigint, $3::bigint) g
"""


@asynccontextmanager
async def owner(urls: Urls, tenant_id: int) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A transaction of the owner role on a tenant's rows, past the application."""
    connection = await asyncpg.connect(urls.owner)
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL nguon.tenant = '{tenant_id}'")
            yield connection
    finally:
        await connection.close()


async def fill(log: Log, tenant_id: int, until: int) -> None:
    """Let a tenant's log grow to a position."""
    async with owner(log.urls, tenant_id) as connection:
        head = await connection.fetchval(
            "SELECT head FROM tenant_log WHERE tenant_id = $1", tenant_id
        )
        await connection.execute(_FILL, tenant_id, head + 1, until)
        await connection.execute(
            "UPDATE tenant_log SET head = $2 WHERE tenant_id = $1", tenant_id, until
        )


async def leaves(log: Log, tenant_id: int) -> list[bytes]:
    """The leaf hashes of a log, derived in this process."""
    found: list[bytes] = []
    while events := await log.store.read_after(tenant_id, len(found), 5_000):
        found += [merkle.leaf_hash(leaf.entry_of(event)) for event in events]
    return found


def notary_of(log: Log, folder: Path) -> Notary:
    """A notary with the tests' key, which remembers in a folder."""
    return Notary(log.database, log.store, SIGNER, SignedMemory(folder), now)


async def signed(log: Log, tenant_id: int) -> list[asyncpg.Record]:
    """The signed checkpoints of a tenant."""
    async with log.database.tenant(tenant_id) as connection:
        return await connection.fetch(
            "SELECT epoch, size, root, note FROM signed_checkpoint WHERE tenant_id = $1"
            " ORDER BY epoch, size",
            tenant_id,
        )
