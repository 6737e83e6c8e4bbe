"""The lines in which a person is counted, and what is posted in them."""

from datetime import date
from typing import NamedTuple, TypeAlias
from uuid import UUID


class Line(NamedTuple):
    """One account of one unit (the finest group of people) and set of groups, from a day on."""

    effective_on: date
    unit: UUID
    account: str
    groups: int


Lines: TypeAlias = dict[Line, int]
"""No Counter, which takes a multiple of the time to be made and added to."""


def post(lines: Lines, line: Line, n: int) -> None:
    """Add to a line, which comes to be with it."""
    lines[line] = lines.get(line, 0) + n


def difference(lines: Lines, before: Lines) -> Lines:
    """What has been posted since; nothing where it comes to nothing."""
    found = {line: n - before.get(line, 0) for line, n in lines.items()}
    found |= {line: -n for line, n in before.items() if line not in lines}
    return {line: n for line, n in found.items() if n}
