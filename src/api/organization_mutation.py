"""Mutations about organizations: two of the contract, and those made of commands."""

from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from api import organization as types
from api.context import Info
from api.described import field
from api.mutation import position_of, run_at
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import OrganizationKind, Position
from api.step import mutations
from commands import organization as commands
from commands import organization_attribute
from commands.ports import Recorded
from commands.step import steps_of
from commands.structure import RESTRUCTURINGS
from domain.errors import NotFound as NotFoundRefusal
from projections.basis import At
from projections.read_models import ReadModelBehind


@strawberry.input
class EstablishOrganizationInput:
    command_id: UUID
    occurred_on: date
    parent: str
    name: str
    kind: OrganizationKind
    code_segment: str | None = None
    characteristics: list[str] | None = None
    document: str | None = None


@strawberry.input
class RenameOrganizationInput:
    command_id: UUID
    occurred_on: date
    organization: str
    name: str
    document: str | None = None


@strawberry.type
class OrganizationRecorded:
    position: Position
    organization: types.Organization | None = strawberry.field(
        description="As it stands after the change; null when the read model is late or the "
        "change not yet effective."
    )


OrganizationResult: TypeAlias = Annotated[
    OrganizationRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("OrganizationResult"),
]


@strawberry.type
class OrganizationMutation:
    @field("Establish an organization below another one of the same tenant.")
    async def establish_organization(
        self,
        info: Info,
        input: EstablishOrganizationInput,  # noqa: A002 - the contract's name
    ) -> OrganizationResult:
        recorded = await run_at(
            info,
            "establishOrganization",
            input,
            input.parent,
            lambda desk, command: commands.establish_organization(
                desk,
                command,
                parent=input.parent,
                name=input.name,
                kind=input.kind,
                code_segment=input.code_segment,
                characteristics=input.characteristics or (),
                document=input.document,
            ),
        )
        return await _shown(info, recorded)

    @field("Give an organization another name from a day on; its code stays.")
    async def rename_organization(
        self,
        info: Info,
        input: RenameOrganizationInput,  # noqa: A002 - the contract's name
    ) -> OrganizationResult:
        recorded = await run_at(
            info,
            "renameOrganization",
            input,
            input.organization,
            lambda desk, command: commands.rename_organization(
                desk,
                command,
                organization=input.organization,
                name=input.name,
                document=input.document,
            ),
        )
        return await _shown(info, recorded)


async def _shown(info: Info, recorded: Recorded | AnyRefusal) -> OrganizationResult:
    if not isinstance(recorded, Recorded):
        return recorded
    position = position_of(recorded)
    try:
        changed = await types.organization_by_id(
            info, recorded.tenant_id, recorded.subject, At(after=position)
        )
    except (NotFoundRefusal, ReadModelBehind):
        # It is recorded, and nothing that goes wrong in showing it may say otherwise.
        return OrganizationRecorded(position=position, organization=None)
    return OrganizationRecorded(position=position, organization=changed)


OrganizationSteps = mutations(
    "OrganizationSteps",
    [*steps_of(organization_attribute), *RESTRUCTURINGS],
    OrganizationResult,
    _shown,
)
