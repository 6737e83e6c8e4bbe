"""Reads the log, one tenant's at a time. It opens no event."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from db.database import Connection, Database
from eventstore.stored_event import COLUMNS, KEY_COLUMNS, StoredEvent

READ_MAX: Final = 5_000

_AFTER: Final = f"""
SELECT {COLUMNS} FROM event
WHERE tenant_id = $1 AND position > $2 AND position <= $3
  AND ($4::text[] IS NULL OR type = ANY ($4::text[]) OR type <> ALL ($9::text[]))
  AND ($10::text[] IS NULL OR type <> ALL ($10::text[]))
  AND ($5::uuid[] IS NULL OR organization_id = ANY ($5::uuid[]))
  AND ($6::date IS NULL OR effective_on <= $6)
  AND ($7::uuid IS NULL OR stream_id = $7)
  AND position <> ALL ($11::bigint[])
ORDER BY position LIMIT $8
"""  # noqa: S608 (our own column list)
_LOG: Final = f"SELECT {COLUMNS} FROM read_log($1, $2, $3)"  # noqa: S608 (our own column list)
_HEADS: Final = "SELECT tenant_id, head FROM tenant_log WHERE tenant_id = ANY ($1::int[])"
_STREAMS: Final = f"""
SELECT {COLUMNS}, {KEY_COLUMNS}
FROM event LEFT JOIN person_key USING (tenant_id, person_id)
WHERE tenant_id = $1 AND stream_id = ANY ($2::uuid[]) AND position <= $3
  AND ($4::text[] IS NULL OR type = ANY ($4::text[]))
ORDER BY stream_id, version
"""  # noqa: S608 (our own column list)
_NO_END: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which events of a tenant are wanted; None wants all.

    With `known` an event of any other type is wanted too: whoever passes over it would never know.
    Those of a `hidden` type are not wanted.
    What stands at the positions `skipped` is not.
    """

    types: Collection[str] | None = None
    known: Collection[str] | None = None
    hidden: Collection[str] | None = None
    organizations: Collection[UUID] | None = None
    until: int | None = None
    effective: date | None = None
    stream: UUID | None = None
    skipped: Collection[int] = ()

    def wants(self, event: StoredEvent) -> bool:
        """Whether this event is; what `read_after` leaves to the database."""
        return (
            (self.types is None or event.type in self.types or self._is_unknown(event.type))
            and (self.hidden is None or event.type not in self.hidden)
            and (self.organizations is None or event.organization_id in self.organizations)
            and (self.until is None or event.position <= self.until)
            and (self.effective is None or event.effective_on <= self.effective)
            and (self.stream is None or event.stream_id == self.stream)
            and event.position not in self.skipped
        )

    def _is_unknown(self, event_type: str) -> bool:
        return self.known is not None and event_type not in self.known


class LogReader:
    """What can be asked of the logs from a position on, over one pool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]:
        """The wanted events after a position in the order of the log, at most `limit`."""
        if wanted is not None:
            async with self._database.tenant(tenant_id) as connection:
                return await read_after(connection, tenant_id, position, limit, wanted)
        rows = await self._database.read(_LOG, tenant_id, position, min(limit, READ_MAX))
        return [StoredEvent(*row) for row in rows]

    async def heads(self, tenant_ids: Collection[int]) -> dict[int, int]:
        """The last position of each log."""
        async with self._database.rollup(tenant_ids) as connection:
            rows = await connection.fetch(_HEADS, list(tenant_ids))
        return {row["tenant_id"]: row["head"] for row in rows}


async def read_after(
    connection: Connection, tenant_id: int, position: int, limit: int, wanted: Filter
) -> list[StoredEvent]:
    """The wanted events after a position in log order, at most `limit` and `READ_MAX`."""
    rows = await connection.fetch(
        _AFTER,
        tenant_id,
        position,
        _NO_END if wanted.until is None else wanted.until,
        None if wanted.types is None else list(wanted.types),
        None if wanted.organizations is None else list(wanted.organizations),
        wanted.effective,
        wanted.stream,
        min(limit, READ_MAX),
        None if wanted.known is None else list(wanted.known),
        None if wanted.hidden is None else list(wanted.hidden),
        list(wanted.skipped),
    )
    return [StoredEvent(*row) for row in rows]


async def read_streams(
    connection: Connection,
    tenant_id: int,
    stream_ids: Collection[UUID],
    *,
    until: int | None = None,
    types: Collection[str] | None = None,
) -> dict[UUID, list[StoredEvent]]:
    """The events of some streams up to a position, by version, with their wrapped keys.

    A stream without any is left out.
    """
    rows = await connection.fetch(
        _STREAMS,
        tenant_id,
        list(stream_ids),
        _NO_END if until is None else until,
        None if types is None else list(types),
    )
    streams: dict[UUID, list[StoredEvent]] = {}
    for row in rows:
        streams.setdefault(row["stream_id"], []).append(StoredEvent(*row))
    return streams
