"""One call of the SQL function `append_events`: a batch of commands in, a verdict on each out."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from db.database import Call

_PARAMETERS: Final = ", ".join(f"${number}" for number in range(1, 30))
APPEND: Final = f"""
SELECT status, subject, first_position, last_position, recorded_at, key_version
FROM append_events({_PARAMETERS})
"""  # noqa: S608 (only the numbers of the parameters)
ANY_VERSION: Final = 0
"""As an event's version: whatever comes next in its stream."""
EVENT_OVERHEAD_BYTES: Final = 200


class Status(StrEnum):
    """What became of one command of a batch; only `RECORDED` wrote something."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    REUSED = "reused"
    CONFLICT = "conflict"
    TAKEN = "taken"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended. `version` is the one it must get in its stream, or `ANY_VERSION`.

    `sealed` holds the fields that only the key of `person_id` opens.
    """

    stream_id: UUID
    version: int
    event_id: UUID
    type: str
    schema_version: int
    organization_id: UUID | None
    effective_on: date
    data: bytes
    person_id: UUID | None = None
    sealed: bytes | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """The wrapped key of a person who has none yet."""

    person_id: UUID
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that only one may hold; `sealed` None gives up what `holder` holds.

    `index` is a keyed hash of it, `sealed` the thing itself under the tenant's key.
    """

    kind: str
    index: bytes
    holder: UUID
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Append:
    """The events of one command: all of them are recorded, next to each other, or none.

    `key_version` is that of the tenant key with which `input_hash`, `keys` and `claims` were made.
    """

    actor: str
    command_id: UUID
    input_hash: bytes
    subject: UUID
    correlation_id: UUID
    events: tuple[NewEvent, ...]
    key_version: int = 1
    keys: tuple[NewKey, ...] = ()
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        if not self.events:
            message = "a command must record at least one event"
            raise ValueError(message)
        next_version: dict[UUID, int] = {}
        for event in self.events:
            if event.version != next_version.setdefault(event.stream_id, event.version):
                message = f"the versions of stream {event.stream_id} have a gap"
                raise ValueError(message)
            if event.version != ANY_VERSION:
                next_version[event.stream_id] += 1

    @property
    def touched(self) -> frozenset[object]:
        """What no other command of the same batch may touch: streams, new keys, claims."""
        streams = [event.stream_id for event in self.events]
        if not self.keys and not self.claims:
            return frozenset(streams)
        return frozenset(
            (
                *streams,
                *(key.person_id for key in self.keys),
                *((claim.kind, claim.index) for claim in self.claims),
            )
        )

    @property
    def size_bytes(self) -> int:
        """About how much it adds to a batch."""
        return sum(
            EVENT_OVERHEAD_BYTES + len(event.data) + len(event.sealed or b"")
            for event in self.events
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one command.

    Positions and subject are the first result's if `REPEATED`; `subject` is the holder if `TAKEN`.
    `key_version` is that of the current tenant key.
    """

    status: Status
    subject: UUID
    first_position: int
    last_position: int
    recorded_at: datetime
    key_version: int


async def append_batch(
    call: Call, tenant_id: int, now: datetime, batch: Sequence[Append]
) -> list[Verdict]:
    """Append a batch in one round trip; the verdicts stand in the order of the batch.

    `call` runs a statement, in a transaction of its own or in that of its connection.

    The commands must differ in (actor, command_id) and touch nothing in common. Raises one of
    `CONNECTION_LOST` when it is unknown whether it was done, and another error of asyncpg when
    nothing was.
    """
    rows = await call(
        APPEND, tenant_id, now, *_commands(batch), *_events(batch), *_keys(batch), *_claims(batch)
    )
    return [
        Verdict(Status(status), subject, first or 0, last or 0, recorded_at, key_version)
        for status, subject, first, last, recorded_at, key_version in rows
    ]


def _commands(batch: Sequence[Append]) -> Iterator[list[Any]]:
    yield [each.actor for each in batch]
    yield [each.command_id for each in batch]
    yield [each.input_hash for each in batch]
    yield [each.subject for each in batch]
    yield [each.correlation_id for each in batch]
    yield [each.key_version for each in batch]
    ends = list(itertools.accumulate(len(each.events) for each in batch))
    yield [end - len(each.events) + 1 for end, each in zip(ends, batch, strict=True)]
    yield ends


def _events(batch: Sequence[Append]) -> Iterator[list[Any]]:
    events = [event for each in batch for event in each.events]
    yield [place for place, each in enumerate(batch, start=1) for _ in each.events]
    yield [event.stream_id for event in events]
    yield [event.version for event in events]
    yield [event.event_id for event in events]
    yield [event.type for event in events]
    yield [event.schema_version for event in events]
    yield [event.organization_id for event in events]
    yield [event.effective_on for event in events]
    yield [event.data for event in events]
    yield [event.person_id for event in events]
    yield [event.sealed for event in events]


def _keys(batch: Sequence[Append]) -> Iterator[list[Any]]:
    keys = [(place, key) for place, each in enumerate(batch, start=1) for key in each.keys]
    yield [place for place, _ in keys]
    yield [key.person_id for _, key in keys]
    yield [key.wrapped for _, key in keys]


def _claims(batch: Sequence[Append]) -> Iterator[list[Any]]:
    claims = [(place, claim) for place, each in enumerate(batch, start=1) for claim in each.claims]
    yield [place for place, _ in claims]
    yield [claim.kind for _, claim in claims]
    yield [claim.index for _, claim in claims]
    yield [claim.holder for _, claim in claims]
    yield [claim.sealed for _, claim in claims]
