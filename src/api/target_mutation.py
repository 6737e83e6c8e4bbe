"""Mutations about targets: register upward, assign and allocate downward, adjust, carry over."""

from typing import Annotated, TypeAlias

import strawberry

from api import target as types
from api import target_input as given
from api.context import Info
from api.described import field
from api.mutation import position_of, run_at, run_on
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position, TargetBasis
from commands import target as commands
from commands.ports import Recorded
from commands.target_carry import carry_target


@strawberry.type
class TargetRecorded:
    position: Position
    target: types.Target


TargetResult: TypeAlias = Annotated[
    TargetRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("TargetResult"),
]


@strawberry.type
class TargetsRecorded:
    position: Position
    targets: list[types.Target]


TargetsResult: TypeAlias = Annotated[
    TargetsRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("TargetsResult"),
]


@strawberry.type
class TargetMutation:
    @field("State an organization's own target.")
    async def register_target(
        self,
        info: Info,
        input: given.RegisterTargetInput,  # noqa: A002 - the contract's name
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
                terms=given.terms_of(input, input.basis),
                amount=given.amount_of(input),
                stated_growth_percent=input.stated_growth_percent,
                document=input.document,
                issued_by=input.issued_by,
            ),
        )
        return await _shown(info, recorded)

    @field("Assign a target to an organization from above.")
    async def assign_target(
        self,
        info: Info,
        input: given.AssignTargetInput,  # noqa: A002 - the contract's name
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
                terms=given.terms_of(input, TargetBasis.ASSIGNED),
                amount=given.amount_of(input),
                stated_growth_percent=input.stated_growth_percent,
                document=input.document,
                issued_by=input.issued_by,
            ),
        )
        return await _shown(info, recorded)

    @field("Change a target's amount from a day on; the old one stays readable.")
    async def adjust_target(
        self,
        info: Info,
        input: given.AdjustTargetInput,  # noqa: A002 - the contract's name
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
                amount=given.amount_of(input),
                reason=input.reason,
                document=input.document,
                issued_by=input.issued_by,
            ),
        )
        return await _shown(info, recorded)

    @field(
        "State an organization's own targets of several periods and groups by one document: number "
        "and structure, year and term, all or none."
    )
    async def register_targets(
        self,
        info: Info,
        input: given.RegisterTargetsInput,  # noqa: A002 - the contract's name
    ) -> TargetsResult:
        recorded = await run_at(
            info,
            "registerTargets",
            input,
            input.organization,
            lambda desk, command: commands.register_targets(
                desk,
                command,
                organization=input.organization,
                lines=given.registered_lines(input),
                document=input.document,
                issued_by=input.issued_by,
            ),
        )
        return await _all_shown(info, recorded)

    @field("Assign targets to many organizations by one decision, all or none.")
    async def allocate_targets(
        self,
        info: Info,
        input: given.AllocateTargetsInput,  # noqa: A002 - the contract's name
    ) -> TargetsResult:
        recorded = await run_at(
            info,
            "allocateTargets",
            input,
            input.organization,
            lambda desk, command: commands.allocate_targets(
                desk,
                command,
                organization=input.organization,
                lines=given.allocated_lines(input),
                document=input.document,
                issued_by=input.issued_by,
            ),
        )
        return await _all_shown(info, recorded)

    @field(
        "Carry part of an ended organization's target to a successor; the answer is the "
        "successor's target, the old one stays as it was."
    )
    async def carry_target(
        self,
        info: Info,
        input: given.CarryTargetInput,  # noqa: A002 - the contract's name
    ) -> TargetResult:
        recorded = await run_on(
            info,
            "carryTarget",
            input,
            ("target", input.target),
            lambda desk, command, target: carry_target(
                desk,
                command,
                tenant_id=target.tenant_id,
                target=target.id,
                successor=input.successor,
                count=input.count,
                reason=input.reason,
                document=input.document,
                issued_by=input.issued_by,
            ),
        )
        return await _shown(info, recorded)


async def _shown(info: Info, recorded: Recorded | AnyRefusal) -> TargetResult:
    if not isinstance(recorded, Recorded):
        return recorded
    target = await types.target(info, recorded.tenant_id, recorded.subject)
    return TargetRecorded(position=position_of(recorded), target=target)


async def _all_shown(info: Info, recorded: Recorded | AnyRefusal) -> TargetsResult:
    if not isinstance(recorded, Recorded):
        return recorded
    store = info.context.services.store
    count = recorded.last_position - recorded.first_position + 1
    events = await store.read_after(recorded.tenant_id, recorded.first_position - 1, count)
    shown = [await types.target(info, recorded.tenant_id, event.stream_id) for event in events]
    return TargetsRecorded(position=position_of(recorded), targets=shown)
