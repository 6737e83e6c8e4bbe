"""The targets of an organization side by side, and the allocation grid, as GraphQL shows them."""

from datetime import date

import strawberry

from api.node import GlobalId
from api.progress import Period, Progress, period_of, progress_of
from api.scalars import TargetBasis
from domain.target import TargetAdjusted, TargetSet
from domain.target import TargetBasis as Basis
from projections import allocation as allocations
from projections import target_line


@strawberry.type(description="What a target asked for from a day on, by which document and body.")
class TargetAmount:
    from_: date = strawberry.field(name="from")
    count: int | None
    share_percent: float | None
    rate_percent: float | None
    base_count: int | None
    is_minimum: bool
    document: str | None
    issued_by: str | None
    reason: str | None = strawberry.field(description="Of an adjustment.")


@strawberry.type(description="Part of a target that went to a successor of its holder.")
class CarriedTarget:
    on: date
    successor: str
    count: int
    document: str
    issued_by: str | None
    reason: str


@strawberry.type(description="One year of a term; of its first and last, the days inside the term.")
class YearOfTerm:
    year: int
    target: int | None = strawberry.field(
        description="The target of the same basis and group for that year."
    )
    achieved: int


@strawberry.type(description="One target of an organization and what came of it.")
class TargetLine:
    id: strawberry.ID
    basis: TargetBasis
    group: str | None
    period: Period
    set: TargetAmount
    adjusted: TargetAmount | None = strawberry.field(description="The last adjustment.")
    amounts: list[TargetAmount] = strawberry.field(
        description="What was set and every adjustment, oldest first: each is the old of the next."
    )
    set_by: str | None = strawberry.field(
        description="The organization that assigned it; null for the organization's own."
    )
    registered_with: str | None = strawberry.field(
        description="Of a registered target: the organization directly above."
    )
    carried_from: strawberry.ID | None = strawberry.field(
        description="The predecessor's target that it came from."
    )
    carried: list[CarriedTarget]
    unassigned: int | None = strawberry.field(
        description="What no successor got of the amount; null where nothing was carried over."
    )
    progress: Progress
    is_met: bool | None
    years: list[YearOfTerm] = strawberry.field(description="Of a term.")


@strawberry.type(description="One group of the grid; null is everybody.")
class AllocationColumn:
    group: str | None
    own: int | None = strawberry.field(description="The organization's own target.")
    allocated: int
    remainder: int | None = strawberry.field(
        description="What of its own target is not allocated; negative when more is."
    )
    without: int = strawberry.field(description="How many organizations below have no target.")


@strawberry.type
class AllocationCell:
    group: str | None
    target: strawberry.ID | None
    count: int | None
    share_percent: float | None
    achieved: int
    percent: float | None


@strawberry.type
class AllocationRow:
    organization: str
    name: str
    cells: list[AllocationCell]


@strawberry.type(description="Organizations directly below × groups.")
class Allocation:
    columns: list[AllocationColumn]
    rows: list[AllocationRow]


def line_of(tenant_id: int, holder: str, found: target_line.TargetLine) -> TargetLine:
    """A line as GraphQL shows it; `holder` is the code of the target's organization."""
    first, last = found.amounts[0], found.amounts[-1]
    assert isinstance(first, TargetSet)
    terms = found.target.terms
    superior = holder.rpartition("/")[0] if terms.basis is Basis.REGISTERED else ""
    progress = found.progress
    source = first.carried_from
    return TargetLine(
        id=GlobalId("Target", tenant_id, found.target.id).encode(),
        basis=terms.basis,
        group=terms.group,
        period=period_of(terms.period),
        set=_amount(first),
        adjusted=_amount(last) if last is not first else None,
        amounts=[_amount(each) for each in found.amounts],
        set_by=found.target.set_by,
        registered_with=superior or None,
        carried_from=None if source is None else GlobalId("Target", tenant_id, source).encode(),
        carried=[
            CarriedTarget(
                on=each.effective_on,
                successor=each.successor,
                count=each.count,
                document=each.document,
                issued_by=each.issued_by,
                reason=each.reason,
            )
            for each in found.carried
        ],
        unassigned=found.unassigned if found.carried else None,
        progress=progress_of(progress),
        is_met=None if progress.target is None else progress.achieved >= progress.target,
        years=[
            YearOfTerm(year=each.year, target=each.target, achieved=each.achieved)
            for each in found.years
        ],
    )


def allocation_of(found: allocations.Allocation) -> Allocation:
    """The grid as GraphQL shows it."""
    return Allocation(
        columns=[
            AllocationColumn(
                group=each.group,
                own=each.own,
                allocated=each.allocated,
                remainder=each.remainder,
                without=each.without,
            )
            for each in found.columns
        ],
        rows=[
            AllocationRow(
                organization=row.node.code,
                name=row.node.name,
                cells=[_cell(row.node.tenant_id, cell) for cell in row.cells],
            )
            for row in found.rows
        ],
    )


def _cell(tenant_id: int, cell: allocations.Cell) -> AllocationCell:
    target = cell.target
    return AllocationCell(
        group=cell.group,
        target=None if target is None else GlobalId("Target", tenant_id, target.id).encode(),
        count=None if target is None else target.count,
        share_percent=None if target is None else target.share_percent,
        achieved=cell.progress.achieved,
        percent=cell.progress.percent,
    )


def _amount(entry: TargetSet | TargetAdjusted) -> TargetAmount:
    return TargetAmount(
        from_=entry.effective_on,
        count=entry.count,
        share_percent=entry.share_percent,
        rate_percent=entry.rate_percent,
        base_count=entry.base_count,
        is_minimum=entry.is_minimum,
        document=entry.document,
        issued_by=entry.issued_by,
        reason=entry.reason if isinstance(entry, TargetAdjusted) else None,
    )
