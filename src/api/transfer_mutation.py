"""Mutations about transfers: hand a case over to another tenant, accept it there, decline it."""

from typing import Annotated, TypeAlias

import strawberry

from api import candidate_input as given
from api.context import Info
from api.described import field
from api.mutation import run_on
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from api.transfer import Transfer, transfer
from commands import transfer as commands
from commands.ports import Recorded
from eventstore import position


@strawberry.type
class TransferRecorded:
    position: Position = strawberry.field(
        description="Covers the province and both tenants, so that figures read after it show "
        "what this command did in each."
    )
    transfer: Transfer


TransferResult: TypeAlias = Annotated[
    TransferRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("TransferResult"),
]


@strawberry.type
class TransferMutation:
    @field(
        "Hand a case over to a cell of another tenant of the province. It is in transit until "
        "the committee there accepts it."
    )
    async def transfer_candidate(
        self,
        info: Info,
        input: given.TransferCandidateInput,  # noqa: A002 - the contract's name
    ) -> TransferResult:
        recorded = await run_on(
            info,
            "transferCandidate",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.transfer_candidate(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                subject=candidate.id,
                organization=input.organization,
                document=input.document,
            ),
        )
        return await _shown(info, recorded)

    @field("Take the file of a case in transit; the case goes on there, with a new helper.")
    async def accept_transfer(
        self,
        info: Info,
        input: given.AcceptTransferInput,  # noqa: A002 - the contract's name
    ) -> TransferResult:
        recorded = await run_on(
            info,
            "acceptTransfer",
            input,
            ("transfer", input.transfer),
            lambda desk, command, found: commands.accept_transfer(
                desk,
                command,
                tenant_id=found.tenant_id,
                subject=found.id,
                organization=input.organization,
            ),
        )
        return await _shown(info, recorded)

    @field("Send a case in transit back to the tenant that handed it over.")
    async def return_transfer(
        self,
        info: Info,
        input: given.ReturnTransferInput,  # noqa: A002 - the contract's name
    ) -> TransferResult:
        recorded = await run_on(
            info,
            "returnTransfer",
            input,
            ("transfer", input.transfer),
            lambda desk, command, found: commands.return_transfer(
                desk, command, tenant_id=found.tenant_id, subject=found.id, reason=input.reason
            ),
        )
        return await _shown(info, recorded)


async def _shown(info: Info, recorded: Recorded | AnyRefusal) -> TransferResult:
    if not isinstance(recorded, Recorded):
        return recorded
    services = info.context.services
    shown = await transfer(info, recorded.tenant_id, recorded.subject)
    ends = (shown.from_tenant, shown.to_tenant)
    tenants = [await services.desk.directory.tenant_of(code) for code in ends]
    heads = await services.store.heads([recorded.tenant_id, *tenants])
    return TransferRecorded(position=Position(position.Position.of(heads)), transfer=shown)
