"""Documents: what was issued or received, on what it is based, to whom it went.

Classified documents are refused (domain sheet, K.13). Unknown stays unknown: a plan without a
number or a date is registered without them.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.errors import InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.period import optional_period
from domain.personal import SEALED
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Voided,
    optional_words,
    require_past,
    require_words,
)
from domain.text import Text
from domain.words import words_of


class DocumentKind(StrEnum):
    """The types of documents of the Party (domain sheet, A.3)."""

    PLAN = "PLAN"
    LETTER = "LETTER"
    RESOLUTION = "RESOLUTION"
    DIRECTIVE = "DIRECTIVE"
    NOTICE = "NOTICE"
    GUIDANCE = "GUIDANCE"
    REGULATION = "REGULATION"
    DECISION = "DECISION"
    REPORT = "REPORT"
    PROGRAM = "PROGRAM"
    MINUTES = "MINUTES"
    OTHER = "OTHER"


class RecipientPurpose(StrEnum):
    """Why somebody gets a document."""

    ACTION = "ACTION"
    REPORT = "REPORT"
    INFORMATION = "INFORMATION"
    ARCHIVE = "ARCHIVE"


class Relation(StrEnum):
    """How one document stands to another."""

    BASED_ON = "BASED_ON"
    IMPLEMENTS = "IMPLEMENTS"
    SERVES = "SERVES"
    REPLACES = "REPLACES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A line of the distribution list, as written; `organization` is its code where it has one."""

    name: str
    purpose: RecipientPurpose
    organization: str | None = None


class DocumentRegistered(CreatedEntry):
    """A document was entered into the register. `organization_id` is whose register it is."""

    TOPIC = "document.registered"
    kind: DocumentKind
    number: str | None
    issued_on: date | None
    issued_at: str | None
    title: str
    issuer: str
    parent_organization: str | None
    period: str | None
    goals: tuple[str, ...]
    key_tasks: tuple[str, ...]
    situation: str | None
    signed_in_capacity: str | None
    signer_position: str | None
    signer_name: Annotated[str | None, SEALED]


class DocumentLinked(Entry):
    """The document stands in a relation to another one, registered here or named as written."""

    TOPIC = "document.linked"
    relation: Relation
    to: UUID | None
    named: str | None
    note: str | None


class DocumentAddressed(Entry):
    """The distribution list; a later one replaces it."""

    TOPIC = "document.addressed"
    recipients: tuple[Recipient, ...]


class DocumentEntryVoided(Voided):
    """An entry about the document was never true."""

    TOPIC = "document.entry_voided"
    reason: str


class Document(Record):
    """One document."""

    voided_entry: ClassVar[type[Voided]] = DocumentEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy văn bản.", "There is no such document.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def register(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        kind: DocumentKind,
        title: str,
        issuer: str,
        number: str | None = None,
        issued_on: date | None = None,
        issued_at: str | None = None,
        parent_organization: str | None = None,
        period: str | None = None,
        goals: tuple[str, ...] = (),
        key_tasks: tuple[str, ...] = (),
        situation: str | None = None,
        signed_in_capacity: str | None = None,
        signer_position: str | None = None,
        signer_name: str | None = None,
        secrecy: str | None = None,
    ) -> Self:
        """Enter a document into an organization's register.

        `period` is a year or a term (`2020-2025`). Raises InvalidInput for a classified one.
        """
        if secrecy is not None:
            raise InvalidInput(
                "CLASSIFIED_DOCUMENT",
                Text(
                    "Không đăng ký văn bản mật trên hệ thống này.",
                    "Classified documents are not registered here.",
                ),
                field="secrecy",
            )
        if issued_on is not None:
            require_past("issuedOn", issued_on, day.on)
        return cls._create(
            DocumentRegistered,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            kind=kind,
            number=optional_words("number", number, 100),
            issued_on=issued_on,
            issued_at=optional_words("issuedAt", issued_at),
            title=require_words("title", title, 500),
            issuer=require_words("issuer", issuer, 300),
            parent_organization=optional_words("parentOrganization", parent_organization, 300),
            period=optional_period("period", period),
            goals=words_of("goals", goals),
            key_tasks=words_of("keyTasks", key_tasks),
            situation=optional_words("situation", situation, 4000),
            signed_in_capacity=optional_words("signedInCapacity", signed_in_capacity),
            signer_position=optional_words("signerPosition", signer_position),
            signer_name=optional_words("signerName", signer_name),
        )

    @property
    def registered(self) -> DocumentRegistered:
        """How it stands in the register."""
        return self.latest(DocumentRegistered)

    def recipients(self, on: date | None = None) -> tuple[Recipient, ...]:
        """The distribution list of a day."""
        lists = [entry for entry in self.live(on) if isinstance(entry, DocumentAddressed)]
        return lists[-1].recipients if lists else ()


def link_document(
    document: Document,
    day: Day,
    *,
    relation: Relation,
    to: Annotated[UUID, Document] | None = None,
    named: str | None = None,
    note: str | None = None,
) -> None:
    """Say on what the document is based, what it implements, serves or replaces.

    The other document is one of the register (`to`), or named as it is written. Raises InvalidInput
    unless exactly one of the two is given, and for the document itself.
    """
    if (to is None) == (named is None) or to == document.id:
        raise InvalidInput(
            "INVALID_LINK",
            Text(
                "Chọn một văn bản khác trong sổ (to) hoặc ghi tên văn bản (named).",
                "Give another document of the register (to) or name one (named).",
            ),
            field="to",
        )
    document.enter(
        DocumentLinked,
        day.on,
        relation=relation,
        to=to,
        named=optional_words("named", named, 500),
        note=optional_words("note", note, 1000),
    )
