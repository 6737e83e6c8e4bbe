"""What an outsider needs to check a tenant's log: checkpoints and proofs. It judges nothing."""

import base64
from datetime import datetime

import strawberry

from api.access import require_code
from api.context import Info
from domain.access import Action
from domain.errors import InvalidInput, organization_not_found
from domain.text import Text
from eventstore.proofs import SignedCheckpoint


@strawberry.type(description="What a tenant's log had grown to, signed with the log's own key.")
class Checkpoint:
    origin: str = strawberry.field(description="The log: a name, the tenant's code and an epoch.")
    size: int = strawberry.field(description="It covers the first so many events.")
    root: str = strawberry.field(description="The root of the Merkle tree over them, in base64.")
    note: str = strawberry.field(description="The signed note (c2sp.org/tlog-checkpoint).")
    key: str = strawberry.field(
        description="The verifier key of the signature. Whoever relies on it got it another way."
    )
    signed_at: datetime


@strawberry.type(description="That the log of a checkpoint holds an event (RFC 9162, 2.1.3).")
class InclusionProof:
    index: int = strawberry.field(description="The event's `sequence` less one.")
    size: int
    leaf: str = strawberry.field(description="The event's leaf hash, in base64.")
    path: list[str]
    checkpoint: Checkpoint


async def newest_checkpoint(info: Info, code: str, size: int | None) -> Checkpoint | None:
    """The checkpoint of a size, or the newest one."""
    signed = await info.context.services.proofs.checkpoint(await _tenant(info, code), size)
    return None if signed is None else _shown(signed)


async def inclusion_proof(
    info: Info, code: str, sequence: int, size: int | None
) -> InclusionProof | None:
    """The proof of one event in the checkpoint of a size, or in the newest one."""
    tenant_id = await _tenant(info, code)
    found = await info.context.services.proofs.inclusion(tenant_id, sequence, size)
    if found is None:
        return None
    return InclusionProof(
        index=found.index,
        size=found.signed.checkpoint.size,
        leaf=_base64(found.leaf),
        path=[_base64(one) for one in found.path],
        checkpoint=_shown(found.signed),
    )


async def consistency_proof(info: Info, code: str, old_size: int, size: int) -> list[str]:
    """The proof between two sizes. Raises InvalidInput for sizes that nothing signed covers."""
    tenant_id = await _tenant(info, code)
    path = await info.context.services.proofs.consistency(tenant_id, old_size, size)
    if path is None:
        raise InvalidInput(
            "SIZE_OUT_OF_RANGE",
            Text(
                "Cần 0 ≤ from ≤ to ≤ số sự kiện đã niêm phong.",
                "This needs 0 ≤ from ≤ to ≤ the size of the newest checkpoint.",
            ),
            field="to",
        )
    return [_base64(one) for one in path]


async def _tenant(info: Info, code: str) -> int:
    """The tenant that bears a code; nothing below one has a log of its own. Raises NotFound."""
    await require_code(info, code, Action.READ_PROOFS)
    tenant_id = await info.context.services.desk.directory.tenant_of(code)
    if await info.context.services.codes.tenant(tenant_id) != code:
        raise organization_not_found(code)
    return tenant_id


def _shown(signed: SignedCheckpoint) -> Checkpoint:
    return Checkpoint(
        origin=signed.checkpoint.origin,
        size=signed.checkpoint.size,
        root=_base64(signed.checkpoint.root),
        note=signed.note,
        key=signed.key,
        signed_at=signed.signed_at,
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
