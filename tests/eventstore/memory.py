"""The in-memory twin of the log, as the contract suite demands it.

For tests of what stands on the log. What a database can do to the log is tested on PostgreSQL.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

import msgspec
from tests.eventstore.memory_log import TenantLog, verdict

from eventstore.append import Append, Verdict
from eventstore.group_commit import COMMAND_BYTES_MAX, CommandTooLarge
from eventstore.key_table import KeyTable, WrappedKey
from eventstore.reading import READ_MAX, Filter
from eventstore.snapshot import Snapshot
from eventstore.store import FirstResult, KeySample
from eventstore.stored_event import StoredEvent
from eventstore.tails import POLL_S, Tails
from eventstore.wakeups import rest

R = TypeVar("R", StoredEvent, Snapshot)


class MemoryKeyTable:
    """A LockedKeyTable on a copy of the tenant's log."""

    def __init__(self, tenant_id: int, log: TenantLog, now: datetime) -> None:
        self._tenant_id = tenant_id
        self._now = now
        self.log = log
        self.held = KeyTable(
            log.key_version, list(log.person_keys.values()), list(log.reservations.values())
        )
        self.is_discarded = False

    async def replace(self, table: KeyTable) -> None:
        """See LockedKeyTable."""
        self.log.person_keys = {key.person_id: key for key in table.keys}
        self.log.reservations = {(each.kind, each.index): each for each in table.reservations}
        self.log.key_version = table.key_version
        self.log.snapshots = {
            stream_id: taken
            for stream_id, taken in self.log.snapshots.items()
            if taken.person_id is None or taken.person_id in self.log.person_keys
        }

    async def append(self, append: Append) -> Verdict:
        """See LockedKeyTable."""
        return verdict(self.log, self._tenant_id, append, self._now)

    def discard(self) -> None:
        """See LockedKeyTable."""
        self.is_discarded = True


class MemorySnapshots:
    """A SnapshotTable that writes at once."""

    def __init__(self, store: "MemoryStore", logs: Mapping[int, TenantLog]) -> None:
        self._store = store
        self._logs = logs

    async def read(
        self, tenant_id: int, stream_id: UUID
    ) -> tuple[Snapshot | None, list[StoredEvent]]:
        """See SnapshotTable."""
        log = self._logs[tenant_id]
        taken = log.snapshots.get(stream_id)
        if taken is None or taken.version > log.versions.get(stream_id, 0):
            return None, await self._store.read_stream(tenant_id, stream_id)
        after = await self._store.read_stream(tenant_id, stream_id, after_version=taken.version)
        return _with_key(log, taken), after

    def offer(self, tenant_id: int, stream_id: UUID, take: Callable[[], Snapshot]) -> None:
        """See SnapshotTable."""
        log, taken = self._logs[tenant_id], take()
        there = log.snapshots.get(stream_id)
        is_erased = taken.person_id is not None and taken.person_id not in log.person_keys
        if not is_erased and (there is None or there.version < taken.version):
            log.snapshots[stream_id] = taken

    def drop(self, snapshot: Snapshot) -> None:
        """See SnapshotTable."""
        there = self._logs[snapshot.tenant_id].snapshots
        if snapshot.stream_id in there and there[snapshot.stream_id].version == snapshot.version:
            del there[snapshot.stream_id]


class MemoryStore:
    """An EventStore whose log lasts as long as the object; `now` as there."""

    def __init__(self, tenants: Iterable[int], now: Callable[[], datetime]) -> None:
        self._logs = {tenant_id: TenantLog() for tenant_id in tenants}
        self._locks = {tenant_id: asyncio.Lock() for tenant_id in self._logs}
        self.snapshots = MemorySnapshots(self, self._logs)
        self._now = now
        self._signal = asyncio.Event()
        self.tails = Tails(self)
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_closed = True

    async def holder(self, tenant_id: int, kind: str, index: bytes) -> UUID | None:
        """See EventStore."""
        found = self._logs[tenant_id].reservations.get((kind, index))
        return None if found is None else found.holder

    async def append(self, tenant_id: int, append: Append) -> Verdict:
        """See EventStore."""
        if self._is_closed:
            message = "the event store is closed"
            raise RuntimeError(message)
        if append.size_bytes > COMMAND_BYTES_MAX:
            raise CommandTooLarge
        if tenant_id not in self._logs:
            message = f"unknown tenant {tenant_id}"
            raise LookupError(message)
        await asyncio.sleep(0)  # Others may be first, as they may be there.
        async with self._locks[tenant_id]:
            answer = verdict(self._logs[tenant_id], tenant_id, append, self._now())
        self._wake(tenant_id)
        return answer

    async def wrapped_keys(self, tenant_id: int, person_ids: Collection[UUID]) -> list[WrappedKey]:
        """See EventStore."""
        keys = self._logs[tenant_id].person_keys
        return [keys[each] for each in person_ids if each in keys]

    @asynccontextmanager
    async def key_table(self, tenant_id: int) -> AsyncIterator[MemoryKeyTable]:
        """See EventStore."""
        async with self._locks[tenant_id]:
            table = MemoryKeyTable(tenant_id, self._logs[tenant_id].copy(), self._now())
            yield table
            if not table.is_discarded:
                self._logs[tenant_id] = table.log
        self._wake(tenant_id)

    async def key_version(self, tenant_id: int) -> int:
        """See EventStore."""
        return self._logs[tenant_id].key_version

    async def key_sample(self, tenant_id: int) -> KeySample:
        """See EventStore."""
        log = self._logs.get(tenant_id, TenantLog())
        if not log.person_keys:
            return KeySample(len(log.events), log.key_version, None, None, None)
        key = log.person_keys[min(log.person_keys)]
        return KeySample(
            len(log.events), log.key_version, key.person_id, key.key_version, key.wrapped
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
            if event.stream_id in stream_ids and wanted.wants(event):
                streams[event.stream_id].append(_with_key(log, event))
        return dict(streams)

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]:
        """See EventStore."""
        found = [
            event
            for event in self._logs[tenant_id].events[position:]
            if wanted is None or wanted.wants(event)
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

    def ticket(self) -> asyncio.Event:
        """See EventStore."""
        return self._signal

    async def wait_for_append(self, ticket: asyncio.Event, timeout_s: float = POLL_S) -> None:
        """See EventStore."""
        await rest(ticket, timeout_s)

    def _wake(self, tenant_id: int) -> None:
        self.tails.moved(tenant_id, len(self._logs[tenant_id].events))
        signal, self._signal = self._signal, asyncio.Event()
        signal.set()


def _with_key(log: TenantLog, row: R) -> R:
    is_sealed = row.person_id is not None and not (
        isinstance(row, StoredEvent) and row.sealed is None
    )
    if not is_sealed or row.person_id not in log.person_keys:
        return row
    key = log.person_keys[row.person_id]
    return msgspec.structs.replace(row, key_version=key.key_version, wrapped=key.wrapped)
