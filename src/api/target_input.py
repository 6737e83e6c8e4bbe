"""What mutations about targets are given, and what it is to the commands."""

from datetime import date
from uuid import UUID

import strawberry

from api.scalars import CountingDate, PeriodInput, TargetBasis, as_period
from commands.target import Line
from domain.target import Amount, TargetTerms

_AMOUNT = (
    "Exactly one of `count`, `sharePercent` (a group's share of all) and `ratePercent` (of "
    "`baseCount` people); a share needs a group."
)
_TERM = "Of a term: the holder's own congress day, its nominal day else."


@strawberry.input(description=_AMOUNT)
class RegisterTargetInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    basis: TargetBasis = TargetBasis.REGISTERED
    group: str | None = None
    count: int | None = None
    share_percent: float | None = None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool | None = None
    stated_growth_percent: float | None = None
    counting: CountingDate = CountingDate.DECISION
    term_starts_on: date | None = strawberry.field(default=None, description=_TERM)
    document: str | None = None
    issued_by: str | None = None


@strawberry.input(description=_AMOUNT)
class AssignTargetInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    group: str | None = None
    count: int | None = None
    share_percent: float | None = None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool | None = None
    stated_growth_percent: float | None = None
    counting: CountingDate = CountingDate.DECISION
    term_starts_on: date | None = strawberry.field(default=None, description=_TERM)
    document: str | None = None
    issued_by: str | None = None


@strawberry.input(description=f"One target of a document. {_AMOUNT}")
class RegisteredLineInput:
    period: PeriodInput
    basis: TargetBasis = TargetBasis.REGISTERED
    group: str | None = None
    count: int | None = None
    share_percent: float | None = None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool | None = None
    stated_growth_percent: float | None = None
    counting: CountingDate = CountingDate.DECISION
    term_starts_on: date | None = strawberry.field(default=None, description=_TERM)


@strawberry.input(description="All or none of the lines are recorded.")
class RegisterTargetsInput:
    command_id: UUID
    occurred_on: date
    organization: str
    lines: list[RegisteredLineInput]
    document: str | None = None
    issued_by: str | None = None


@strawberry.input(description=f"One cell of the grid. {_AMOUNT}")
class AllocatedLineInput:
    organization: str
    group: str | None = None
    count: int | None = None
    share_percent: float | None = None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool | None = None
    stated_growth_percent: float | None = None
    term_starts_on: date | None = strawberry.field(default=None, description=_TERM)


@strawberry.input(
    description="`organization` assigns to those below it; all or none of the lines are recorded."
)
class AllocateTargetsInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    document: str
    lines: list[AllocatedLineInput]
    issued_by: str | None = None
    counting: CountingDate = CountingDate.DECISION


@strawberry.input(description="Exactly one of `count`, `sharePercent` and `ratePercent`.")
class AdjustTargetInput:
    command_id: UUID
    occurred_on: date
    target: strawberry.ID
    reason: str
    count: int | None = None
    share_percent: float | None = None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool | None = None
    document: str | None = None
    issued_by: str | None = None


@strawberry.input(description="`target` is of an ended organization, `successor` a code.")
class CarryTargetInput:
    command_id: UUID
    occurred_on: date
    target: strawberry.ID
    successor: str
    count: int
    reason: str
    document: str
    issued_by: str | None = None


def amount_of(
    given: RegisterTargetInput
    | AssignTargetInput
    | AdjustTargetInput
    | RegisteredLineInput
    | AllocatedLineInput,
) -> Amount:
    """The amount of an input."""
    return Amount(
        count=given.count,
        share_percent=given.share_percent,
        rate_percent=given.rate_percent,
        base_count=given.base_count,
        is_minimum=bool(given.is_minimum),
    )


def terms_of(
    given: RegisterTargetInput | AssignTargetInput | RegisteredLineInput, basis: TargetBasis
) -> TargetTerms:
    """The terms of an input."""
    return TargetTerms(
        basis=basis,
        period=as_period(given.period, given.term_starts_on),
        group=given.group,
        counting=given.counting,
    )


def registered_lines(given: RegisterTargetsInput) -> list[Line]:
    """The lines of an organization's own document."""
    return [
        Line(
            given.organization,
            terms_of(line, line.basis),
            amount_of(line),
            line.stated_growth_percent,
        )
        for line in given.lines
    ]


def allocated_lines(given: AllocateTargetsInput) -> list[Line]:
    """The lines of a superior's decision."""
    return [
        Line(
            line.organization,
            TargetTerms(
                basis=TargetBasis.ASSIGNED,
                period=as_period(given.period, line.term_starts_on),
                group=line.group,
                counting=given.counting,
            ),
            amount_of(line),
            line.stated_growth_percent,
        )
        for line in given.lines
    ]
