"""Progress as GraphQL shows it: of an organization's field, and of each of its targets."""

from datetime import date

import strawberry

from api.scalars import CountingDate, TargetBasis
from domain import period as periods
from projections import target_progress


@strawberry.type(description="First and last day, both included.")
class Period:
    name: str
    first: date
    last: date


@strawberry.type(description="What was to be achieved in a period and what was, by the asked day.")
class Progress:
    basis: TargetBasis
    period: Period
    counting: CountingDate
    target: float | None = strawberry.field(
        description="Of a share: that share of the total target, or of all admitted where there "
        "is none."
    )
    achieved: int
    achieved_year_before: int | None = strawberry.field(
        description="Counted in the whole year before a year; null for other periods."
    )
    percent: float | None
    shortfall: float | None
    stated_growth_percent: float | None
    computed_growth_percent: float | None = strawberry.field(
        description="The growth that the target means over what was really counted in the year "
        "before."
    )
    achieved_growth_percent: float | None
    pace_percent: float | None = strawberry.field(
        description="The share of the period that had passed by the asked day."
    )
    share_percent: float | None
    target_of_achieved: float | None
    allocated: float | None = strawberry.field(
        description="The sum of the same target over the organizations directly below."
    )


def period_of(found: periods.Period) -> Period:
    """A period as GraphQL shows it."""
    return Period(name=found.name, first=found.first, last=found.last)


def progress_of(found: target_progress.Progress) -> Progress:
    """Progress as GraphQL shows it."""
    return Progress(
        basis=found.basis,
        period=period_of(found.period),
        counting=found.counting,
        target=found.target,
        achieved=found.achieved,
        achieved_year_before=found.achieved_year_before,
        percent=found.percent,
        shortfall=found.shortfall,
        stated_growth_percent=found.stated_growth_percent,
        computed_growth_percent=found.computed_growth_percent,
        achieved_growth_percent=found.achieved_growth_percent,
        pace_percent=found.pace_percent,
        share_percent=found.share_percent,
        target_of_achieved=found.target_of_achieved,
        allocated=found.allocated,
    )
