"""The figures of an organization beside its pipeline and progress."""

from collections.abc import Iterable, Mapping
from datetime import date

import strawberry

from api.basis import Basis, basis_of
from api.closing import Closing, closing_of
from api.context import Info
from api.described import field
from api.due_count import DueCount, due_counts_of
from api.scalars import (
    CountingDate,
    PeriodInput,
    SourceWarning,
    Stage,
    TargetBasis,
    as_period,
)
from api.target_line import Allocation, TargetLine, allocation_of, line_of
from domain.groups import require_group
from projections import allocation as allocations
from projections import figures
from projections import organization as tree
from projections.basis import At
from projections.rollup import Rollup


@strawberry.type
class StageCount:
    stage: Stage
    count: int


def stage_counts_of(counts: Mapping[Stage, int]) -> list[StageCount]:
    """How many people stand where, in the order of the procedure; stages of nobody are left out."""
    return [StageCount(stage=stage, count=counts[stage]) for stage in Stage if counts.get(stage)]


@strawberry.type(description="Admissions of one month; the last one up to the asked day.")
class MonthOfAdmissions:
    first: date
    admitted: int
    running: int = strawberry.field(description="Since the first day of the period (lũy kế).")
    admitted_year_before: int = strawberry.field(description="The same days a year before.")
    running_year_before: int


@strawberry.type(
    description="Admissions of one group. People may be in several: these never add up."
)
class GroupFigure:
    group: str
    admitted: int
    percent_of_admitted: float | None
    source: int = strawberry.field(
        description="How many of the group may still be admitted on the asked day."
    )


def group_figures_of(found: Iterable[figures.GroupFigure]) -> list[GroupFigure]:
    """The figures of groups as GraphQL shows them."""
    return [
        GroupFigure(
            group=each.group,
            admitted=each.admitted,
            percent_of_admitted=each.percent_of_admitted,
            source=each.source,
        )
        for each in found
    ]


@strawberry.type
class AgeCount:
    band: str
    count: int


@strawberry.type
class GradeCount:
    grade: str | None = strawberry.field(description="As written; null without a certificate.")
    count: int


@strawberry.type(description="The quality of admissions, named beside their number.")
class AdmissionQuality:
    admitted: int
    ages: list[AgeCount] = strawberry.field(description="On the day that counts, youngest first.")
    grades: list[GradeCount] = strawberry.field(
        description="Of the awareness class's certificate held then, the most frequent first."
    )
    stages: list[StageCount] = strawberry.field(
        description="Where the people stand on the asked day; who was struck off later is there."
    )


@strawberry.type(description="Who may still be admitted, against what is left of a target.")
class Source:
    people: int
    stages: list[StageCount]
    sympathizers: int = strawberry.field(
        description="Of these, who is further than only identified."
    )
    needed: float | None = strawberry.field(description="What is left of the target.")
    admitted: int
    admitted_per_100_sympathizers: float | None = strawberry.field(
        description="Admissions of the period for each 100 sympathizers of the asked day."
    )
    warning: SourceWarning | None = strawberry.field(
        description="NO_SOURCE without anybody, LOW_SOURCE with fewer people than needed."
    )


@strawberry.type
class CellWithoutAdmission:
    organization: str
    name: str
    last_admission_on: date | None = strawberry.field(description="Null for never.")


@strawberry.type
class OrganizationFigures:
    figures: strawberry.Private[Rollup]
    node: strawberry.Private[tree.Node]
    at: strawberry.Private[At]

    @field("What these figures rest on: the same basis gives the same digits for ever.")
    async def basis(self, info: Info) -> Basis:
        return await basis_of(info, self.figures.basis)

    @field("Its targets of a period, the four bases of each group side by side.")
    async def targets(self, info: Info, period: PeriodInput) -> list[TargetLine]:
        reader = info.context.services.target_lines
        lines = await reader.lines(self.figures, self.node, as_period(period))
        info.context.spend(len(lines))
        return [line_of(self.node.tenant_id, self.node.code, line) for line in lines]

    @field("What is assigned directly below it, against its own target of a basis.")
    async def allocation(
        self,
        info: Info,
        period: PeriodInput,
        basis: TargetBasis = TargetBasis.ASSIGNED,
        against: TargetBasis = TargetBasis.ASSIGNED,
    ) -> Allocation:
        found = await allocations.allocation(
            self.figures, self.node, as_period(period), basis, against
        )
        info.context.spend(len(found.rows) * len(found.columns))
        return allocation_of(found)

    @field("Admissions month by month, with running totals, beside the same days a year before.")
    async def admissions(
        self,
        info: Info,
        period: PeriodInput,
        group: str | None = None,
        counting: CountingDate = CountingDate.DECISION,
    ) -> list[MonthOfAdmissions]:
        months = await figures.months(
            self.figures, self.node, as_period(period), require_group(group), counting
        )
        info.context.spend(len(months))
        return [
            MonthOfAdmissions(
                first=month.first,
                admitted=month.admitted,
                running=month.running,
                admitted_year_before=month.admitted_year_before,
                running_year_before=month.running_year_before,
            )
            for month in months
        ]

    @field("What each group had of a period's admissions, and its source.")
    async def group_figures(
        self, period: PeriodInput, counting: CountingDate = CountingDate.DECISION
    ) -> list[GroupFigure]:
        found = await figures.group_figures(self.figures, self.node, as_period(period), counting)
        return group_figures_of(found)

    @field("The quality of a period's admissions; at most 10,000 people at a time.")
    async def quality(
        self,
        info: Info,
        period: PeriodInput,
        group: str | None = None,
        counting: CountingDate = CountingDate.DECISION,
    ) -> AdmissionQuality:
        found = await info.context.services.qualities.of(
            self.figures, self.node, as_period(period), require_group(group), counting
        )
        info.context.spend(found.admitted)
        return AdmissionQuality(
            admitted=found.admitted,
            ages=[AgeCount(band=band, count=count) for band, count in found.ages.items()],
            grades=[
                GradeCount(grade=grade, count=count)
                for grade, count in sorted(
                    found.grades.items(), key=lambda each: (-each[1], each[0] or "")
                )
            ],
            stages=stage_counts_of(found.stages),
        )

    @field("Its source against its own target; without a target only NO_SOURCE is warned of.")
    async def source(
        self, period: PeriodInput, basis: TargetBasis = TargetBasis.ASSIGNED
    ) -> Source:
        found = await figures.source(self.figures, self.node, as_period(period), basis)
        return Source(
            people=found.people,
            stages=[StageCount(stage=stage, count=n) for stage, n in found.stages.items()],
            sympathizers=found.sympathizers,
            needed=found.needed,
            admitted=found.admitted,
            admitted_per_100_sympathizers=found.admitted_per_100_sympathizers,
            warning=found.warning,
        )

    @field("The cells, at least so many years old, that admitted nobody in these years.")
    async def cells_without_admission(self, info: Info, years: int) -> list[CellWithoutAdmission]:
        found = await figures.dry_cells(self.figures, self.node, years)
        info.context.spend(len(found))
        return [
            CellWithoutAdmission(
                organization=each.cell.code, name=each.cell.name, last_admission_on=each.last_on
            )
            for each in found
        ]

    @field(
        "What is due of the cases of its whole subtree: late, or with its last day within some "
        "days; from the first reminder of each kind on where no number is given."
    )
    async def due_counts(self, info: Info, within_days: int | None = None) -> list[DueCount]:
        return await due_counts_of(info, self.figures, self.node, within_days)

    @field("The closed figures of a period; null where they were never closed.")
    async def closing(self, info: Info, period: PeriodInput) -> Closing | None:
        info.context.spend(1)
        return await closing_of(info, self.node, as_period(period), self.at)
