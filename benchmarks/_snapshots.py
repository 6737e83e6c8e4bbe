"""What a benchmark must know of snapshots: how to do without them, and when one is there."""

import asyncio
from uuid import UUID

from eventstore.snapshot_table import SnapshotTable


class NoSnapshots(SnapshotTable):
    """Where no snapshot is ever written."""

    def offer(self, *_: object) -> None:
        """Nothing comes of it."""


async def taken(snapshots: SnapshotTable, tenant_id: int, record_id: UUID) -> None:
    """Until the snapshot of a record that was just read is written."""
    async with asyncio.timeout(10):
        while (await snapshots.read(tenant_id, record_id))[0] is None:  # noqa: ASYNC110 - another task's doing
            await asyncio.sleep(0.01)
