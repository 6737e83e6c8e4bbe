"""Folds projections of a tenant anew beside what serves; reads the log once for all of them.

What each has folded is in its own checkpoint, with the rows, so one that is interrupted or cannot
fold an event keeps no other from going on.
"""

import asyncio
import gc
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import dataclass
from typing import Final

from db.database import Connection, Database
from eventstore.codec import Codec
from eventstore.reading import READ_MAX, Filter, LogReader, read_after
from eventstore.recent import Recent
from eventstore.registry import read_names
from eventstore.stored_event import StoredEvent
from projections import batch
from projections.batch import Part, Unfoldable, fold_part, settle_until
from projections.people import OfPeople
from projections.projection import Projection

SETTLE_EVERY: Final = 100_000
"""Positions after which a projection settles what it has put off."""
_PAUSE_S: Final = 0.1
_ALLOCATED: Final = 1_000_000

_BESIDE: Final = "SET LOCAL search_path = beside, public"
# Nothing is told of rows beside: of commits that a crash takes back, the checkpoint goes back with
# them, and the log is folded once more. Never where rows take over: somebody is told of that.
_UNTOLD: Final = "SET LOCAL synchronous_commit = off"
SERVING: Final = "SELECT position FROM public.checkpoint WHERE tenant_id = $1 AND projection = $2"
_STATE: Final = """
SELECT position, version FROM beside.checkpoint WHERE tenant_id = $1 AND projection = $2
"""
_FORGET: Final = "DELETE FROM beside.checkpoint WHERE tenant_id = $1 AND projection = $2"
_KNOWN: Final = read_names()


@dataclass(frozen=True, slots=True)
class Step:
    """How far a projection has come, of how far; or why it does not go on."""

    projection: str
    position: int
    until: int
    failed: Unfoldable | None = None


@dataclass(slots=True)
class _Work:
    """One projection: where its checkpoint is, how far it has looked, and how far it is to come."""

    projection: Projection
    saved: int
    position: int
    until: int
    is_lost: bool = False

    def step(self, failed: Unfoldable | None = None) -> Step:
        return Step(self.projection.name, self.position, self.until, failed)

    def part(self, page: "_Page") -> Part:
        """What a page has for it, from where it has looked to up to where it is to come."""
        until = min(page.until, self.until)
        # One of a newer program, which would not come back to it, is to be met.
        wanted = (self.projection.types | page.unknown) & page.types
        events = page.events if wanted else []
        return Part(
            self.saved,
            until,
            [e for e in events if e.type in wanted and self.position < e.position <= until],
        )


class _Page:
    """What was read of a log up to a position, and of which types it is."""

    def __init__(self, until: int, events: list[StoredEvent]) -> None:
        self.until = until
        self.events = events
        self.types = frozenset(event.type for event in events)
        self.unknown = self.types - _KNOWN


async def refold(
    database: Database, projections: Sequence[Projection], tenant: int, codec: Codec | None = None
) -> AsyncGenerator[Step, None]:
    """Fold each beside its serving rows, as far as these have come; a step each time it has moved.

    One that cannot fold an event says so and is left there; the others go on. `codec` is what
    several of them decode with.
    """
    with _few_collections(), _remembering(codec, projections):
        async with aclosing(_rounds(database, projections, tenant)) as steps:
            async for step in steps:
                yield step


@contextmanager
def _remembering(codec: Codec | None, projections: Sequence[Projection]) -> Iterator[None]:
    """What several projections fold is decoded once, and who was folded is gone on with."""
    with ExitStack() as stack:
        for projection in projections:
            if isinstance(projection, OfPeople):
                stack.enter_context(projection.people.remembering())
        if codec is not None:
            stack.callback(setattr, codec, "recent", None)
            codec.recent = Recent()
        yield


@contextmanager
def _few_collections() -> Iterator[None]:
    """What a page leaves behind is freed by its counts; to look for cycles in it cost a tenth."""
    thresholds = gc.get_threshold()
    gc.set_threshold(_ALLOCATED, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


async def _rounds(
    database: Database, projections: Sequence[Projection], tenant: int
) -> AsyncGenerator[Step, None]:
    """Over the log again as long as what serves has moved on, or another process was at it."""
    left, told = list(projections), set[str]()
    while left:
        works = [await _begin(database, each, tenant) for each in left]
        for work in works:
            if work.position >= work.until and work.projection.name not in told:
                yield work.step()
        behind = [work for work in works if work.position < work.until]
        moved = False
        async with aclosing(_round(database, tenant, behind)) as steps:
            async for step in steps:
                moved = True
                told.add(step.projection)
                if step.failed is not None:
                    behind = [e for e in behind if e.projection.name != step.projection]
                yield step
        left = [work.projection for work in behind]
        if left and not moved:
            # Another process is at it.
            await asyncio.sleep(_PAUSE_S)


async def refold_rest(
    connection: Connection, projection: Projection, tenant: int, until: int
) -> None:
    """Fold one up to a position and settle it, in the caller's transaction. Raises Unfoldable."""
    work = await _work(connection, projection, tenant, until)
    await connection.execute(_BESIDE)
    while work.position < until:
        limit = Filter(until=until)
        events = await read_after(connection, tenant, work.position, READ_MAX, limit)
        end = events[-1].position if len(events) == READ_MAX else until
        part = work.part(_Page(end, events))
        if await fold_part(connection, projection, tenant, _KNOWN, part):
            work.position = work.saved = end
        else:
            await asyncio.sleep(_PAUSE_S)
            work = await _work(connection, projection, tenant, until)
    await settle_until(connection, projection, tenant, until)
    await connection.execute("SET LOCAL search_path = public")


async def forget(connection: Connection, projection: Projection, tenant: int) -> None:
    """Drop what was folded of one beside what serves."""
    for table in projection.tables:
        await connection.execute(f"DELETE FROM beside.{table} WHERE tenant_id = $1", tenant)  # noqa: S608 (our own names)
    await connection.execute(_FORGET, tenant, projection.name)


async def _begin(database: Database, projection: Projection, tenant: int) -> _Work:
    async with database.tenant(tenant) as connection:
        until = await connection.fetchval(SERVING, tenant, projection.name) or 0
        return await _work(connection, projection, tenant, until)


async def _work(connection: Connection, projection: Projection, tenant: int, until: int) -> _Work:
    """Where it goes on; from the beginning where what is there is of no use."""
    state = await connection.fetchrow(_STATE, tenant, projection.name)
    position = 0
    if state is not None:
        position = state["position"]
        if state["version"] != projection.version or position > until:
            # Of another program, or of a log that was longer.
            await forget(connection, projection, tenant)
            position = 0
    return _Work(projection, position, position, until)


async def _round(database: Database, tenant: int, works: list[_Work]) -> AsyncGenerator[Step, None]:
    """Fold what stands in the log now; who is in another process's hands is left for later."""
    going = list(works)
    if not going:
        return
    span = min(work.position for work in going), max(work.until for work in going)
    async with aclosing(_pages(LogReader(database), tenant, *span)) as pages:
        async for page in pages:
            turns = (_turn(database, tenant, each, page) for each in going)
            for step in await asyncio.gather(*turns, return_exceptions=True):
                if isinstance(step, BaseException):
                    raise step
                if step is not None:
                    yield step
            going = [work for work in going if not work.is_lost and work.position < work.until]


async def _pages(
    log: LogReader, tenant: int, position: int, until: int
) -> AsyncGenerator[_Page, None]:
    """All events after a position up to another one; each page is read while the last is folded."""
    limit = min(READ_MAX, batch.BATCH_MAX)
    following = asyncio.ensure_future(log.read_after(tenant, position, limit))
    try:
        while position < until:
            events = await following
            end = min(events[-1].position, until) if events else until
            if end < until:
                following = asyncio.ensure_future(log.read_after(tenant, end, limit))
            yield _Page(end, events)
            position = end
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _turn(database: Database, tenant: int, work: _Work, page: _Page) -> Step | None:
    """Fold a page's part; nothing is written while there is nothing to fold, but at the end."""
    part = work.part(page)
    if part.until <= work.position:
        return None
    if not part.events and part.until < work.until:
        work.position = part.until
        return None
    settles = part.until == work.until or part.until // SETTLE_EVERY > part.after // SETTLE_EVERY
    try:
        async with database.tenant(tenant) as connection:
            await connection.execute(f"{_UNTOLD}; {_BESIDE}")
            if not await fold_part(connection, work.projection, tenant, _KNOWN, part):
                work.is_lost = True
                return None
            if settles:
                await settle_until(connection, work.projection, tenant, part.until)
    except Unfoldable as failed:
        work.is_lost = True
        return work.step(failed)
    work.position = work.saved = part.until
    return work.step()
