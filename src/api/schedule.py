"""The classes planned for a year as GraphQL shows them, beside those that were opened."""

from typing import Final

import strawberry

from api import course as courses_
from api import organization as organizations
from api.context import Info
from api.described import field
from api.node import Node, optional_id
from api.record import after_command, id_of
from api.step import answer, mutations
from commands import course as commands
from domain import schedule as domain
from domain.course import Course
from domain.schedule import QUARTERS, CourseKind
from projections.basis import At

COURSES_MAX: Final = 100


@strawberry.type(description="The classes that began in a quarter, and whether it was planned.")
class ScheduleQuarter:
    quarter: int
    planned: bool
    opened: int


@strawberry.type(description="The classes of one kind that a committee plans for a year.")
class Schedule(Node):
    organization: str | None
    kind: CourseKind
    year: int
    minimum: int
    maximum: int
    quarters: list[int]
    lead: str
    partners: list[str]
    document: strawberry.ID | None
    record: strawberry.Private[domain.Schedule]
    tenant_id: strawberry.Private[int]
    at: strawberry.Private[At]

    @field("The classes proposed under it, newest first, 100 at most.")
    async def courses(self, info: Info) -> list[courses_.Course]:
        return [
            await courses_.show(info, record, self.tenant_id, self.at)
            for record in await self._courses(info)
        ]

    @field("How many classes began in each quarter of the year.")
    async def progress(self, info: Info) -> list[ScheduleQuarter]:
        opened = [record.opened(self.at.effective) for record in await self._courses(info)]
        began = [
            (each.starts_on.month + 2) // 3
            for each in opened
            if each is not None and each.starts_on.year == self.year
        ]
        return [
            ScheduleQuarter(
                quarter=quarter, planned=quarter in self.quarters, opened=began.count(quarter)
            )
            for quarter in QUARTERS
        ]

    async def _courses(self, info: Info) -> list[Course]:
        if self.organization is None:
            return []
        top = await organizations.opened(info, self.organization, self.at)
        page = await info.context.services.register.page(
            top.figures, top.node, Course, first=COURSES_MAX, after=None, personal=False
        )
        info.context.spend(len(page.found))
        return [
            each.record for each in page.found if each.record.proposed.schedule == self.record.id
        ]


async def show(info: Info, record: domain.Schedule, tenant_id: int, at: At) -> Schedule:
    """The classes of a year as planned on a day."""
    made = record.made
    return Schedule(
        id=id_of(record, tenant_id),
        organization=await info.context.services.codes.organization(
            tenant_id, record.organization_id
        ),
        kind=made.kind,
        year=made.year,
        minimum=made.minimum,
        maximum=made.maximum,
        quarters=list(made.quarters),
        lead=made.lead,
        partners=list(made.partners),
        document=optional_id("Document", tenant_id, made.document),
        record=record,
        tenant_id=tenant_id,
        at=at,
    )


ScheduleResult, _shown = answer(Schedule, after_command(domain.Schedule, show))
ScheduleSteps = mutations("ScheduleSteps", (commands.make_schedule,), ScheduleResult, _shown)
