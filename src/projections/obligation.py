"""Which obligations there are of a document or a directive, and which may still be open.

What each stands at, when it is due and whether it is late is derived from the obligation itself.
"""

from typing import Final
from uuid import UUID

from db.database import Connection, Database
from domain.events import EVENTS
from domain.obligation import DutyEntry, ObligationEntryVoided, ObligationImposed
from domain.record import Entry, Voided
from eventstore.codec import Codec
from eventstore.position import Position
from eventstore.stored_event import StoredEvent
from projections.holder import holders
from projections.read_models import ReadModels
from projections.rollup import Rollup
from projections.tree import Node

FOUND_MAX: Final = 2_000
"""How many obligations one question may look at."""

_INSERT: Final = """
INSERT INTO obligation_entry (
  tenant_id, position, obligation_id, version, effective_on, voids, organization_id, document,
  directive, recurs, standing
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
# An obligation whose last standing says that it is done with, is not open; one that returns is
# open until it is withdrawn. What is voided was never true, on whatever day that was found.
_FIND: Final = """
SELECT o.obligation_id
FROM obligation_entry o
LEFT JOIN LATERAL (
  SELECT e.standing
  FROM obligation_entry e
  WHERE e.tenant_id = o.tenant_id AND e.obligation_id = o.obligation_id
    AND e.standing IS NOT NULL AND e.position <= $3 AND e.effective_on <= $4
    AND NOT EXISTS (
      SELECT FROM obligation_entry v
      WHERE v.tenant_id = e.tenant_id AND v.obligation_id = e.obligation_id
        AND v.voids = e.version AND v.position <= $3
    )
  ORDER BY e.effective_on DESC, e.version DESC
  LIMIT 1
) last ON true
WHERE o.tenant_id = $1 AND o.organization_id = ANY ($2::uuid[])
  AND o.position <= $3 AND o.effective_on <= $4
  AND ($5::uuid IS NULL OR o.document = $5)
  AND ($6::uuid IS NULL OR o.directive = $6)
  AND (NOT $7 OR last.standing IS NULL OR last.standing IN ('OPEN', 'RETURNED')
    OR (o.recurs AND last.standing <> 'WITHDRAWN'))
  AND NOT EXISTS (
    SELECT FROM obligation_entry v
    WHERE v.tenant_id = o.tenant_id AND v.obligation_id = o.obligation_id AND v.voids = o.version
      AND v.position <= $3
  )
ORDER BY o.effective_on, o.position
LIMIT $8
"""


def _is_kept(kind: type[Entry]) -> bool:
    return issubclass(kind, DutyEntry) or kind in {ObligationImposed, ObligationEntryVoided}


class ObligationProjection:
    """Keeps `obligation_entry`."""

    name = "obligation"
    version = 1
    types = frozenset(kind.TOPIC for kind in EVENTS if _is_kept(kind))
    tables = ("obligation_entry",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row an event."""
        rows = []
        for stored in events:
            columns = _columns(self._codec.decode_clear(stored))
            place = (tenant_id, stored.position, stored.stream_id, stored.version)
            rows.append((*place, stored.effective_on, *columns))
        await connection.executemany(_INSERT, rows)


def _columns(entry: Entry) -> tuple[object, ...]:
    match entry:
        case ObligationImposed():
            recurs = entry.recurrence is not None
            return None, entry.organization_id, entry.document, entry.directive, recurs, None
        case Voided():
            return entry.voided_version, None, None, None, None, None
        case DutyEntry():
            standing = entry.BECOMES.value if entry.occurrence is None else None
            return None, None, None, None, None, standing
        case _:
            raise TypeError(type(entry).__qualname__)


class Obligations:
    """Finds obligations by what they belong to."""

    def __init__(self, database: Database, read_models: ReadModels) -> None:
        self._database = database
        self._read_models = read_models

    async def find(
        self,
        rollup: Rollup,
        node: Node,
        *,
        document: UUID | None = None,
        directive: UUID | None = None,
        only_open: bool = False,
    ) -> list[UUID]:
        """Of a node's subtree and its own tenant, the oldest first; at most `FOUND_MAX` + 1.

        Raises ReadModelBehind.
        """
        tenant, until = node.tenant_id, rollup.basis.positions[node.tenant_id]
        await self._read_models.wait_for(
            Position.of({tenant: until}), [tenant], projections=[ObligationProjection.name]
        )
        return await self._found(tenant, rollup, node, (document, directive, only_open, FOUND_MAX))

    async def of_every_tenant(self, rollup: Rollup, most: int) -> dict[int, list[UUID]]:
        """All of a root's subtree by tenant, of each at most `most` + 1. Raises ReadModelBehind."""
        await self._read_models.caught_up(rollup.basis, ObligationProjection.name)
        return {
            tenant: await self._found(tenant, rollup, rollup.root, (None, None, False, most))
            for tenant in rollup.basis.positions
        }

    async def _found(
        self, tenant: int, rollup: Rollup, node: Node, wanted: tuple[object, object, bool, int]
    ) -> list[UUID]:
        *belonging, most = wanted
        async with self._database.tenant(tenant) as connection:
            rows = await connection.fetch(
                _FIND,
                tenant,
                holders(rollup.tree, node).get(tenant, []),
                rollup.basis.positions[tenant],
                rollup.basis.effective,
                *belonging,
                most + 1,
            )
        return [row["obligation_id"] for row in rows]
