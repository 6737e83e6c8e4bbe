"""The due list: what is late and what is coming."""

import strawberry

from api.context import Info
from api.described import field
from api.due import DueConnection
from api.due_list import Question, due_list
from api.scalars import At, DueKind, as_at


@strawberry.type
class DueQuery:
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
