"""One call of the SQL function `append_events`: a batch of commands in, a verdict on each out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from db.database import Call

APPEND: Final = """
SELECT status, subject, first_position, last_position, recorded_at, key_version
FROM append_events($1, $2, $3, $4, $5, $6)
"""
_Row: TypeAlias = tuple[object, ...]
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
    commands, count = _rows(batch)
    rows = await call(APPEND, tenant_id, now, commands, count, _keys(batch), _claims(batch))
    _, subject, first, _, recorded_at, key_version = rows[0]
    if subject is None:
        return _all_recorded(batch, first, recorded_at, key_version)
    return [
        Verdict(Status(status), subject, first or 0, last or 0, recorded_at, key_version)
        for status, subject, first, last, recorded_at, key_version in rows
    ]


def _all_recorded(
    batch: Sequence[Append], first: int, recorded_at: datetime, key_version: int
) -> list[Verdict]:
    verdicts = []
    for each in batch:
        after = first + len(each.events)
        verdicts.append(
            Verdict(Status.RECORDED, each.subject, first, after - 1, recorded_at, key_version)
        )
        first = after
    return verdicts


def _rows(batch: Sequence[Append]) -> tuple[list[_Row], int]:
    """The commands with their events as rows, and how many events that are."""
    rows: list[_Row] = []
    count = 0
    for each in batch:
        first = count + 1
        count += len(each.events)
        rows.append(
            (
                each.actor,
                each.command_id,
                each.input_hash,
                each.subject,
                each.correlation_id,
                each.key_version,
                first,
                count,
                _events(each.events),
            )
        )
    return rows, count


def _events(events: Sequence[NewEvent]) -> list[_Row]:
    led: set[UUID] = set()
    rows: list[_Row] = []
    for event in events:
        stream_id = event.stream_id
        rows.append(
            (
                stream_id,
                event.version,
                stream_id not in led,
                event.event_id,
                event.type,
                event.schema_version,
                event.organization_id,
                event.effective_on,
                event.data,
                event.person_id,
                event.sealed,
            )
        )
        led.add(stream_id)
    return rows


def _keys(batch: Sequence[Append]) -> list[_Row]:
    return [
        (place, key.person_id, key.wrapped)
        for place, each in enumerate(batch, start=1)
        for key in each.keys
    ]


def _claims(batch: Sequence[Append]) -> list[_Row]:
    return [
        (place, claim.kind, claim.index, claim.holder, claim.sealed)
        for place, each in enumerate(batch, start=1)
        for claim in each.claims
    ]
