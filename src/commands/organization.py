"""Commands about organizations: establish and rename."""

from collections.abc import Iterable

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization
from domain.access import Action, Role
from domain.errors import NotPermitted
from domain.organization import Organization, OrganizationKind, Place
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
    organization = Organization.establish(
        Place(superior.id, superior.code, superior.kind),
        on=command.occurred_on,
        name=name,
        kind=kind,
        segment=code_segment,
        characteristics=characteristics,
        document=document,
    )
    return await desk.log.save(superior.tenant_id, command, organization, subject=organization.id)


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
        raise NotPermitted(
            "NOT_PERMITTED",
            Text("Cấp trên trực tiếp quyết định.", "The committee directly above decides this."),
        )


def _require_known_day(desk: Desk, tenant_id: int, command: Command) -> None:
    require_past("occurredOn", command.occurred_on, desk.clock.today(tenant_id))
