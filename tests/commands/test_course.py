"""The results of a class: one append for the class and each person, or nothing."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    NEIGHBOR,
    OTHER_DISTRICT,
    Memory,
    command,
    furnished,
)

from commands import course as commands
from commands.awareness_class import enroll_in_class
from commands.call_up import propose_participants
from commands.candidate import identify_candidate, revoke_recorded_certificate
from commands.correction import Replacement, correct_event
from commands.course import (
    Assessed,
    Assessment,
    enroll_participants,
    record_results,
    revoke_certificate,
    withdraw_participant,
)
from commands.review import record_death
from commands.structure import RESTRUCTURINGS
from domain.access import Role
from domain.awareness_class import (
    ClassAgreed,
    ClassEnrolled,
    ClassNotPassed,
    ClassOutcome,
    ClassProposed,
)
from domain.candidate import Candidate, Person
from domain.certificate import CertificateIssued, CertificateRevoked
from domain.course import Allotment, Course
from domain.enrollment import ParticipantsProposed, call_up_list
from domain.errors import Conflict, NotFound, NotPermitted, Refusal
from domain.grading import AssessmentForm, Grade, ResultRecorded, figures, passed
from domain.groups import Sex
from domain.schedule import CourseKind

TENANT = 2
CHECK = Assessment(
    assessed_on=date(2024, 1, 19), form=AssessmentForm.ESSAY, signer_position="Giám đốc"
)


async def called_up(
    cell: str,
    *,
    people: tuple[int, ...] = (0, 1),
    kind: CourseKind = CourseKind.CANDIDATE_CLASS,
) -> tuple[Memory, UUID, tuple[UUID, ...]]:
    """Two people of a cell, those of them on the call-up list of an approved class."""
    memory = await furnished()
    known = tuple([await _identified(memory, number, cell) for number in range(2)])
    course = await _proposed_course(memory, kind)
    place: dict[str, Any] = {"tenant_id": TENANT, "subject": course}
    await commands.approve_course(memory.desk, command(on=date(2024, 1, 4)), **place)
    await propose_participants(
        memory.desk,
        command(Role.CELL, cell, on=date(2024, 1, 6)),
        **place,
        organization=cell,
        candidates=tuple(known[number] for number in people),
        resolution_number="NQ 1",
    )
    return memory, course, known


async def _identified(memory: Memory, number: int, cell: str) -> UUID:
    who = Person(full_name=f"K'Thử {number}", birth_date=date(2000, 5, 20), sex=Sex.FEMALE)
    made = await identify_candidate(
        memory.desk, command(on=date(2024, 1, 2)), organization=cell, person=who
    )
    return made.subject


async def _proposed_course(memory: Memory, kind: CourseKind) -> UUID:
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
    return begun.subject


async def attended(
    kind: CourseKind = CourseKind.CANDIDATE_CLASS,
) -> tuple[Memory, UUID, tuple[UUID, ...]]:
    """A class that three people of two cells attended."""
    memory = await furnished()
    cells = (CELL, CELL, NEIGHBOR)
    people = [await _identified(memory, number, cell) for number, cell in enumerate(cells)]
    course = await _proposed_course(memory, kind)
    place: dict[str, Any] = {"tenant_id": TENANT, "subject": course}
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
        (enroll_participants, 8, {"candidates": tuple(people)}),
        (commands.hold_session, 16, {"topic": "Bài 1", "present": tuple(people)}),
    ):
        await step(memory.desk, command(on=date(2024, 1, day)), **place, **fields)
    return memory, course, tuple(people)


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
    """One append: a result of each person in the class, and in each case what came of it."""
    memory, course, people = await attended()
    head = len(memory.log[TENANT])
    await record(memory, course, well(people[0], "1/GCN"), Assessed(candidate=people[1], score=3.5))

    assert [type(e) for e in memory.log[TENANT][head:]] == [
        ResultRecorded,
        ResultRecorded,
        CertificateIssued,
        ClassNotPassed,
    ]
    issued = (await memory.reload(TENANT, Candidate, people[0])).latest(CertificateIssued)
    assert (issued.number, issued.grade) == ("1/GCN", "Khá")
    assert issued.valid_until == date(2029, 1, 22)
    assert (await memory.reload(TENANT, Candidate, people[1])).facts().certificate is None


async def test_a_call_up_list_says_so_in_each_case() -> None:
    """The cell has proposed its own; the committee agrees to those, and nobody enters it twice."""
    memory, course, people = await called_up(CELL, people=(0,))
    given: dict[str, Any] = {"tenant_id": TENANT, "subject": course}
    withdrawn = command(Role.CLASSES, on=date(2024, 1, 7))
    await withdraw_participant(memory.desk, withdrawn, **given, candidate=people[0], reason="Ốm")
    on_list: dict[str, Any] = {**given, "organization": COMMITTEE, "resolution_number": "5-NQ"}
    by_cell = command(Role.CELL, on=date(2024, 1, 8))
    with pytest.raises(NotPermitted):
        await propose_participants(memory.desk, by_cell, **on_list, candidates=people)
    head = len(memory.log[TENANT])
    by_committee = command(Role.GRASSROOTS, on=date(2024, 1, 8))
    await propose_participants(memory.desk, by_committee, **on_list, candidates=people)
    added = memory.log[TENANT][head:]
    agreed = added[1]

    assert [type(entry) for entry in added] == [ParticipantsProposed, ClassAgreed]
    assert isinstance(agreed, ClassAgreed)
    assert (agreed.originator_id, agreed.list_number) == (people[0], "5-NQ")
    case = (await memory.reload(TENANT, Candidate, people[0])).facts()
    assert case.proposed is not None
    assert (case.proposed.resolution_number, case.proposed.findings) == ("NQ 1", ("L2",))


async def test_a_second_list_and_a_new_members_class_leave_no_trace() -> None:
    """Who is proposed is not proposed again; new members have been proposed long ago."""
    memory, course, people = await called_up(CELL)
    given: dict[str, Any] = {"tenant_id": TENANT, "subject": course}
    day = command(Role.CLASSES, on=date(2024, 1, 7))
    await withdraw_participant(memory.desk, day, **given, candidate=people[0], reason="Ốm")
    head = len(memory.log[TENANT])
    again = command(Role.CELL, CELL, on=date(2024, 1, 8))
    only: dict[str, Any] = {"organization": CELL, "candidates": people[:1]}
    await propose_participants(memory.desk, again, **given, **only)
    added = [type(entry) for entry in memory.log[TENANT][head:]]
    others, _, _ = await called_up(CELL, kind=CourseKind.NEW_MEMBER_CLASS)

    assert added == [ParticipantsProposed]
    assert not any(isinstance(entry, ClassProposed) for entry in others.log[TENANT])


async def test_enrolling_says_so_in_each_case() -> None:
    """Nobody enters it twice; that the committee had not agreed is a finding of the case."""
    memory, _, people = await attended()
    for each in people:
        entered = (await memory.reload(TENANT, Candidate, each)).latest(ClassEnrolled)
        assert (entered.class_name, entered.effective_on) == ("Lớp khóa I", date(2024, 1, 8))
        assert entered.findings == ("L3",)


async def test_who_is_in_class_already_is_not_enrolled() -> None:
    """By the case's own rule: the item and the person are named, and nobody is enrolled."""
    memory, course, people = await attended()
    place: dict[str, Any] = {"tenant_id": TENANT, "subject": course}
    day = command(on=date(2024, 1, 10))
    fields: dict[str, Any] = {"candidate": people[1], "reason": "Ốm"}
    await withdraw_participant(memory.desk, day, **place, **fields)
    day = command(on=date(2024, 1, 11))
    await enroll_in_class(
        memory.desk, day, tenant_id=TENANT, subject=people[1], class_name="Lớp tỉnh"
    )
    await propose_participants(
        memory.desk,
        command(on=date(2024, 1, 12)),
        **place,
        organization=CELL,
        candidates=(people[1],),
    )
    sizes = memory.sizes()
    with pytest.raises(Conflict) as refusal:
        await enroll_participants(
            memory.desk, command(on=date(2024, 1, 13)), **place, candidates=(people[1],)
        )

    assert (refusal.value.code, refusal.value.field) == (
        "STEP_ALREADY_RECORDED",
        "candidates.1.candidate",
    )
    assert "(K'Thử 1)" in refusal.value.text.vi
    assert memory.sizes() == sizes


async def test_new_members_are_enrolled_in_the_class_alone() -> None:
    """A class for new members is none of the way to the awareness class."""
    memory, _, people = await attended(CourseKind.NEW_MEMBER_CLASS)

    assert (await memory.reload(TENANT, Candidate, people[0])).facts().enrolled is None


async def test_who_is_withdrawn_leaves_the_class_in_the_case() -> None:
    """Absent; who failed before, has gone to another tenant or died stays as it was."""
    memory, course, people = await attended()
    await record(memory, course, Assessed(candidate=people[0], score=3.5))
    died = command(on=date(2024, 1, 20))
    await record_death(memory.desk, died, tenant_id=TENANT, subject=people[2])
    for each in people:
        await withdraw_participant(
            memory.desk,
            command(on=date(2024, 1, 23)),
            tenant_id=TENANT,
            subject=course,
            candidate=each,
            reason="Thôi học",
        )
    outcomes = [
        [held.outcome for held in (await memory.reload(TENANT, Candidate, each)).facts().not_passed]
        for each in people
    ]

    assert outcomes == [[ClassOutcome.FAILED], [ClassOutcome.ABSENT], []]


async def test_a_second_failure_changes_nothing_in_the_case() -> None:
    """The person left the class with the first one; passing later gives the certificate."""
    memory, course, people = await attended()
    for result in (
        Assessed(candidate=people[0], score=3.5),
        Assessed(candidate=people[0], score=4.0),
        well(people[0], "1/GCN"),
    ):
        await record(memory, course, result)
    facts = (await memory.reload(TENANT, Candidate, people[0])).facts()

    assert len(facts.not_passed) == 1
    assert facts.certificate is not None


async def revoke(memory: Memory, course: UUID, candidate: UUID) -> None:
    await revoke_certificate(
        memory.desk,
        command(Role.CLASSES, on=date(2024, 3, 4)),
        tenant_id=TENANT,
        subject=course,
        candidate=candidate,
        document_number="9-QĐ/TTCT",
        reason="Thi hộ",
    )


async def test_a_revoked_certificate_leaves_the_case() -> None:
    """In one append with the class; the reason is kept, and it is corrected by itself."""
    memory, course, people = await attended()
    await record(memory, course, well(people[0], "1/GCN"))
    head = len(memory.log[TENANT])
    await revoke(memory, course, people[0])
    revoked = memory.log[TENANT][head:]

    assert [type(e).__name__ for e in revoked] == ["CertificateRevoked"] * 2
    assert isinstance(revoked[1], CertificateRevoked)
    assert (revoked[1].number, revoked[1].reason) == ("1/GCN", "Thi hộ")
    assert (await memory.reload(TENANT, Candidate, people[0])).facts().certificate is None
    await correct_event(
        memory.desk,
        command(on=date(2024, 3, 5)),
        tenant_id=TENANT,
        position=head + 2,
        reason="Nhầm người",
    )
    held = (await memory.reload(TENANT, Candidate, people[0])).facts().certificate
    assert held is not None


async def test_a_wrong_revocation_gives_the_case_its_certificate_back() -> None:
    """In one append; a revocation that was true of another day takes it from that day on."""
    memory, course, people = await attended()
    await record(memory, course, well(people[0], "1/GCN"), well(people[1], "2/GCN"))
    head = len(memory.log[TENANT])
    await revoke(memory, course, people[0])
    await revoke(memory, course, people[1])
    order = command(on=date(2024, 3, 6))
    given: dict[str, Any] = {"tenant_id": TENANT, "reason": "Nhầm người"}
    await correct_event(memory.desk, order, **given, position=head + 1)
    order = command(on=date(2024, 3, 6))
    later = Replacement(date(2024, 3, 5), {})
    await correct_event(memory.desk, order, **given, position=head + 3, replacement=later)
    added = memory.log[TENANT][head + 4 :]
    first, second = [await memory.reload(TENANT, Candidate, each) for each in people[:2]]

    assert [type(entry).__name__ for entry in added] == [
        *("CourseEntryVoided", "CandidateEntryVoided"),
        *("CourseEntryVoided", "CertificateRevoked", "CandidateEntryVoided", "CertificateRevoked"),
    ]
    assert first.facts().certificate is not None
    assert first.facts().revoked == []
    assert second.case(date(2024, 3, 4)).certificate is not None
    assert second.case(date(2024, 3, 5)).certificate is None
    assert [each.effective_on for each in second.facts().revoked] == [date(2024, 3, 5)]


async def test_a_revocation_of_the_class_alone_is_corrected_alone() -> None:
    """A new member's certificate is no fact of the case; what it lost otherwise stays so."""
    memory, course, people = await attended(CourseKind.NEW_MEMBER_CLASS)
    await record(memory, course, well(people[0], "1/GCN"))
    await revoke(memory, course, people[0])
    head = len(memory.log[TENANT])
    order = command(on=date(2024, 3, 6))
    given: dict[str, Any] = {"tenant_id": TENANT, "position": head, "reason": "Nhầm ngày"}
    later = Replacement(date(2024, 3, 5), {})
    await correct_event(memory.desk, order, **given, replacement=later)
    assert [type(each).__name__ for each in memory.log[TENANT][head:]] == [
        *("CourseEntryVoided", "CertificateRevoked")
    ]

    memory, course, people = await attended()
    await record(memory, course, well(people[0], "1/GCN"))
    await revoke_recorded_certificate(
        memory.desk,
        command(on=date(2024, 3, 1)),
        tenant_id=TENANT,
        subject=people[0],
        number="1/GCN",
        document_number="8-QĐ/TTCT",
        reason="Thi hộ",
    )
    await revoke(memory, course, people[0])
    given["position"] = len(memory.log[TENANT])
    await correct_event(memory.desk, command(on=date(2024, 3, 6)), **given)
    assert (await memory.reload(TENANT, Candidate, people[0])).facts().certificate is None


async def test_a_certificate_the_case_has_lost_already_is_revoked_in_the_class() -> None:
    """It was revoked in the case by itself before; a new member's stays with the class."""
    memory, course, people = await attended()
    await record(memory, course, well(people[0], "1/GCN"))
    await revoke_recorded_certificate(
        memory.desk,
        command(on=date(2024, 3, 1)),
        tenant_id=TENANT,
        subject=people[0],
        number="1/GCN",
        document_number="8-QĐ/TTCT",
        reason="Thi hộ",
    )
    head = len(memory.log[TENANT])
    await revoke(memory, course, people[0])
    assert len(memory.log[TENANT]) == head + 1

    memory, course, people = await attended(CourseKind.NEW_MEMBER_CLASS)
    await record(memory, course, well(people[0], "1/GCN"))
    head = len(memory.log[TENANT])
    await revoke(memory, course, people[0])
    assert len(memory.log[TENANT]) == head + 1


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


async def test_who_took_a_units_place_sends_people_on_its_places() -> None:
    """Given one place of a cell that went up in its neighbor: it is the neighbor's then."""
    memory = await furnished()
    person = await _identified(memory, 0, NEIGHBOR)
    course = await _proposed_course(memory, CourseKind.CANDIDATE_CLASS)
    place: dict[str, Any] = {"tenant_id": TENANT, "subject": course}
    await commands.approve_course(memory.desk, command(on=date(2024, 1, 4)), **place)
    await commands.allot_places(
        memory.desk, command(on=date(2024, 1, 5)), **place, allotments=(Allotment(CELL, 1),)
    )
    merge = next(each for each in RESTRUCTURINGS if each.name == "merge_organizations")
    day = command(on=date(2024, 1, 9))
    await merge(memory.desk, day, tenant_id=TENANT, organizations=(CELL,), into=NEIGHBOR)
    only: dict[str, Any] = {"organization": NEIGHBOR, "candidates": (person,)}
    with pytest.raises(Conflict) as refusal:
        await propose_participants(memory.desk, command(on=date(2024, 1, 8)), **place, **only)
    await propose_participants(memory.desk, command(on=date(2024, 1, 9)), **place, **only)
    position = len(memory.log[TENANT]) - 1
    given: dict[str, Any] = {"tenant_id": TENANT, "position": position, "reason": "Nhầm số"}
    day = command(on=date(2024, 1, 10))
    same = Replacement(None, {"resolutionNumber": "6-NQ"})
    await correct_event(memory.desk, day, **given, replacement=same)

    assert refusal.value.code == "NO_PLACE_LEFT"
    assert list(call_up_list(await memory.reload(TENANT, Course, course))) == [person]
