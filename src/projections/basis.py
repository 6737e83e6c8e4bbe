"""The three clocks of a question, and what an answer to it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from eventstore.position import Position
from projections.receipt import Receipt


@dataclass(frozen=True, slots=True)
class At:
    """The clocks of one question.

    None means today, the head, and the tree of `effective` as known at `known`. With `basis` an
    answer rests on what another one rested on; then `effective` is its day, the others are None.
    """

    effective: date | None = None
    known: datetime | None = None
    tree: date | None = None
    after: Position | None = None
    basis: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What one answer rests on.

    The day, and how much of each tenant's log was known, for facts and for the tree.
    """

    effective: date
    positions: Mapping[int, int]
    tree_on: date
    tree_positions: Mapping[int, int]
    is_cut: bool

    def log_end(self, tenant_id: int) -> int | None:
        """The last position that may be read of a log.

        None for its head, which may be ahead of the figures.
        """
        return self.positions[tenant_id] if self.is_cut else None
