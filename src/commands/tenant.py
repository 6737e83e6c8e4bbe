"""The operator's word: a tenant's own organization, and whose place it takes."""

from collections.abc import Iterable

from commands.ports import Command, Desk, Recorded
from domain.organization import Organization, OrganizationKind, Place, organization_id
from domain.organization_attribute import take_place_of


async def found_tenant(
    desk: Desk,
    command: Command,
    tenant_id: int,
    *,
    code: str,
    name: str,
    kind: OrganizationKind,
    succeeds: Iterable[str] = (),
    document: str | None = None,
) -> Recorded:
    """Establish the own organization of a tenant; from its first day it takes the others' place.

    Raises what `Organization.establish` and `take_place_of` raise, and NotFound for a predecessor
    that nobody knows of.
    """
    above, _, segment = code.rpartition("/")
    place = Place(organization_id(above), above, OrganizationKind.PROVINCE) if above else Place()
    organization = Organization.establish(
        place, on=command.occurred_on, name=name, kind=kind, segment=segment, document=document
    )
    for each in succeeds:
        tenant = await desk.directory.tenant_of(each)
        other = await desk.log.load(tenant, Organization, organization_id(each))
        take_place_of(organization, other, on=command.occurred_on, document=document)
    return await desk.log.save(tenant_id, command, organization, subject=organization.id)
