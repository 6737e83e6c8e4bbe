"""A row of the log as it stands there, still encoded."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

COLUMNS: Final = (
    "tenant_id, position, stream_id, version, event_id, type, schema_version, organization_id,"
    " effective_on, recorded_at, actor, causation_id, correlation_id, data, person_id, sealed"
)
"""The columns of `event` in the order of the fields of `StoredEvent`."""
KEY_COLUMNS: Final = "key_version, wrapped"
"""Those of `person_key` that may follow them."""


class StoredEvent(msgspec.Struct, frozen=True, gc=False):
    """All columns of one event, and the wrapped key of its person when it was fetched with it.

    `data` is UTF-8 JSON, and so is what `sealed` holds; `version` counts from 1.
    """

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
    person_id: UUID | None
    sealed: bytes | None
    key_version: int | None = None
    wrapped: bytes | None = None
