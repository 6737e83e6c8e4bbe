"""The parts that a difference between two figures is split into, and what each of them tells."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from projections.bridge_rows import Event, Told
from projections.tree import Node


class BridgePart(StrEnum):
    """Why figures differ.

    New facts are true only after the earlier day. Late facts were true by then, and were recorded
    after the earlier knowledge; corrections void or replace.
    """

    NEW_FACTS = "NEW_FACTS"
    LATE_FACTS = "LATE_FACTS"
    CORRECTIONS = "CORRECTIONS"
    MOVED_ORGANIZATIONS = "MOVED_ORGANIZATIONS"
    TARGET_CHANGES = "TARGET_CHANGES"
    RULE_CHANGES = "RULE_CHANGES"


class Place(NamedTuple):
    """An organization in which something counts in one figure only.

    `elsewhere` is the code of where the same people count in the tree of the other one, or of where
    they once were; None where there is nothing to tell.
    """

    node: Node
    elsewhere: str | None
    n: float


@dataclass(slots=True)
class Part:
    """One part of a difference: its first events, how many there are, and who moved."""

    amount: float = 0
    count: int = 0
    events: list[Event] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, told: Told, times: float) -> None:
        """More events, which count so many times."""
        self.amount += told.n * times
        self.count += told.events
        self.events += [
            each if each.n is None else replace(each, n=each.n * times) for each in told.first
        ]


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two figures, None where there is nothing to tell, and the parts of what lies between."""

    first: float | None
    second: float | None
    parts: dict[BridgePart, Part]

    @property
    def difference(self) -> float:
        """By how much the second exceeds the first; nothing counts as 0."""
        return (self.second or 0) - (self.first or 0)
