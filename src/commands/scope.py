"""The two access checks that every command makes before it loads anything.

The role's action and the actor's part of the tree.
"""

from commands.ports import Actor, Desk, OrganizationRef
from domain import access
from domain.errors import NotPermitted, organization_not_found
from domain.record import Record, record_not_found
from domain.text import Text


async def require_organization(
    desk: Desk, actor: Actor, action: access.Action, code: str
) -> OrganizationRef:
    """The organization of a code inside the actor's scope.

    Raises NotPermitted, and NotFound for one outside it.
    """
    access.require(actor.role, action)
    if not within(actor.organization, code):
        raise organization_not_found(code)
    if action is not access.Action.ASSIGN_TARGET:
        _require_own_tenant(actor, code)
    return await desk.directory.organization(code)


async def require_record(desk: Desk, actor: Actor, tenant_id: int, record: Record) -> None:
    """Passes when the organization that a record belongs to lies inside the actor's scope.

    Raises NotFound, which hides that the record exists, and NotPermitted for another tenant's.
    """
    holder = await desk.directory.organization_by_id(tenant_id, record.organization_id)
    if not within(actor.organization, holder.code):
        raise record_not_found(type(record))
    _require_own_tenant(actor, holder.code)


def _require_own_tenant(actor: Actor, code: str) -> None:
    if tenant_code(actor.organization) != tenant_code(code):
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
