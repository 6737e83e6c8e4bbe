"""Which records of a kind an organization and all below it have, newest first, at any date.

The register says where they are; each is folded from its own few events when it is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar
from uuid import UUID

from db.database import Connection, Database
from domain.events import CREATED, EVENTS
from domain.record import CreatedEntry, Record, Voided
from eventstore.codec import Codec
from eventstore.position import Position
from eventstore.records import Records
from eventstore.store import EventStore
from eventstore.stored_event import StoredEvent
from projections.holder import holders
from projections.read_models import ReadModels
from projections.rollup import Rollup
from projections.tree import Node

R = TypeVar("R", bound=Record)
Cursor = tuple[date, int]
"""The effective day and position of the entry that began the last record seen."""

_INSERT: Final = """
INSERT INTO register_entry (
  tenant_id, position, record_id, kind, organization_id, effective_on, version, voids
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_PAGE: Final = """
SELECT r.record_id, r.effective_on, r.position
FROM register_entry r
WHERE r.tenant_id = $1 AND r.kind = $2 AND r.organization_id = ANY ($3::uuid[])
  AND r.position <= $4 AND r.effective_on <= $5 AND r.voids IS NULL
  AND ($6::date IS NULL OR (r.effective_on, r.position) < ($6, $7))
  AND NOT EXISTS (
    SELECT FROM register_entry v
    WHERE v.tenant_id = r.tenant_id AND v.record_id = r.record_id AND v.voids = r.version
      AND v.position <= $4
  )
ORDER BY r.effective_on DESC, r.position DESC
LIMIT $8
"""
_BEGUN: Final = """
SELECT r.record_id
FROM register_entry r
WHERE r.tenant_id = $1 AND r.kind = $2 AND r.organization_id = ANY ($3::uuid[])
  AND r.position <= $4 AND r.effective_on BETWEEN $5 AND $6 AND r.voids IS NULL
  AND NOT EXISTS (
    SELECT FROM register_entry v
    WHERE v.tenant_id = r.tenant_id AND v.record_id = r.record_id AND v.voids = r.version
      AND v.position <= $4
  )
ORDER BY r.effective_on, r.position
LIMIT $7
"""
_KINDS: Final = {kind.__name__: kind for kind in CREATED.values() if kind.LISTED}


def _topics() -> frozenset[str]:
    created = {entry.TOPIC for entry, kind in CREATED.items() if kind.LISTED}
    voided = {kind.voided_entry.TOPIC for kind in _KINDS.values()}
    return frozenset(cls.TOPIC for cls in EVENTS if cls.TOPIC in created | voided)


class RegisterProjection:
    """Keeps `register_entry`."""

    name = "register"
    version = 1
    types = _topics()
    tables = ("register_entry",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row an event."""
        rows = []
        for stored in events:
            entry = self._codec.decode_clear(stored)
            noun = stored.type.partition(".")[0]
            kind = next(name for name in _KINDS if name.lower() == noun.replace("_", ""))
            voids = entry.voided_version if isinstance(entry, Voided) else None
            rows.append(
                (
                    tenant_id,
                    stored.position,
                    stored.stream_id,
                    kind,
                    entry.organization_id,
                    stored.effective_on,
                    stored.version,
                    voids,
                )
            )
        await connection.executemany(_INSERT, rows)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """A record as the log has it up to the asked position, and where it stands in the list."""

    record: R
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class RecordPage(Generic[R]):
    """Records, newest first, and whether there are more."""

    found: tuple[Found[R], ...]
    more: bool


class Register:
    """Lists records."""

    def __init__(
        self,
        database: Database,
        read_models: ReadModels,
        store: EventStore,
        records: Records,
        codec: Codec,
    ) -> None:
        self._database = database
        self._read_models = read_models
        self._store = store
        self._records = records
        self._codec = codec

    async def page(
        self,
        rollup: Rollup,
        node: Node,
        kind: type[R],
        *,
        first: int,
        after: Cursor | None,
        personal: bool,
        keep: Callable[[R], bool] = lambda _: True,
    ) -> RecordPage[R]:
        """The records of a kind in a node's subtree, of the node's own tenant, that `keep` lets by.

        Those of an ended organization are its successor's. Raises ReadModelBehind.
        """
        tenant, until = node.tenant_id, rollup.basis.positions[node.tenant_id]
        await self._caught_up(tenant, until)
        places = holders(rollup.tree, node).get(tenant, [])
        found: list[Found[R]] = []
        while len(found) <= first:
            async with self._database.tenant(tenant) as connection:
                rows = await connection.fetch(
                    _PAGE,
                    tenant,
                    kind.__name__,
                    places,
                    until,
                    rollup.basis.effective,
                    *(after or (None, None)),
                    first + 1,
                )
            ids = [row["record_id"] for row in rows]
            records = await self._folded(tenant, kind, ids, until, personal=personal)
            for row in rows:
                after = (row["effective_on"], row["position"])
                record = records.get(row["record_id"])
                if record is not None and keep(record):
                    found.append(Found(record, after))
            if len(rows) <= first:
                break
        return RecordPage(tuple(found[:first]), len(found) > first)

    async def begun(
        self, rollup: Rollup, kind: type[R], days: tuple[date, date], most: int
    ) -> list[R]:
        """The records of a root's subtree that began on some days, of all tenants, in the clear.

        At most `most` of them, or some more. Raises ReadModelBehind.
        """
        await self._read_models.caught_up(rollup.basis, RegisterProjection.name)
        places = holders(rollup.tree, rollup.root)
        found: list[R] = []
        for tenant, until in rollup.basis.positions.items():
            async with self._database.tenant(tenant) as connection:
                rows = await connection.fetch(
                    _BEGUN, tenant, kind.__name__, places.get(tenant, []), until, *days, most + 1
                )
            ids = [row["record_id"] for row in rows]
            found += await self.records(tenant, kind, ids, until, personal=False)
            if len(found) > most:
                break
        return found

    async def _caught_up(self, tenant_id: int, position: int) -> None:
        await self._read_models.wait_for(
            Position.of({tenant_id: position}), [tenant_id], projections=[RegisterProjection.name]
        )

    async def record(
        self, tenant_id: int, kind: type[R], record_id: UUID, until: int | None, *, personal: bool
    ) -> R | None:
        """One record as the log has it up to a position (its head when None)."""
        found = await self._folded(tenant_id, kind, [record_id], until, personal=personal)
        return found.get(record_id)

    async def records(
        self,
        tenant_id: int,
        kind: type[R],
        ids: Sequence[UUID],
        until: int | None,
        *,
        personal: bool,
    ) -> list[R]:
        """The records with these ids, in their order, those left out that are not there."""
        found = await self._folded(tenant_id, kind, ids, until, personal=personal)
        return [found[record_id] for record_id in ids if record_id in found]

    async def _folded(
        self,
        tenant_id: int,
        kind: type[R],
        ids: Sequence[UUID],
        until: int | None,
        *,
        personal: bool,
    ) -> dict[UUID, R]:
        streams = await self._store.read_streams(tenant_id, list(ids), until_position=until)
        if personal:
            opened = await self._records.open(streams)
        else:
            opened = {
                record_id: [self._codec.decode_clear(stored) for stored in stream]
                for record_id, stream in streams.items()
            }
        records = {record_id: Record.of(entries) for record_id, entries in opened.items()}
        return {
            record_id: record
            for record_id, record in records.items()
            if isinstance(record, kind) and _has_begun(record)
        }


def _has_begun(record: Record) -> bool:
    """Whether an entry that begins it stands; one that was never true begins nothing."""
    return any(isinstance(entry, CreatedEntry) for entry in record.live())
