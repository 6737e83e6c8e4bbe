"""Mutations about candidates: those made of steps, and two that are more than a step."""

from typing import Annotated, TypeAlias

import strawberry

from api import candidate_input as given
from api.candidate import Candidate, candidate_after
from api.context import Info
from api.described import field
from api.finding import Finding, findings_of
from api.mutation import position_of, run_at, run_on
from api.node import decode_id
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from api.step import mutations
from commands import (
    awareness_class,
    condition,
    dossier,
    erasure,
    membership,
    merging,
    review,
    sympathizer,
)
from commands import candidate as commands
from commands.ports import Recorded
from commands.step import steps_of
from domain.candidate import Person


@strawberry.type
class CandidateRecorded:
    position: Position
    candidate: Candidate
    findings: list[Finding] = strawberry.field(
        description="Breaches that did not stop this step but were recorded with it."
    )


CandidateResult: TypeAlias = Annotated[
    CandidateRecorded | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("CandidateResult"),
]


@strawberry.type(description="The duplicate counts nowhere any more; it stays readable.")
class DuplicatesMerged:
    position: Position
    survivor: strawberry.ID


MergeResult: TypeAlias = Annotated[
    DuplicatesMerged | InvalidInput | NotFound | NotPermitted | RuleViolated | Conflict,
    strawberry.union("MergeResult"),
]


@strawberry.type
class CandidateMutation:
    @field("Begin to follow an outstanding person in a cell.")
    async def identify_candidate(
        self,
        info: Info,
        input: given.IdentifyCandidateInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_at(
            info,
            "identifyCandidate",
            input,
            input.organization,
            lambda desk, command: commands.identify_candidate(
                desk, command, organization=input.organization, person=_person(input)
            ),
        )
        return await _shown(info, recorded)

    @field("Let another cell of the same tenant go on with a case, with a helper of its own.")
    async def move_candidate(
        self,
        info: Info,
        input: given.MoveCandidateInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "moveCandidate",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.move_candidate(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                subject=candidate.id,
                organization=input.organization,
                document=input.document,
                helper_name=input.helper_name,
                helper_official_since=input.helper_official_since,
            ),
        )
        return await _shown(info, recorded)

    @field(
        "End a duplicate in favor of the survivor. A tenant's board merges what the tenant keeps, "
        "the province's cases of two tenants."
    )
    async def merge_duplicates(
        self,
        info: Info,
        input: given.MergeDuplicatesInput,  # noqa: A002 - the contract's name
    ) -> MergeResult:
        survivor = decode_id(input.survivor, kind="Candidate", field="survivor")
        recorded = await run_on(
            info,
            "mergeDuplicates",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: merging.merge_duplicates(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                subject=candidate.id,
                survivor=(survivor.tenant_id, survivor.id),
                adopt_facts=input.adopt_facts,
                document=input.document,
            ),
        )
        if not isinstance(recorded, Recorded):
            return recorded
        return DuplicatesMerged(position=position_of(recorded), survivor=input.survivor)

    @field("Destroy the key of a person's data, for good; the steps and the figures remain.")
    async def erase_personal_data(
        self,
        info: Info,
        input: given.ErasePersonalDataInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "erasePersonalData",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: erasure.erase_personal_data(
                desk, command, tenant_id=candidate.tenant_id, subject=candidate.id
            ),
        )
        return await _shown(info, recorded)


def _person(input: given.IdentifyCandidateInput) -> Person:  # noqa: A002 - the contract's name
    return Person(
        full_name=input.full_name,
        birth_date=input.birth_date,
        sex=input.sex,
        ethnicity=input.ethnicity,
        religion=input.religion,
        identity_number=input.identity_number,
        groups=frozenset(input.groups or ()),
    )


async def _shown(info: Info, recorded: Recorded | AnyRefusal) -> CandidateResult:
    if not isinstance(recorded, Recorded):
        return recorded
    return CandidateRecorded(
        position=position_of(recorded),
        candidate=await candidate_after(info, recorded),
        findings=await findings_of(info, recorded),
    )


CandidateSteps = mutations(
    "CandidateSteps",
    steps_of(
        commands, sympathizer, awareness_class, dossier, review, condition, membership, erasure
    ),
    CandidateResult,
    _shown,
)
