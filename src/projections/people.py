"""Folds of people: from what is recorded of each, or gone on with while a log is read from afar.

A log is immutable, so a fold that has taken all up to an event holds for whoever is at the next one
of the same person.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Generic, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from db.database import Connection
from eventstore.reading import read_streams
from eventstore.stored_event import StoredEvent
from projections.progress import skipped_positions

KEPT_MAX: Final = 40_000
"""How many events the folds that are kept have taken, all together: some 60 MB."""


class Fold(Protocol):
    """What the events of one person add up to; `version` is that of the last one taken."""

    person: UUID
    version: int


F = TypeVar("F", bound=Fold)


class People(Generic[F]):
    """The folds of one projection; none is kept but while it is `remembering`."""

    def __init__(self, projection: str, begin: Callable[[UUID], F]) -> None:
        self._projection: Final = projection
        self._begin: Final = begin
        self._kept: Final[dict[tuple[int, UUID], F]] = {}
        self._events = 0
        self._room = 0

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Keep folds; those least lately gone on with are forgotten first, all in the end."""
        self._room = KEPT_MAX
        try:
            yield
        finally:
            self._room = self._events = 0
            self._kept.clear()

    async def concerned(
        self,
        connection: Connection,
        tenant_id: int,
        events: Sequence[StoredEvent],
        until: int,
        others: Collection[UUID] = (),
    ) -> list[tuple[F, list[StoredEvent]]]:
        """The fold of each person, and what it is to take in order, up to a position.

        Of those whom the events concern and of the `others`. A fold that has taken it all is to be
        given back to `keep`; one that could not is not.
        """
        following: dict[UUID, list[StoredEvent]] = {}
        for event in events:
            following.setdefault(event.stream_id, []).append(event)
        found: list[tuple[F, list[StoredEvent]]] = []
        unknown = list(set(others) - following.keys())
        for person, stream in following.items():
            fold = self._taken_out(tenant_id, person)
            if stream[0].version == 1:
                fold = self._begin(person)
            if fold is not None and fold.version == stream[0].version - 1:
                found.append((fold, stream))
            else:
                unknown.append(person)
        if unknown:
            skipped = await skipped_positions(connection, tenant_id, self._projection)
            read = await read_streams(connection, tenant_id, unknown, until=until)
            for person, stream in read.items():
                told = [event for event in stream if event.position not in skipped]
                found.append((self._begin(person), told))
        return found

    def keep(self, tenant_id: int, fold: F) -> None:
        """Remember a fold that has taken all up to its version; whoever gets it next owns it."""
        self._taken_out(tenant_id, fold.person)
        self._kept[tenant_id, fold.person] = fold
        self._events += fold.version
        while self._events > self._room:
            self._taken_out(*next(iter(self._kept)))

    def _taken_out(self, tenant_id: int, person: UUID) -> F | None:
        fold = self._kept.pop((tenant_id, person), None)
        if fold is not None:
            self._events -= fold.version
        return fold


@runtime_checkable
class OfPeople(Protocol):
    """A projection whose rows follow from what is recorded of one person each."""

    people: People[Any]
