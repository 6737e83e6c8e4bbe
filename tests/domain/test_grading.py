"""Results of a class: a genuine check can be failed and taken again; figures add up."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.classes import CELL, FIRST, SECOND, THIRD, attended, called_up, opened, result
from tests.domain.steps import on
from tests.profile import at_length

from domain.attendance import OfPeople
from domain.enrollment import enroll_participants, hold_session
from domain.errors import Conflict, Refusal
from domain.grading import Grade, figures, passed, results, revoke_certificate

JUNE = on(date(2023, 6, 1))


def test_the_pass_score_decides_who_has_a_certificate() -> None:
    """On the mark passes; who failed may take it again, once, and then has passed."""
    course = attended(FIRST, SECOND)
    result(course, FIRST, 5.0)
    result(course, SECOND, 4.9)
    result(course, SECOND, 8.5, date(2023, 3, 6), grade=Grade.VERY_GOOD)

    assert [held.passed for held in results(course)[SECOND]] == [False, True]
    assert passed(course, SECOND, date(2023, 3, 5)) is None
    assert passed(course, SECOND) == results(course)[SECOND][-1]
    assert passed(course, THIRD) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"score": 11.0}, "SCORE_OUT_OF_RANGE"),
        ({"score": 7.0, "grade": None}, "CERTIFICATE_DOES_NOT_FIT"),
        ({"score": 7.0, "certificate_number": None}, "CERTIFICATE_DOES_NOT_FIT"),
        ({"score": 7.0, "signer_position": None}, "CERTIFICATE_DOES_NOT_FIT"),
        ({"score": 4.0, "grade": Grade.GOOD}, "CERTIFICATE_DOES_NOT_FIT"),
        ({"score": 7.0, "certificate_number": "12/GCN"}, "CERTIFICATE_NUMBER_TAKEN"),
        ({"score": 7.0, "assessed_on": date(2023, 2, 12)}, "DATE_OUT_OF_RANGE"),
        ({"score": 7.0, "assessed_on": date(2023, 2, 21)}, "DATE_OUT_OF_RANGE"),
        ({"score": 7.0, "person": THIRD}, "NOT_ENROLLED"),
        ({"score": 7.0, "person": SECOND}, "ALREADY_PASSED"),
    ],
)
def test_what_a_result_refuses(fields: dict[str, Any], code: str) -> None:
    """No certificate without a passed check, none without its number, none twice."""
    course = attended(FIRST, SECOND)
    result(course, SECOND, 6.0)
    with pytest.raises(Refusal) as refusal:
        result(course, **{"person": FIRST, **fields})

    assert refusal.value.code == code


def test_who_never_came_is_not_assessed() -> None:
    """Being enrolled is not enough."""
    course = called_up(FIRST, SECOND, course=opened())
    enroll_participants(course, on(date(2023, 2, 1)), candidates=(FIRST, SECOND))
    hold_session(course, on(date(2023, 2, 13)), topic="Bài 1", present=(FIRST,))
    with pytest.raises(Refusal) as refusal:
        result(course, SECOND, 9.0)

    assert refusal.value.code == "NOT_ATTENDED"


def test_a_revoked_certificate_is_not_passed_any_more() -> None:
    """It can be revoked once; before that it held."""
    course = attended(FIRST)
    result(course, FIRST, 9.0)
    revoke_certificate(course, JUNE, candidate=FIRST, document_number="3-QĐ", reason="Thi hộ")

    assert passed(course, FIRST) is None
    assert passed(course, FIRST, date(2023, 5, 31)) is not None
    assert figures(course).revoked == 1
    with pytest.raises(Refusal) as refusal:
        revoke_certificate(course, JUNE, candidate=FIRST, document_number="3-QĐ", reason="Thi hộ")
    assert refusal.value.code == "NO_CERTIFICATE"


def test_figures_of_groups_and_units() -> None:
    """Of the people of minority areas, and of one cell; nobody counts twice for a retake."""
    course = attended(FIRST, SECOND, THIRD)
    result(course, FIRST, 3.0)
    result(course, FIRST, 6.0, date(2023, 3, 6))
    result(course, SECOND, 2.0)
    area = figures(course, groups=frozenset({"MINORITY_AREA"}))
    whole = figures(course, unit=CELL)

    assert (area.enrolled, area.passed, area.failed, area.retakes) == (1, 1, 0, 1)
    assert (whole.enrolled, whole.attended, whole.passed, whole.failed) == (3, 3, 1, 1)
    assert dict(whole.spread)[Grade.GOOD] == 1
    assert whole.mean_score == 4.0
    assert figures(course, unit="tinh/huyen/xa/thon-2").enrolled == 0
    assert figures(course, date(2023, 2, 19)).mean_score is None
    assert Grade.EXCELLENT.words == "Xuất sắc"


@settings(max_examples=at_length(40))
@given(st.lists(st.tuples(st.sampled_from([FIRST, SECOND, THIRD]), st.integers(0, 10))))
def test_figures_add_up(checks: list[tuple[Any, int]]) -> None:
    """Whatever the marks: passed and failed are those assessed, the spread those who passed."""
    course = attended(FIRST, SECOND, THIRD)
    accepted = 0
    for person, score in checks:
        try:
            result(course, person, float(score))
        except Conflict:
            continue
        accepted += 1
    counted = figures(course)

    assert counted.passed + counted.failed == len(results(course))
    assert sum(count for _, count in counted.spread) == counted.passed
    assert counted.retakes == accepted - len(results(course))


def test_who_was_assessed_was_let_into_the_class() -> None:
    """Given a result, then the admission to the class that it stands on is not taken away alone."""
    course = attended(FIRST)
    result(course, FIRST, 9.0)
    course.require_sound()
    version = next(
        number
        for number, entry in enumerate(course.entries, start=1)
        if isinstance(entry, OfPeople) and FIRST in entry.enrolled()
    )
    course.void(version, position=version, reason="Nhầm", on=JUNE.on)

    with pytest.raises(Conflict) as refusal:
        course.require_sound()
    assert refusal.value.code == "EVENT_HAS_SUCCESSORS"
