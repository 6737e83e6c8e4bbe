"""Mutations about obligations: those made from steps, and imposing many at once."""

from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from api.access import may_read_persons
from api.context import Info
from api.described import field
from api.mutation import position_of, run_at
from api.node import decode_id, not_found
from api.obligation import Obligation, show
from api.record import after_command
from api.refusal import Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from api.step import answer, mutations
from commands import obligation as commands
from commands.ports import Command, Desk, Recorded
from commands.step import commands_of
from domain import obligation as domain
from domain.obligation import ObligationKind, Part
from domain.recurrence import Recurrence
from projections.basis import At

ObligationResult, _shown = answer(Obligation, after_command(domain.Obligation, show))
ObligationSteps = mutations("ObligationSteps", commands_of(commands), ObligationResult, _shown)


@strawberry.input(description="Who owes the duty: an organization, or a body of it.")
class ObligationOwnerInput:
    organization: str
    body: str | None = None


@strawberry.input(
    description="`organization` imposes the duty, on the `owners` and, with `allBelow`, on every "
    "organization directly below it; each gets an obligation of its own. `deadline` is the text as "
    "written; what it means is said by interpretDeadline."
)
class ImposeObligationsInput:
    command_id: UUID
    occurred_on: date
    organization: str
    kind: ObligationKind
    title: str
    owners: list[ObligationOwnerInput] | None = None
    all_below: bool | None = None
    document: strawberry.ID | None = None
    addressee: str | None = None
    via: str | None = None
    lead: str | None = None
    coworkers: list[str] | None = None
    period: str | None = None
    condition: str | None = None
    deadline: str | None = None
    recurrence: Recurrence | None = None
    required: list[Part] | None = None


@strawberry.type(description="What was imposed, in the order of the log.")
class ObligationsImposed:
    position: Position
    directive: UUID
    obligations: list[Obligation]


ObligationsResult: TypeAlias = Annotated[
    ObligationsImposed | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("ObligationsResult"),
]


@strawberry.type
class ObligationMutation:
    @field("Impose one duty on many organizations and bodies at once, or on none of them.")
    async def impose_obligations(
        self,
        info: Info,
        input: ImposeObligationsInput,  # noqa: A002 - the contract's name
    ) -> ObligationsResult:
        async def impose(desk: Desk, command: Command) -> Recorded:
            tenant_id = await desk.directory.tenant_of(input.organization)
            return await commands.impose_obligations(
                desk,
                command,
                organization=input.organization,
                demand=_demand(input, tenant_id),
                owners=tuple(
                    commands.Owner(organization=each.organization, body=each.body)
                    for each in input.owners or ()
                ),
                all_below=bool(input.all_below),
            )

        recorded = await run_at(info, "imposeObligations", input, input.organization, impose)
        if not isinstance(recorded, Recorded):
            return recorded
        return await _imposed(info, recorded)


def _demand(given: ImposeObligationsInput, tenant_id: int) -> domain.Demand:
    document = None
    if given.document is not None:
        found = decode_id(given.document, kind="Document", field="document")
        if found.tenant_id != tenant_id:
            raise not_found("document")
        document = found.id
    return domain.Demand(
        kind=given.kind,
        title=given.title,
        document=document,
        addressee=given.addressee,
        via=given.via,
        lead=given.lead,
        coworkers=tuple(given.coworkers or ()),
        period=given.period,
        condition=given.condition,
        deadline=given.deadline,
        recurrence=given.recurrence,
        required=frozenset(given.required or ()),
    )


async def _imposed(info: Info, recorded: Recorded) -> ObligationsImposed:
    """What one command imposed: each of its events begins an obligation."""
    services = info.context.services
    count = recorded.last_position - recorded.first_position + 1
    events = await services.store.read_after(recorded.tenant_id, recorded.first_position - 1, count)
    info.context.spend(count)
    records = await services.register.records(
        recorded.tenant_id,
        domain.Obligation,
        [event.stream_id for event in events],
        None,
        personal=may_read_persons(info.context),
    )
    return ObligationsImposed(
        position=position_of(recorded),
        directive=records[0].imposed.directive,
        obligations=[await show(info, record, recorded.tenant_id, At()) for record in records],
    )
