"""Moves every projection of every tenant forward by itself: rows and checkpoint in one transaction.

Any number of processes may run; the row lock on a checkpoint gives each (projection, tenant) to one
of them at a time, and a dead one's share is free as soon as its connection is gone. A projection
stops before an event that it cannot fold, for that tenant only, and tries again now and then: a
newer program may know the event, or an operator may have it skipped.
"""

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from typing import Final

from opentelemetry import metrics, trace

from db.database import Database
from eventstore.reading import READ_MAX
from eventstore.registry import read_names
from eventstore.store import EventStore
from eventstore.wakeups import unless
from projections.batch import Unfoldable, fold, record_stop
from projections.progress import Progress, read_progress
from projections.projection import Projection

_LOGGER: Final = logging.getLogger(__name__)
_TRACER: Final = trace.get_tracer(__name__)
_METER: Final = metrics.get_meter(__name__)
_FOLDED: Final = _METER.create_counter("nguon.projection.events", description="Events folded")

CONCURRENT_MAX: Final = 4
POLL_S: Final = 1.0
RETRY_S: Final = 5.0


class Runner:
    """Runs projections."""

    def __init__(
        self, database: Database, store: EventStore, projections: Sequence[Projection]
    ) -> None:
        self._database = database
        self._store = store
        self._projections = {projection.name: projection for projection in projections}
        self._known = read_names()
        self._rests_until_s: dict[tuple[str, int], float] = {}
        self._began_s = time.monotonic()
        self._has_caught_up = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the projections."""
        return tuple(self._projections)

    def projection(self, name: str) -> Projection:
        """The projection of a name. Raises KeyError."""
        return self._projections[name]

    async def run(self, stop: asyncio.Event) -> None:
        """Follow all logs until `stop` is set; outlives a restart of the database."""
        while not stop.is_set():
            ticket = self._store.ticket()
            try:
                moved = await self.advance()
            except Exception:
                _LOGGER.exception("projections: a round failed, going on")
                moved = False
            if not moved:
                await unless(stop, self._store.wait_for_append(ticket, POLL_S))

    async def advance(self) -> bool:
        """One batch of each (projection, tenant) that is behind; whether any of them moved."""
        now_s = time.monotonic()
        due = [
            each
            for each in await self.progress()
            if each.lag > 0 and self._rests_until_s.get(_key(each), now_s) <= now_s
        ]
        # What others wait for comes first; processes meet less often in another order each.
        random.shuffle(due)
        due.sort(key=lambda each: self.names.index(each.projection))
        room = asyncio.Semaphore(CONCURRENT_MAX)

        async def batch(each: Progress) -> bool:
            async with room:
                return await self._try_batch(each)

        return any(await asyncio.gather(*map(batch, due)))

    async def catch_up(self) -> None:
        """Run until every projection that is not stopped has reached the heads as of each round."""
        while await self.advance():
            pass

    async def progress(self) -> list[Progress]:
        """How far each projection of each tenant has come."""
        return await read_progress(self._database, self._store, self.names)

    async def lag(self) -> dict[tuple[str, int], int]:
        """Positions between the head and the checkpoint, by (projection, tenant)."""
        return {_key(each): each.lag for each in await self.progress()}

    async def caught_up(self) -> bool:
        """Whether every projection has reached the head of every log."""
        return all(each.lag <= 0 for each in await self.progress())

    async def has_caught_up(self) -> bool:
        """Whether all that can move had reached the heads once since this process began.

        What is stopped cannot. Afterwards new events are only ever a moment behind, and one tenant
        that is not must not take the others' figures away: see `standing_still`.
        """
        if not self._has_caught_up:
            found = await self.progress()
            self._has_caught_up = all(each.lag <= 0 or each.stop is not None for each in found)
        return self._has_caught_up

    async def standing_still(self) -> list[Progress]:
        """What is stopped, and what nobody moves though it is behind."""
        watched_s = time.monotonic() - self._began_s
        return [e for e in await self.progress() if e.stop is not None or e.stalls(watched_s)]

    async def retry(self, projection: str, tenant: int) -> Progress:
        """Try at once, in this process, what may be stopped; how far it is then.

        Raises KeyError for an unknown projection.
        """
        found = await self.find(projection, tenant)
        if found.lag > 0:
            await self._try_batch(found)
        return await self.find(projection, tenant)

    async def find(self, projection: str, tenant: int) -> Progress:
        """How far one projection of a tenant has come. Raises KeyError for an unknown one."""
        found = {_key(each): each for each in await self.progress()}
        return found[projection, tenant]

    async def _try_batch(self, found: Progress) -> bool:
        """One batch, or as much of it as comes before an event that cannot be folded."""
        projection, tenant = _key(found)
        # All before a stop is folded: only its event is in question.
        at_stop = found.stop is not None and found.stop.position == found.position + 1
        try:
            moved = await self._fold_most(
                self._projections[projection], tenant, 1 if at_stop else READ_MAX
            )
        except Exception:
            _LOGGER.exception("projection %s of tenant %d: a batch failed", projection, tenant)
            moved = None
        if moved is None:
            self._rests_until_s[projection, tenant] = time.monotonic() + RETRY_S
            return False
        self._rests_until_s.pop((projection, tenant), None)
        return moved

    async def _fold_most(self, projection: Projection, tenant: int, size: int) -> bool | None:
        """A batch as large as can be folded; None when the next event cannot be at all."""
        while True:
            try:
                return await self._batch(projection, tenant, size)
            except Unfoldable as failed:
                if failed.count == 1:
                    await self._stop(projection, tenant, failed)
                    return None
                size = failed.count // 2

    async def _stop(self, projection: Projection, tenant: int, failed: Unfoldable) -> None:
        async with self._database.tenant(tenant) as connection:
            is_news = await record_stop(connection, projection, tenant, self._known, failed)
        if is_news:
            _LOGGER.error("projection %s of tenant %d stopped: %s", projection.name, tenant, failed)

    async def _batch(self, projection: Projection, tenant: int, size: int = READ_MAX) -> bool:
        """Fold one batch of at most `size` events.

        False when there was nothing to do or another process is at it. Raises Unfoldable.
        """
        with _TRACER.start_as_current_span(
            "projection batch",
            attributes={"nguon.projection": projection.name, "nguon.tenant": tenant},
        ) as span:
            async with self._database.tenant(tenant) as connection:
                folded = await fold(connection, projection, tenant, self._known, size)
            span.set_attribute("nguon.positions", folded)
        _FOLDED.add(folded, {"projection": projection.name})
        return folded > 0


def _key(each: Progress) -> tuple[str, int]:
    return each.projection, each.tenant_id
