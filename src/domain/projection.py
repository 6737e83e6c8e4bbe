"""A projection of a tenant as a subject: what an operator decided about it, and why.

Which events it passes over, and which differing rows serve. Not what it holds.
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


class DifferenceSignedOff(CreatedEntry):
    """Rows of a projection that were folded anew serve now, though they differ from the old ones.

    `replaced` rows had only the old fold, `added` rows only the new one, of the `version`.
    """

    TOPIC = "projection.difference_signed_off"
    projection: str
    version: int
    replaced: int
    added: int
    reason: str


class Projection(Record):
    """What an operator decided about one projection of one tenant."""

    taken: ClassVar[Taken] = Taken(
        "PROJECTION_DECIDED",
        Text("Một quyết định khác vừa được ghi.", "Another decision has just been recorded."),
        "projection",
    )

    @classmethod
    def begin_skip(cls, code: str, name: str, position: int, *, on: date, reason: str) -> Self:
        """The first decision: to pass over an event of the tenant `code`. Raises InvalidInput."""
        return cls._begin(EventSkipped, code, name, on, reason, skipped=position)

    def skip(self, position: int, *, on: date, reason: str) -> None:
        """Pass over one more event. Raises InvalidInput."""
        self._add(EventSkipped, on, reason, skipped=position)

    @classmethod
    def begin_sign_off(
        cls, code: str, name: str, version: int, rows: tuple[int, int], *, on: date, reason: str
    ) -> Self:
        """The first decision: to let other rows serve. Raises InvalidInput.

        `rows` are how many only the old fold had, and only the new one.
        """
        replaced, added = rows
        return cls._begin(
            DifferenceSignedOff,
            *(code, name, on, reason),
            version=version,
            replaced=replaced,
            added=added,
        )

    def sign_off(self, version: int, rows: tuple[int, int], *, on: date, reason: str) -> None:
        """Let other rows serve. Raises InvalidInput."""
        replaced, added = rows
        self._add(DifferenceSignedOff, on, reason, version=version, replaced=replaced, added=added)

    @classmethod
    def _begin(
        cls, kind: type[CreatedEntry], code: str, name: str, on: date, reason: str, **said: int
    ) -> Self:
        return cls._create(
            kind,
            id=projection_id(code, name),
            effective_on=on,
            organization_id=organization_id(code),
            projection=name,
            reason=require_words("reason", reason, 2000),
            **said,
        )

    def _add(self, kind: type[CreatedEntry], on: date, reason: str, **said: int) -> None:
        first = self.entries[0]
        assert isinstance(first, EventSkipped | DifferenceSignedOff)
        self.trigger_event(
            kind,
            originator_topic=first.originator_topic,
            effective_on=on,
            organization_id=first.organization_id,
            projection=first.projection,
            reason=require_words("reason", reason, 2000),
            **said,
        )


def projection_id(code: str, name: str) -> UUID:
    """The identity of a projection of a tenant, whose stream tells what it passes over."""
    return uuid5(_NAMESPACE, f"{code}\0{name}")
