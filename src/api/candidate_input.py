"""What the mutations about candidates take that are more than a step."""

from datetime import date
from uuid import UUID

import strawberry

from api.scalars import Sex


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
class ErasePersonalDataInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID


@strawberry.input(
    description="`organization` is the new cell of the same tenant. Without a helper that is a "
    "finding."
)
class MoveCandidateInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    organization: str
    document: str | None = None
    helper_name: str | None = None
    helper_official_since: date | None = None


@strawberry.input(
    description="`candidate` is the duplicate. With `adoptFacts` the survivor takes over the "
    "facts that it lacks."
)
class MergeDuplicatesInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    survivor: strawberry.ID
    adopt_facts: bool = False
    document: str | None = None


@strawberry.input(description="`organization` is the cell of another tenant of the province.")
class TransferCandidateInput:
    command_id: UUID
    occurred_on: date
    candidate: strawberry.ID
    organization: str
    document: str | None = None


@strawberry.input(
    description="The case goes on from `occurredOn`, in the cell it was sent to unless another "
    "one is named."
)
class AcceptTransferInput:
    command_id: UUID
    occurred_on: date
    transfer: strawberry.ID
    organization: str | None = None


@strawberry.input(description="The case goes back to the tenant that handed it over.")
class ReturnTransferInput:
    command_id: UUID
    occurred_on: date
    transfer: strawberry.ID
    reason: str
