"""A class of a district and its people, for tests about classes."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.domain.steps import on

from domain.course import Course, approve_course, open_course
from domain.enrollment import Proposed, enroll_participants, hold_session, propose_participants
from domain.grading import AssessmentForm, Grade, ResultRecorded, record_result
from domain.organization import OrganizationKind, OrganizationRef
from domain.schedule import CourseKind

DISTRICT = OrganizationRef(
    2, UUID(int=2), "tinh/huyen", OrganizationKind.DISTRICT, (UUID(int=2),), frozenset()
)
CELL = "tinh/huyen/xa/thon-1"
FIRST, SECOND, THIRD = (UUID(int=number) for number in (11, 12, 13))
GROUPS = {FIRST: ("ETHNIC_MINORITY", "MINORITY_AREA"), SECOND: ("WOMEN",), THIRD: ()}
TOPICS = ("Bài 1", "Bài 2")


def proposed(**fields: Any) -> Course:  # noqa: ANN401 (the fields of the form)
    """A candidate class of the first quarter of 2023."""
    stated = {
        "kind": CourseKind.CANDIDATE_CLASS,
        "year": 2023,
        "quarter": 1,
        "title": "Lớp khóa I",
        "lead": "Ban Tuyên giáo",
        **fields,
    }
    return Course.propose(UUID(int=9), on(date(2023, 1, 3)), DISTRICT, **stated)


def approved() -> Course:
    course = proposed()
    approve_course(course, on(date(2023, 1, 5)), decision_number="7-QĐ/HU")
    return course


def open_it(course: Course, **fields: Any) -> None:  # noqa: ANN401 (the fields of the form)
    """From 13 to 17 February; half of the points pass."""
    stated = {
        "starts_on": date(2023, 2, 13),
        "ends_on": date(2023, 2, 17),
        "location": "Trung tâm bồi dưỡng chính trị",
        "topics": TOPICS,
        "pass_score": 5.0,
        **fields,
    }
    open_course(course, on(date(2023, 1, 10)), **stated)


def opened() -> Course:
    course = approved()
    open_it(course)
    return course


def called_up(*people: UUID, course: Course | None = None, unit: str = CELL) -> Course:
    """With these people of a unit on the call-up list."""
    course = course or opened()
    propose_participants(
        course,
        on(date(2023, 1, 20)),
        people=tuple(Proposed(each, unit, GROUPS[each]) for each in people),
    )
    return course


def attended(*people: UUID) -> Course:
    """With these people enrolled and present at the first session."""
    course = called_up(*people)
    enroll_participants(course, on(date(2023, 2, 1)), candidates=people)
    hold_session(course, on(date(2023, 2, 13)), topic="Bài 1", present=people)
    return course


def result(
    course: Course,
    person: UUID,
    score: float,
    day: date = date(2023, 2, 20),
    **fields: Any,  # noqa: ANN401 (the fields of the form)
) -> ResultRecorded:
    """How a person did; who passes gets a certificate of the person's own number."""
    of_certificate = {
        "grade": Grade.GOOD,
        "certificate_number": f"{person.int}/GCN",
        "signer_position": "Giám đốc",
    }
    stated = {
        "groups": GROUPS[person],
        "assessed_on": day,
        "form": AssessmentForm.TEST,
        **(of_certificate if score >= 5 else {}),
        **fields,
    }
    return record_result(course, on(day), candidate=person, score=score, **stated)
