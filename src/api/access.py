"""What a caller may read, asked once at each entrance of a query.

The rules themselves stand in `domain.access`.
"""

import re
from typing import Final

from api.context import Info, RequestContext
from commands.scope import inside, within
from domain import access
from domain.access import Action
from domain.case import Case
from domain.errors import NotFound, NotPermitted, organization_not_found
from domain.organization import CODE_LENGTH_MAX
from domain.text import Text
from projections.tree import Node

_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")


async def require_code(info: Info, code: str, action: Action) -> str:
    """The code itself, inside the caller's scope: the part of today's tree below its organization.

    Raises NotPermitted for the role, and NotFound alike for a code that is malformed or lies
    outside.
    """
    actor = info.context.actor
    access.require(actor.role, action)
    if len(code) > CODE_LENGTH_MAX or not _CODE.fullmatch(code):
        raise organization_not_found(code[:CODE_LENGTH_MAX])
    if not await covers(info.context, code):
        raise organization_not_found(code)
    return code


async def covers(context: RequestContext, code: str) -> bool:
    """Whether an organization lies in the caller's scope."""
    desk, actor = context.services.desk, context.actor
    if "/" not in actor.organization or code == actor.organization:
        return within(actor.organization, code)
    try:
        found = await desk.directory.organization(code)
    except NotFound:  # Its beginning may have been voided; what was known before can be asked for.
        return within(actor.organization, code)
    return await inside(desk, actor, found)


def sees(context: RequestContext, node: Node) -> bool:
    """Whether a node of a tree lies in the caller's scope in that tree."""
    scope = context.actor.organization
    if "/" not in scope:
        return within(scope, node.code)
    return any(above.code == scope for above in node.path())


def require_cases(context: RequestContext) -> None:
    """Passes for whoever may see single cases. A province reads roll-ups, never its tenants' cases.

    Raises NotPermitted.
    """
    access.require(context.actor.role, Action.READ_EVENTS)
    if "/" not in context.actor.organization:
        raise NotPermitted(
            "PROVINCE_READS_FIGURES",
            Text(
                "Cấp tỉnh xem số liệu tổng hợp, không xem hồ sơ của từng người.",
                "A province reads rolled-up figures, not the cases of single people.",
            ),
        )


def may_open_cases(context: RequestContext) -> bool:
    """Whether the caller may see single cases of its scope, as `require_cases`."""
    return may_read_cases(context) and "/" in context.actor.organization


def may_urge(context: RequestContext) -> bool:
    """Whether the caller may see what is late of the cases of its scope, whoever they are of."""
    permitted = access.PERMITTED[context.actor.role]
    sees = Action.READ_EVENTS in permitted or Action.URGE in permitted
    return sees and "/" in context.actor.organization


def may_read_records(context: RequestContext) -> bool:
    """Whether the caller may see documents, meetings and duties of its scope."""
    return Action.READ_RECORDS in access.PERMITTED[context.actor.role]


def may_read_persons(context: RequestContext) -> bool:
    """Whether the caller may see the personal fields of a case that it may see."""
    return Action.READ_PERSONS in access.PERMITTED[context.actor.role]


def may_read_vetting(context: RequestContext, case: Case) -> bool:
    """Whether the caller may see how the history of a case's person was vetted."""
    permitted = access.PERMITTED[context.actor.role]
    return Action.READ_VETTING in permitted or (
        Action.READ_SUBMITTED_VETTING in permitted and case.submitted is not None
    )


def may_read_all_vetting(context: RequestContext) -> bool:
    """Whether the caller may see the vetting of every case that it may see."""
    return Action.READ_VETTING in access.PERMITTED[context.actor.role]


def may_read_cases(context: RequestContext) -> bool:
    """Whether the caller may see how a case goes, not only what it recorded and the outcome."""
    return Action.READ_EVENTS in access.PERMITTED[context.actor.role]
