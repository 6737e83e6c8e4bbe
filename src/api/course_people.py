"""The people of a class and what came of it, as GraphQL shows them. Names stand on their cards."""

from datetime import date
from uuid import UUID

import strawberry

from api.context import Info
from api.node import GlobalId
from commands.scope import inside
from domain import enrollment, grading
from domain.course import Course
from domain.grading import AssessmentForm, Figures, Grade


@strawberry.type
class CourseGrade:
    grade: Grade
    count: int


@strawberry.type(
    description="What came of a class. Each person counts by the last result; `retakes` are the "
    "assessments after a failed one; scores are of 10."
)
class CourseFigures:
    proposed: int
    enrolled: int
    attended: int
    passed: int
    failed: int
    retakes: int
    revoked: int
    spread: list[CourseGrade]
    mean_score: float | None


@strawberry.type(description="One assessment of a person; who passed has a certificate of it.")
class AssessmentResult:
    assessed_on: date
    recorded_on: date
    form: AssessmentForm
    score: float
    passed: bool
    retake: bool
    grade: Grade | None
    certificate_number: str | None
    signer_position: str | None
    signer_name: str | None


@strawberry.type(description="A person of the call-up list. `organization` is the cell.")
class Participant:
    candidate: strawberry.ID
    organization: str
    groups: list[str]
    enrolled: bool
    sessions_attended: int
    results: list[AssessmentResult]
    certificate_revoked_on: date | None


def as_figures(figures: Figures) -> CourseFigures:
    """The figures of a class or of a part of its people."""
    return CourseFigures(
        proposed=figures.proposed,
        enrolled=figures.enrolled,
        attended=figures.attended,
        passed=figures.passed,
        failed=figures.failed,
        retakes=figures.retakes,
        revoked=figures.revoked,
        spread=[CourseGrade(grade=grade, count=count) for grade, count in figures.spread],
        mean_score=figures.mean_score,
    )


async def participants_of(
    info: Info, course: Course, tenant_id: int, on: date | None
) -> list[Participant]:
    """The people of the caller's own part of the tree."""
    attending, graded = enrollment.enrolled(course, on), grading.results(course, on)
    sessions, revoked = enrollment.sessions(course, on), grading.revocations(course, on)
    people = enrollment.call_up_list(course, on).items()
    found = [
        Participant(
            candidate=_id(tenant_id, person),
            organization=line.unit,
            groups=list(line.groups),
            enrolled=person in attending,
            sessions_attended=sum(person in held.present for held in sessions),
            results=[
                _result(result, retake=number > 0)
                for number, result in enumerate(graded.get(person, []))
            ],
            certificate_revoked_on=revoked[person].effective_on if person in revoked else None,
        )
        for person, line in people
        if await _is_own(info, line.unit)
    ]
    info.context.spend(len(found))
    return found


async def _is_own(info: Info, unit: str) -> bool:
    desk, actor = info.context.services.desk, info.context.actor
    return await inside(desk, actor, await desk.directory.organization(unit))


def _result(result: grading.ResultRecorded, *, retake: bool) -> AssessmentResult:
    return AssessmentResult(
        assessed_on=result.assessed_on,
        recorded_on=result.effective_on,
        form=result.form,
        score=result.score,
        passed=result.passed,
        retake=retake,
        grade=result.grade,
        certificate_number=result.certificate_number,
        signer_position=result.signer_position,
        signer_name=result.signer_name,
    )


def _id(tenant_id: int, candidate: UUID) -> strawberry.ID:
    return GlobalId("Candidate", tenant_id, candidate).encode()
