"""Commands about documents: the register, its links, its distribution, its templates."""

from typing import Final
from uuid import UUID

from commands.ports import Command, Desk, Recorded
from commands.scope import require_organization
from commands.step import Creation, Step, day_of
from domain import distribution, document
from domain.access import Action
from domain.document import Document
from domain.record import record_not_found

register_document: Final = Creation(
    "register_document",
    Action.KEEP_DOCUMENTS,
    Document,
    Document.register,
    document.DocumentRegistered,
)
link_document: Final = Step(
    "link_document",
    Action.KEEP_DOCUMENTS,
    Document,
    document.link_document,
    document.DocumentLinked,
)
address_document: Final = Step(
    "address_document",
    Action.KEEP_DOCUMENTS,
    Document,
    distribution.address_document,
    document.DocumentAddressed,
)
publish_document: Final = Step(
    "publish_document",
    Action.KEEP_DOCUMENTS,
    Document,
    distribution.publish_document,
    distribution.DocumentPublished,
)
offer_template: Final = Step(
    "offer_template",
    Action.KEEP_DOCUMENTS,
    Document,
    distribution.offer_template,
    distribution.TemplateOffered,
)


async def acknowledge_document(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    organization: str,
    note: str | None = None,
) -> Recorded:
    """Record that an organization has received a document of its tenant and spread it.

    The organization says so itself, or the level above for it; the document may be of any level.
    """
    by = await require_organization(desk, command.actor, Action.ACKNOWLEDGE, organization)
    if by.tenant_id != tenant_id:
        raise record_not_found(Document)
    record = await desk.log.load(tenant_id, Document, subject)
    day = await day_of(desk, tenant_id, command)
    distribution.acknowledge_document(record, day, by=by, note=note)
    return await desk.log.save(tenant_id, command, record, subject=subject)
