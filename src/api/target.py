"""Targets as GraphQL shows them.

What was achieved is a figure of the organization, not of the target.
"""

from datetime import date
from uuid import UUID

import strawberry

from api.context import Info
from api.node import GlobalId, Node
from api.scalars import CountingDate, TargetBasis
from domain.target import Target as Record


@strawberry.type(
    description="What an organization is to achieve in a period, for all or for one group."
)
class Target(Node):
    organization: str
    basis: TargetBasis
    period: str
    first: date
    last: date
    group: str | None
    count: int | None
    share_percent: float | None
    rate_percent: float | None = strawberry.field(description="Of `baseCount`; `count` is the sum.")
    base_count: int | None
    is_minimum: bool = strawberry.field(description="Whether the document said a minimum.")
    stated_growth_percent: float | None
    counting: CountingDate
    document: str | None
    issued_by: str | None = strawberry.field(description="The body that issued the document.")
    set_by: str | None = strawberry.field(
        description="The organization that assigned it; null for an organization's own target."
    )


async def target(info: Info, tenant_id: int, target_id: UUID) -> Target:
    """The target as of the head of its log.

    The caller has been let through by the command or by `node`.
    """
    desk = info.context.services.desk
    record = await desk.log.load(tenant_id, Record, target_id)
    stated = record.stated
    holder = await desk.directory.organization_by_id(tenant_id, stated.organization_id)
    amount = record.amount()
    return Target(
        id=GlobalId("Target", tenant_id, target_id).encode(),
        organization=holder.code,
        basis=stated.basis,
        period=stated.period,
        first=stated.period_first,
        last=stated.period_last,
        group=stated.group,
        count=amount.count,
        share_percent=amount.share_percent,
        rate_percent=amount.rate_percent,
        base_count=amount.base_count,
        is_minimum=amount.is_minimum,
        stated_growth_percent=stated.stated_growth_percent,
        counting=stated.counting,
        document=amount.document,
        issued_by=amount.issued_by,
        set_by=record.set_by,
    )
