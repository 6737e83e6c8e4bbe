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
