"""Mutations about the figures of a period: close, submit upward, reopen."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from api.closing import Closing, closing_of
from api.context import Info
from api.described import field
from api.mutation import position_of, run_at
from api.organization import opened
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import PeriodInput, Position, as_period
from commands import closing as commands
from commands.ports import Command, Desk, Recorded
from projections.basis import At


@strawberry.input
class CloseFiguresInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    document: str | None = None


@strawberry.input
class SubmitFiguresInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    document: str


@strawberry.input
class ReopenFiguresInput:
    command_id: UUID
    occurred_on: date
    organization: str
    period: PeriodInput
    reason: str
    document: str | None = None


@strawberry.type
class ClosingRecorded:
    position: Position
    closing: Closing


ClosingResult: TypeAlias = Annotated[
    ClosingRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("ClosingResult"),
]
_Given: TypeAlias = CloseFiguresInput | SubmitFiguresInput | ReopenFiguresInput


@strawberry.type
class ClosingMutation:
    @field(
        "Close the figures of a period as counted on the day: what is recorded later changes what "
        "is counted now, never them."
    )
    async def close_figures(
        self,
        info: Info,
        input: CloseFiguresInput,  # noqa: A002 - the contract's name
    ) -> ClosingResult:
        return await _run(
            info,
            "closeFigures",
            input,
            lambda desk, command: commands.close_figures(
                desk,
                command,
                organization=input.organization,
                period=as_period(input.period),
                document=input.document,
            ),
        )

    @field("Submit closed figures to the level directly above.")
    async def submit_figures(
        self,
        info: Info,
        input: SubmitFiguresInput,  # noqa: A002 - the contract's name
    ) -> ClosingResult:
        return await _run(
            info,
            "submitFigures",
            input,
            lambda desk, command: commands.submit_figures(
                desk,
                command,
                organization=input.organization,
                period=as_period(input.period),
                document=input.document,
            ),
        )

    @field("Open closed figures again; once they are submitted, only a level above may.")
    async def reopen_figures(
        self,
        info: Info,
        input: ReopenFiguresInput,  # noqa: A002 - the contract's name
    ) -> ClosingResult:
        return await _run(
            info,
            "reopenFigures",
            input,
            lambda desk, command: commands.reopen_figures(
                desk,
                command,
                organization=input.organization,
                period=as_period(input.period),
                reason=input.reason,
                document=input.document,
            ),
        )


async def _run(
    info: Info,
    name: str,
    given: _Given,
    step: Callable[[Desk, Command], Awaitable[Recorded]],
) -> ClosingResult:
    recorded: Recorded | AnyRefusal = await run_at(info, name, given, given.organization, step)
    if not isinstance(recorded, Recorded):
        return recorded
    position = position_of(recorded)
    at = At(after=position)
    organization = await opened(info, given.organization, at)
    closing = await closing_of(info, organization.node, as_period(given.period), at)
    assert closing is not None, "it was just recorded"
    return ClosingRecorded(position=position, closing=closing)
