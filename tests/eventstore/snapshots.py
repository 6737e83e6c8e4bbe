"""What tests of snapshots share: they are written beside everything else, one after the other."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from tests.databases import Log, change_event, command
from tests.domain.steps import CELL, PERSON, helper, on
from tests.eventstore.appends import new_append, new_event

from domain.candidate import Candidate
from domain.record import Record
from eventstore.codec import Codec
from eventstore.records import Records, Store
from eventstore.snapshot import Snapshot
from eventstore.tenant_keys import TenantKeys

DAY: Final = date(2023, 4, 20)


async def settled(store: Store, tenant: int) -> None:
    """Until all that was offered or dropped before is dealt with: this one comes after it."""
    last = uuid4()
    version = (await store.key_sample(tenant)).key_version
    await store.append(tenant, new_append(new_event(last), key_version=version))
    store.snapshots.offer(tenant, last, lambda: Snapshot(tenant, last, 1, None, b""))
    async with asyncio.timeout(10):
        while True:
            snapshot, _ = await store.snapshots.read(tenant, last)
            if snapshot is not None:
                return
            await asyncio.sleep(0.01)


def helped(version: int) -> Candidate:
    """A new case of so many events."""
    made = Candidate.identify(uuid4(), on(DAY), CELL, PERSON)
    for _ in range(version - 1):
        helper(DAY)(made)
    return made


@dataclass
class Cellar:
    """A log with its snapshots, as a process that has just started sees it."""

    log: Log
    codec: Codec
    keys: TenantKeys

    def process(self) -> Records:
        return Records(self.log.store, self.codec, self.keys)

    async def save(self, record: Record) -> None:
        await self.process().save(self.log.tenant, command(), record, subject=record.id)

    async def load(self, record_id: UUID) -> Any:  # noqa: ANN401
        """The record as another process loads it, which then has dealt with its snapshot."""
        loaded = await self.process().load(self.log.tenant, Record, record_id)
        await settled(self.log.store, self.log.tenant)
        return loaded

    async def version(self, record_id: UUID) -> int:
        """Of the snapshot of a record, 0 without one."""
        row = await self.row(record_id)
        return row["version"] if row else 0

    async def row(self, record_id: UUID) -> Any:  # noqa: ANN401
        async with self.log.database.tenant(self.log.tenant) as connection:
            return await connection.fetchrow(
                "SELECT * FROM snapshot WHERE stream_id = $1", record_id
            )

    async def change(self, record_id: UUID, assignments: str, *values: object) -> None:
        async with self.log.database.tenant(self.log.tenant) as connection:
            changed = await connection.execute(
                f"UPDATE snapshot SET {assignments} WHERE stream_id = $1",  # noqa: S608
                record_id,
                *values,
            )
        assert changed == "UPDATE 1"

    async def make_unreadable(self, record_id: UUID, until: int) -> None:
        """Damage the events of a record up to a version: whoever reads them fails."""
        for stored in await self.log.store.read_stream(self.log.tenant, record_id):
            if stored.version <= until:
                await change_event(self.log.urls, self.log.tenant, stored.position, data=b"{")
