"""Global identifiers.

Opaque to clients, and enough for us to find a thing's tenant without searching.
"""

import base64
import binascii
from typing import NamedTuple
from uuid import UUID

import strawberry

from domain.errors import NotFound
from domain.text import Text


@strawberry.interface(description="Anything that can be fetched again by its identifier.")
class Node:
    id: strawberry.ID


class GlobalId(NamedTuple):
    """The type's GraphQL name, the tenant whose log the thing stands in, and its id there."""

    kind: str
    tenant_id: int
    id: UUID

    def encode(self) -> strawberry.ID:
        """The identifier as clients get it."""
        plain = f"{self.kind}:{self.tenant_id}:{self.id.hex}"
        return strawberry.ID(base64.urlsafe_b64encode(plain.encode()).decode().rstrip("="))


def decode_id(value: str, *, kind: str | None = None, field: str = "id") -> GlobalId:
    """The parts of an identifier.

    Raises NotFound for text that was never one of ours, or is one of another kind.
    """
    try:
        plain = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        found, tenant, hexadecimal = plain.decode("ascii").split(":")
        decoded = GlobalId(found, int(tenant), UUID(hex=hexadecimal))
    except (binascii.Error, UnicodeError, ValueError):
        raise not_found(field) from None
    if not 0 < decoded.tenant_id < 2**31:
        raise not_found(field)
    if decoded.encode() != value or (kind is not None and decoded.kind != kind):
        raise not_found(field)
    return decoded


def optional_id(kind: str, tenant_id: int, thing: UUID | None) -> strawberry.ID | None:
    """The identifier of a thing, if there is one."""
    return None if thing is None else GlobalId(kind, tenant_id, thing).encode()


def not_found(field: str) -> NotFound:
    """The refusal for an identifier that leads nowhere the caller may look."""
    return NotFound(
        "NOT_FOUND",
        Text("Không tìm thấy đối tượng có mã này.", "There is nothing with this id."),
        field=field,
    )
