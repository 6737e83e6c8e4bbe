"""Commands about classes: the year's plan, a class from its proposal to its results."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from commands.item import People, item
from commands.ports import Command, Desk, OrganizationRef, Recorded
from commands.scope import lies_in, require_record
from commands.step import Creation, Step, day_of
from domain import access, course, enrollment, grading
from domain.access import Action
from domain.awareness_class import ClassOutcome, enroll_in_class, leave_class
from domain.candidate import Candidate
from domain.certificate import lose_certificate, record_certificate
from domain.course import Allotment, Course
from domain.enrollment import groups_of, require_people
from domain.errors import organization_not_found
from domain.grading import AssessmentForm, Grade
from domain.judgment import Day
from domain.schedule import CourseKind, Schedule, ScheduleMade

make_schedule: Final = Creation(
    "make_schedule", Action.RUN_CLASSES, Schedule, Schedule.make, ScheduleMade
)
propose_course: Final = Creation(
    "propose_course", Action.RUN_CLASSES, Course, Course.propose, course.CourseProposed
)
approve_course: Final = Step(
    "approve_course", Action.DECIDE, Course, course.approve_course, course.CourseApproved
)
open_course: Final = Step(
    "open_course", Action.RUN_CLASSES, Course, course.open_course, course.CourseOpened
)
participant_withdrawn: Final = Step(
    "withdraw_participant",
    Action.RUN_CLASSES,
    Course,
    enrollment.withdraw_participant,
    enrollment.ParticipantWithdrawn,
)
"""How a withdrawal is corrected. What it meant for the person's case is an event of that case."""
hold_session: Final = Step(
    "hold_session", Action.RUN_CLASSES, Course, enrollment.hold_session, enrollment.SessionHeld
)
certificate_revoked: Final = Step(
    "revoke_certificate",
    Action.RUN_CLASSES,
    Course,
    grading.revoke_certificate,
    grading.CertificateRevoked,
)
"""The revocation in the class; correcting it corrects the person's case, too."""
record_result: Final = Step(
    "record_result", Action.RUN_CLASSES, Course, grading.record_result, grading.ResultRecorded
)
"""How one result is corrected. It is no mutation: results come with their certificates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """How one person did; grade and certificate number for who passed."""

    candidate: Annotated[UUID, Candidate]
    score: float
    grade: Grade | None = None
    certificate_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An end-of-course check: its day and form, and who signs the certificates."""

    assessed_on: date
    form: AssessmentForm
    signer_position: str | None = None
    signer_name: str | None = None


async def allot_places(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    allotments: tuple[Allotment, ...],
) -> Recorded:
    """Share out the places of a class among units of its organization, by their codes.

    A later sharing replaces it. Raises NotFound for a unit that is not there.
    """
    access.require(command.actor.role, Action.RUN_CLASSES)
    record = await desk.log.load(tenant_id, Course, subject)
    await require_record(desk, command.actor, tenant_id, record)
    holder = await desk.directory.organization_by_id(tenant_id, record.organization_id)
    await require_units(desk, holder, allotments)
    course.allot_places(record, await day_of(desk, tenant_id, command), allotments=allotments)
    return await desk.log.save(tenant_id, command, record, subject=subject)


async def require_units(
    desk: Desk, holder: OrganizationRef, allotments: tuple[Allotment, ...]
) -> None:
    """Raises NotFound for a unit that is not there, or not below the class's organization."""
    for number, each in enumerate(allotments, start=1):
        with item("allotments", number):
            unit = await desk.directory.organization(each.unit)
            if not await lies_in(desk, holder, unit):
                raise organization_not_found(each.unit)


async def enroll_participants(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    candidates: tuple[Annotated[UUID, Candidate], ...],
) -> Recorded:
    """Admit people of the call-up list to the opened class, in the class and in each person's case.

    All in one append: who may not attend a class by the case's own facts is named in the refusal,
    and nobody is enrolled. New members are enrolled in the class alone.
    """
    record, people, day = await _opened(desk, command, tenant_id, subject)
    enrollment.enroll_participants(record, day, candidates=candidates)
    if record.proposed.kind is CourseKind.CANDIDATE_CLASS:
        for number, each in enumerate(candidates, start=1):
            with item("candidates", number):
                candidate = await people.load(each)
            with item("candidates", number, candidate):
                enroll_in_class(candidate, day, class_name=record.proposed.title)
    return await desk.log.save(tenant_id, command, record, *people.all(), subject=subject)


async def withdraw_participant(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    candidate: Annotated[UUID, Candidate],
    reason: str,
) -> Recorded:
    """Take a person off the call-up list or out of the class, with the reason.

    Who was enrolled is in class no more in the person's case, either: absent. In one append.
    """
    record, people, day = await _opened(desk, command, tenant_id, subject)
    attended = candidate in enrollment.enrolled(record, day.on)
    enrollment.withdraw_participant(record, day, candidate=candidate, reason=reason)
    if attended and record.proposed.kind is CourseKind.CANDIDATE_CLASS:
        leave_class(await people.load(candidate), day, ClassOutcome.ABSENT)
    return await desk.log.save(tenant_id, command, record, *people.all(), subject=subject)


async def revoke_certificate(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    candidate: Annotated[UUID, Candidate],
    document_number: str,
    reason: str,
) -> Recorded:
    """Revoke the certificate of the class, by a document and with the reason.

    The person's case loses it in the same append; what stood on it there is a finding.
    """
    record, people, day = await _opened(desk, command, tenant_id, subject)
    result = grading.passed(record, candidate, day.on)
    grading.revoke_certificate(
        record, day, candidate=candidate, document_number=document_number, reason=reason
    )
    if record.proposed.kind is CourseKind.CANDIDATE_CLASS:
        assert result is not None
        assert result.certificate_number is not None
        lose_certificate(
            await people.load(candidate),
            day,
            number=result.certificate_number,
            document_number=document_number,
            reason=reason,
        )
    return await desk.log.save(tenant_id, command, record, *people.all(), subject=subject)


async def record_results(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    assessment: Assessment,
    results: tuple[Assessed, ...],
) -> Recorded:
    """Record how people did in the end-of-course check, and what it means for each person's case.

    Who passed has the certificate there, who failed is in class no more. All in one append: what is
    refused for one person, named in the refusal, is not recorded for anybody. New members' results
    stay with the class.
    """
    record, people, day = await _opened(desk, command, tenant_id, subject)
    require_people("results", [each.candidate for each in results])
    for number, each in enumerate(results, start=1):
        await _record_one(record, day, people, (number, each), assessment)
    return await desk.log.save(tenant_id, command, record, *people.all(), subject=subject)


async def _opened(
    desk: Desk, command: Command, tenant_id: int, subject: UUID
) -> tuple[Course, People, Day]:
    """The class, its people and the day of a command that says something of their cases, too."""
    access.require(command.actor.role, Action.RUN_CLASSES)
    access.require(command.actor.role, Action.RECORD_CERTIFICATE)
    record = await desk.log.load(tenant_id, Course, subject)
    await require_record(desk, command.actor, tenant_id, record)
    people = People(desk, command.actor, tenant_id)
    return record, people, await day_of(desk, tenant_id, command)


async def _record_one(
    record: Course,
    day: Day,
    people: People,
    numbered: tuple[int, Assessed],
    assessment: Assessment,
) -> None:
    number, given = numbered
    with item("results", number):
        candidate = await people.load(given.candidate)
    has_passed = given.grade is not None or given.certificate_number is not None
    with item("results", number, candidate):
        result = grading.record_result(
            record,
            day,
            candidate=given.candidate,
            groups=groups_of(candidate, day.on),
            assessed_on=assessment.assessed_on,
            form=assessment.form,
            score=given.score,
            grade=given.grade,
            certificate_number=given.certificate_number,
            signer_position=assessment.signer_position if has_passed else None,
            signer_name=assessment.signer_name if has_passed else None,
        )
        if record.proposed.kind is not CourseKind.CANDIDATE_CLASS:
            return
        if not result.passed:
            leave_class(candidate, day, ClassOutcome.FAILED)
            return
        assert result.certificate_number is not None
        assert result.grade is not None
        record_certificate(
            candidate, day, number=result.certificate_number, grade=result.grade.words
        )
