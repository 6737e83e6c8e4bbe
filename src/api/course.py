"""Classes as GraphQL shows them, and their mutations."""

from datetime import date
from typing import Final

import strawberry

from api.access import require_cases
from api.context import Info
from api.course_people import CourseFigures, Participant, as_figures, participants_of
from api.described import field
from api.node import Node, optional_id
from api.record import after_command, id_of
from api.step import answer, mutations, written
from commands import course as commands
from commands.call_up import propose_participants
from commands.scope import tenant_code
from domain import course as domain
from domain import enrollment, grading, places
from domain.course import CourseState
from domain.groups import require_group
from domain.schedule import CourseKind
from projections.basis import At

OPEN_MAX: Final = 100
_OPEN: Final = frozenset({CourseState.APPROVED, CourseState.OPENED})


@strawberry.type(description="`openedOn` is the day of the notice; `passScore` is of 10.")
class CourseOpening:
    opened_on: date
    starts_on: date
    ends_on: date
    location: str
    topics: list[str]
    pass_score: float


@strawberry.type(description="How many people an organization with all below it may send.")
class CourseAllotment:
    organization: str
    places: int
    proposed: int


@strawberry.type
class CourseSession:
    held_on: date
    topic: str
    present: int
    absent: int


@strawberry.type(description="A class, as of the asked day.")
class Course(Node):
    organization: str | None
    kind: CourseKind
    year: int
    quarter: int
    title: str
    lead: str
    partners: list[str]
    schedule: strawberry.ID | None
    letter_number: str | None
    proposed_on: date
    state: CourseState
    approved_on: date | None
    decision_number: str | None
    opening: CourseOpening | None
    record: strawberry.Private[domain.Course]
    tenant_id: strawberry.Private[int]
    at: strawberry.Private[At]

    @field("The places of each unit, and how many people are proposed for them.")
    async def allotments(self, info: Info) -> list[CourseAllotment]:
        on = self.at.effective
        people = enrollment.call_up_list(self.record, on).values()
        paths = await self._paths(info)
        drawn = [places.drawn_from(self.record, person.unit, paths, on) for person in people]
        return [
            CourseAllotment(organization=each.unit, places=each.places, proposed=drawn.count(each))
            for each in self.record.allotments(on)
        ]

    async def _paths(self, info: Info) -> places.Paths:
        """Where its units stand in the tree of the asked day."""
        desk = info.context.services.desk
        on = self.at.tree or self.at.effective or desk.clock.today(self.tenant_id)
        people = enrollment.call_up_list(self.record, self.at.effective).values()
        units = {each.unit for each in people}
        units |= {each.unit for each in self.record.allotments(self.at.effective)}
        return await desk.directory.paths_on(self.tenant_id, units, on)

    @field()
    def sessions(self) -> list[CourseSession]:
        return [
            CourseSession(
                held_on=each.effective_on,
                topic=each.topic,
                present=len(each.present),
                absent=len(enrollment.enrolled(self.record, each.effective_on) - set(each.present)),
            )
            for each in enrollment.sessions(self.record, self.at.effective)
        ]

    @field("The figures of the people who are in all `groups` and of an organization.")
    async def results(
        self, info: Info, groups: list[str] | None = None, organization: str | None = None
    ) -> CourseFigures:
        for group in groups or ():
            require_group(group, "groups")
        return as_figures(
            grading.figures(
                self.record,
                self.at.effective,
                groups=frozenset(groups or ()),
                unit=organization,
                paths=places.AS_NAMED if organization is None else await self._paths(info),
            )
        )

    @field("The call-up list: the people of the caller's own part of the tree.")
    async def participants(self, info: Info) -> list[Participant]:
        require_cases(info.context)
        return await participants_of(info, self.record, self.tenant_id, self.at.effective)


async def show(info: Info, record: domain.Course, tenant_id: int, at: At) -> Course:
    """A class as of a day."""
    services = info.context.services
    today = at.effective or services.desk.clock.today(tenant_id)
    stated, approved, opened = record.proposed, record.approved(today), record.opened(today)
    return Course(
        id=id_of(record, tenant_id),
        organization=await services.codes.organization(tenant_id, record.organization_id),
        kind=stated.kind,
        year=stated.year,
        quarter=stated.quarter,
        title=stated.title,
        lead=stated.lead,
        partners=list(stated.partners),
        schedule=optional_id("Schedule", tenant_id, stated.schedule),
        letter_number=stated.letter_number,
        proposed_on=stated.effective_on,
        state=record.state(today),
        approved_on=None if approved is None else approved.effective_on,
        decision_number=None if approved is None else approved.decision_number,
        opening=None if opened is None else _opening(opened),
        record=record,
        tenant_id=tenant_id,
        at=at,
    )


async def open_courses(info: Info, code: str, at: At) -> list[Course]:
    """The classes above an organization, newest first, that are approved and have not ended.

    Of the newest `OPEN_MAX` of its tenant.
    """
    services = info.context.services
    tenant = tenant_code(code)
    figures = await services.read_models.rollup(tenant, at)
    page = await services.register.page(
        figures, figures.root, domain.Course, first=OPEN_MAX, after=None, personal=False
    )
    tenant_id = figures.root.tenant_id
    node = figures.tree.find(code)
    above = () if node is None else node.path()
    today = at.effective or services.desk.clock.today(tenant_id)
    found = []
    for each in page.found:
        holder = figures.tree.place(each.record.organization_id)
        if holder in above and each.record.state(today) in _OPEN:
            found.append(await show(info, each.record, tenant_id, at))
    info.context.spend(len(found))
    return found


def _opening(opened: domain.CourseOpened) -> CourseOpening:
    return CourseOpening(
        opened_on=opened.effective_on,
        starts_on=opened.starts_on,
        ends_on=opened.ends_on,
        location=opened.location,
        topics=list(opened.topics),
        pass_score=opened.pass_score,
    )


CourseResult, _shown = answer(Course, after_command(domain.Course, show))
CourseSteps = mutations(
    "CourseSteps",
    (
        commands.propose_course,
        commands.approve_course,
        commands.open_course,
        commands.hold_session,
    ),
    CourseResult,
    _shown,
)
CourseMutation = written(
    "CourseMutation",
    (
        commands.allot_places,
        propose_participants,
        commands.enroll_participants,
        commands.withdraw_participant,
        commands.record_results,
        commands.revoke_certificate,
    ),
    (domain.Course, CourseResult, _shown),
)
