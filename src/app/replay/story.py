"""The whole story of one person or organization, a line an event; personal fields stay closed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from domain.calendar import VIETNAM
from eventstore.stored_event import StoredEvent

WORDS_MAX: Final = 300


def story(events: Sequence[StoredEvent]) -> Iterator[str]:
    """Who recorded when what, and from when it was true, in the order of recording.

    What a later event says was never true says so.
    """
    told = [(stored, msgspec.json.decode(stored.data)) for stored in events]
    voided = {
        data["voidedVersion"]: stored.position
        for stored, data in told
        if stored.type.endswith(".entry_voided")
    }
    for stored, data in told:
        by = voided.get(stored.version)
        never = "" if by is None else f"; never true, see {by}"
        yield (
            f"{stored.position}: {stored.effective_on} {stored.type}{_said(data)}"
            f" (recorded {_moment(stored.recorded_at)} by {stored.actor}{never})"
        )


def _said(data: dict[str, Any]) -> str:
    fields = ", ".join(f"{name} {_plain(value)}" for name, value in data.items() if _is_told(value))
    return f": {fields}" if fields else ""


def _is_told(value: object) -> bool:
    return value is not None and value not in ([], {}, "")


def _plain(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "+".join(value)
    words = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return words if len(words) <= WORDS_MAX else f"{words[:WORDS_MAX]}…"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}"
