"""A row of the log as it stands there, still encoded."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

COLUMNS: Final = (
    "tenant_id, position, stream_id, version, event_id, type, schema_version, organization_id,"
    " effective_on, recorded_at, actor, causation_id, correlation_id, data, personal"
)
"""The columns of `event` in the order of the fields of `StoredEvent`."""


class StoredEvent(msgspec.Struct, frozen=True, gc=False):
    """All columns of one event. `data` and `personal` are UTF-8 JSON; `version` counts from 1."""

    tenant_id: int
    position: int
    stream_id: UUID
    version: int
    event_id: UUID
    type: str
    schema_version: int
    organization_id: UUID | None
    effective_on: date
    recorded_at: datetime
    actor: str
    causation_id: UUID
    correlation_id: UUID
    data: bytes
    personal: bytes | None
