"""Reads records: opens what is sealed, decodes, and begins with a snapshot where there is one."""

from collections.abc import Callable, Iterable
from typing import Final, Protocol
from uuid import UUID

from domain.record import Entry, Record
from eventstore import snapshot
from eventstore.codec import Codec, UnreadableEvent
from eventstore.key_access import KeyAccess, open_personal
from eventstore.outcome import erased
from eventstore.snapshot import Opened, Snapshot, UnusableSnapshot
from eventstore.stored_event import StoredEvent

# Milliseconds to read a record of which every fourth event is sealed (2 shared cores, PostgreSQL 18
# on the same machine; the ratio is steadier than the figures):
#   events                      10    25    50   100   200   500  1000
#   from events               0.24  0.34  0.50  0.83  1.54  3.65  7.35
#   from a snapshot           0.23  0.28  0.37  0.56  0.89  1.97  3.95
#   ratio                     1.04  1.24  1.35  1.49  1.78  1.89  1.99
# Decoding is the same for both, so 2 is about the limit. What a snapshot saves is a look at each
# row and the opening of each sealed one. Writing one takes 0.7 ms for 100 events and 1.4 ms for
# 1,000, beside the path of commands. At 100 events it saves a third and has paid for itself at the
# third reading; at 25 it saves less than the round trip varies, and pays at the tenth. A stream
# without one pays 5 microseconds for the look. So most records, which have some 20 events at the
# most, never get one, and nobody folds more than 100 events that he need not.
SNAPSHOT_EVERY: Final = 100
"""So many events after its snapshot, or from its beginning, a record that is read gets the next."""


class Snapshots(Protocol):
    """A place for the newest snapshot of each stream."""

    async def read(
        self, tenant_id: int, stream_id: UUID
    ) -> tuple[Snapshot | None, list[StoredEvent]]: ...

    def offer(self, tenant_id: int, stream_id: UUID, take: Callable[[], Snapshot]) -> None: ...

    def drop(self, snapshot: Snapshot) -> None: ...


class Store(Protocol):
    """What of an EventStore is needed here."""

    @property
    def snapshots(self) -> Snapshots: ...

    async def read_stream(self, tenant_id: int, stream_id: UUID) -> list[StoredEvent]: ...


class RecordReader:
    """One a process."""

    def __init__(self, store: Store, codec: Codec, keys: KeyAccess) -> None:
        self._store = store
        self._codec = codec
        self._keys = keys

    async def load(self, tenant_id: int, record_id: UUID) -> Record | None:
        """The record as of the head of the log, with its key.

        Raises Conflict for a person whose fields are erased, and UnreadableEvent.
        """
        found, events = await self._store.snapshots.read(tenant_id, record_id)
        keys = await self._keys.of(events if found is None else [found, *events])
        kept: list[Opened] = []
        entries: list[Entry] = []
        if found is not None:
            try:
                kept = snapshot.events_of(found, keys)
                entries = self._decoded(kept)
            except (UnusableSnapshot, UnreadableEvent):
                self._store.snapshots.drop(found)
                kept = []
                events = await self._store.read_stream(tenant_id, record_id)
                keys = await self._keys.of(events)
        opened = [(stored, open_personal(stored, keys)) for stored in events]
        for stored, personal in opened:
            if personal is None and stored.sealed is not None:
                raise erased()
        entries += self._decoded(opened)
        record = Record.of(entries)
        if record is not None:
            record.key = key = next(iter(keys.values()), None)
            record.held = record.exclusive()
            if len(opened) >= SNAPSHOT_EVERY and len(keys) <= 1:
                kept += opened
                self._store.snapshots.offer(tenant_id, record_id, lambda: snapshot.take(kept, key))
        return record

    def _decoded(self, opened: Iterable[Opened]) -> list[Entry]:
        return [self._codec.decode(stored, personal) for stored, personal in opened]
