"""What an operator does to an installation.

Migrate, add and list tenants, find the database.
"""

import hashlib
from datetime import date
from functools import partial
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from app.failure import Mendable
from app.installation import open_dsns, open_installation
from app.settings import ExternalDatabase, Settings
from commands.perform import perform
from commands.ports import Actor, Command
from commands.tenant import found_tenant
from db.cluster import live_postmaster, locate
from db.migrate import migrate
from domain.access import Role
from domain.organization import OrganizationKind
from eventstore.tenants import add_tenant as add_log


class NotRunning(Mendable):
    """The embedded PostgreSQL does not run, so there is no address to give."""


class TenantRefused(Mendable):
    """The code is none of a tenant, or its province is missing."""


class UnknownProjection(Mendable):
    """There is no projection of that name."""


async def migrate_database(settings: Settings) -> list[str]:
    """Apply what is pending and return its names."""
    async with open_dsns(settings) as dsns:
        applied = await migrate(dsns.owner_dsn)
    return [f"{migration.number:04}_{migration.name}" for migration in applied]


async def add_tenant(  # noqa: PLR0913, PLR0917 - all that the operator says of a tenant
    settings: Settings,
    code: str,
    name: str,
    kind: OrganizationKind,
    on: date | None,
    succeeds: tuple[str, ...] = (),
) -> str:
    """Add a tenant and establish its organization; doing the same again changes nothing.

    `succeeds` are the codes of those whose place it takes. Raises TenantRefused, and what
    `found_tenant` raises.
    """
    async with open_installation(settings) as installation:
        try:
            tenant_id = await add_log(installation.dsns.owner_dsn, code)
        except asyncpg.PostgresError as refused:
            raise TenantRefused(f"The tenant {code!r} cannot be added: {refused}.") from None
        day = on or installation.clock.today(tenant_id)
        said = "\0".join((code, name, kind, str(day), *succeeds))
        command = Command(
            id=uuid5(NAMESPACE_URL, f"nguon:tenant:{code}"),
            actor=Actor("operator", Role.OPERATOR, code),
            occurred_on=day,
            input_hash=hashlib.sha256(said.encode()).digest(),
        )
        desk = installation.desk
        found = partial(found_tenant, code=code, name=name, kind=kind, succeeds=succeeds)
        await perform(desk, tenant_id, command, lambda: found(desk, command, tenant_id))
        await installation.runner.catch_up()
    return f"{tenant_id} {code}"


async def tenants(settings: Settings) -> list[str]:
    """Number, code and position of each tenant."""
    async with open_installation(settings) as installation:
        found = await installation.store.tenants()
        heads = await installation.store.heads([tenant.tenant_id for tenant in found])
    return [f"{t.tenant_id}\t{t.code}\t{heads[t.tenant_id]}" for t in found]


async def running_dsns(settings: Settings) -> ExternalDatabase:
    """The ways into a database that is running.

    Raises NotRunning for an embedded one that is not.
    """
    if settings.database is None and live_postmaster(locate(settings.home).data) is None:
        raise NotRunning(
            "The embedded PostgreSQL is not running; it runs as long as a nguon process does "
            "(nguon serve)."
        )
    async with open_dsns(settings) as dsns:
        return dsns
