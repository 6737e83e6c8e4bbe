"""What an entry of a class takes for granted: that it is open, that people were listed, or let in.

Who attends stands in `enrollment`.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from domain.record import Entry, entry_has_successors


class StandsOnOpening:
    """Marks an entry of a class that takes for granted that it is open."""


class OfPeople(Entry):
    """An entry that concerns people of the call-up list or of the class."""

    def proposed(self) -> Collection[UUID]:
        """Who comes to the call-up list."""
        return ()

    def enrolled(self) -> Collection[UUID]:
        """Who comes from the list to the class."""
        return ()

    def attending(self) -> Collection[UUID]:
        """Who was in the class before."""
        return ()


def require_attendance(live: Sequence[Entry]) -> None:
    """Passes unless somebody was let in who was never listed, or assessed who was never let in.

    Raises Conflict: what stands on it is to be corrected first.
    """
    of_people = [entry for entry in live if isinstance(entry, OfPeople)]
    for entry in of_people:
        by_then = [each for each in of_people if each.effective_on <= entry.effective_on]
        listed = {one for each in by_then for one in each.proposed()}
        attending = {one for each in by_then for one in each.enrolled()}
        if not (listed.issuperset(entry.enrolled()) and attending.issuperset(entry.attending())):
            raise entry_has_successors()
