"""The balances of one measure and unit on successive days, while they are carried forward."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from projections.balance import ACCOUNTS, grid

HELD: Final = 2**31 - 1
"""In the place of the epoch in which a balance was superseded."""
NONE: Final = [0] * len(ACCOUNTS)

Key: TypeAlias = tuple[int, UUID]
"""A measure and a unit."""
Added: TypeAlias = tuple[int, int]
"""The place of an account among all, and what is added to it."""
Turns: TypeAlias = dict[int, list[Added]]
"""What is added from each day on, by the place of the day in its grid."""


Sizes: TypeAlias = tuple[int, int]
"""How many days there are, of everybody and of a group."""


class Grids:
    """The days of balances from a first to a last one, of everybody and of a group."""

    def __init__(self, first: date, last: date) -> None:
        self.first: Final = first
        self.last: Final = last
        self.days: Final = (list(grid(first, last, 0)), list(grid(first, last, 1)))
        everybody, of_group = self.days
        self.places: Final = (
            range(len(everybody) + 1),
            [0, *(bisect_right(of_group, day) for day in everybody)],
        )
        """Where the first day stands that counts a posting, by how many of everybody do not."""

    def sizes(self, last: date | None) -> Sizes:
        """How many days there are up to one; none up to none."""
        if last is None:
            return 0, 0
        everybody, of_group = self.days
        return bisect_right(everybody, last), bisect_right(of_group, last)


class Run(NamedTuple):
    """A row of `balance` on successive days, the first and the last by their places."""

    measure: int
    unit: UUID
    epoch: int
    until: int
    first: int
    last: int
    n: str


class _Balance(NamedTuple):
    place: int
    epoch: int
    until: int
    n: list[int]


class Line:
    """What holds on each day from the place `begins` on, and what held and does not any more.

    Days whose sums agree share a list, which is never changed.
    """

    __slots__ = ("_changed_from", "_ended", "_epochs", "_sums", "begins")

    def __init__(self, begins: int) -> None:
        self.begins = begins
        self._epochs: list[int] = []
        self._sums: list[list[int]] = []
        self._ended: list[_Balance] = []
        self._changed_from: int | None = None

    @property
    def ends(self) -> int:
        """The place after the last day."""
        return self.begins + len(self._sums)

    def lead(self, epoch: int, sums: Sequence[int]) -> None:
        """Say what holds on the day before the first; accounts of a later program stand at 0."""
        self.begins -= 1
        self._epochs.insert(0, epoch)
        self._sums.insert(0, [*sums, *NONE[len(sums) :]])

    def add(self, turns: Mapping[int, Iterable[Added]], epoch: int) -> None:
        """Add to the days there are, from the first turn on; each of them changes its epoch."""
        start = min(turns)
        lacking = self.begins - start
        if lacking > 0:
            self._epochs[:0] = [epoch] * lacking
            self._sums[:0] = [NONE] * lacking
            self.begins = start
        self._change_from(start)
        added = NONE.copy()
        before = after = NONE
        for place in range(start, self.ends):
            at = place - self.begins
            turn, held = turns.get(place), self._sums[at]
            if turn:
                _add(added, turn)
            if turn or held is not before:
                before, after = held, [a + b for a, b in zip(added, held, strict=True)]
            if self._epochs[at] < epoch:
                self._ended.append(_Balance(place, self._epochs[at], epoch, held))
                self._epochs[at] = epoch
            self._sums[at] = after

    def grow(self, turns: Turns, epoch: int, size: int) -> None:
        """Go on to a place with the days of an epoch; their turns are used up."""
        self._change_from(self.ends)
        sums = self._sums[-1] if self._sums else NONE
        for place in range(self.ends, size):
            if turn := turns.pop(place, None):
                sums = sums.copy()
                _add(sums, turn)
            self._epochs.append(epoch)
            self._sums.append(sums)

    def runs(self, key: Key) -> Iterator[Run]:
        """All rows that are to be written."""
        measure, unit = key
        for first, last in _joined(chain(self._ended, self._held())):
            n = ",".join(map(str, first.n))
            yield Run(measure, unit, first.epoch, first.until, first.place, last, n)

    def _held(self) -> Iterator[_Balance]:
        if self._changed_from is not None:
            for place in range(self._changed_from, self.ends):
                at = place - self.begins
                yield _Balance(place, self._epochs[at], HELD, self._sums[at])

    def _change_from(self, place: int) -> None:
        if self._changed_from is None or place < self._changed_from:
            self._changed_from = place


def _joined(balances: Iterable[_Balance]) -> Iterator[tuple[_Balance, int]]:
    """The first of those that agree on successive days, and the place of the last."""
    first: _Balance | None = None
    last = 0
    for each in balances:
        if first is not None:
            same = (each.epoch, each.until) == (first.epoch, first.until) and each.n is first.n
            if same and each.place == last + 1:
                last = each.place
                continue
            yield first, last
        first, last = each, each.place
    if first is not None:
        yield first, last


def _add(sums: list[int], added: Iterable[Added]) -> None:
    for account, n in added:
        sums[account] += n
