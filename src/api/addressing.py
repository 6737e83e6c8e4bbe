"""Whether a document's distribution list reaches those on whom it imposes duties."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from api.context import Info
from domain.addressing import is_addressed
from domain.document import Document, Recipient
from domain.obligation import Obligation


async def unaddressed(
    info: Info, tenant_id: int, obligations: Iterable[Obligation], on: date
) -> dict[UUID, bool]:
    """By obligation whether its owner is *not* reached on a day.

    Obligations without a document, or whose document has no list, are left out.
    """
    services = info.context.services
    tree = await services.read_models.tree([tenant_id], on)
    lists: dict[UUID, tuple[Recipient, ...]] = {}
    found: dict[UUID, bool] = {}
    for obligation in obligations:
        imposed = obligation.imposed
        if imposed.document is None:
            continue
        if imposed.document not in lists:
            document = await services.register.record(
                tenant_id, Document, imposed.document, None, personal=False
            )
            lists[imposed.document] = () if document is None else document.recipients(on)
        owner = tree.get(imposed.organization_id)
        recipients = lists[imposed.document]
        if owner is not None and recipients:
            found[obligation.id] = not is_addressed(
                recipients, code=owner.code, name=owner.name, body=imposed.body
            )
    return found
