"""Places of a class after a reorganization: a successor's people take its predecessor's."""

from datetime import date
from uuid import UUID

import pytest
from tests.domain.classes import approved
from tests.domain.steps import on

from domain.course import Allotment, Course, allot_places
from domain.enrollment import Proposed, propose_participants
from domain.errors import Conflict
from domain.grading import figures
from domain.places import AS_NAMED, Paths, drawn_from, path_of, shares

TOP = ("tinh", "tinh/huyen")
A, B, C = "tinh/huyen/xa-a", "tinh/huyen/xa-b", "tinh/huyen/xa-c"
MERGED: Paths = {
    **dict.fromkeys((A, C), (*TOP, C)),
    f"{A}/thon-1": (*TOP, C, f"{A}/thon-1"),
    f"{C}/thon-9": (*TOP, C, f"{C}/thon-9"),
    B: (*TOP, B),
    f"{B}/thon-1": (*TOP, B, f"{B}/thon-1"),
}
"""The commune A went up in C."""
DAY = on(date(2023, 1, 12))


def shared(*allotments: tuple[str, int]) -> Course:
    """A class whose places are shared out so."""
    course = approved()
    allot_places(course, DAY, allotments=tuple(Allotment(*each) for each in allotments))
    return course


def put(course: Course, number: int, unit: str, paths: Paths = MERGED) -> None:
    """Propose one more person of a unit."""
    person = (Proposed(UUID(int=number), unit, ()),)
    propose_participants(course, DAY, people=person, paths=paths)


def test_a_successors_people_are_proposed_on_the_predecessors_places() -> None:
    """As many as it has places with its own, whichever of the two a cell came from."""
    course = shared((A, 1), (C, 1), (B, 1))
    put(course, 1, f"{C}/thon-9")
    put(course, 2, f"{C}/thon-9")
    with pytest.raises(Conflict) as refusal:
        put(course, 3, f"{A}/thon-1")
    put(course, 4, f"{B}/thon-1")

    assert refusal.value.text.en == f"“{A}, {C}” has 2 places."
    assert figures(course, unit=C, paths=MERGED).proposed == 2
    assert figures(course, unit=B, paths=MERGED).proposed == 1


def test_before_the_merger_each_has_its_own() -> None:
    """By the tree of an earlier day, or by the codes alone."""
    course = shared((A, 1))
    with pytest.raises(Conflict) as refusal:
        put(course, 1, f"{C}/thon-9", AS_NAMED)
    assert refusal.value.text.en == f"“{C}/thon-9” has 0 places."
    put(course, 1, f"{A}/thon-1", AS_NAMED)


def test_a_person_is_shown_with_the_share_of_the_own_code() -> None:
    """Else with the first one; with none where nothing is allotted, or the unit has gone."""
    course = shared((A, 1), (C, 1))
    one, other = course.allotments()

    assert shares(course, f"{A}/thon-1", MERGED) == (one, other)
    assert drawn_from(course, f"{A}/thon-1", MERGED) == one
    assert drawn_from(course, f"{C}/thon-9", MERGED) == other
    assert drawn_from(course, f"{B}/thon-1", MERGED) is None
    assert shares(course, f"{A}/thon-1", {**MERGED, f"{A}/thon-1": ()}) == ()
    assert path_of("tinh/huyen", AS_NAMED) == TOP
