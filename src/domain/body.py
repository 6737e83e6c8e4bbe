"""Bodies of a committee: boards, commissions, offices and mass organizations, under their names.

A duty is owed by an organization or by a body. Who sits in a body is not here.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from domain.errors import Conflict
from domain.judgment import Day
from domain.organization import OrganizationRef, organization_ended
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Voided,
    entry_has_successors,
    optional_words,
    require_words,
)
from domain.text import Text


class BodyKind(StrEnum):
    """The bodies of the domain sheet, A.2; their names vary from committee to committee."""

    EXECUTIVE_COMMITTEE = "EXECUTIVE_COMMITTEE"
    STANDING_COMMITTEE = "STANDING_COMMITTEE"
    STANDING_BOARD = "STANDING_BOARD"
    ORGANIZATION_BOARD = "ORGANIZATION_BOARD"
    INSPECTION_COMMISSION = "INSPECTION_COMMISSION"
    PROPAGANDA_BOARD = "PROPAGANDA_BOARD"
    OFFICE = "OFFICE"
    ADVISORY_BOARD = "ADVISORY_BOARD"
    YOUTH_UNION = "YOUTH_UNION"
    TRADE_UNION = "TRADE_UNION"
    MASS_ORGANIZATION = "MASS_ORGANIZATION"
    TRAINING_CENTER = "TRAINING_CENTER"


class BodyEstablished(CreatedEntry):
    """A committee has the body from that day on."""

    TOPIC = "body.established"
    kind: BodyKind
    name: str
    document: str | None


class BodyRenamed(Entry):
    """The body has another name from that day on."""

    TOPIC = "body.renamed"
    name: str
    document: str | None


class BodyEnded(Entry):
    """The body exists no more from that day on."""

    TOPIC = "body.ended"
    document: str | None


class BodyEntryVoided(Voided):
    """An entry about the body was never true."""

    TOPIC = "body.entry_voided"
    reason: str


@dataclass(frozen=True, slots=True)
class BodyStanding:
    """A body as it stands on a day."""

    kind: BodyKind
    name: str
    document: str | None
    established_on: date
    ended_on: date | None


class Body(Record):
    """One body of one organization."""

    voided_entry: ClassVar[type[Voided]] = BodyEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy cơ quan này.", "There is no such body.")

    @classmethod
    def begin(cls, body_id: UUID, holder: UUID, on: date, **values: object) -> Self:
        """A new body."""
        return cls._create(
            BodyEstablished, id=body_id, effective_on=on, organization_id=holder, **values
        )

    def standing(self, on: date) -> BodyStanding | None:
        """The body as it stands on a day; None before its beginning and from its end on."""
        first: BodyEstablished | None = None
        name = ""
        for entry in self.live(on):
            if isinstance(entry, BodyEstablished):
                first, name = entry, entry.name
            elif isinstance(entry, BodyRenamed):
                name = entry.name
            else:
                return None
        if first is None:
            return None
        ended = next((e.effective_on for e in self.live() if isinstance(e, BodyEnded)), None)
        return BodyStanding(first.kind, name, first.document, first.effective_on, ended)

    def last(self) -> BodyStanding | None:
        """The body as it stood last; None for one whose beginning was voided."""
        live = self.live()
        if not live:
            return None
        ended = isinstance(live[-1], BodyEnded)
        return self.standing(live[-1].effective_on - timedelta(days=ended))

    def require_standing(self, on: date) -> BodyStanding:
        """The body as it stands on a day. Raises Conflict when it does not."""
        found = self.standing(on)
        if found is None:
            raise Conflict(
                "BODY_NOT_STANDING",
                Text("Vào ngày này không có cơ quan này.", "There is no such body on that day."),
                field="body",
            )
        return found

    def require_sound(self) -> None:
        """Passes unless something comes before the beginning or after the end. Raises Conflict."""
        live = self.live()
        if live and not isinstance(live[0], BodyEstablished):
            raise entry_has_successors()
        if any(isinstance(entry, BodyEnded) for entry in live[:-1]):
            raise entry_has_successors()


def establish_body(
    body_id: UUID,
    day: Day,
    organization: OrganizationRef,
    *,
    kind: BodyKind,
    name: str,
    document: str | None = None,
) -> Body:
    """Give a committee a body under a name of its own."""
    if organization.ended_on is not None and organization.ended_on <= day.on:
        raise organization_ended(organization.ended_on)
    return Body.begin(
        body_id,
        organization.id,
        day.on,
        kind=kind,
        name=require_words("name", name, 300),
        document=optional_words("document", document),
    )


def rename_body(body: Body, day: Day, *, name: str, document: str | None = None) -> None:
    """Give a body another name from a day on."""
    body.require_standing(day.on)
    body.trigger_event(
        BodyRenamed,
        effective_on=day.on,
        organization_id=body.organization_id,
        name=require_words("name", name, 300),
        document=optional_words("document", document),
    )
    body.require_sound()


def end_body(body: Body, day: Day, *, document: str | None = None) -> None:
    """End a body."""
    body.require_standing(day.on)
    body.trigger_event(
        BodyEnded,
        effective_on=day.on,
        organization_id=body.organization_id,
        document=optional_words("document", document),
    )
    body.require_sound()
