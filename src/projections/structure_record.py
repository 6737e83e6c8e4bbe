"""Which bodies, territories and reorganizations a tenant has.

What they say is read from the log.
"""

from collections.abc import Collection
from typing import Final, TypeVar
from uuid import UUID

from db.database import Connection, Database
from domain.body import BodyEstablished
from domain.record import Record
from domain.reorganization import ReorganizationDrafted
from domain.territory import TerritoryAssigned
from eventstore.codec import Codec
from eventstore.records import Records
from eventstore.store import EventStore
from eventstore.stored_event import StoredEvent

_INSERT: Final = """
INSERT INTO structure_record (tenant_id, kind, record_id, organization_id)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""

_IDS: Final = """
SELECT record_id FROM structure_record
WHERE tenant_id = $1 AND kind = $2 AND ($3::uuid[] IS NULL OR organization_id = ANY ($3::uuid[]))
ORDER BY record_id
"""

R = TypeVar("R", bound=Record)


class StructureRecordProjection:
    """Keeps `structure_record`."""

    name = "structure_record"
    version = 1
    types = frozenset({BodyEstablished.TOPIC, TerritoryAssigned.TOPIC, ReorganizationDrafted.TOPIC})
    tables = ("structure_record",)

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row a record."""
        rows = [
            (tenant_id, event.type.partition(".")[0], event.stream_id, event.organization_id)
            for event in events
        ]
        await connection.executemany(_INSERT, rows)


async def record_ids(
    database: Database, tenant_id: int, kind: type[Record], holders: Collection[UUID] | None
) -> list[UUID]:
    """The records of a kind, of some organizations or of the whole tenant."""
    async with database.tenant(tenant_id) as connection:
        rows = await connection.fetch(
            _IDS, tenant_id, kind.__name__.lower(), None if holders is None else list(holders)
        )
    return [row["record_id"] for row in rows]


class StructureRecords:
    """Opens bodies and territories; one a process."""

    def __init__(
        self, database: Database, store: EventStore, records: Records, codec: Codec
    ) -> None:
        self._database = database
        self._store = store
        self._records = records
        self._codec = codec

    async def all(
        self,
        tenant_id: int,
        kind: type[R],
        *,
        holders: Collection[UUID] | None = None,
        until: int | None = None,
        personal: bool,
    ) -> list[R]:
        """The records of a kind as known at a position, those of some organizations if given."""
        ids = await record_ids(self._database, tenant_id, kind, holders)
        return await self.some(tenant_id, kind, ids, until=until, personal=personal)

    async def some(
        self,
        tenant_id: int,
        kind: type[R],
        ids: Collection[UUID],
        *,
        until: int | None = None,
        personal: bool,
    ) -> list[R]:
        """The records with some ids; what was not known at the position is left out."""
        streams = await self._store.read_streams(tenant_id, list(ids), until_position=until)
        opened = (
            await self._records.open(streams)
            if personal
            else {
                each: [self._codec.decode_clear(stored) for stored in stream]
                for each, stream in streams.items()
            }
        )
        found = (Record.of(opened[each]) for each in sorted(opened))
        return [record for record in found if isinstance(record, kind)]
