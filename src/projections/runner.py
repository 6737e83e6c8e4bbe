"""Moves every projection of every tenant forward by itself: rows and checkpoint in one transaction.

Those of a tenant that are a few events behind share one transaction; where one of them keeps the
others up, each has its own. Any number of processes may run; the row lock on a checkpoint gives
each (projection, tenant) to one of them at a time, and a dead one's share is free as soon as its
connection is gone. A projection stops before an event that it cannot fold, for that tenant only,
and tries again now and then: a newer program may know the event, or an operator may have it
skipped.
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
from projections.progress import Progress, read_behind, read_progress
from projections.projection import Projection

_LOGGER: Final = logging.getLogger(__name__)
_TRACER: Final = trace.get_tracer(__name__)
_METER: Final = metrics.get_meter(__name__)
_FOLDED: Final = _METER.create_counter("nguon.projection.events", description="Events folded")

CONCURRENT_MAX: Final = 4
TOGETHER_MAX: Final = 100
"""Positions up to which those that are behind are folded together."""
TOGETHER_S: Final = 2.0
"""How long the others wait for one of them before each goes on by itself."""
TELL_S: Final = 1.0
"""How old what the metrics were told may be while events come."""
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
        self._told_s = -TELL_S
        self._is_told_behind = False

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
                await self._tell(moved=moved)
            except Exception:
                _LOGGER.exception("projections: a round failed, going on")
                moved = False
            if not moved:
                await unless(stop, self._store.wait_for_append(ticket, POLL_S))

    async def _tell(self, *, moved: bool) -> None:
        """Tell the metrics how far all have come, now and then and when they have come up."""
        is_old = time.monotonic() - self._told_s >= TELL_S
        if is_old or (self._is_told_behind and not moved):
            await self.progress()

    async def advance(self) -> bool:
        """One batch of each (projection, tenant) that is behind; whether any of them moved."""
        now_s = time.monotonic()
        due = [
            each
            for each in await read_behind(self._database, self._store, self.names)
            if self._rests_until_s.get(_key(each), now_s) <= now_s
        ]
        room = asyncio.Semaphore(CONCURRENT_MAX)

        async def batch(some: list[Progress]) -> bool:
            async with room:
                moved = await self._try_together(some)
            return await batches([[each] for each in some]) if moved is None else moved

        async def batches(many: list[list[Progress]]) -> bool:
            return any(await asyncio.gather(*map(batch, many)))

        return await batches(self._shared(due))

    def _shared(self, due: list[Progress]) -> list[list[Progress]]:
        """Which of them are folded together: of one tenant, a few events behind, not stopped."""
        # What others wait for comes first; processes meet less often in another order each.
        random.shuffle(due)
        due.sort(key=lambda each: self.names.index(each.projection))
        together: dict[int, list[Progress]] = {}
        alone = []
        for each in due:
            if each.lag <= TOGETHER_MAX and each.stop is None:
                together.setdefault(each.tenant_id, []).append(each)
            else:
                alone.append([each])
        return [*together.values(), *alone]

    async def catch_up(self) -> None:
        """Run until every projection that is not stopped has reached the heads as of each round."""
        while await self.advance():
            pass

    async def progress(self) -> list[Progress]:
        """How far each projection of each tenant has come."""
        found = await read_progress(self._database, self._store, self.names)
        self._told_s = time.monotonic()
        self._is_told_behind = any(each.lag > 0 and each.stop is None for each in found)
        return found

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

    async def _try_together(self, some: list[Progress]) -> bool | None:
        """One batch of several; None when one of them keeps the others up."""
        if len(some) == 1:
            return await self._try_batch(some[0])
        tenant = some[0].tenant_id
        try:
            async with asyncio.timeout(TOGETHER_S):
                return await self._batch([self._projections[e.projection] for e in some], tenant)
        except Exception as failure:  # noqa: BLE001 - whoever it is meets it again by itself
            _LOGGER.info("projections of tenant %d: each by itself after %r", tenant, failure)
            return None

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
                return await self._batch([projection], tenant, size)
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

    async def _batch(
        self, projections: Sequence[Projection], tenant: int, size: int = READ_MAX
    ) -> bool:
        """Fold one batch of at most `size` events.

        False when there was nothing to do or other processes are at it. Raises Unfoldable.
        """
        names = [projection.name for projection in projections]
        with _TRACER.start_as_current_span(
            "projection batch",
            attributes={"nguon.projections": names, "nguon.tenant": tenant},
        ) as span:
            async with self._database.tenant(tenant) as connection:
                folded = await fold(connection, projections, tenant, self._known, size)
            span.set_attribute("nguon.positions", sum(folded.values()))
        for name, positions in folded.items():
            _FOLDED.add(positions, {"projection": name})
        return bool(folded)


def _key(each: Progress) -> tuple[str, int]:
    return each.projection, each.tenant_id
