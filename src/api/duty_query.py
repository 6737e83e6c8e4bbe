"""What is owed: of a document or directive, of an organization; what is due, who is reminded."""

from uuid import UUID

import strawberry

from api import obligation_register as duties_
from api.context import Info
from api.described import field
from api.due import DueConnection
from api.due_list import Question, due_list
from api.scalars import At, DueKind, as_at


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

    @field(
        "What is late, and what is due within some days, in an organization and all below it; "
        "the first last day first. Without a number of days each kind is listed from its first "
        "reminder on. `territory` narrows it to what a member of the standing committee answers "
        "for on the asked day, `kinds` to some kinds, `lateOnly` to what is late already."
    )
    async def due_list(  # noqa: PLR0913, PLR0917 - one question with its clocks
        self,
        info: Info,
        organization: str,
        territory: strawberry.ID | None = None,
        kinds: list[DueKind] | None = None,
        within_days: int | None = None,
        late_only: bool = False,  # noqa: FBT001, FBT002 - an argument of GraphQL
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> DueConnection:
        asked = Question(organization, territory, kinds, within_days, late_only)
        return await due_list(info, asked, (first, after), as_at(at))
