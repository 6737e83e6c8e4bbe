"""What a projection is to the runner. Knows no read model."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol, runtime_checkable

from db.database import Connection
from domain.calendar import VIETNAM
from eventstore.stored_event import StoredEvent


class Projection(Protocol):
    """One read model with tables of its own."""

    @property
    def name(self) -> str:
        """The name under which its checkpoint is kept."""
        ...

    @property
    def version(self) -> int:
        """The version of the fold: rows of another one are not moved on, but folded anew."""
        ...

    @property
    def types(self) -> frozenset[str]:
        """The event types that it folds; others only move its checkpoint."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """Its own tables, each with a `tenant_id`."""
        ...

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """Write the rows of the events in the caller's transaction.

        The events are in order, of the projection's types, and follow all earlier ones.
        """
        ...


class RecordedDay(NamedTuple):
    """A day in Vietnam on which events were recorded, and the positions of the first and last."""

    day: date
    first: int
    last: int


def recorded_days(events: Sequence[StoredEvent]) -> list[RecordedDay]:
    """On which days some events of a log, in its order, were recorded."""
    days: list[RecordedDay] = []
    for event in events:
        day = event.recorded_at.astimezone(VIETNAM).date()
        first = days.pop().first if days and days[-1].day == day else event.position
        days.append(RecordedDay(day, first, event.position))
    return days


@runtime_checkable
class Settling(Protocol):
    """A projection some of whose rows follow from its others, and may follow later at once.

    Whoever follows a log has them settled after each batch, in its transaction; a rebuild after
    many. The rows are the same.
    """

    async def settled(self, connection: Connection, tenant_id: int) -> int:
        """The position up to which nothing is left to be settled."""
        ...

    async def settle(
        self, connection: Connection, tenant_id: int, days: Sequence[RecordedDay]
    ) -> None:
        """Write what follows from the rows of these days' events, all after what is settled."""
        ...
