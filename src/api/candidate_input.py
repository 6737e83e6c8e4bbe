"""What the mutations about candidates take.

The fields of each step, under the names of the commands.
"""

from datetime import date
from uuid import UUID

import strawberry

from api.scalars import Sex, VettingConclusion


@strawberry.input(
    description="`organization` is the cell. Unknown stays null; `groups` are those that do not "
    "follow from the rest."
)
class IdentifyCandidateInput:
    command_id: UUID
    occurred_on: date
    organization: str
    full_name: str
    birth_date: date
    sex: Sex
    ethnicity: str | None = None
    religion: str | None = None
    identity_number: str | None = None
    groups: list[str] | None = None


@strawberry.input
class ListSympathizerInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    resolution_number: str | None = None


@strawberry.input
class RemoveSympathizerInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    reason: str
    resolution_number: str | None = None


@strawberry.input
class AssignHelperInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    helper_name: str
    helper_official_since: date


@strawberry.input
class RecordCertificateInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    number: str
    grade: str | None = None


@strawberry.input
class OpenDossierInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    resolution_number: str | None = None


@strawberry.input
class ConcludeVettingInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    conclusion: VettingConclusion
    document_number: str | None = None


@strawberry.input
class RecordCellVoteInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    official_members: int
    in_favor: int
    resolution_number: str | None = None


@strawberry.input
class SubmitDossierInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    letter_number: str | None = None


@strawberry.input
class DecideAdmissionInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    decision_number: str
    consent_number: str | None = None


@strawberry.input
class HoldCeremonyInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    decision_received_on: date | None = None
    consent_number: str | None = None


@strawberry.input
class OrderErasureInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    document_number: str
    issued_by: str
    approval_number: str | None = None


@strawberry.input
class ErasePersonalDataInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID


@strawberry.input
class RecognizeFullMemberInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    decision_number: str
    cell_vote_on: date
    official_members: int
    in_favor: int
