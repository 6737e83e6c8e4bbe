"""The entrances to classes, meetings and what lies before the conference."""

from typing import Any, Final

import strawberry

from api import course as courses_
from api import docket as dockets_
from api import meeting as meetings_
from api import schedule as schedules_
from api.access import require_code
from api.context import Info
from api.described import field
from api.record import Connection, Show, records_of
from api.scalars import At, as_at
from domain.access import Action
from domain.course import Course
from domain.docket import Docket
from domain.meeting import Meeting
from domain.record import Record
from domain.schedule import Schedule

SITTINGS: Final[dict[str, tuple[type[Record], Show[Any, Any]]]] = {
    "Schedule": (Schedule, schedules_.show),
    "Course": (Course, courses_.show),
    "Meeting": (Meeting, meetings_.show),
    "Docket": (Docket, dockets_.show),
}
"""How a record is opened by its id: its kind and what shows it."""


@strawberry.type
class SittingQuery:
    @field("The classes that an organization and all below it plan for their years.")
    async def schedules(
        self,
        info: Info,
        organization: str,
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> Connection[schedules_.Schedule]:
        return await records_of(
            info, Schedule, schedules_.show, organization, (first, after), as_at(at)
        )

    @field("The classes of an organization and all below it, newest first.")
    async def courses(
        self,
        info: Info,
        organization: str,
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> Connection[courses_.Course]:
        return await records_of(
            info, Course, courses_.show, organization, (first, after), as_at(at)
        )

    @field("The classes of the organizations above one that it may still send people to.")
    async def open_courses(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[courses_.Course]:
        require_code(info, organization, Action.READ_RECORDS)
        return await courses_.open_courses(info, organization, as_at(at))

    @field("The meetings of an organization and all below it, newest first.")
    async def meetings(
        self,
        info: Info,
        organization: str,
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> Connection[meetings_.Meeting]:
        return await records_of(
            info, Meeting, meetings_.show, organization, (first, after), as_at(at)
        )

    @field("The dossiers laid before the conferences of an organization, newest first.")
    async def dockets(
        self,
        info: Info,
        organization: str,
        first: int | None = None,
        after: str | None = None,
        at: At | None = None,
    ) -> Connection[dockets_.Docket]:
        return await records_of(
            info, Docket, dockets_.show, organization, (first, after), as_at(at)
        )

    @field("What waits for the monthly conference: dossiers submitted, recognitions due.")
    async def monthly_agenda(
        self, info: Info, organization: str, at: At | None = None
    ) -> dockets_.MonthlyAgenda:
        require_code(info, organization, Action.READ_EVENTS)
        return dockets_.MonthlyAgenda(code=organization, at=as_at(at))
