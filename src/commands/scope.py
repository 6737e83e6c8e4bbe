"""The two access checks that every command makes before it loads anything.

The role's action and the actor's part of the tree, which is that of today: who took the place of an
organization answers for what it had.
"""

from commands.ports import Actor, Desk, OrganizationRef
from domain import access
from domain.errors import NotFound, NotPermitted, organization_not_found
from domain.record import Record, record_not_found
from domain.text import Text


async def require_organization(
    desk: Desk, actor: Actor, action: access.Action, code: str
) -> OrganizationRef:
    """The organization of a code inside the actor's scope.

    Raises NotPermitted, and NotFound for one outside it.
    """
    access.require(actor.role, action)
    found = await desk.directory.organization(code)
    if not await inside(desk, actor, found):
        raise organization_not_found(code)
    if action is not access.Action.ASSIGN_TARGET:
        await _require_own_tenant(desk, actor, found)
    return found


async def require_record(desk: Desk, actor: Actor, tenant_id: int, record: Record) -> None:
    """Passes when the organization that a record belongs to lies inside the actor's scope.

    Raises NotFound, which hides that the record exists, and NotPermitted for another tenant's.
    """
    holder = await desk.directory.organization_by_id(tenant_id, record.organization_id)
    if not await inside(desk, actor, holder):
        raise record_not_found(type(record))
    await _require_own_tenant(desk, actor, holder)


async def inside(desk: Desk, actor: Actor, holder: OrganizationRef) -> bool:
    """Whether an organization is the actor's own or lies below it in today's tree.

    Looks again before it says no.
    """
    if "/" not in actor.organization:
        return within(actor.organization, holder.code)
    try:
        own = await desk.directory.organization(actor.organization)
    except NotFound:
        return False
    return await lies_in(desk, own, holder)


async def lies_in(desk: Desk, above: OrganizationRef, holder: OrganizationRef) -> bool:
    """Whether an organization is another one or lies below it in today's tree.

    Looks again before it says no.
    """
    if "/" not in above.code:
        return within(above.code, holder.code)
    if above.tenant_id != holder.tenant_id:
        return False
    if above.id in holder.path:
        return True
    await desk.directory.look_again(holder.tenant_id)
    again = await desk.directory.organization_by_id(holder.tenant_id, holder.id)
    return above.id in again.path


async def _require_own_tenant(desk: Desk, actor: Actor, holder: OrganizationRef) -> None:
    if await desk.directory.tenant_of(actor.organization) != holder.tenant_id:
        raise NotPermitted(
            "OTHER_TENANT",
            Text(
                "Hồ sơ này do cấp ủy khác quản lý; cấp tỉnh chỉ giao chỉ tiêu và xem số liệu.",
                "Another tenant keeps this record; the province assigns targets and reads figures.",
            ),
        )


def tenant_code(code: str) -> str:
    """The code of the tenant that an organization of a code path belongs to."""
    return "/".join(code.split("/")[:2])


def within(scope: str, code: str) -> bool:
    """Whether a code path is the scope's own or lies below it."""
    return code == scope or code.startswith(f"{scope}/")
