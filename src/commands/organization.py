"""Commands about organizations: establish and rename."""

from collections.abc import Iterable

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization
from commands.structure import decided_above
from domain.access import Action, Role
from domain.errors import Conflict, NotPermitted
from domain.organization import Organization, OrganizationKind, Place, organization_ended
from domain.record import require_past
from domain.text import Text

_GRASSROOTS = (OrganizationKind.GRASSROOTS_COMMITTEE, OrganizationKind.GRASSROOTS_CELL)


async def establish_organization(
    desk: Desk,
    command: Command,
    *,
    parent: str,
    name: str,
    kind: OrganizationKind,
    code_segment: str | None = None,
    characteristics: Iterable[str] = (),
    document: str | None = None,
) -> Recorded:
    """Establish an organization below `parent` in the same tenant.

    A tenant's own organization is added by the operator.

    Raises InvalidInput, NotPermitted, NotFound, and Conflict (CODE_TAKEN) for a code in use.
    """
    superior = await require_organization(desk, command.actor, Action.ORGANIZE, parent)
    _require_founder(command.actor, superior, kind)
    _require_known_day(desk, superior.tenant_id, command)
    if superior.ended_on is not None and superior.ended_on <= command.occurred_on:
        raise organization_ended(superior.ended_on)
    organization = Organization.establish(
        Place(superior.id, superior.code, superior.kind),
        on=command.occurred_on,
        name=name,
        kind=kind,
        segment=code_segment,
        characteristics=characteristics,
        document=document,
    )
    tenant_id, subject = superior.tenant_id, organization.id
    try:
        return await desk.log.save(tenant_id, command, organization, subject=subject)
    except Conflict as taken:
        if taken.code != Organization.taken.code:
            raise
    voided = await desk.log.load(tenant_id, Organization, subject)
    voided.establish_again(organization)
    return await desk.log.save(tenant_id, command, voided, subject=subject)


async def rename_organization(
    desk: Desk, command: Command, *, organization: str, name: str, document: str | None = None
) -> Recorded:
    """Give an organization another name from `occurred_on` on; its code stays."""
    found = await require_organization(desk, command.actor, Action.ORGANIZE, organization)
    _require_known_day(desk, found.tenant_id, command)
    record = await desk.log.load(found.tenant_id, Organization, found.id)
    record.rename(name, on=command.occurred_on, document=document)
    return await desk.log.save(found.tenant_id, command, record, subject=found.id)


def _require_founder(actor: Actor, superior: OrganizationRef, kind: OrganizationKind) -> None:
    if superior.kind is OrganizationKind.PROVINCE:
        raise NotPermitted(
            "TENANT_BY_OPERATOR",
            Text(
                "Tổ chức trực thuộc tỉnh do quản trị hệ thống thêm (nguon tenant add).",
                "The operator adds what stands directly under a province (nguon tenant add).",
            ),
            field="parent",
        )
    if kind in _GRASSROOTS and actor.role is Role.GRASSROOTS:
        raise decided_above()


def _require_known_day(desk: Desk, tenant_id: int, command: Command) -> None:
    require_past("occurredOn", command.occurred_on, desk.clock.today(tenant_id))
