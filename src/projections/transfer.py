"""Which hand-overs a province knows of, and how far each has come. What they say is in the log."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from db.database import Connection, Database
from domain.transfer import (
    TransferAccepted,
    TransferCompleted,
    TransferDecided,
    TransferDeparted,
    TransferState,
    TransferTurnedBack,
)
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent

_INSERT: Final = """
INSERT INTO transfer (tenant_id, transfer_id, position, from_tenant, to_tenant, state)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_ADVANCE: Final = """
UPDATE transfer SET state = $3 WHERE tenant_id = $1 AND transfer_id = $2
"""
_IN_STATES: Final = """
SELECT transfer_id FROM transfer
WHERE tenant_id = $1 AND state = ANY ($2::text[])
  AND ($3::text IS NULL OR from_tenant = $3 OR to_tenant = $3)
ORDER BY position LIMIT $4
"""
TRANSFERS_MAX: Final = 500


class TransferProjection:
    """Keeps `transfer`: a row each, which says how far it has come."""

    name = "transfer"
    version = 1
    types = frozenset(
        {
            TransferDecided.TOPIC,
            TransferDeparted.TOPIC,
            TransferAccepted.TOPIC,
            TransferTurnedBack.TOPIC,
            TransferCompleted.TOPIC,
        }
    )
    tables = ("transfer",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """Begin a row, or move it on."""
        for stored in events:
            entry = self._codec.decode_clear(stored)
            place = (tenant_id, stored.stream_id)
            if isinstance(entry, TransferDecided):
                ends = (entry.from_tenant, entry.to_tenant)
                state = TransferState.DECIDED.value
                await connection.execute(_INSERT, *place, stored.position, *ends, state)
                continue
            match entry:
                case TransferDeparted():
                    reached = TransferState.IN_TRANSIT
                case TransferAccepted():
                    reached = TransferState.ACCEPTED
                case TransferTurnedBack():
                    reached = TransferState.TURNED_BACK
                case TransferCompleted(received_id=None):
                    reached = TransferState.RETURNED
                case _:
                    reached = TransferState.RECEIVED
            await connection.execute(_ADVANCE, *place, reached.value)


class Transfers:
    """Finds transfers; what they say, their records tell."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(
        self, province: int, states: Collection[TransferState], *, tenant: str | None = None
    ) -> list[UUID]:
        """The transfers of a province in some states, oldest first, at most `TRANSFERS_MAX`.

        Only those from or to one tenant, where its code is given.
        """
        async with self._database.tenant(province) as connection:
            rows = await connection.fetch(
                _IN_STATES, province, [state.value for state in states], tenant, TRANSFERS_MAX
            )
        return [row["transfer_id"] for row in rows]
