"""A projection of a tenant as a subject: the events that it passes over, and who decided so why.

Not what it holds.
"""

from datetime import date
from typing import ClassVar, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.organization import organization_id
from domain.record import CreatedEntry, Record, Taken, require_words
from domain.text import Text

_NAMESPACE = uuid5(NAMESPACE_URL, "nguon:projection")


class EventSkipped(CreatedEntry):
    """The projection of this name never folds the event at the position `skipped` of this log."""

    TOPIC = "projection.event_skipped"
    projection: str
    skipped: int
    reason: str


class Projection(Record):
    """What one projection passes over in the log of one tenant."""

    taken: ClassVar[Taken] = Taken(
        "EVENT_ALREADY_SKIPPED",
        Text("Một sự kiện khác vừa được bỏ qua.", "Another event has just been skipped."),
        "position",
    )

    @classmethod
    def first_skip(cls, code: str, name: str, position: int, *, on: date, reason: str) -> Self:
        """The first event to be passed over; `code` is the tenant's. Raises InvalidInput."""
        return cls._create(
            EventSkipped,
            id=projection_id(code, name),
            effective_on=on,
            organization_id=organization_id(code),
            projection=name,
            skipped=position,
            reason=require_words("reason", reason, 2000),
        )

    def skip(self, position: int, *, on: date, reason: str) -> None:
        """Pass over one more event. Raises InvalidInput."""
        first = self.entries[0]
        assert isinstance(first, EventSkipped)
        self.trigger_event(
            EventSkipped,
            originator_topic=first.originator_topic,
            effective_on=on,
            organization_id=first.organization_id,
            projection=first.projection,
            skipped=position,
            reason=require_words("reason", reason, 2000),
        )


def projection_id(code: str, name: str) -> UUID:
    """The identity of a projection of a tenant, whose stream tells what it passes over."""
    return uuid5(_NAMESPACE, f"{code}\0{name}")
