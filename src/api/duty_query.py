"""What is owed: of one document or directive, of one organization, and who is to be reminded."""

from uuid import UUID

import strawberry

from api import obligation_register as duties_
from api.context import Info
from api.described import field
from api.scalars import At, as_at


@strawberry.type
class DutyQuery:
    @field("Who owes what a document or a directive asks for, and what has come of it.")
    async def obligation_register(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self,
        info: Info,
        organization: str,
        document: strawberry.ID | None = None,
        directive: UUID | None = None,
        occurrence: str | None = None,
        at: At | None = None,
    ) -> duties_.ObligationRegister:
        return await duties_.obligation_register(
            info, organization, document, directive, occurrence, as_at(at)
        )

    @field("What an organization and all below it still owe, due within some days or at all.")
    async def open_obligations(
        self,
        info: Info,
        organization: str,
        within_days: int | None = None,
        at: At | None = None,
    ) -> duties_.OwedDuties:
        return await duties_.open_obligations(info, organization, within_days, as_at(at))

    @field("Owners to be reminded: overdue, or due within some days (15 unless said).")
    async def reminders(
        self,
        info: Info,
        organization: str,
        within_days: int | None = None,
        at: At | None = None,
    ) -> list[duties_.DueReminder]:
        return await duties_.reminders(info, organization, within_days, as_at(at))
