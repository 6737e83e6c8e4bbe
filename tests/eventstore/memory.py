"""The in-memory twins of the log and of the place of tenant keys, as their contract suites demand.

For tests of what stands on the log. What a database can do to the log is tested on PostgreSQL.
"""

import asyncio
import copy
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

import msgspec

from eventstore.append import ANY_VERSION, Append, Claim, NewEvent, Status, Verdict
from eventstore.group_commit import BATCH_BYTES_MAX, CommandTooLarge
from eventstore.key_table import KeyTable, Reservation, WrappedKey
from eventstore.reading import READ_MAX, Filter
from eventstore.store import POLL_S, FirstResult, KeySample
from eventstore.stored_event import StoredEvent
from eventstore.tenant_keys import KEY_BYTES, KeyDestroyed, KeysUnavailable
from eventstore.wakeups import rest


@dataclass
class _TenantLog:
    """One tenant's rows."""

    events: list[StoredEvent] = field(default_factory=list)
    commands: dict[tuple[str, UUID], FirstResult] = field(default_factory=dict)
    person_keys: dict[UUID, tuple[int, bytes]] = field(default_factory=dict)
    claims: dict[tuple[str, bytes], Claim] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    recorded_at: datetime | None = None
    clock: datetime | None = None
    key_version: int = 1


class MemoryStore:
    """An EventStore whose log lasts as long as the object; `now` as there."""

    def __init__(self, tenants: Iterable[int], now: Callable[[], datetime]) -> None:
        self._logs = {tenant_id: _TenantLog() for tenant_id in tenants}
        self._now = now
        self._signal = asyncio.Event()
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_closed = True

    async def append(self, tenant_id: int, append: Append) -> Verdict:
        """See EventStore."""
        if self._is_closed:
            message = "the event store is closed"
            raise RuntimeError(message)
        if append.size_bytes > BATCH_BYTES_MAX:
            raise CommandTooLarge
        await asyncio.sleep(0)  # Others may be first, as they may be there.
        if tenant_id not in self._logs:
            message = f"unknown tenant {tenant_id}"
            raise LookupError(message)
        log = self._logs[tenant_id]
        recorded_at = log.clock or self._now()
        if log.recorded_at is not None:
            recorded_at = max(recorded_at, log.recorded_at)
        status, subject = _judge(log, append)
        if status is Status.RECORDED:
            _record(log, tenant_id, append, recorded_at)
            signal, self._signal = self._signal, asyncio.Event()
            signal.set()
        first = None
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

    async def find_command(
        self, tenant_id: int, actor: str, command_id: UUID
    ) -> FirstResult | None:
        """See EventStore."""
        return self._logs[tenant_id].commands.get((actor, command_id))

    async def read_stream(
        self, tenant_id: int, stream_id: UUID, *, after_version: int = 0
    ) -> list[StoredEvent]:
        """See EventStore."""
        streams = await self.read_streams(tenant_id, [stream_id])
        return [event for event in streams.get(stream_id, []) if event.version > after_version]

    async def read_streams(
        self,
        tenant_id: int,
        stream_ids: Collection[UUID],
        *,
        until_position: int | None = None,
        types: Collection[str] | None = None,
    ) -> dict[UUID, list[StoredEvent]]:
        """See EventStore."""
        log = self._logs[tenant_id]
        wanted = Filter(types=types, until=until_position)
        streams = defaultdict(list)
        for event in log.events:
            if event.stream_id in stream_ids and _is_wanted(event, wanted):
                streams[event.stream_id].append(_with_key(log, event))
        return dict(streams)

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]:
        """See EventStore."""
        found = [
            event
            for event in self._logs[tenant_id].events[position:]
            if wanted is None or _is_wanted(event, wanted)
        ]
        return found[: min(limit, READ_MAX)]

    async def heads(self, tenant_ids: Collection[int]) -> dict[int, int]:
        """See EventStore."""
        return {each: len(self._logs[each].events) for each in tenant_ids if each in self._logs}

    async def positions_known_at(
        self, tenant_ids: Collection[int], known: datetime
    ) -> dict[int, int]:
        """See EventStore."""
        return {
            each: sum(event.recorded_at <= known for event in self._logs[each].events)
            for each in tenant_ids
        }

    async def set_clock(self, tenant_id: int, clock: datetime | None) -> None:
        """See EventStore."""
        self._logs[tenant_id].clock = clock

    async def key_version(self, tenant_id: int) -> int:
        """See EventStore."""
        return self._logs[tenant_id].key_version

    async def key_sample(self, tenant_id: int) -> KeySample:
        """See EventStore."""
        if tenant_id not in self._logs:
            return KeySample(0, 1, None, None, None)
        log = self._logs[tenant_id]
        sample = next(iter(sorted(log.person_keys.items())), None)
        person_id, (version, wrapped) = sample or (None, (None, None))
        return KeySample(len(log.events), log.key_version, person_id, version, wrapped)

    @asynccontextmanager
    async def key_table(self, tenant_id: int) -> AsyncIterator["_LockedKeyTable"]:
        """See EventStore."""
        before = copy.deepcopy(self._logs[tenant_id])
        table = _LockedKeyTable(self, tenant_id, _key_table(self._logs[tenant_id]))
        try:
            yield table
        except BaseException:
            self._logs[tenant_id] = before
            raise
        if table.is_discarded:
            self._logs[tenant_id] = before

    def replace_key_table(self, tenant_id: int, table: KeyTable) -> None:
        """Put another table in the place of the one that is there."""
        log = self._logs[tenant_id]
        log.person_keys = {key.person_id: (key.key_version, key.wrapped) for key in table.keys}
        log.claims = {
            (each.kind, each.index): Claim(each.kind, each.index, each.holder, each.sealed)
            for each in table.reservations
        }
        log.key_version = table.key_version

    async def set_key_version(self, tenant_id: int, version: int) -> None:
        """Demand another tenant key of all who append, as an erasure does."""
        self._logs[tenant_id].key_version = version

    def ticket(self) -> asyncio.Event:
        """See EventStore."""
        return self._signal

    async def wait_for_append(self, ticket: asyncio.Event, timeout_s: float = POLL_S) -> None:
        """See EventStore."""
        await rest(ticket, timeout_s)


class _LockedKeyTable:
    """See EventStore; nobody else comes in between because nothing is awaited."""

    def __init__(self, store: MemoryStore, tenant_id: int, held: KeyTable) -> None:
        self._store = store
        self._tenant_id = tenant_id
        self.held = held
        self.is_discarded = False

    async def replace(self, table: KeyTable) -> None:
        self._store.replace_key_table(self._tenant_id, table)

    async def append(self, append: Append) -> Verdict:
        return await self._store.append(self._tenant_id, append)

    def discard(self) -> None:
        self.is_discarded = True


def _key_table(log: _TenantLog) -> KeyTable:
    return KeyTable(
        log.key_version,
        [WrappedKey(person, version, key) for person, (version, key) in log.person_keys.items()],
        [
            Reservation(each.kind, each.index, each.holder, log.key_version, each.sealed or b"")
            for each in log.claims.values()
        ],
    )


def _judge(log: _TenantLog, append: Append) -> tuple[Status, UUID]:
    """The status, and the subject that goes with it where the command itself was not recorded."""
    first = log.commands.get((append.actor, append.command_id))
    holder = next(
        (
            held.holder
            for claim in append.claims
            if (held := log.claims.get((claim.kind, claim.index))) and held.holder != claim.holder
        ),
        None,
    )
    if append.key_version != log.key_version:
        status = Status.OUTDATED
    elif first is not None and first.input_hash[:4] != append.input_hash[:4]:
        status = Status.REPEATED
    elif first is not None:
        is_same = first.input_hash == append.input_hash
        status = Status.REPEATED if is_same else Status.REUSED
    elif _is_stale(log, append):
        status = Status.CONFLICT
    elif holder is not None:
        return Status.TAKEN, holder
    else:
        status = Status.RECORDED
    return status, append.subject


def _is_stale(log: _TenantLog, append: Append) -> bool:
    """Whether a stream has moved on, or a person has a key already."""
    expected: dict[UUID, int] = {}
    for event in append.events:
        if event.version != ANY_VERSION:
            expected.setdefault(event.stream_id, event.version)
    return any(
        version != log.versions.get(stream_id, 0) + 1 for stream_id, version in expected.items()
    ) or any(key.person_id in log.person_keys for key in append.keys)


def _record(log: _TenantLog, tenant_id: int, append: Append, recorded_at: datetime) -> None:
    first_position = len(log.events) + 1
    for event in append.events:
        log.versions[event.stream_id] = log.versions.get(event.stream_id, 0) + 1
        log.events.append(_stored(log, tenant_id, append, event, recorded_at))
    log.recorded_at = recorded_at
    log.commands[append.actor, append.command_id] = FirstResult(
        append.input_hash, append.subject, first_position, len(log.events)
    )
    for key in append.keys:
        log.person_keys[key.person_id] = append.key_version, key.wrapped
    for claim in append.claims:
        if claim.sealed is None:
            log.claims.pop((claim.kind, claim.index), None)
    for claim in append.claims:
        if claim.sealed is not None:
            log.claims.setdefault((claim.kind, claim.index), claim)


def _stored(
    log: _TenantLog, tenant_id: int, append: Append, event: NewEvent, recorded_at: datetime
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


def _with_key(log: _TenantLog, event: StoredEvent) -> StoredEvent:
    if event.sealed is None or event.person_id not in log.person_keys:
        return event
    key_version, wrapped = log.person_keys[event.person_id]
    return msgspec.structs.replace(event, key_version=key_version, wrapped=wrapped)


def _is_wanted(event: StoredEvent, wanted: Filter) -> bool:
    is_unknown = wanted.known is not None and event.type not in wanted.known
    return (
        (wanted.types is None or event.type in wanted.types or is_unknown)
        and (wanted.organizations is None or event.organization_id in wanted.organizations)
        and (wanted.until is None or event.position <= wanted.until)
        and (wanted.effective is None or event.effective_on <= wanted.effective)
        and (wanted.stream is None or event.stream_id == wanted.stream)
    )


class MemoryKeys:
    """TenantKeys whose keys last as long as the object."""

    def __init__(self) -> None:
        self._keys: defaultdict[int, dict[int, bytes | None]] = defaultdict(dict)

    async def versions(self, tenant_id: int) -> Mapping[int, bytes | None]:
        """See TenantKeys."""
        return dict(self._keys[tenant_id])

    async def add(self, tenant_id: int, version: int) -> bytes:
        """See TenantKeys."""
        await asyncio.sleep(0)
        key = self._keys[tenant_id].setdefault(version, secrets.token_bytes(KEY_BYTES))
        if key is None:
            raise KeyDestroyed(tenant_id, version)
        return key

    async def destroy(self, tenant_id: int, version: int) -> None:
        """See TenantKeys."""
        if version not in self._keys[tenant_id]:
            message = f"There is no key {version} of tenant {tenant_id}."
            raise KeysUnavailable(message)
        self._keys[tenant_id][version] = None
