"""What every log does: the one in PostgreSQL, and its in-memory twin.

The library's own recorder test cases (`eventsourcing.tests.persistence`, 9.5) say what a recorder
of events must do. What of them applies to a log is held to here, in the terms of this one:

- AggregateRecorderTestCase: nothing is there at first; an event is read back as it was written, its
  state as bytes; an event of a version that is taken is refused; a write is atomic, and refused
  as a whole when one of its events was there or stands in it twice; events after a version, and up
  to a position (`gt`, `lte`); streams are kept apart.
- ApplicationRecorderTestCase: an insert answers with the positions, from 1, without a gap; select
  by `start` (exclusive: the inclusive form is the position before), `limit`, `stop` (`until`) and
  `topics` (`types`), and all of them together; the last position (`heads`: 0 where the library has
  None); writers and readers at once; a subscription gives what is there, then what comes, from a
  position on, by topic, and ends when it is told to.
- NonInterleavingNotificationIDsBaseCase: the events of one write stand next to each other.
- TrackingRecorderTestCase, ProcessRecorderTestCase: a write with a tracking id happens once, in the
  same transaction as its events: here that is the commandId. How far a reader has come is the
  reader's own (`Position`); a projection's is its checkpoint, see tests/projections/test_runner.py.

What does not apply: an insert of nothing (a command without an event is a programming error),
version 0 (it stands for "any" here), the last event of a stream (`desc`, which the library needs
for its snapshots), gaps between positions (there are none), factories and environment variables
(InfrastructureFactoryTestCase), ciphers, compressors, mappers and transcoders (test_codec.py and
test_sealing.py hold ours to account), and the cases that only measure (benchmarks/ does).
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from tests.eventstore.appends import new_append

from eventstore import follow, records
from eventstore.append import Verdict
from eventstore.reading import Filter
from eventstore.stored_event import StoredEvent


class Store(records.Store, follow.Source, Protocol):
    """The face of the log."""

    async def read_stream(
        self, tenant_id: int, stream_id: UUID, *, after_version: int = 0
    ) -> list[StoredEvent]: ...

    async def read_streams(
        self,
        tenant_id: int,
        stream_ids: Collection[UUID],
        *,
        until_position: int | None = None,
        types: Collection[str] | None = None,
    ) -> dict[UUID, list[StoredEvent]]: ...

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]: ...

    async def heads(self, tenant_ids: Collection[int]) -> dict[int, int]: ...

    async def positions_known_at(
        self, tenant_ids: Collection[int], known: datetime
    ) -> dict[int, int]: ...

    async def set_clock(self, tenant_id: int, clock: datetime | None) -> None: ...

    def ticket(self) -> asyncio.Event: ...

    async def wait_for_append(self, ticket: asyncio.Event, timeout_s: float = 1.0) -> None: ...

    async def __aexit__(self, *_: object) -> None: ...


@dataclass(frozen=True)
class Place:
    """A log with two tenants."""

    store: Store
    tenant: int
    other: int

    async def append(self, *events: Any, **changed: Any) -> Verdict:  # noqa: ANN401
        """The verdict on a command with these events."""
        return await self.store.append(self.tenant, new_append(*events, **changed))

    async def set_key_version(self, version: int) -> None:
        """The tenant's log is sealed with this version from now on."""
        async with self.store.key_table(self.tenant) as table:
            await table.replace(replace(table.held, key_version=version))

    async def head(self) -> int:
        """The last position of the tenant's log."""
        return (await self.store.heads([self.tenant]))[self.tenant]

    async def positions(self, position: int, limit: int, **wanted: Any) -> list[int]:  # noqa: ANN401
        """Those of the wanted events after a position."""
        found = await self.store.read_after(self.tenant, position, limit, Filter(**wanted))
        return [event.position for event in found]
