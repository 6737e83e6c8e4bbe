"""The mark of a personal field. What carries it never stands in the clear column of an event."""

from typing import Final


class Sealed:
    """Marks a field of an event that is stored in the event's personal column.

    `Annotated[str, SEALED]`.
    """


SEALED: Final = Sealed()
