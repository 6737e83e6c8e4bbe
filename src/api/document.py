"""Documents as GraphQL shows them, and their mutations."""

from datetime import date
from typing import TypeVar
from uuid import UUID

import strawberry

from api.context import Info
from api.described import field
from api.mutation import run_on
from api.node import GlobalId, Node
from api.record import after_command, id_of
from api.step import answer, mutation_type, mutations
from commands import document as commands
from commands.step import commands_of
from domain import document as domain
from domain.distribution import DocumentAcknowledged, DocumentPublished, TemplateOffered
from domain.document import DocumentKind, RecipientPurpose, Relation
from domain.record import Entry
from projections.basis import At

E = TypeVar("E", bound=Entry)


@strawberry.type(description="How a document stands to another: of the register, or as written.")
class DocumentLink:
    relation: Relation
    document: strawberry.ID | None
    named: str | None
    note: str | None


@strawberry.type
class DocumentRecipient:
    name: str
    purpose: RecipientPurpose
    organization: str | None


@strawberry.type(description="That an organization has received a document and spread it.")
class Acknowledgment:
    organization: str | None
    acknowledged_on: date
    note: str | None


@strawberry.type
class Publication:
    publisher: str
    site: str
    published_on: date


@strawberry.type
class Template:
    name: str
    content: str


@strawberry.type(description="A document of an organization's register, as of the asked day.")
class Document(Node):
    organization: str | None
    kind: DocumentKind
    number: str | None
    issued_on: date | None
    issued_at: str | None
    title: str
    issuer: str
    parent_organization: str | None
    period: str | None
    goals: list[str]
    key_tasks: list[str]
    situation: str | None
    signed_in_capacity: str | None
    signer_position: str | None
    signer_name: str | None
    record: strawberry.Private[domain.Document]
    tenant_id: strawberry.Private[int]
    at: strawberry.Private[At]

    @field()
    def links(self) -> list[DocumentLink]:
        return [
            DocumentLink(
                relation=each.relation,
                document=_id(self.tenant_id, each.to),
                named=each.named,
                note=each.note,
            )
            for each in self._of(domain.DocumentLinked)
        ]

    @field()
    def recipients(self) -> list[DocumentRecipient]:
        return [
            DocumentRecipient(name=each.name, purpose=each.purpose, organization=each.organization)
            for each in self.record.recipients(self.at.effective)
        ]

    @field("Which organizations have received the document and spread it.")
    async def acknowledgments(self, info: Info) -> list[Acknowledgment]:
        codes = info.context.services.codes
        return [
            Acknowledgment(
                organization=await codes.organization(self.tenant_id, each.by_organization_id),
                acknowledged_on=each.effective_on,
                note=each.note,
            )
            for each in self._of(DocumentAcknowledged)
        ]

    @field()
    def publications(self) -> list[Publication]:
        return [
            Publication(publisher=each.publisher, site=each.site, published_on=each.effective_on)
            for each in self._of(DocumentPublished)
        ]

    @field()
    def templates(self) -> list[Template]:
        return [
            Template(name=each.name, content=each.content) for each in self._of(TemplateOffered)
        ]

    def _of(self, kind: type[E]) -> list[E]:
        return [each for each in self.record.live(self.at.effective) if isinstance(each, kind)]


async def show(info: Info, record: domain.Document, tenant_id: int, at: At) -> Document:
    """A document as of a day."""
    codes = info.context.services.codes
    stated = record.registered
    return Document(
        id=id_of(record, tenant_id),
        organization=await codes.organization(tenant_id, record.organization_id),
        kind=stated.kind,
        number=stated.number,
        issued_on=stated.issued_on,
        issued_at=stated.issued_at,
        title=stated.title,
        issuer=stated.issuer,
        parent_organization=stated.parent_organization,
        period=stated.period,
        goals=list(stated.goals),
        key_tasks=list(stated.key_tasks),
        situation=stated.situation,
        signed_in_capacity=stated.signed_in_capacity,
        signer_position=stated.signer_position,
        signer_name=stated.signer_name,
        record=record,
        tenant_id=tenant_id,
        at=at,
    )


def _id(tenant_id: int, document: UUID | None) -> strawberry.ID | None:
    return None if document is None else GlobalId("Document", tenant_id, document).encode()


@strawberry.input(description="`organization` is the one that has received the document.")
class AcknowledgeDocumentInput:
    command_id: UUID
    occurred_on: date
    document: strawberry.ID
    organization: str
    note: str | None = None


DocumentResult, _shown = answer(Document, after_command(domain.Document, show))
DocumentSteps = mutations("DocumentSteps", commands_of(commands), DocumentResult, _shown)


async def acknowledge_document(info: Info, input: AcknowledgeDocumentInput) -> object:  # noqa: A002 - the contract's name
    """Record that an organization has received a document and spread it."""
    recorded = await run_on(
        info,
        "acknowledgeDocument",
        input,
        ("document", input.document),
        lambda desk, command, document: commands.acknowledge_document(
            desk,
            command,
            tenant_id=document.tenant_id,
            subject=document.id,
            organization=input.organization,
            note=input.note,
        ),
    )
    return await _shown(info, recorded)


DocumentMutation = mutation_type("DocumentMutation", DocumentResult, acknowledge_document)
