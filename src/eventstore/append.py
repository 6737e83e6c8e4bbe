"""One call of the SQL function `append_events`: a batch of commands in, a verdict on each out."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.database import Database

APPEND: Final = """
SELECT ordinal, status, subject, first_position, last_position, recorded_at
FROM append_events(
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
)
"""
EVENT_OVERHEAD_BYTES: Final = 200


class Status(StrEnum):
    """What became of one command of a batch; only `RECORDED` wrote something."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    REUSED = "reused"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended. `version` is the one it must get in its stream."""

    stream_id: UUID
    version: int
    event_id: UUID
    type: str
    schema_version: int
    organization_id: UUID | None
    effective_on: date
    data: bytes
    personal: bytes | None


@dataclass(frozen=True, slots=True)
class Append:
    """The events of one command: all of them are recorded, next to each other, or none."""

    actor: str
    command_id: UUID
    input_hash: bytes
    subject: UUID
    correlation_id: UUID
    events: tuple[NewEvent, ...]

    def __post_init__(self) -> None:
        if not self.events:
            message = "a command must record at least one event"
            raise ValueError(message)
        next_version: dict[UUID, int] = {}
        for event in self.events:
            if event.version != next_version.setdefault(event.stream_id, event.version):
                message = f"the versions of stream {event.stream_id} have a gap"
                raise ValueError(message)
            next_version[event.stream_id] += 1

    @property
    def streams(self) -> frozenset[UUID]:
        """The streams it appends to."""
        return frozenset(event.stream_id for event in self.events)

    @property
    def size_bytes(self) -> int:
        """About how much it adds to a batch."""
        return sum(
            EVENT_OVERHEAD_BYTES + len(event.data) + len(event.personal or b"")
            for event in self.events
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one command; positions and subject are the first result's if `REPEATED`."""

    status: Status
    subject: UUID
    first_position: int
    last_position: int
    recorded_at: datetime


async def append_batch(
    database: Database, tenant_id: int, now: datetime, batch: Sequence[Append]
) -> list[Verdict]:
    """Append a batch in one round trip; the verdicts stand in the order of the batch.

    The commands must differ in (actor, command_id) and share no stream. Raises one of
    `CONNECTION_LOST` when it is unknown whether it was done, and another error of asyncpg when
    nothing was.
    """
    events = [(place, event) for place, each in enumerate(batch, start=1) for event in each.events]
    rows = await database.call(
        APPEND,
        tenant_id,
        now,
        [each.actor for each in batch],
        [each.command_id for each in batch],
        [each.input_hash for each in batch],
        [each.subject for each in batch],
        [each.correlation_id for each in batch],
        [place for place, _ in events],
        [event.stream_id for _, event in events],
        [event.version for _, event in events],
        [event.event_id for _, event in events],
        [event.type for _, event in events],
        [event.schema_version for _, event in events],
        [event.organization_id for _, event in events],
        [event.effective_on for _, event in events],
        [event.data for _, event in events],
        [event.personal for _, event in events],
        list(itertools.chain.from_iterable([each.command_id] * len(each.events) for each in batch)),
    )
    return [
        Verdict(Status(status), subject, first or 0, last or 0, recorded_at)
        for _, status, subject, first, last, recorded_at in rows
    ]
