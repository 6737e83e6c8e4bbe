"""Mutations about targets: register upward, assign downward, adjust."""

from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from api import target as types
from api.context import Info
from api.described import field
from api.mutation import position_of, run_at, run_on
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import CountingDate, PeriodInput, Position, TargetBasis, as_period
from commands import target as commands
from commands.ports import Recorded
from domain.target import Amount, TargetTerms


@strawberry.input(description="Exactly one of `count` and `sharePercent`; a share needs a group.")
class RegisterTargetInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    basis: TargetBasis = TargetBasis.REGISTERED
    group: str | None = None
    count: int | None = None
    share_percent: float | None = None
    stated_growth_percent: float | None = None
    counting: CountingDate = CountingDate.DECISION
    term_starts_on: date | None = strawberry.field(
        default=None, description="Of a term: the holder's own congress day, its nominal day else."
    )
    document: str | None = None


@strawberry.input(description="Exactly one of `count` and `sharePercent`; a share needs a group.")
class AssignTargetInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    group: str | None = None
    count: int | None = None
    share_percent: float | None = None
    stated_growth_percent: float | None = None
    counting: CountingDate = CountingDate.DECISION
    term_starts_on: date | None = strawberry.field(
        default=None, description="Of a term: the holder's own congress day, its nominal day else."
    )
    document: str | None = None


@strawberry.input(description="Exactly one of `count` and `sharePercent`.")
class AdjustTargetInput:
    command_id: UUID
    occurred_on: date
    target: strawberry.ID
    reason: str
    count: int | None = None
    share_percent: float | None = None
    document: str | None = None


@strawberry.type
class TargetRecorded:
    position: Position
    target: types.Target


TargetResult: TypeAlias = Annotated[
    TargetRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("TargetResult"),
]


@strawberry.type
class TargetMutation:
    @field("State an organization's own target.")
    async def register_target(
        self,
        info: Info,
        input: RegisterTargetInput,  # noqa: A002 - the contract's name
    ) -> TargetResult:
        recorded = await run_at(
            info,
            "registerTarget",
            input,
            input.organization,
            lambda desk, command: commands.register_target(
                desk,
                command,
                organization=input.organization,
                terms=_terms(input, input.basis),
                amount=Amount(input.count, input.share_percent),
                stated_growth_percent=input.stated_growth_percent,
                document=input.document,
            ),
        )
        return await _shown(info, recorded)

    @field("Assign a target to an organization from above.")
    async def assign_target(
        self,
        info: Info,
        input: AssignTargetInput,  # noqa: A002 - the contract's name
    ) -> TargetResult:
        recorded = await run_at(
            info,
            "assignTarget",
            input,
            input.organization,
            lambda desk, command: commands.assign_target(
                desk,
                command,
                organization=input.organization,
                terms=_terms(input, TargetBasis.ASSIGNED),
                amount=Amount(input.count, input.share_percent),
                stated_growth_percent=input.stated_growth_percent,
                document=input.document,
            ),
        )
        return await _shown(info, recorded)

    @field("Change a target's amount from a day on; the old one stays readable.")
    async def adjust_target(
        self,
        info: Info,
        input: AdjustTargetInput,  # noqa: A002 - the contract's name
    ) -> TargetResult:
        recorded = await run_on(
            info,
            "adjustTarget",
            input,
            ("target", input.target),
            lambda desk, command, target: commands.adjust_target(
                desk,
                command,
                tenant_id=target.tenant_id,
                target=target.id,
                amount=Amount(input.count, input.share_percent),
                reason=input.reason,
                document=input.document,
            ),
        )
        return await _shown(info, recorded)


def _terms(given: RegisterTargetInput | AssignTargetInput, basis: TargetBasis) -> TargetTerms:
    return TargetTerms(
        basis=basis,
        period=as_period(given.period, given.term_starts_on),
        group=given.group,
        counting=given.counting,
    )


async def _shown(info: Info, recorded: Recorded | AnyRefusal) -> TargetResult:
    if not isinstance(recorded, Recorded):
        return recorded
    target = await types.target(info, recorded.tenant_id, recorded.subject)
    return TargetRecorded(position=position_of(recorded), target=target)
