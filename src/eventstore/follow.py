"""Live reading of some tenants' logs from a position on, at the pace of whoever reads.

Nothing is remembered here: the position is the reader's.
"""

from collections.abc import AsyncGenerator, Collection
from typing import Protocol

import msgspec

from eventstore.position import Position
from eventstore.reading import Filter
from eventstore.stored_event import StoredEvent
from eventstore.tails import Tails


class Source(Protocol):
    """What of an EventStore is needed here."""

    @property
    def tails(self) -> Tails: ...


class Followed(msgspec.Struct, frozen=True, gc=False):
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

    Resumed with the last position it goes on where it was. Outlives a restart of the database.
    Whoever keeps up is given the events that were read for all; a slow reader holds one batch at
    the most.
    """
    wanted = wanted or Filter()
    reached = {tenant: after.at(tenant) for tenant in tenant_ids}
    with store.tails.following(reached) as (seat, tails):
        while True:
            for tenant, tail in tails.items():
                end = tail.end
                while (position := reached[tenant]) < min(end, tail.end):
                    if position < tail.start:
                        batch, until = await store.tails.read_behind(tenant, position, wanted)
                    else:
                        event, until = tail.event(position + 1), position + 1
                        batch = [event] if wanted.wants(event) else []
                    for event in batch:
                        reached[tenant] = event.position
                        yield Followed(event, Position.of(reached))
                    reached[tenant] = until
            await seat.wait()
