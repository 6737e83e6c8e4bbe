"""Every tenant's log says which rule book its commands are judged by from then on."""

import hashlib
from uuid import NAMESPACE_URL, uuid5

from app.installation import Installation
from commands.perform import perform
from commands.ports import Actor, Command, Recorded
from commands.rulebook import adopt_rule_book
from domain.access import Role
from domain.procedure import rule_book_digest
from domain.rulebook import rulebook_id
from eventstore.tenants import Tenant


async def adopt_everywhere(installation: Installation) -> None:
    """Record the rule book of this program in the log of each tenant that goes by another one.

    A log that has not begun is left alone: its tenant is only being added.
    """
    tenants = await installation.store.tenants()
    heads = await installation.store.heads([tenant.tenant_id for tenant in tenants])
    for tenant in tenants:
        if heads[tenant.tenant_id]:
            await _adopt(installation, tenant)


async def _adopt(installation: Installation, tenant: Tenant) -> None:
    desk, name = installation.desk, f"{tenant.code}/{rule_book_digest()}"
    command = Command(
        id=uuid5(NAMESPACE_URL, f"nguon:rulebook:{name}"),
        actor=Actor("operator", Role.OPERATOR, tenant.code),
        occurred_on=desk.clock.today(tenant.tenant_id),
        input_hash=hashlib.sha256(name.encode()).digest(),
    )

    async def run() -> Recorded:
        recorded = await adopt_rule_book(
            desk, command, tenant_id=tenant.tenant_id, code=tenant.code
        )
        unchanged = Recorded(tenant.tenant_id, rulebook_id(tenant.code), 0, 0, repeated=True)
        return recorded or unchanged

    await perform(desk, tenant.tenant_id, command, run)
