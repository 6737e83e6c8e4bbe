"""What is open for a unit's people, and what lies before the conference."""

import strawberry

from api import course as courses_
from api import docket as dockets_
from api.access import require_code
from api.context import Info
from api.described import field
from api.scalars import At, as_at
from domain.access import Action


@strawberry.type
class SittingQuery:
    @field("The classes of the organizations above one that it may still send people to.")
    async def open_courses(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[courses_.Course]:
        await require_code(info, organization, Action.READ_RECORDS)
        return await courses_.open_courses(info, organization, as_at(at))

    @field("What waits for the monthly conference: dossiers submitted, recognitions due.")
    async def monthly_agenda(
        self, info: Info, organization: str, at: At | None = None
    ) -> dockets_.MonthlyAgenda:
        await require_code(info, organization, Action.READ_EVENTS)
        return dockets_.MonthlyAgenda(code=organization, at=as_at(at))
