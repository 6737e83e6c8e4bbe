"""What every aggregate of ours is.

A record of dated entries that are never edited, only voided by a later entry.

The library gives identity, versions and pending events. The order in which entries count is
(effective day, version).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from eventsourcing.domain import (
    Aggregate,
    AggregateCreated,
    AggregateEvent,
    CanMutateAggregate,
    OriginatorVersionError,
)

from domain.errors import Conflict, InvalidInput, NotFound
from domain.text import Text


class Entry(AggregateEvent):
    """Something that was true from `effective_on` on; it concerns one organization.

    `TOPIC` is the name under which it is stored for ever.
    """

    TOPIC: ClassVar[str]

    effective_on: date
    organization_id: UUID

    def apply(self, aggregate: "Record") -> None:
        """Add the entry to its record."""
        aggregate.entries.append(self)

    def brought(self) -> "tuple[Entry, ...]":
        """Entries of another record that this one begins with, of versions below 1."""
        return ()


class CreatedEntry(Entry, AggregateCreated):
    """The first entry of a record, or what replaces it after a correction."""

    def mutate(self, aggregate: Any) -> Any:  # noqa: ANN401 (the library's own signature is generic here)
        """Create the record, or, as the replacement of a voided first entry, join it."""
        if aggregate is None:
            return super().mutate(None)
        return CanMutateAggregate.mutate(self, aggregate)


class Voided(Entry):
    """An earlier entry of the same record was never true.

    What was true instead, if anything, is recorded again.

    Each kind of record has its own class with a `reason: str`, sealed where the record is about a
    person.
    """

    voided_version: int
    voided_position: int


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is said to whoever creates a record that is there already."""

    code: str
    text: Text
    field: str


class Record(Aggregate):
    """A list of entries, first recorded first."""

    voided_entry: ClassVar[type[Voided]]
    key: object = None
    """What the log needs to seal further entries of this record; nothing here looks at it."""
    held: frozenset[tuple[str, str]] = frozenset()
    """What `exclusive` said when the log last saw the record."""
    held_elsewhere: ClassVar[Taken] = Taken(
        "HELD_ELSEWHERE", Text("Đã thuộc về hồ sơ khác.", "Another record holds it."), "commandId"
    )
    LISTED: ClassVar[bool] = False
    """Whether the register lists such records by their organization."""
    missing: ClassVar[Text] = Text("Không tìm thấy.", "There is no such record.")
    """What is said to whoever asks for a record that is not there."""
    taken: ClassVar[Taken] = Taken(
        "ALREADY_EXISTS", Text("Đã có rồi.", "It exists already."), "commandId"
    )

    def __base_init__(
        self, originator_id: UUID, originator_version: int, timestamp: datetime
    ) -> None:
        """Start with no entry; the first one is added when it is applied."""
        super().__base_init__(originator_id, originator_version, timestamp)
        self.entries: list[Entry] = []

    @staticmethod
    def of(entries: Sequence[Entry]) -> "Record | None":
        """The record that these entries of the log make, first recorded first; None without any.

        The same as `mutate` of each in turn makes, in a sixth of the time: all that an entry does
        to its record is to be added. Raises what `mutate` raises when one is missing.
        """
        if not entries:
            return None
        record: Record = entries[0].mutate(None)  # type: ignore[assignment]
        for version, entry in enumerate(entries, start=1):
            if entry.originator_version != version:
                raise OriginatorVersionError(entry.originator_version, version)
        record.entries = list(entries)
        record.version = len(entries)
        record.modified_on = entries[-1].timestamp
        return record

    @property
    def organization_id(self) -> UUID:
        """The organization that the record belongs to: who may see it follows from that."""
        return self.entries[0].organization_id

    def enter(self, kind: type[Entry], on: date, /, **values: object) -> None:
        """Add an entry of a day that concerns the record's own organization."""
        self.trigger_event(kind, effective_on=on, organization_id=self.organization_id, **values)

    def live(self, until: date | None = None) -> list[Entry]:
        """The entries not voided and effective by `until`, in the order in which they count."""
        return live_entries(self.entries, until)

    def exclusive(self) -> frozenset[tuple[str, str]]:
        """Kinds and values of what no other record of the tenant may hold at the same time."""
        return frozenset()

    def require_sound(self) -> None:
        """Passes when the live entries fit together; a kind of record says itself what that means.

        Raises Conflict.
        """

    def begin_again(self, other: "Record") -> None:
        """Record the beginning again, as another record of the kind has it; ours must be voided.

        Raises Conflict (EVENT_HAS_SUCCESSORS) when an entry of an earlier day stands on it.
        """
        began = other.entries[0]
        if any(entry.effective_on < began.effective_on for entry in self.live()):
            raise entry_has_successors()
        own = {"originator_id", "originator_version", "timestamp"}
        values = {name: value for name, value in vars(began).items() if name not in own}
        self.trigger_event(type(began), **values)

    def latest(self, kind: type[E]) -> E:
        """The live entry of a kind that counts last; there must be one."""
        return next(entry for entry in reversed(self.live()) if isinstance(entry, kind))

    def entry(self, version: int) -> Entry:
        """The live entry of a version.

        Raises NotFound, or Conflict for one that is voided or voids.
        """
        if not 1 <= version <= len(self.entries):
            raise NotFound(
                "EVENT_NOT_FOUND",
                Text("Không tìm thấy sự kiện.", "There is no such event."),
                field="event",
            )
        found = self.entries[version - 1]
        if isinstance(found, Voided) or found not in self.live():
            raise Conflict(
                "EVENT_ALREADY_CORRECTED",
                Text("Sự kiện này đã được đính chính.", "This event has already been corrected."),
                field="event",
            )
        return found

    def void(
        self, version: int, *, position: int, reason: str, on: date, replaced: bool = False
    ) -> Entry:
        """Record that an entry was never true.

        `on` is the day on which the mistake was established.

        Raises NotFound or Conflict as `entry` does, and Conflict for the first entry while others
        stand on it, unless it is to be `replaced` at once.
        """
        entry = self.entry(version)
        others = [e for e in self.live() if e is not entry and e.originator_version > 0]
        if isinstance(entry, CreatedEntry) and others and not replaced:
            raise entry_has_successors()
        self.trigger_event(
            self.voided_entry,
            effective_on=on,
            organization_id=entry.organization_id,
            voided_version=entry.originator_version,
            voided_position=position,
            reason=require_words("reason", reason, 2000),
        )
        return entry


def record_not_found(kind: type[Record]) -> NotFound:
    """The refusal for a record that does not exist or that the caller may not know of."""
    name = kind.__name__
    return NotFound(f"{name.upper()}_NOT_FOUND", kind.missing, field=name.lower())


def entry_has_successors() -> Conflict:
    """The refusal to take away an entry that others stand on."""
    return Conflict(
        "EVENT_HAS_SUCCESSORS",
        Text(
            "Còn sự kiện khác dựa trên sự kiện này; hãy đính chính chúng trước.",
            "Other events stand on this one; correct them first.",
        ),
        field="event",
    )


_IN_ORDER = attrgetter("effective_on", "originator_version")


def live_entries(entries: list[Entry], until: date | None = None) -> list[Entry]:
    """The entries of one record that no later one voids and that are effective by `until`.

    Ordered by (effective day, version); the voiding entries themselves are left out. What the first
    one brought with it from another record is among them, unless it is voided.
    """
    voided = {entry.voided_version for entry in entries if isinstance(entry, Voided)}
    if entries and 1 not in voided and (brought := entries[0].brought()):
        entries = [*brought, *entries]
    standing = [entry for entry in entries if until is None or entry.effective_on <= until]
    if voided:
        standing = [
            entry
            for entry in standing
            if not isinstance(entry, Voided) and entry.originator_version not in voided
        ]
    return sorted(standing, key=_IN_ORDER)


def require_words(field: str, value: str, length_max: int) -> str:
    """The value without outer blanks.

    Raises InvalidInput when it is empty, too long or has control characters.
    """
    words = value.strip()
    if not words or len(words) > length_max or not words.isprintable():
        raise InvalidInput(
            "INVALID_TEXT",
            Text(
                f"“{field}” phải có từ 1 đến {length_max} ký tự in được.",
                f"“{field}” must have 1 to {length_max} printable characters.",
            ),
            field=field,
        )
    return words


def optional_words(field: str, value: str | None, length_max: int = 200) -> str | None:
    """As `require_words`, but nothing stays nothing."""
    return None if value is None else require_words(field, value, length_max)


FOUNDED_ON = date(1930, 2, 3)


def require_past(field: str, day: date, today: date) -> date:
    """The day itself. Raises InvalidInput for one after `today` or before the Party existed."""
    if day > today:
        raise InvalidInput(
            "DATE_IN_FUTURE",
            Text(
                f"Ngày {day:%d/%m/%Y} chưa đến (hôm nay là {today:%d/%m/%Y}).",
                f"{day.isoformat()} is in the future (today is {today.isoformat()}).",
            ),
            field=field,
        )
    return require_age_of_party(field, day)


def require_age_of_party(field: str, day: date) -> date:
    """The day itself. Raises InvalidInput for one before the Party existed (3 February 1930)."""
    if day < FOUNDED_ON:
        raise InvalidInput(
            "DATE_TOO_EARLY",
            Text(f"Ngày {day:%d/%m/%Y} quá sớm.", f"{day.isoformat()} is too early."),
            field=field,
        )
    return day
