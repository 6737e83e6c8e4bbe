"""What rows were just decoded to, for several who read the same rows one after the other."""

from typing import Final

from domain.record import Entry
from eventstore.reading import READ_MAX
from eventstore.stored_event import StoredEvent


class Recent:
    """The events of the last `READ_MAX` positions, by the very rows that they were decoded from."""

    def __init__(self) -> None:
        self._found: Final[dict[int, tuple[StoredEvent, Entry]]] = {}

    def entry(self, stored: StoredEvent) -> Entry | None:
        """What this row, not one like it, was decoded to."""
        found = self._found.get(stored.position % READ_MAX)
        return found[1] if found is not None and found[0] is stored else None

    def keep(self, stored: StoredEvent, entry: Entry) -> None:
        """In the place of what stood there a whole page before."""
        self._found[stored.position % READ_MAX] = stored, entry
