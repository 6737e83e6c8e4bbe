"""Commands about the call-up list of a class: whom an organization proposes for it."""

from typing import Annotated
from uuid import UUID

from commands.item import People, item
from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization, require_record
from commands.step import day_of
from domain import access, enrollment
from domain.access import Action
from domain.awareness_class import agree_to_class, follow_proposal, follows_agreement
from domain.candidate import Candidate
from domain.course import Course
from domain.enrollment import Proposed, groups_of, require_people
from domain.judgment import Day
from domain.meeting import Meeting
from domain.organization_kind import OrganizationKind
from domain.places import Paths
from domain.record import record_not_found
from domain.schedule import CourseKind


async def propose_participants(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    organization: str,
    candidates: tuple[Annotated[UUID, Candidate], ...],
    resolution_number: str | None = None,
    meeting: Annotated[UUID, Meeting] | None = None,
) -> Recorded:
    """Put people of an organization on the call-up list of a class of its tenant.

    The organization says so itself, or the level above for it; the class may be of any level.
    `meeting` is the one that considered them. In the same append each person's case says so, where
    it does not yet: the cell has proposed, or the committee agrees to that; new members' cases stay
    as they are. Raises NotFound for somebody of another organization.
    """
    unit = await require_organization(desk, command.actor, Action.RECORD_CELL_STEP, organization)
    if unit.tenant_id != tenant_id:
        raise record_not_found(Course)
    day = await day_of(desk, tenant_id, command)
    record = await desk.log.load(tenant_id, Course, subject)
    require_people("candidates", candidates)
    people = People(desk, command.actor, tenant_id)
    lines = await proposed_lines(people, unit, candidates, day)
    await require_meeting(desk, command.actor, tenant_id, meeting)
    enrollment.propose_participants(
        record,
        day,
        people=lines,
        resolution_number=resolution_number,
        meeting=meeting,
        paths=await paths_of(desk, tenant_id, record, day, lines),
    )
    if record.proposed.kind is CourseKind.CANDIDATE_CLASS:
        for number, each in enumerate(people.all(), start=1):
            with item("candidates", number, each):
                _leave_trace(command.actor, unit, each, day, resolution_number)
    return await desk.log.save(tenant_id, command, record, *people.all(), subject=subject)


def _leave_trace(
    actor: Actor, unit: OrganizationRef, candidate: Candidate, day: Day, number: str | None
) -> None:
    if unit.kind.is_cell:
        follow_proposal(candidate, day, number=number)
    elif unit.kind is OrganizationKind.GRASSROOTS_COMMITTEE and follows_agreement(candidate, day):
        access.require(actor.role, Action.RECORD_GRASSROOTS_STEP)
        agree_to_class(candidate, day, list_number=number)


async def require_meeting(desk: Desk, actor: Actor, tenant_id: int, meeting: UUID | None) -> None:
    """Passes for no meeting, or one inside the actor's scope. Raises NotFound."""
    if meeting is not None:
        await require_record(
            desk, actor, tenant_id, await desk.log.load(tenant_id, Meeting, meeting)
        )


async def paths_of(
    desk: Desk, tenant_id: int, course: Course, day: Day, lines: tuple[Proposed, ...]
) -> Paths:
    """Where the units stand on a day that have places in a class, or people on its list."""
    people = (*lines, *enrollment.call_up_list(course).values())
    units = {each.unit for each in people} | {each.unit for each in course.allotments()}
    return await desk.directory.paths_on(tenant_id, units, day.on)


async def proposed_lines(
    people: People, unit: OrganizationRef, candidates: tuple[UUID, ...], day: Day
) -> tuple[Proposed, ...]:
    """The lines of a call-up list. Raises NotFound for somebody of another organization."""
    lines = []
    for number, each in enumerate(candidates, start=1):
        with item("candidates", number):
            candidate = await people.load(each)
            if not await people.is_of(candidate, unit):
                raise record_not_found(type(candidate))
            cell = await people.cell_of(candidate)
            lines.append(Proposed(each, cell.code, groups_of(candidate, day.on)))
    return tuple(lines)
