"""All wrapped person keys and all reservations of a tenant, read and replaced as a whole."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.database import Connection

_VERSION: Final = "SELECT key_version FROM tenant_log WHERE tenant_id = $1 FOR NO KEY UPDATE"
_SET_VERSION: Final = "UPDATE tenant_log SET key_version = $2 WHERE tenant_id = $1"
_KEYS: Final = "SELECT person_id, key_version, wrapped FROM person_key WHERE tenant_id = $1"
_SOME_KEYS: Final = f"{_KEYS} AND person_id = ANY ($2)"
_RESERVATIONS: Final = """
SELECT kind, index, holder, key_version, sealed FROM reservation WHERE tenant_id = $1
"""
_DROP_KEYS: Final = "DELETE FROM person_key WHERE tenant_id = $1"
_DROP_KEYS_BUT: Final = "DELETE FROM person_key WHERE tenant_id = $1 AND person_id <> ALL ($2)"
_PUT_KEYS: Final = """
INSERT INTO person_key (tenant_id, person_id, key_version, wrapped)
SELECT $1, k.person_id, k.key_version, k.wrapped
FROM unnest($2::uuid[], $3::int[], $4::bytea[]) AS k (person_id, key_version, wrapped)
ON CONFLICT (tenant_id, person_id)
DO UPDATE SET key_version = excluded.key_version, wrapped = excluded.wrapped
"""
# They could not be opened any more.
_DROP_SNAPSHOTS: Final = """
DELETE FROM snapshot s WHERE s.tenant_id = $1 AND s.person_id IS NOT NULL AND NOT EXISTS (
  SELECT FROM person_key k WHERE k.tenant_id = $1 AND k.person_id = s.person_id
)
"""
_DROP_RESERVATIONS: Final = "DELETE FROM reservation WHERE tenant_id = $1"
_PUT_RESERVATIONS: Final = """
INSERT INTO reservation (tenant_id, kind, index, holder, key_version, sealed)
SELECT $1, r.kind, r.index, r.holder, r.key_version, r.sealed
FROM unnest($2::text[], $3::bytea[], $4::uuid[], $5::int[], $6::bytea[])
  AS r (kind, index, holder, key_version, sealed)
"""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A person's key under the tenant key of a version."""

    person_id: UUID
    key_version: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Reservation:
    """What only one may hold: its blind index, and the thing itself under the tenant key."""

    kind: str
    index: bytes
    holder: UUID
    key_version: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeyTable:
    """What the tenant key of `key_version` protects in the database."""

    key_version: int
    keys: Collection[WrappedKey]
    reservations: Collection[Reservation]


async def read_key_table(connection: Connection, tenant_id: int) -> KeyTable:
    """The table, with the log locked against writers until the transaction ends."""
    version = await connection.fetchval(_VERSION, tenant_id)
    keys = await connection.fetch(_KEYS, tenant_id)
    reservations = await connection.fetch(_RESERVATIONS, tenant_id)
    return KeyTable(
        version,
        [WrappedKey(*row) for row in keys],
        [Reservation(*row) for row in reservations],
    )


async def read_wrapped_keys(
    connection: Connection, tenant_id: int, person_ids: Collection[UUID]
) -> list[WrappedKey]:
    """The keys of some people; who has none is left out."""
    rows = await connection.fetch(_SOME_KEYS, tenant_id, list(person_ids))
    return [WrappedKey(*row) for row in rows]


async def replace_key_table(connection: Connection, tenant_id: int, table: KeyTable) -> None:
    """Put this table in the place of the one that is there; who is not in it is erased."""
    keys, reservations = table.keys, table.reservations
    persons = [key.person_id for key in keys]
    if persons:
        await connection.execute(_DROP_KEYS_BUT, tenant_id, persons)
    else:
        await connection.execute(_DROP_KEYS, tenant_id)
    await connection.execute(
        _PUT_KEYS,
        tenant_id,
        persons,
        [key.key_version for key in keys],
        [key.wrapped for key in keys],
    )
    await connection.execute(_DROP_SNAPSHOTS, tenant_id)
    await connection.execute(_DROP_RESERVATIONS, tenant_id)
    await connection.execute(
        _PUT_RESERVATIONS,
        tenant_id,
        [each.kind for each in reservations],
        [each.index for each in reservations],
        [each.holder for each in reservations],
        [each.key_version for each in reservations],
        [each.sealed for each in reservations],
    )
    await connection.execute(_SET_VERSION, tenant_id, table.key_version)
