"""The places of a class that a unit's people take, wherever that unit stands on the day."""

from collections.abc import Mapping
from datetime import date
from typing import Final, TypeAlias

from domain.course import Allotment, Course

Paths: TypeAlias = Mapping[str, tuple[str, ...]]
"""By a unit's code the codes of all above it and of what stands in its place, in the tree of a day.

An ended unit's path leads to its successor. A code that is not among them is a path itself.
"""
AS_NAMED: Final[Paths] = {}
"""The paths that the codes themselves are."""


def path_of(unit: str, paths: Paths) -> tuple[str, ...]:
    """The codes from the top to the place of a unit."""
    if unit in paths:
        return paths[unit]
    parts = unit.split("/")
    return tuple("/".join(parts[: number + 1]) for number in range(len(parts)))


def shares(
    course: Course, unit: str, paths: Paths = AS_NAMED, on: date | None = None
) -> tuple[Allotment, ...]:
    """The places that a unit's people take: its own, else those of the nearest unit above it.

    What was allotted to a unit is its successor's, beside what that has itself.
    """
    path = path_of(unit, paths)
    places = [(each, path_of(each.unit, paths)[-1:]) for each in course.allotments(on)]
    for code in reversed(path):
        if found := tuple(each for each, place in places if place == (code,)):
            return found
    return ()


def drawn_from(
    course: Course, unit: str, paths: Paths = AS_NAMED, on: date | None = None
) -> Allotment | None:
    """The one of its shares that a person of a unit is shown with: that of the unit's own code."""
    own = path_of(unit, AS_NAMED)
    return max(shares(course, unit, paths, on), key=lambda each: each.unit in own, default=None)
