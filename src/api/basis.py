"""What a figure rested on, as GraphQL shows it, and as it is given back."""

import base64
from datetime import date

import strawberry

from api.context import Info
from api.scalars import BasisToken
from projections import basis
from projections.basis import At


@strawberry.type(description="How much of one tenant's log counted.")
class LogBasis:
    tenant: str
    position: int = strawberry.field(description="The last event that counted; 0 for none.")
    tree_position: int = strawberry.field(
        description="The last event that the organization tree was made from."
    )
    size: int | None = strawberry.field(
        description="How far the log's Merkle tree covers it; less than `position` for about a "
        "second after recording. `consistencyProof(from: size)` leads to any later checkpoint."
    )
    root: str | None = strawberry.field(description="The tree's root at that size, in base64.")


@strawberry.type(
    description="The version of the fold of a read model. Two of one name are those of different "
    "tenants, while it is folded anew."
)
class Fold:
    name: str
    version: int


@strawberry.type(
    description="What all figures of an answer rest on. The same token gives the same digits for "
    "ever, by the same folds."
)
class Basis:
    token: BasisToken
    effective: date
    tree: date = strawberry.field(description="The day of the organization tree.")
    folds: list[Fold]
    logs: list[LogBasis]


async def basis_of(info: Info, rested_on: basis.Basis) -> Basis:
    """The basis of a roll-up that the caller may see."""
    receipt = await info.context.services.read_models.receipts.of(rested_on)
    info.context.spend(len(receipt.logs))
    codes = info.context.services.codes
    return Basis(
        token=BasisToken(receipt),
        effective=receipt.effective,
        tree=receipt.tree_on,
        folds=[
            Fold(name=name, version=version)
            for place, name in enumerate(receipt.folds)
            for version in sorted({log.versions[place] for log in receipt.logs})
        ],
        logs=[
            LogBasis(
                tenant=await codes.tenant(log.tenant_id),
                position=log.position,
                tree_position=log.tree_position,
                size=log.size,
                root=None if log.root is None else base64.b64encode(log.root).decode("ascii"),
            )
            for log in receipt.logs
        ],
    )


async def known_until(info: Info, tenant_id: int, at: At) -> int | None:
    """The last position of a tenant's log that may be read; None for its head.

    Raises InvalidBasis for a basis of other tenants.
    """
    if at.basis is not None:
        return at.basis.position(tenant_id)
    if at.known is None:
        return None
    store = info.context.services.store
    return (await store.positions_known_at([tenant_id], at.known))[tenant_id]
