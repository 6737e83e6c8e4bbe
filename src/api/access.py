"""What a caller may read, asked once at each entrance of a query. The rules themselves stand in `domain.access`."""

import re
from typing import Final

from api.context import Info, RequestContext
from commands.scope import within
from domain import access
from domain.access import Action
from domain.errors import organization_not_found
from domain.organization import CODE_LENGTH_MAX

_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")


def require_code(info: Info, code: str, action: Action) -> str:
    """The code itself, inside the caller's scope.

    Raises NotPermitted for the role, and NotFound alike for a code that is malformed or lies outside.
    """
    access.require(info.context.actor.role, action)
    if len(code) > CODE_LENGTH_MAX or not _CODE.fullmatch(code):
        raise organization_not_found(code[:CODE_LENGTH_MAX])
    if not within(info.context.actor.organization, code):
        raise organization_not_found(code)
    return code


def may(context: RequestContext, action: Action) -> bool:
    """Whether the caller's role allows it somewhere."""
    return action in access.PERMITTED[context.actor.role]
