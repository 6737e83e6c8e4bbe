"""One tenant's log in memory, and what comes of a command that is sent to it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from eventstore.append import ANY_VERSION, Append, NewEvent, Status, Verdict
from eventstore.key_table import Reservation, WrappedKey
from eventstore.snapshot import Snapshot
from eventstore.store import FirstResult
from eventstore.stored_event import StoredEvent


@dataclass
class TenantLog:
    """One tenant's rows."""

    events: list[StoredEvent] = field(default_factory=list)
    commands: dict[tuple[str, UUID], FirstResult] = field(default_factory=dict)
    person_keys: dict[UUID, WrappedKey] = field(default_factory=dict)
    reservations: dict[tuple[str, bytes], Reservation] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    snapshots: dict[UUID, Snapshot] = field(default_factory=dict)
    recorded_at: datetime | None = None
    clock: datetime | None = None
    key_version: int = 1

    def copy(self) -> "TenantLog":
        """What can be changed without a trace in this one."""
        return replace(
            self,
            events=self.events.copy(),
            commands=self.commands.copy(),
            person_keys=self.person_keys.copy(),
            reservations=self.reservations.copy(),
            versions=self.versions.copy(),
            snapshots=self.snapshots.copy(),
        )


def verdict(log: TenantLog, tenant_id: int, append: Append, now: datetime) -> Verdict:
    """What comes of a command, which is then in the log if it is to be."""
    recorded_at = log.clock or now
    if log.recorded_at is not None:
        recorded_at = max(recorded_at, log.recorded_at)
    status, subject = _judge(log, append)
    first = None
    if status is Status.RECORDED:
        _record(log, tenant_id, append, recorded_at)
    if status in {Status.RECORDED, Status.REPEATED, Status.REUSED}:
        first = log.commands[append.actor, append.command_id]
        subject = first.subject
    return Verdict(
        status,
        subject,
        first.first_position if first else 0,
        first.last_position if first else 0,
        recorded_at,
        log.key_version,
    )


def _judge(log: TenantLog, append: Append) -> tuple[Status, UUID]:
    """The status, and the subject that goes with it where the command itself was not recorded."""
    first = log.commands.get((append.actor, append.command_id))
    wanted = [(log.reservations.get((each.kind, each.index)), each) for each in append.claims]
    holders = [held.holder for held, claim in wanted if held and held.holder != claim.holder]
    if first is not None and first.input_hash[:4] == append.input_hash[:4]:
        is_same = first.input_hash == append.input_hash
        status = Status.REPEATED if is_same else Status.REUSED
    elif append.key_version != log.key_version:
        status = Status.OUTDATED
    elif first is not None:
        status = Status.REPEATED
    elif _is_stale(log, append):
        status = Status.CONFLICT
    elif holders:
        return Status.TAKEN, holders[0]
    else:
        status = Status.RECORDED
    return status, append.subject


def _is_stale(log: TenantLog, append: Append) -> bool:
    """Whether a stream has moved on, or a person has a key already."""
    expected: dict[UUID, int] = {}
    for event in append.events:
        if event.version != ANY_VERSION:
            expected.setdefault(event.stream_id, event.version)
    return any(
        version != log.versions.get(stream_id, 0) + 1 for stream_id, version in expected.items()
    ) or any(key.person_id in log.person_keys for key in append.keys)


def _record(log: TenantLog, tenant_id: int, append: Append, recorded_at: datetime) -> None:
    first_position = len(log.events) + 1
    for event in append.events:
        log.versions[event.stream_id] = log.versions.get(event.stream_id, 0) + 1
        log.events.append(_stored(log, tenant_id, append, event, recorded_at))
    log.recorded_at = recorded_at
    log.commands[append.actor, append.command_id] = FirstResult(
        append.input_hash, append.subject, first_position, len(log.events)
    )
    for key in append.keys:
        log.person_keys[key.person_id] = WrappedKey(key.person_id, log.key_version, key.wrapped)
    for claim in append.claims:
        if claim.sealed is None:
            log.reservations.pop((claim.kind, claim.index), None)
    for claim in append.claims:
        if claim.sealed is not None:
            held = Reservation(claim.kind, claim.index, claim.holder, log.key_version, claim.sealed)
            log.reservations.setdefault((claim.kind, claim.index), held)


def _stored(
    log: TenantLog, tenant_id: int, append: Append, event: NewEvent, recorded_at: datetime
) -> StoredEvent:
    return StoredEvent(
        tenant_id=tenant_id,
        position=len(log.events) + 1,
        stream_id=event.stream_id,
        version=log.versions[event.stream_id],
        event_id=event.event_id,
        type=event.type,
        schema_version=event.schema_version,
        organization_id=event.organization_id,
        effective_on=event.effective_on,
        recorded_at=recorded_at,
        actor=append.actor,
        causation_id=append.command_id,
        correlation_id=append.correlation_id,
        data=event.data,
        person_id=event.person_id,
        sealed=event.sealed,
    )
