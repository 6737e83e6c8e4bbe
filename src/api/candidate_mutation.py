"""Mutations about candidates: the core path, one for each command of `commands.candidate`."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, Protocol, TypeAlias

import strawberry

from api import candidate_input as given
from api.candidate import Candidate, candidate_after
from api.context import Info
from api.described import field
from api.finding import Finding, findings_of
from api.mutation import Input, position_of, run_at, run_on
from api.refusal import AnyRefusal, Conflict, InvalidInput, NotFound, NotPermitted, RuleViolated
from api.scalars import Position
from commands import candidate as commands
from commands import erasure
from commands.ports import Recorded
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

    @field("Put a person on the cell's list of sympathizers.")
    async def list_sympathizer(
        self,
        info: Info,
        input: given.ListSympathizerInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "listSympathizer", input, commands.list_sympathizer)

    @field("Take a person off the list, with the reason.")
    async def remove_sympathizer(
        self,
        info: Info,
        input: given.RemoveSympathizerInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "removeSympathizer", input, commands.remove_sympathizer)

    @field("Assign an official member to help a person.")
    async def assign_helper(
        self,
        info: Info,
        input: given.AssignHelperInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "assignHelper", input, commands.assign_helper)

    @field("Record the certificate of the awareness class; `occurredOn` is the day it bears.")
    async def record_certificate(
        self,
        info: Info,
        input: given.RecordCertificateInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "recordCertificate", input, commands.record_certificate)

    @field("Allow a sympathizer to begin the procedure.")
    async def open_dossier(
        self,
        info: Info,
        input: given.OpenDossierInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "openDossier", input, commands.open_dossier)

    @field("Record the conclusion code of the vetting.")
    async def conclude_vetting(
        self,
        info: Info,
        input: given.ConcludeVettingInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "concludeVetting", input, commands.conclude_vetting)

    @field("Record the cell's vote on proposing the admission, passed or failed.")
    async def record_cell_vote(
        self,
        info: Info,
        input: given.RecordCellVoteInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "recordCellVote", input, commands.record_cell_vote)

    @field("Adopt the proposal and submit the dossier to the competent committee.")
    async def submit_dossier(
        self,
        info: Info,
        input: given.SubmitDossierInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "submitDossier", input, commands.submit_dossier)

    @field("Record the committee's decision to admit; `occurredOn` is the decision's date.")
    async def decide_admission(
        self,
        info: Info,
        input: given.DecideAdmissionInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "decideAdmission", input, commands.decide_admission)

    @field("Record the admission ceremony, which begins the probation.")
    async def hold_ceremony(
        self,
        info: Info,
        input: given.HoldCeremonyInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "holdCeremony", input, commands.hold_ceremony)

    @field("Record the decision that recognizes a full member.")
    async def recognize_full_member(
        self,
        info: Info,
        input: given.RecognizeFullMemberInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "recognizeFullMember", input, commands.recognize_full_member)

    @field("Record a competent body's order to erase a person's data; a waiting period begins.")
    async def order_erasure(
        self,
        info: Info,
        input: given.OrderErasureInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "orderErasure", input, erasure.order_erasure)

    @field("Destroy the key of a person's data, for good; the steps and the figures remain.")
    async def erase_personal_data(
        self,
        info: Info,
        input: given.ErasePersonalDataInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        return await _step(info, "erasePersonalData", input, erasure.erase_personal_data)


class _StepInput(Input, Protocol):
    candidate: strawberry.ID


_OF_EVERY_STEP: Final = frozenset({"command_id", "occurred_on", "candidate"})


async def _step(
    info: Info, name: str, given: _StepInput, command: Callable[..., Awaitable[Recorded]]
) -> CandidateResult:
    """Take a step of a case; the input's own fields bear the names of the command's parameters."""
    fields = {
        field.name: getattr(given, field.name)
        for field in dataclasses.fields(given)  # type: ignore[arg-type]  # Every input is one.
        if field.name not in _OF_EVERY_STEP
    }
    recorded = await run_on(
        info,
        name,
        given,
        ("candidate", given.candidate),
        lambda desk, order, candidate: command(
            desk, order, tenant_id=candidate.tenant_id, candidate=candidate.id, **fields
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
