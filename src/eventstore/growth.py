"""A tree that grows leaf by leaf, for whoever derives a whole log again; it keeps no leaf."""

from collections.abc import Iterable
from typing import Self

from eventstore.merkle import EMPTY_ROOT, node_hash
from eventstore.tree import LEVELS_MAX, TILE_HEIGHT


class Growth:
    """The roots of the full subtrees so far, and the entries of tiles that came up meanwhile."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.entries: list[list[bytes]] = [[] for _ in range(LEVELS_MAX)]
        """By level, what was added since `entries` was last emptied."""
        self._peaks = list(peaks)

    def copy(self) -> Self:
        """Another one that has had the same leaves."""
        other = type(self)(self.size, self._peaks)
        other.entries = [list(level) for level in self.entries]
        return other

    def add(self, leaf: bytes) -> None:
        """One more leaf hash."""
        self.entries[0].append(leaf)
        peaks, full, height = self._peaks, self.size, 0
        while full & 1:
            leaf = node_hash(peaks.pop(), leaf)
            full >>= 1
            height += 1
            if height % TILE_HEIGHT == 0:
                self.entries[height // TILE_HEIGHT].append(leaf)
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, found = self._peaks
        for left in reversed(rest):
            found = node_hash(left, found)
        return found
