"""Organizations of the Party: a stable identity with dated attributes.

What is recorded about them stands in `organization_entry`, what changes one attribute in
`organization_attribute`, what concerns several of them in `structure`. People and targets are not
here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Self
from uuid import UUID

from domain.characteristic import require_characteristics
from domain.errors import Conflict, InvalidInput
from domain.organization_code import (
    CODE_LENGTH_MAX,
    code_below,
    code_segment,
    organization_id,
    plain_words,
    require_segment,
)
from domain.organization_entry import (
    Ended,
    Established,
    OrganizationEntry,
    OrganizationEntryVoided,
    Renamed,
    Standing,
    Succeeded,
)
from domain.organization_kind import OrganizationKind, require_kind_fits
from domain.record import (
    Record,
    Taken,
    Voided,
    entry_has_successors,
    optional_words,
    require_words,
)
from domain.text import Text

__all__ = [
    "CODE_LENGTH_MAX",
    "Established",
    "OrganizationEntryVoided",
    "OrganizationKind",
    "Renamed",
    "code_segment",
    "organization_id",
    "plain_words",
    "require_segment",
]


@dataclass(frozen=True, slots=True)
class OrganizationRef:
    """An organization as others refer to it, as it stands today.

    `path` leads from its tenant's own organization to it, itself included; that of an ended one
    leads to where its people count and then to itself. `established_on` is None where it is not
    known.
    """

    tenant_id: int
    id: UUID
    code: str
    kind: OrganizationKind
    path: tuple[UUID, ...]
    characteristics: frozenset[str]
    ended_on: date | None = field(default=None, kw_only=True)
    established_on: date | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new organization stands: its superior's id, code and kind.

    All None for a province.
    """

    id: UUID | None = None
    code: str | None = None
    kind: OrganizationKind | None = None


class Organization(Record):
    """One organization; its id follows from the code it was established under."""

    voided_entry: ClassVar[type[Voided]] = OrganizationEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy tổ chức.", "There is no such organization.")
    taken: ClassVar[Taken] = Taken(
        "CODE_TAKEN", Text("Mã này đã có tổ chức mang.", "An organization bears this code."), "code"
    )

    @classmethod
    def establish(
        cls,
        place: Place,
        *,
        on: date,
        name: str,
        kind: OrganizationKind,
        segment: str | None = None,
        characteristics: Iterable[str] = (),
        document: str | None = None,
    ) -> Self:
        """A new organization under `place`.

        `segment` is the last part of its code, made from the name when left out.

        Raises InvalidInput for a kind that cannot stand there, a bad code or an unknown
        characteristic.
        """
        name = require_words("name", name, 300)
        require_kind_fits(kind, place.kind, on)
        code = code_below(place.code, name, segment)
        return cls._create(
            Established,
            id=organization_id(code),
            effective_on=on,
            organization_id=organization_id(code),
            code=code,
            name=name,
            kind=kind,
            parent_id=place.id,
            characteristics=require_characteristics(characteristics),
            document=optional_words("document", document),
        )

    def establish_again(self, other: "Organization") -> None:
        """Take over how a new record of the same code begins; the old beginning must be voided.

        Raises Conflict (CODE_TAKEN) while somebody bears the code.
        """
        if self.live():
            raise Conflict(self.taken.code, self.taken.text, field=self.taken.field)
        first = other.established
        own = ("code", "name", "kind", "parent_id", "characteristics", "document")
        self.trigger_event(
            Established,
            originator_topic=first.originator_topic,
            effective_on=first.effective_on,
            organization_id=self.id,
            **{name: getattr(first, name) for name in own},
        )

    def rename(self, name: str, *, on: date, document: str | None = None) -> None:
        """Give the organization another name from a day on.

        Raises InvalidInput before it was established, and Conflict after it ended.
        """
        self.require_standing(on)
        self.record(Renamed, on, name=require_words("name", name, 300), document=document)

    def succeed(self, code: str, *, on: date, document: str | None = None) -> None:
        """Say that it takes the place of one that stood outside its tenant."""
        self.record(
            Succeeded,
            on,
            predecessor_id=organization_id(code),
            predecessor_code=code,
            document=document,
        )

    def record(
        self, entry: type[OrganizationEntry], on: date, /, *, document: str | None, **values: object
    ) -> None:
        """Add an entry of a day."""
        self.trigger_event(
            entry,
            effective_on=on,
            organization_id=self.id,
            document=optional_words("document", document),
            **values,
        )

    def standing(self, on: date) -> Standing | None:
        """The organization as it stands on a day.

        None before it was established; once it ended, as it ended.
        """
        found: Standing | None = None
        for entry in self.live(on):
            if isinstance(entry, Established):
                found = Standing(
                    entry.code,
                    entry.name,
                    entry.kind,
                    entry.parent_id,
                    frozenset(entry.characteristics),
                    entry.effective_on,
                )
            elif found is not None and isinstance(entry, OrganizationEntry):
                entry.take(found)
        return found

    def require_standing(self, on: date) -> Standing:
        """The organization as it stands on a day on which it exists.

        Raises InvalidInput before it was established, and Conflict from the day on which it ended.
        """
        found = self.standing(on)
        if found is None:
            raise not_established()
        if found.ended is not None:
            raise organization_ended(found.ended.effective_on)
        return found

    def require_sound(self) -> None:
        """Passes when nothing comes before the beginning or after the end.

        Raises Conflict: the later entry is to be corrected first.
        """
        live = self.live()
        if live and not isinstance(live[0], Established):
            raise entry_has_successors()
        if any(isinstance(entry, Ended) for entry in live[:-1]):
            raise entry_has_successors()

    @property
    def established(self) -> Established:
        """The entry that began it."""
        return self.latest(Established)


def require_there(place: OrganizationRef, on: date) -> None:
    """Passes for an organization that exists on a day.

    Raises InvalidInput before it was established, and Conflict from the day on which it ended.
    """
    if place.established_on is not None and on < place.established_on:
        raise not_established()
    if place.ended_on is not None and place.ended_on <= on:
        raise organization_ended(place.ended_on)


def not_established() -> InvalidInput:
    """The refusal of what is said of an organization before it was established."""
    return InvalidInput(
        "BEFORE_ESTABLISHMENT",
        Text(
            "Tổ chức chưa thành lập vào ngày này.",
            "The organization was not yet established on that day.",
        ),
        field="occurredOn",
    )


def organization_ended(on: date) -> Conflict:
    """The refusal of what is said of an organization that ended on a day."""
    return Conflict(
        "ORGANIZATION_ENDED",
        Text(f"Tổ chức đã kết thúc từ ngày {on:%d/%m/%Y}.", f"The organization ended on {on}."),
        field="organization",
    )
