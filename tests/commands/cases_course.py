"""The commands about classes, in the order in which one class runs."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from tests.commands.cases import TENANT, Case, Run
from tests.commands.memory import CELL, DISTRICT, NEIGHBOR, Memory

from commands.call_up import propose_participants
from commands.candidate import identify_candidate
from commands.course import (
    Assessed,
    Assessment,
    allot_places,
    approve_course,
    enroll_participants,
    hold_session,
    make_schedule,
    open_course,
    propose_course,
    record_results,
    revoke_certificate,
    withdraw_participant,
)
from domain.access import Role
from domain.candidate import Identified, Person
from domain.course import Allotment, CourseProposed
from domain.grading import AssessmentForm, Grade
from domain.groups import Sex
from domain.schedule import CourseKind

IDENTIFIED = Case(
    identify_candidate,
    {
        "organization": CELL,
        "person": Person(full_name="K'Thử", birth_date=date(2000, 5, 20), sex=Sex.MALE),
    },
    date(2024, 1, 2),
    Role.STANDING,
    {},
    "",
)
CHECK = Assessment(
    assessed_on=date(2024, 1, 19),
    form=AssessmentForm.TEST,
    signer_position="Giám đốc Trung tâm bồi dưỡng chính trị",
)


def candidate(memory: Memory) -> UUID:
    """Who was identified."""
    return next(e.originator_id for e in memory.log[TENANT] if isinstance(e, Identified))


def _course(memory: Memory) -> UUID:
    return next(e.originator_id for e in memory.log[TENANT] if isinstance(e, CourseProposed))


def _people(memory: Memory) -> tuple[UUID, ...]:
    return (candidate(memory),)


def _step(
    run: Run,
    on: date,
    forbidden: Role,
    refused: tuple[dict[str, Any], str],
    *before: Case,
    **fields: object,
) -> Case:
    place = {"tenant_id": TENANT, "subject": _course}
    return Case(run, {**place, **fields}, on, forbidden, *refused, before)


def _results(memory: Memory) -> tuple[Assessed, ...]:
    return (Assessed(candidate=candidate(memory), score=4.5),)


def _wrong_results(memory: Memory) -> tuple[Assessed, ...]:
    return (Assessed(candidate=candidate(memory), score=9.0),)


def _passes(memory: Memory) -> tuple[Assessed, ...]:
    return (
        Assessed(
            candidate=candidate(memory), score=9.0, grade=Grade.GOOD, certificate_number="1/GCN"
        ),
    )


SCHEDULE = Case(
    make_schedule,
    {
        "organization": DISTRICT,
        "kind": CourseKind.CANDIDATE_CLASS,
        "year": 2024,
        "minimum": 3,
        "maximum": 4,
        "quarters": (1, 3, 4),
        "lead": "Ban Thường vụ",
    },
    date(2024, 1, 3),
    Role.GRASSROOTS,
    {"quarters": ()},
    "NO_QUARTERS",
)
PROPOSED = Case(
    propose_course,
    {
        "organization": DISTRICT,
        "kind": CourseKind.CANDIDATE_CLASS,
        "year": 2024,
        "quarter": 1,
        "title": "Lớp đối tượng kết nạp Đảng khóa I",
        "lead": "Ban Tuyên giáo",
    },
    date(2024, 1, 3),
    Role.GRASSROOTS,
    {"quarter": 5},
    "NUMBER_OUT_OF_RANGE",
    (IDENTIFIED,),
)
_BEGUN = (IDENTIFIED, PROPOSED)
APPROVED = _step(
    approve_course,
    date(2024, 1, 4),
    Role.CLASSES,
    ({"decision_number": " "}, "INVALID_TEXT"),
    *_BEGUN,
)
OPENED = _step(
    open_course,
    date(2024, 1, 5),
    Role.GRASSROOTS,
    ({"on": date(2024, 1, 3)}, "COURSE_NOT_APPROVED"),
    *_BEGUN,
    APPROVED,
    starts_on=date(2024, 1, 15),
    ends_on=date(2024, 1, 19),
    location="Trung tâm bồi dưỡng chính trị",
    topics=("Bài 1",),
    pass_score=5.0,
)
ALLOTTED = _step(
    allot_places,
    date(2024, 1, 5),
    Role.GRASSROOTS,
    ({"allotments": (Allotment("binh-dinh", 3),)}, "ORGANIZATION_NOT_FOUND"),
    *_BEGUN,
    APPROVED,
    allotments=(Allotment(CELL, 3),),
)
_OPEN = (*_BEGUN, APPROVED, OPENED)
PEOPLE_PROPOSED = _step(
    propose_participants,
    date(2024, 1, 6),
    Role.CLASSES,
    ({"organization": NEIGHBOR}, "CANDIDATE_NOT_FOUND"),
    *_OPEN,
    organization=CELL,
    candidates=_people,
    resolution_number="5-NQ/CB",
)
ENROLLED = _step(
    enroll_participants,
    date(2024, 1, 8),
    Role.GRASSROOTS,
    ({"candidates": ()}, "COUNT_OUT_OF_RANGE"),
    *_OPEN,
    PEOPLE_PROPOSED,
    candidates=_people,
)
HELD = _step(
    hold_session,
    date(2024, 1, 16),
    Role.GRASSROOTS,
    ({"topic": "Bài 2"}, "UNKNOWN_TOPIC"),
    *_OPEN,
    PEOPLE_PROPOSED,
    ENROLLED,
    topic="Bài 1",
    present=_people,
)
_ATTENDED = (*_OPEN, PEOPLE_PROPOSED, ENROLLED, HELD)
FAILED = _step(
    record_results,
    date(2024, 1, 22),
    Role.GRASSROOTS,
    ({"results": _wrong_results}, "CERTIFICATE_DOES_NOT_FIT"),
    *_ATTENDED,
    assessment=CHECK,
    results=_results,
)
PASSED = _step(
    record_results,
    date(2024, 1, 22),
    Role.GRASSROOTS,
    ({}, ""),
    assessment=CHECK,
    results=_passes,
)
COURSE_CASES = [
    SCHEDULE,
    PROPOSED,
    APPROVED,
    OPENED,
    ALLOTTED,
    replace(PEOPLE_PROPOSED, entries=2),
    replace(ENROLLED, entries=2),
    HELD,
    replace(FAILED, entries=2),
    _step(
        withdraw_participant,
        date(2024, 1, 9),
        Role.GRASSROOTS,
        ({"reason": " "}, "INVALID_TEXT"),
        *_OPEN,
        PEOPLE_PROPOSED,
        candidate=candidate,
        reason="Ốm dài ngày",
    ),
    replace(
        _step(
            revoke_certificate,
            date(2024, 3, 4),
            Role.GRASSROOTS,
            ({"reason": " "}, "INVALID_TEXT"),
            *_ATTENDED,
            PASSED,
            candidate=candidate,
            document_number="9-QĐ/TTCT",
            reason="Thi hộ",
        ),
        entries=2,
    ),
]
RESULTS_WITH_CASES = frozenset(
    {"propose_participants", "enroll_participants", "record_results", "revoke_certificate"}
)
"""Commands whose first entry is the class's own, and whose others are its people's."""
