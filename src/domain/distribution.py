"""How a document reaches people: its recipients, who has spread it, where it was published."""

from uuid import UUID

from domain.document import Document, DocumentAddressed, Recipient
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.record import Entry, optional_words, require_words
from domain.text import Text

TEMPLATE_LENGTH_MAX = 100_000


class DocumentAcknowledged(Entry):
    """An organization has received the document and spread it (quán triệt)."""

    TOPIC = "document.acknowledged"
    by_organization_id: UUID
    note: str | None


class DocumentPublished(Entry):
    """The document, or news of it, was published."""

    TOPIC = "document.published"
    publisher: str
    site: str


class TemplateOffered(Entry):
    """A reference template goes with the document, as plain text to be downloaded."""

    TOPIC = "document.template_offered"
    name: str
    content: str


def address_document(document: Document, day: Day, *, recipients: tuple[Recipient, ...]) -> None:
    """Set the distribution list. Raises InvalidInput for an empty one."""
    if not recipients:
        raise InvalidInput(
            "NO_RECIPIENTS",
            Text("Phải có ít nhất một nơi nhận.", "There must be at least one recipient."),
            field="recipients",
        )
    document.enter(
        DocumentAddressed,
        day.on,
        recipients=tuple(
            Recipient(
                name=require_words("recipients.name", each.name, 300),
                purpose=each.purpose,
                organization=optional_words("recipients.organization", each.organization),
            )
            for each in recipients
        ),
    )


def acknowledge_document(
    document: Document, day: Day, *, by: OrganizationRef, note: str | None = None
) -> None:
    """Record that an organization has received the document and spread it.

    Raises Conflict when it is recorded already.
    """
    if any(
        isinstance(entry, DocumentAcknowledged) and entry.by_organization_id == by.id
        for entry in document.live()
    ):
        raise Conflict(
            "ALREADY_ACKNOWLEDGED",
            Text("Đơn vị này đã quán triệt văn bản.", "It has acknowledged the document already."),
            field="by",
        )
    document.enter(
        DocumentAcknowledged,
        day.on,
        by_organization_id=by.id,
        note=optional_words("note", note, 1000),
    )


def publish_document(document: Document, day: Day, *, publisher: str, site: str) -> None:
    """Record who published it where."""
    document.enter(
        DocumentPublished,
        day.on,
        publisher=require_words("publisher", publisher, 300),
        site=require_words("site", site, 300),
    )


def offer_template(document: Document, day: Day, *, name: str, content: str) -> None:
    """Offer a reference template with the document.

    Raises InvalidInput for an empty or huge one.
    """
    if not content.strip() or len(content) > TEMPLATE_LENGTH_MAX:
        raise InvalidInput(
            "INVALID_TEMPLATE",
            Text(
                f"Nội dung mẫu từ 1 đến {TEMPLATE_LENGTH_MAX} ký tự.",
                f"A template has 1 to {TEMPLATE_LENGTH_MAX} characters.",
            ),
            field="content",
        )
    document.enter(
        TemplateOffered,
        day.on,
        name=require_words("name", name, 200),
        content=content,
    )
