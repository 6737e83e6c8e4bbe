"""What tests of the proof work with: events written past the application, and a notary."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.databases import Log, Urls, now

from app.installation import open_installation
from app.settings import Directory, ExternalDatabase, Settings
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
SELECT $1, g, md5('stream ' || $2 || ' ' || (g - $2) / 5)::uuid,
  (g - $2) % 5 + 1, md5('event ' || g)::uuid,
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


def settings_of(log: Log, home: Path) -> Settings:
    """The settings of an installation over a test's database."""
    return Settings(
        host="127.0.0.1",
        port=0,
        home=home,
        database=ExternalDatabase(log.urls.owner, log.urls.app),
        now=None,
        token_public_key=None,
        keys=Directory(home / "keys", None),
        otlp_endpoint=None,
    )


async def seal(settings: Settings) -> dict[int, str]:
    """Let an installation's notary sign what there is; why it would not, by tenant."""
    async with open_installation(settings) as installation:
        await installation.notary.catch_up()
        return dict(installation.notary.stopped)


async def forget_tree(log: Log, tenant_id: int, *, checkpoints_after: int) -> None:
    """The tree is taken away, and the checkpoints of more than so many events."""
    async with owner(log.urls, tenant_id) as connection:
        for table in ("tile", "log_tree"):
            await connection.execute(f"DELETE FROM {table} WHERE tenant_id = $1", tenant_id)  # noqa: S608 (our own names)
        await connection.execute(
            "DELETE FROM signed_checkpoint WHERE tenant_id = $1 AND size > $2",
            tenant_id,
            checkpoints_after,
        )


async def restore(log: Log, tenant_id: int, size: int) -> None:
    """The database is as it was when the log had so many events."""
    await forget_tree(log, tenant_id, checkpoints_after=size)
    async with owner(log.urls, tenant_id) as connection:
        await connection.execute(
            "DELETE FROM event WHERE tenant_id = $1 AND position > $2", tenant_id, size
        )
        await connection.execute(
            "DELETE FROM command WHERE tenant_id = $1 AND last_position > $2", tenant_id, size
        )
        await connection.execute(
            "UPDATE tenant_log SET head = $2 WHERE tenant_id = $1", tenant_id, size
        )
