"""Mutations about candidates: the core path, one for each command of `commands.candidate`."""

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
from commands import candidate as commands
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
        recorded = await run_on(
            info,
            "listSympathizer",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.list_sympathizer(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                resolution_number=input.resolution_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Take a person off the list, with the reason.")
    async def remove_sympathizer(
        self,
        info: Info,
        input: given.RemoveSympathizerInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "removeSympathizer",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.remove_sympathizer(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                reason=input.reason,
                resolution_number=input.resolution_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Assign an official member to help a person.")
    async def assign_helper(
        self,
        info: Info,
        input: given.AssignHelperInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "assignHelper",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.assign_helper(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                helper_name=input.helper_name,
                helper_official_since=input.helper_official_since,
            ),
        )
        return await _shown(info, recorded)

    @field("Record the certificate of the awareness class; `occurredOn` is the day it bears.")
    async def record_certificate(
        self,
        info: Info,
        input: given.RecordCertificateInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "recordCertificate",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.record_certificate(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                number=input.number,
                grade=input.grade,
            ),
        )
        return await _shown(info, recorded)

    @field("Allow a sympathizer to begin the procedure.")
    async def open_dossier(
        self,
        info: Info,
        input: given.OpenDossierInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "openDossier",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.open_dossier(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                resolution_number=input.resolution_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Record the conclusion code of the vetting.")
    async def conclude_vetting(
        self,
        info: Info,
        input: given.ConcludeVettingInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "concludeVetting",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.conclude_vetting(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                conclusion=input.conclusion,
                document_number=input.document_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Record the cell's vote on proposing the admission, passed or failed.")
    async def record_cell_vote(
        self,
        info: Info,
        input: given.RecordCellVoteInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "recordCellVote",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.record_cell_vote(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                official_members=input.official_members,
                in_favor=input.in_favor,
                resolution_number=input.resolution_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Adopt the proposal and submit the dossier to the competent committee.")
    async def submit_dossier(
        self,
        info: Info,
        input: given.SubmitDossierInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "submitDossier",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.submit_dossier(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                letter_number=input.letter_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Record the committee's decision to admit; `occurredOn` is the decision's date.")
    async def decide_admission(
        self,
        info: Info,
        input: given.DecideAdmissionInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "decideAdmission",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.decide_admission(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                decision_number=input.decision_number,
                consent_number=input.consent_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Record the admission ceremony, which begins the probation.")
    async def hold_ceremony(
        self,
        info: Info,
        input: given.HoldCeremonyInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "holdCeremony",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.hold_ceremony(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                decision_received_on=input.decision_received_on,
                consent_number=input.consent_number,
            ),
        )
        return await _shown(info, recorded)

    @field("Record the decision that recognizes a full member.")
    async def recognize_full_member(
        self,
        info: Info,
        input: given.RecognizeFullMemberInput,  # noqa: A002 - the contract's name
    ) -> CandidateResult:
        recorded = await run_on(
            info,
            "recognizeFullMember",
            input,
            ("candidate", input.candidate),
            lambda desk, command, candidate: commands.recognize_full_member(
                desk,
                command,
                tenant_id=candidate.tenant_id,
                candidate=candidate.id,
                decision_number=input.decision_number,
                cell_vote_on=input.cell_vote_on,
                official_members=input.official_members,
                in_favor=input.in_favor,
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
