"""Live reading of some tenants' logs from a position on, at the pace of whoever reads.

Nothing is buffered beyond one batch, and nothing is remembered here: the position is the reader's.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, replace
from typing import Final, Protocol

from db.database import CONNECTION_LOST, DatabaseUnavailable
from eventstore.position import Position
from eventstore.reading import Filter
from eventstore.store import POLL_S
from eventstore.stored_event import StoredEvent

_LOGGER: Final = logging.getLogger(__name__)
BATCH_MAX: Final = 256


class Source(Protocol):
    """What of an EventStore is needed here."""

    def ticket(self) -> asyncio.Event: ...

    async def wait_for_append(self, ticket: asyncio.Event) -> None: ...

    async def heads(self, tenant_ids: Collection[int]) -> dict[int, int]: ...

    async def read_after(
        self, tenant_id: int, position: int, limit: int, wanted: Filter | None = None
    ) -> list[StoredEvent]: ...


@dataclass(frozen=True, slots=True)
class Followed:
    """An event, and where a reader stands who has seen it and all that was wanted before it."""

    event: StoredEvent
    position: Position


async def follow(
    store: Source,
    tenant_ids: Collection[int],
    after: Position,
    wanted: Filter | None = None,
) -> AsyncGenerator[Followed, None]:
    """Each wanted event after a position once, in the order of its tenant's log, without end.

    Resumed with the last position it goes on where it was. Outlives a restart of the database:
    a batch is only given out once it was read whole.
    """
    wanted = wanted or Filter()
    reached = {tenant: after.at(tenant) for tenant in tenant_ids}
    while True:
        ticket = store.ticket()
        try:
            heads = await store.heads(tenant_ids)
            behind = [tenant for tenant, head in heads.items() if head > reached[tenant]]
            batch: list[StoredEvent] = []
            for tenant in behind:
                up_to = replace(wanted, until=heads[tenant])
                batch = await store.read_after(tenant, reached[tenant], BATCH_MAX, up_to)
                for event in batch:
                    reached[tenant] = event.position
                    yield Followed(event, Position.of(reached))
                if len(batch) < BATCH_MAX:
                    # What lies between the last wanted event and the head need not be read again.
                    reached[tenant] = heads[tenant]
        except (*CONNECTION_LOST, DatabaseUnavailable) as lost:
            _LOGGER.warning("following goes on once the database is back: %s", type(lost).__name__)
            await asyncio.sleep(POLL_S)
            continue
        if not behind:
            await store.wait_for_append(ticket)
