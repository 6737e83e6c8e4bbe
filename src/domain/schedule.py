"""The classes that a committee plans for a year: how many, in which quarters, who runs them.

Several classes may share a quarter (domain sheet, E.2): four of them over three quarters.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.document import Document
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.record import CreatedEntry, Record, Taken, Voided, require_words
from domain.text import Text
from domain.words import words_of

CLASSES_MAX = 100
YEARS = range(1930, 2201)
QUARTERS = range(1, 5)


class CourseKind(StrEnum):
    """Whom a class is for: candidates before the admission, new members during the probation."""

    CANDIDATE_CLASS = "CANDIDATE_CLASS"
    NEW_MEMBER_CLASS = "NEW_MEMBER_CLASS"


class ScheduleMade(CreatedEntry):
    """A committee planned the classes of one kind for a year: from `minimum` to `maximum`."""

    TOPIC = "schedule.made"
    kind: CourseKind
    year: int
    minimum: int
    maximum: int
    quarters: tuple[int, ...]
    lead: str
    partners: tuple[str, ...]
    document: UUID | None


class ScheduleEntryVoided(Voided):
    """An entry about the year's classes was never true."""

    TOPIC = "schedule.entry_voided"
    reason: str


class Schedule(Record):
    """The classes of one kind that a committee plans for a year."""

    voided_entry: ClassVar[type[Voided]] = ScheduleEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy kế hoạch mở lớp.", "There is no such schedule.")
    held_elsewhere: ClassVar[Taken] = Taken(
        "SCHEDULE_EXISTS",
        Text(
            "Đã có kế hoạch mở lớp loại này cho năm đó.",
            "The classes of this kind are planned for that year already.",
        ),
        "year",
    )
    LISTED: ClassVar[bool] = True

    @classmethod
    def make(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        kind: CourseKind,
        year: int,
        minimum: int,
        maximum: int,
        quarters: tuple[int, ...],
        lead: str,
        partners: tuple[str, ...] = (),
        document: Annotated[UUID, Document] | None = None,
    ) -> Self:
        """Plan the classes of one kind for a year: how many, in which quarters, by which bodies.

        `lead` runs the classes together with `partners`; `document` is the plan that says so.
        Raises InvalidInput, and Conflict when that year is planned already.
        """
        require_number("year", year, YEARS)
        require_number("minimum", minimum, range(1, CLASSES_MAX + 1))
        require_number("maximum", maximum, range(minimum, CLASSES_MAX + 1))
        return cls._create(
            ScheduleMade,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            kind=kind,
            year=year,
            minimum=minimum,
            maximum=maximum,
            quarters=_quarters(quarters),
            lead=require_words("lead", lead, 300),
            partners=words_of("partners", partners, 300),
            document=document,
        )

    @property
    def made(self) -> ScheduleMade:
        """What is planned."""
        return self.latest(ScheduleMade)

    def exclusive(self) -> frozenset[tuple[str, str]]:
        """The year and kind of an organization: they are planned once."""
        return frozenset(
            ("schedule", f"{entry.organization_id}/{entry.year}/{entry.kind}")
            for entry in self.live()
            if isinstance(entry, ScheduleMade)
        )


def _quarters(given: tuple[int, ...]) -> tuple[int, ...]:
    if not given:
        raise InvalidInput(
            "NO_QUARTERS",
            Text("Phải nêu ít nhất một quý.", "Name at least one quarter."),
            field="quarters",
        )
    return tuple(sorted({require_number("quarters", quarter, QUARTERS) for quarter in given}))


def require_number(field: str, value: int, among: range) -> int:
    """The number itself. Raises InvalidInput for one that is not `among` those that can be."""
    if value not in among:
        first, last = among[0], among[-1]
        raise InvalidInput(
            "NUMBER_OUT_OF_RANGE",
            Text(f"“{field}” phải từ {first} đến {last}.", f"“{field}” must be {first} to {last}."),
            field=field,
        )
    return value
