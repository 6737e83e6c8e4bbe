"""Classes: what is refused on the way from the proposal to the call-up list."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.domain.classes import (
    CELL,
    DISTRICT,
    FIRST,
    SECOND,
    THIRD,
    approved,
    attended,
    called_up,
    open_it,
    opened,
    proposed,
    result,
)
from tests.domain.steps import given, on

from domain.course import Allotment, Course, CourseState, allot_places, approve_course
from domain.enrollment import (
    PEOPLE_MAX,
    Proposed,
    call_up_list,
    enroll_participants,
    enrolled,
    groups_of,
    hold_session,
    propose_participants,
    withdraw_participant,
)
from domain.errors import Conflict, InvalidInput, Refusal
from domain.schedule import CourseKind, Schedule

FEBRUARY = on(date(2023, 2, 1))


def schedule(**fields: Any) -> Schedule:  # noqa: ANN401 (the fields of the form)
    """Three or four candidate classes in quarters I, III and IV."""
    stated = {
        "kind": CourseKind.CANDIDATE_CLASS,
        "year": 2021,
        "minimum": 3,
        "maximum": 4,
        "quarters": (4, 1, 3, 1),
        "lead": "Ban Thường vụ Đảng ủy Khối",
        "partners": ("Ban Tổ chức", "Văn phòng"),
        **fields,
    }
    return Schedule.make(UUID(int=8), on(date(2021, 1, 20)), DISTRICT, **stated)


def test_a_year_of_classes() -> None:
    """The quarters stand in order, each once; the year of a kind is planned once."""
    made = schedule()
    other = schedule(kind=CourseKind.NEW_MEMBER_CLASS)

    assert made.made.quarters == (1, 3, 4)
    assert not made.exclusive() & other.exclusive()
    made.void(1, position=1, reason="Ghi nhầm", on=date(2021, 2, 1))
    assert made.exclusive() == frozenset()


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"year": 1929}, "NUMBER_OUT_OF_RANGE", "year"),
        ({"minimum": 0}, "NUMBER_OUT_OF_RANGE", "minimum"),
        ({"maximum": 2}, "NUMBER_OUT_OF_RANGE", "maximum"),
        ({"quarters": ()}, "NO_QUARTERS", "quarters"),
        ({"quarters": (5,)}, "NUMBER_OUT_OF_RANGE", "quarters"),
    ],
)
def test_what_a_schedule_refuses(fields: dict[str, Any], code: str, field: str) -> None:
    """Each refusal names its field."""
    with pytest.raises(InvalidInput) as refusal:
        schedule(**fields)

    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_class_goes_from_proposal_to_its_end() -> None:
    """Its state is one of a day."""
    course = opened()
    assert course.proposed.quarter == 1
    days = [(1, 4), (1, 5), (1, 10), (2, 17), (2, 18)]

    assert [course.state(date(2023, *day)) for day in days] == [
        CourseState.PROPOSED,
        CourseState.APPROVED,
        CourseState.OPENED,
        CourseState.OPENED,
        CourseState.ENDED,
    ]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda: open_it(proposed()), "COURSE_NOT_APPROVED"),
        (lambda: approve_course(approved(), FEBRUARY), "STEP_ALREADY_RECORDED"),
        (lambda: open_it(opened()), "STEP_ALREADY_RECORDED"),
        (lambda: open_it(approved(), ends_on=date(2023, 2, 12)), "DATE_OUT_OF_RANGE"),
        (lambda: open_it(approved(), ends_on=date(2023, 6, 1)), "DATE_OUT_OF_RANGE"),
        (lambda: open_it(approved(), topics=()), "NO_TOPICS"),
        (lambda: open_it(approved(), pass_score=10.5), "SCORE_OUT_OF_RANGE"),
        (lambda: allot_places(proposed(), FEBRUARY, allotments=()), "COURSE_NOT_APPROVED"),
        (
            lambda: allot_places(
                approved(), FEBRUARY, allotments=(Allotment(CELL, 1), Allotment(CELL, 2))
            ),
            "UNIT_TWICE",
        ),
        (
            lambda: allot_places(approved(), FEBRUARY, allotments=(Allotment(CELL, -1),)),
            "NUMBER_OUT_OF_RANGE",
        ),
        (lambda: called_up(FIRST, course=proposed()), "COURSE_NOT_APPROVED"),
        (called_up, "COUNT_OUT_OF_RANGE"),
        (lambda: called_up(FIRST, FIRST), "PERSON_TWICE"),
        (lambda: called_up(FIRST, course=called_up(FIRST)), "ALREADY_PROPOSED"),
        (
            lambda: enroll_participants(approved(), FEBRUARY, candidates=(FIRST,)),
            "COURSE_NOT_OPENED",
        ),
        (
            lambda: enroll_participants(called_up(FIRST), FEBRUARY, candidates=(SECOND,)),
            "NOT_ON_CALL_UP_LIST",
        ),
        (
            lambda: enroll_participants(attended(FIRST), FEBRUARY, candidates=(FIRST,)),
            "ALREADY_ENROLLED",
        ),
        (
            lambda: withdraw_participant(opened(), FEBRUARY, candidate=FIRST, reason="Ốm"),
            "NOT_ON_CALL_UP_LIST",
        ),
        (
            lambda: hold_session(attended(FIRST), FEBRUARY, topic="Bài 1", present=()),
            "DATE_OUT_OF_RANGE",
        ),
        (
            lambda: hold_session(attended(FIRST), on(date(2023, 2, 14)), topic="Bài 9", present=()),
            "UNKNOWN_TOPIC",
        ),
        (
            lambda: hold_session(
                attended(FIRST), on(date(2023, 2, 14)), topic="Bài 2", present=(FIRST, FIRST)
            ),
            "PERSON_TWICE",
        ),
        (
            lambda: hold_session(
                attended(FIRST), on(date(2023, 2, 14)), topic="Bài 2", present=(SECOND,)
            ),
            "NOT_ENROLLED",
        ),
    ],
)
def test_what_a_class_refuses(step: Callable[[], object], code: str) -> None:
    """Out of order, twice, for somebody else, on another day."""
    with pytest.raises(Refusal) as refusal:
        step()

    assert refusal.value.code == code


def test_nobody_sends_too_many_at_once() -> None:
    """200 people in one command."""
    people = tuple(Proposed(UUID(int=n), CELL, ()) for n in range(PEOPLE_MAX + 1))
    with pytest.raises(InvalidInput, match="COUNT_OUT_OF_RANGE"):
        propose_participants(opened(), FEBRUARY, people=people)


def test_places_are_of_the_nearest_unit_that_has_some() -> None:
    """A cell with places of its own does not take those of its commune; others have none."""
    course = opened()
    allot_places(
        course,
        on(date(2023, 1, 11)),
        allotments=(Allotment("tinh/huyen/xa", 1), Allotment(CELL, 1)),
    )
    called_up(FIRST, course=course)
    for unit in (CELL, "tinh/huyen/benh-vien"):
        with pytest.raises(Conflict) as refusal:
            called_up(SECOND, course=course, unit=unit)
        assert refusal.value.code == "NO_PLACE_LEFT"
    called_up(SECOND, course=course, unit="tinh/huyen/xa/thon-2")
    with pytest.raises(Conflict, match="NO_PLACE_LEFT"):
        called_up(THIRD, course=course, unit="tinh/huyen/xa/thon-3")

    assert set(call_up_list(course)) == {FIRST, SECOND}
    assert call_up_list(course, date(2023, 1, 19)) == {}


def test_who_is_withdrawn_leaves_the_list_and_the_class() -> None:
    """And gives the place up."""
    course = attended(FIRST, SECOND)
    withdraw_participant(course, on(date(2023, 2, 14)), candidate=FIRST, reason="Ốm")

    assert set(call_up_list(course)) == enrolled(course) == {SECOND}
    assert enrolled(course, date(2023, 2, 13)) == {FIRST, SECOND}


def test_the_groups_of_a_person_are_those_of_the_day() -> None:
    """Youth age ends."""
    person = given().case

    assert groups_of(person, date(2023, 3, 1)) == ("WOMEN", "YOUTH_AGE")
    assert groups_of(person, date(2033, 3, 1)) == ("WOMEN",)


@pytest.mark.parametrize("course", [opened, lambda: attended(FIRST)])
def test_what_others_stand_on_is_not_taken_away(course: Callable[[], Course]) -> None:
    """The approval of an opened class, the opening of one with people."""
    made = course()
    version = 2 if made.version == 3 else 3
    made.void(version, position=version, reason="Ghi nhầm", on=date(2023, 3, 1))
    with pytest.raises(Conflict, match="EVENT_HAS_SUCCESSORS"):
        made.require_sound()


def test_a_sound_class_may_be_corrected() -> None:
    """Nothing stands on its opening yet, or on its last result."""
    made = opened()
    made.void(3, position=3, reason="Ghi nhầm", on=date(2023, 3, 1))
    made.require_sound()
    graded = attended(FIRST)
    result(graded, FIRST, 7.0)
    graded.require_sound()
    graded.void(graded.version, position=7, reason="Ghi nhầm", on=date(2023, 3, 1))
    graded.require_sound()


@pytest.mark.parametrize("topic", ["course.participants_proposed", "course.participants_enrolled"])
def test_a_list_stands_while_people_of_it_attend(topic: str) -> None:
    """Who was present was enrolled, and who was enrolled was on the list."""
    made = attended(FIRST)
    result(made, FIRST, 7.0)
    version = next(e.originator_version for e in made.entries if e.TOPIC == topic)
    made.void(version, position=version, reason="Ghi nhầm", on=date(2023, 3, 1))
    with pytest.raises(Conflict, match="EVENT_HAS_SUCCESSORS"):
        made.require_sound()
