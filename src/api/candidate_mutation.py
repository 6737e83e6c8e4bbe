"""Mutations about candidates: those made of steps, and two that are more than a step."""

from typing import Annotated, TypeAlias

import strawberry

from api import candidate_input as given
from api.candidate import Candidate, candidate_after
from api.context import Info
from api.described import field
from api.finding import Finding, findings_of
from api.mutation import position_of, run_at, run_on
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from api.step import mutations
from commands import awareness_class, dossier, erasure, review, sympathizer
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
    steps_of(commands, sympathizer, awareness_class, dossier, review, erasure),
    CandidateResult,
    _shown,
)
