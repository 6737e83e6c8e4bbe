"""People whom a second tenant was about to record, for the province's board."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from db.database import Connection, Database
from domain.identity import IdentityMatched
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent

_INSERT: Final = """
INSERT INTO identity_match (
  tenant_id, position, identity_id, holder, candidate_id, asking, matched_on
) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_AFTER: Final = """
SELECT position, identity_id, holder, candidate_id, asking, matched_on FROM identity_match
WHERE tenant_id = $1 AND position > $2 ORDER BY position LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class IdentityMatch:
    """One match: who kept the person, as which case, and who asked."""

    position: int
    identity_id: UUID
    holder: str
    candidate_id: UUID
    asking: str
    matched_on: date


class IdentityMatchProjection:
    """Keeps `identity_match`, a row an event."""

    name = "identity_match"
    version = 1
    types = frozenset({IdentityMatched.TOPIC})
    tables = ("identity_match",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row an event."""
        rows = []
        for stored in events:
            entry = self._codec.decode_clear(stored)
            assert isinstance(entry, IdentityMatched)
            who = (entry.tenant, entry.candidate_id, entry.asking_tenant)
            place = (tenant_id, stored.position, stored.stream_id)
            rows.append((*place, *who, stored.effective_on))
        await connection.executemany(_INSERT, rows)


class IdentityMatches:
    """Finds matches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, province: int, position: int, limit: int) -> list[IdentityMatch]:
        """The matches of a province after a position of its log, oldest first."""
        async with self._database.tenant(province) as connection:
            rows = await connection.fetch(_AFTER, province, position, limit)
        return [IdentityMatch(*row) for row in rows]
