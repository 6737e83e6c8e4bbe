"""Classes: proposed, approved by the standing committee, opened with places for each unit.

Who attends and what came of it stands in `enrollment` and `grading`. People stand here by their
ids, never by name.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.attendance import StandsOnOpening, require_attendance
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day, out_of_range
from domain.organization import OrganizationRef
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Voided,
    entry_has_successors,
    optional_words,
    require_age_of_party,
    require_words,
)
from domain.schedule import QUARTERS, YEARS, CourseKind, Schedule, require_number
from domain.text import Text
from domain.words import words_of

DAYS_MAX = 92
PLACES_MAX = 10_000
SCORE_MAX = 10.0


class CourseState(StrEnum):
    """How far a class has come."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    OPENED = "OPENED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Allotment:
    """How many people an organization, with all below it, may send. `unit` is its code."""

    unit: str
    places: int


class CourseProposed(CreatedEntry):
    """A class was proposed to the standing committee."""

    TOPIC = "course.proposed"
    kind: CourseKind
    year: int
    quarter: int
    title: str
    lead: str
    partners: tuple[str, ...]
    schedule: UUID | None
    letter_number: str | None


class CourseApproved(Entry):
    """The standing committee agreed to open the class."""

    TOPIC = "course.approved"
    decision_number: str | None


class CourseOpened(Entry):
    """The class was opened; `pass_score` of 10 is enough in the end-of-course check."""

    TOPIC = "course.opened"
    starts_on: date
    ends_on: date
    location: str
    topics: tuple[str, ...]
    pass_score: float


class PlacesAllotted(Entry):
    """The places were shared out among the units; a later sharing replaces it."""

    TOPIC = "course.places_allotted"
    allotments: tuple[Allotment, ...]


class CourseEntryVoided(Voided):
    """An entry about the class was never true."""

    TOPIC = "course.entry_voided"
    reason: str


class Course(Record):
    """One class."""

    voided_entry: ClassVar[type[Voided]] = CourseEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy lớp.", "There is no such class.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def propose(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        kind: CourseKind,
        year: int,
        quarter: int,
        title: str,
        lead: str,
        partners: tuple[str, ...] = (),
        schedule: Annotated[UUID, Schedule] | None = None,
        letter_number: str | None = None,
    ) -> Self:
        """Propose to the standing committee that a class be opened in a quarter.

        `schedule` is the year's plan that the class belongs to, where there is one.
        """
        return cls._create(
            CourseProposed,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            kind=kind,
            year=require_number("year", year, YEARS),
            quarter=require_number("quarter", quarter, QUARTERS),
            title=require_words("title", title, 300),
            lead=require_words("lead", lead, 300),
            partners=words_of("partners", partners, 300),
            schedule=schedule,
            letter_number=optional_words("letterNumber", letter_number, 100),
        )

    @property
    def proposed(self) -> CourseProposed:
        """How the class was proposed."""
        return self.latest(CourseProposed)

    def approved(self, on: date | None = None) -> CourseApproved | None:
        """The approval as of a day."""
        return next((e for e in self.live(on) if isinstance(e, CourseApproved)), None)

    def opened(self, on: date | None = None) -> CourseOpened | None:
        """How the class was opened, as of a day."""
        return next((e for e in self.live(on) if isinstance(e, CourseOpened)), None)

    def allotments(self, on: date | None = None) -> tuple[Allotment, ...]:
        """How the places are shared out as of a day; nothing when they are not."""
        shared = [each for each in self.live(on) if isinstance(each, PlacesAllotted)]
        return shared[-1].allotments if shared else ()

    def state(self, on: date) -> CourseState:
        """How far the class has come on a day."""
        opened = self.opened(on)
        if opened is not None:
            return CourseState.ENDED if opened.ends_on < on else CourseState.OPENED
        return CourseState.PROPOSED if self.approved(on) is None else CourseState.APPROVED

    def require_approved(self, day: Day) -> None:
        """Raises Conflict while the standing committee has not agreed."""
        if self.approved(day.on) is None:
            raise Conflict(
                "COURSE_NOT_APPROVED",
                Text(
                    "Ban Thường vụ chưa đồng ý mở lớp.",
                    "The standing committee has not approved the class.",
                ),
                field="course",
            )

    def require_opened(self, day: Day) -> CourseOpened:
        """How it was opened. Raises Conflict for a class that is not open yet."""
        opened = self.opened(day.on)
        if opened is None:
            raise Conflict(
                "COURSE_NOT_OPENED",
                Text("Lớp chưa mở.", "The class is not opened."),
                field="course",
            )
        return opened

    def require_sound(self) -> None:
        """Passes unless a correction took away what others stand on.

        The approval, the opening, a place on the list or in the class. Raises Conflict: what stands
        on it is to be corrected first.
        """
        opened, approved = self.opened(), self.approved()
        needs_opening = any(isinstance(e, StandsOnOpening) for e in self.live())
        if (needs_opening and opened is None) or (opened is not None and approved is None):
            raise entry_has_successors()
        require_attendance(self.live())


def approve_course(course: Course, day: Day, *, decision_number: str | None = None) -> None:
    """Record that the standing committee agrees to open the class."""
    _require_once(course.approved())
    course.enter(
        CourseApproved,
        day.on,
        decision_number=optional_words("decisionNumber", decision_number, 100),
    )


def open_course(
    course: Course,
    day: Day,
    *,
    starts_on: date,
    ends_on: date,
    location: str,
    topics: tuple[str, ...],
    pass_score: float,
) -> None:
    """Open an approved class: its days, its place, its topics, and the score that passes (of 10).

    Raises Conflict before the approval, InvalidInput.
    """
    course.require_approved(day)
    _require_once(course.opened())
    require_age_of_party("startsOn", starts_on)
    last = date.fromordinal(min(starts_on.toordinal() + DAYS_MAX, date.max.toordinal()))
    if not starts_on <= ends_on <= last:
        raise out_of_range("endsOn", starts_on, last)
    if not topics:
        raise InvalidInput(
            "NO_TOPICS",
            Text("Phải có ít nhất một chuyên đề.", "There must be at least one topic."),
            field="topics",
        )
    course.enter(
        CourseOpened,
        day.on,
        starts_on=starts_on,
        ends_on=ends_on,
        location=require_words("location", location, 300),
        topics=words_of("topics", topics, 300),
        pass_score=require_score("passScore", pass_score),
    )


def allot_places(course: Course, day: Day, *, allotments: tuple[Allotment, ...]) -> None:
    """Share out the places of an approved class among units. Raises InvalidInput for one twice."""
    course.require_approved(day)
    if len({each.unit for each in allotments}) < len(allotments):
        raise InvalidInput(
            "UNIT_TWICE",
            Text("Một đơn vị có hai dòng.", "A unit stands there twice."),
            field="allotments",
        )
    for each in allotments:
        require_number("allotments.places", each.places, range(PLACES_MAX + 1))
    course.enter(PlacesAllotted, day.on, allotments=allotments)


def require_score(field: str, score: float) -> float:
    """The score itself. Raises InvalidInput outside 0 to 10."""
    if not 0 <= score <= SCORE_MAX:
        raise InvalidInput(
            "SCORE_OUT_OF_RANGE",
            Text(f"“{field}” phải từ 0 đến 10.", f"“{field}” must be 0 to 10."),
            field=field,
        )
    return score


def _require_once(entry: Entry | None) -> None:
    if entry is not None:
        raise Conflict(
            "STEP_ALREADY_RECORDED",
            Text(
                f"Bước này đã ghi ngày {entry.effective_on:%d/%m/%Y}; nếu sai, hãy đính chính.",
                f"This is recorded on {entry.effective_on}; correct it if it is wrong.",
            ),
            field="course",
        )
