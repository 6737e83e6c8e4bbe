"""What a projection is to the runner. Knows no read model."""

from typing import Protocol

from db.database import Connection
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
