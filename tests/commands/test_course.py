"""The results of a class: one append for the class and each person, or nothing."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.commands.memory import (
    CELL,
    DISTRICT,
    NEIGHBOR,
    OTHER_DISTRICT,
    Memory,
    command,
    furnished,
)

from commands import course as commands
from commands.candidate import identify_candidate
from commands.correction import Replacement, correct_event
from commands.course import Assessed, Assessment, propose_participants, record_results
from domain.access import Role
from domain.candidate import Candidate, Person
from domain.certificate import CertificateIssued
from domain.course import Course
from domain.errors import Conflict, NotFound, Refusal
from domain.grading import AssessmentForm, Grade, ResultRecorded, figures, passed
from domain.groups import Sex
from domain.schedule import CourseKind

TENANT = 2
CHECK = Assessment(
    assessed_on=date(2024, 1, 19), form=AssessmentForm.ESSAY, signer_position="Giám đốc"
)


async def attended(
    kind: CourseKind = CourseKind.CANDIDATE_CLASS,
) -> tuple[Memory, UUID, tuple[UUID, ...]]:
    """A class that three people of two cells attended."""
    memory = await furnished()
    people = []
    for number, cell in enumerate((CELL, CELL, NEIGHBOR)):
        who = Person(full_name=f"K'Thử {number}", birth_date=date(2000, 5, 20), sex=Sex.FEMALE)
        made = await identify_candidate(
            memory.desk, command(on=date(2024, 1, 2)), organization=cell, person=who
        )
        people.append(made.subject)
    begun = await commands.propose_course(
        memory.desk,
        command(on=date(2024, 1, 3)),
        organization=DISTRICT,
        kind=kind,
        year=2024,
        quarter=1,
        title="Lớp khóa I",
        lead="Ban Tuyên giáo",
    )
    place: dict[str, Any] = {"tenant_id": TENANT, "subject": begun.subject}
    for step, day, fields in (
        (commands.approve_course, 4, {}),
        (
            commands.open_course,
            5,
            {
                "starts_on": date(2024, 1, 15),
                "ends_on": date(2024, 1, 19),
                "location": "Trung tâm",
                "topics": ("Bài 1",),
                "pass_score": 5.0,
            },
        ),
        (propose_participants, 6, {"organization": CELL, "candidates": tuple(people[:2])}),
        (propose_participants, 7, {"organization": NEIGHBOR, "candidates": tuple(people[2:])}),
        (commands.enroll_participants, 8, {"candidates": tuple(people)}),
        (commands.hold_session, 16, {"topic": "Bài 1", "present": tuple(people)}),
    ):
        await step(memory.desk, command(on=date(2024, 1, day)), **place, **fields)
    return memory, begun.subject, tuple(people)


def well(candidate: UUID, number: str) -> Assessed:
    return Assessed(candidate=candidate, score=8.0, grade=Grade.GOOD, certificate_number=number)


async def record(memory: Memory, course: UUID, *results: Assessed, **fields: Any) -> None:  # noqa: ANN401 (the fields of the form)
    await record_results(
        memory.desk,
        command(Role.CLASSES, on=date(2024, 1, 22)),
        tenant_id=TENANT,
        subject=course,
        assessment=CHECK,
        results=results,
        **fields,
    )


async def test_certificates_are_issued_with_the_results() -> None:
    """One append: a result of each person in the class, a certificate for who passed."""
    memory, course, people = await attended()
    head = len(memory.log[TENANT])
    await record(memory, course, well(people[0], "1/GCN"), Assessed(candidate=people[1], score=3.5))

    assert [type(e) for e in memory.log[TENANT][head:]] == [
        ResultRecorded,
        ResultRecorded,
        CertificateIssued,
    ]
    issued = (await memory.reload(TENANT, Candidate, people[0])).latest(CertificateIssued)
    assert (issued.number, issued.grade) == ("1/GCN", "Khá")
    assert issued.valid_until == date(2029, 1, 22)
    assert (await memory.reload(TENANT, Candidate, people[1])).facts().certificate is None


async def test_one_refused_result_refuses_all() -> None:
    """The refusal names the item and the person; nothing is written."""
    memory, course, people = await attended()
    sizes = memory.sizes()
    for wrong, code in (
        (well(people[2], "1/GCN"), "CERTIFICATE_NUMBER_TAKEN"),
        (Assessed(candidate=people[2], score=9.0), "CERTIFICATE_DOES_NOT_FIT"),
    ):
        with pytest.raises(Refusal) as refusal:
            await record(memory, course, well(people[0], "1/GCN"), wrong)
        assert (refusal.value.code, refusal.value.field) == (code, "results.2.certificateNumber")
        assert "(K'Thử 2)" in refusal.value.text.vi
        assert memory.sizes() == sizes


async def test_results_of_new_members_stay_with_the_class() -> None:
    """The step of the probation asks the class."""
    memory, course, people = await attended(CourseKind.NEW_MEMBER_CLASS)
    await record(memory, course, well(people[0], "1/GCN"))

    assert isinstance(memory.log[TENANT][-1], ResultRecorded)
    assert passed(await memory.reload(TENANT, Course, course), people[0]) is not None


async def test_a_result_is_corrected_by_itself() -> None:
    """By whoever runs classes; the figures follow, the person's certificate is its own event."""
    memory, course, people = await attended()
    await record(memory, course, well(people[0], "1/GCN"))
    position = len(memory.log[TENANT]) - 1
    await correct_event(
        memory.desk,
        command(on=date(2024, 2, 1)),
        tenant_id=TENANT,
        position=position,
        reason="Chấm lại",
        replacement=Replacement(None, {"score": 9.5, "grade": "EXCELLENT"}),
    )
    spread = dict(figures(await memory.reload(TENANT, Course, course)).spread)

    assert (spread[Grade.EXCELLENT], spread[Grade.GOOD]) == (1, 0)


async def test_a_unit_proposes_its_own_people_for_a_class_above_it() -> None:
    """A cell for itself, not for its neighbor; not for the class of another tenant."""
    memory, course, people = await attended()
    own = command(Role.CELL, CELL, on=date(2024, 1, 9))
    fields: dict[str, Any] = {"subject": course, "organization": CELL}
    for tenant_id, candidate, kind in (
        (TENANT, people[2], NotFound),
        (3, people[0], NotFound),
        (TENANT, people[0], Conflict),
    ):
        with pytest.raises(kind):
            await propose_participants(
                memory.desk, own, tenant_id=tenant_id, candidates=(candidate,), **fields
            )
    with pytest.raises(NotFound):
        await propose_participants(
            memory.desk,
            command(scope=OTHER_DISTRICT, on=date(2024, 1, 9)),
            tenant_id=3,
            subject=course,
            organization=OTHER_DISTRICT,
            candidates=(people[0],),
        )
