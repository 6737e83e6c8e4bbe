"""Who goes to a class: proposed by their units, enrolled, present at its sessions.

People stand here by their ids, with their groups of the day, so that figures need no key.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from domain.attendance import OfPeople, StandsOnOpening
from domain.candidate import Candidate
from domain.course import Course
from domain.errors import Conflict, InvalidInput
from domain.groups import groups_on
from domain.judgment import Day, out_of_range
from domain.personal import SEALED
from domain.places import AS_NAMED, Paths, shares
from domain.record import Entry, optional_words, require_words
from domain.text import Text

PEOPLE_MAX = 200
"""At most so many people in one command."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A person on the call-up list: the unit's code, and the groups on the day."""

    candidate: UUID
    unit: str
    groups: tuple[str, ...]


class ParticipantsProposed(OfPeople):
    """A unit proposed people of its own for the class."""

    TOPIC = "course.participants_proposed"
    people: tuple[Proposed, ...]
    resolution_number: str | None
    meeting: UUID | None

    def proposed(self) -> Collection[UUID]:
        """All of them."""
        return [each.candidate for each in self.people]


class ParticipantsEnrolled(OfPeople, StandsOnOpening):
    """People of the call-up list were admitted to the class."""

    TOPIC = "course.participants_enrolled"
    people: tuple[UUID, ...]

    def enrolled(self) -> Collection[UUID]:
        """All of them."""
        return self.people


class ParticipantWithdrawn(Entry):
    """A person does not attend, or not any more."""

    TOPIC = "course.participant_withdrawn"
    candidate: UUID
    reason: Annotated[str, SEALED]


class SessionHeld(OfPeople, StandsOnOpening):
    """A session of the class was held, with these people present."""

    TOPIC = "course.session_held"
    topic: str
    present: tuple[UUID, ...]

    def attending(self) -> Collection[UUID]:
        """Those present."""
        return self.present


def call_up_list(course: Course, on: date | None = None) -> dict[UUID, Proposed]:
    """Who is proposed and not withdrawn as of a day, in the order of proposal."""
    people: dict[UUID, Proposed] = {}
    for entry in course.live(on):
        if isinstance(entry, ParticipantsProposed):
            people |= {each.candidate: each for each in entry.people}
        elif isinstance(entry, ParticipantWithdrawn):
            people.pop(entry.candidate, None)
    return people


def enrolled(course: Course, on: date | None = None) -> frozenset[UUID]:
    """Who attends the class as of a day."""
    people: set[UUID] = set()
    for entry in course.live(on):
        if isinstance(entry, ParticipantsEnrolled):
            people.update(entry.people)
        elif isinstance(entry, ParticipantWithdrawn):
            people.discard(entry.candidate)
    return frozenset(people)


def sessions(course: Course, on: date | None = None) -> list[SessionHeld]:
    """The sessions held as of a day."""
    return [entry for entry in course.live(on) if isinstance(entry, SessionHeld)]


def groups_of(candidate: Candidate, on: date) -> tuple[str, ...]:
    """A person's groups on a day, by age and by area too."""
    person = candidate.identified
    return groups_on(
        frozenset(person.own_groups), person.birth_date, on, frozenset(person.characteristics)
    )


def propose_participants(
    course: Course,
    day: Day,
    *,
    people: tuple[Proposed, ...],
    resolution_number: str | None = None,
    meeting: UUID | None = None,
    paths: Paths = AS_NAMED,
) -> None:
    """Put people on the call-up list of an approved class, as far as their unit has places.

    `paths` are those of the day, of all units that have places or people on the list.

    Raises InvalidInput for nobody or somebody twice, Conflict for somebody on the list already and
    where no place is left.
    """
    course.require_approved(day)
    require_people("candidates", [each.candidate for each in people])
    listed = call_up_list(course)
    for each in people:
        if each.candidate in listed:
            raise Conflict(
                "ALREADY_PROPOSED",
                Text("Đã có trong danh sách gọi học.", "The person is on the call-up list."),
                field="candidates",
            )
        _require_place(course, each.unit, [*listed.values(), *people], paths)
    course.enter(
        ParticipantsProposed,
        day.on,
        people=people,
        resolution_number=optional_words("resolutionNumber", resolution_number),
        meeting=meeting,
    )


def enroll_participants(
    course: Course, day: Day, *, candidates: tuple[Annotated[UUID, Candidate], ...]
) -> None:
    """Admit people of the call-up list to the opened class.

    Raises InvalidInput for somebody who is not on the list, Conflict for one enrolled already.
    """
    course.require_opened(day)
    require_people("candidates", candidates)
    listed, attending = call_up_list(course, day.on), enrolled(course)
    for each in candidates:
        if each not in listed:
            raise InvalidInput(
                "NOT_ON_CALL_UP_LIST",
                Text("Không có trong danh sách gọi học.", "The person is not on the call-up list."),
                field="candidates",
            )
        if each in attending:
            raise Conflict(
                "ALREADY_ENROLLED",
                Text("Đã được gọi vào lớp.", "The person is enrolled already."),
                field="candidates",
            )
    course.enter(ParticipantsEnrolled, day.on, people=candidates)


def withdraw_participant(
    course: Course, day: Day, *, candidate: Annotated[UUID, Candidate], reason: str
) -> None:
    """Take a person off the call-up list or out of the class, with the reason."""
    if candidate not in call_up_list(course, day.on):
        raise InvalidInput(
            "NOT_ON_CALL_UP_LIST",
            Text("Không có trong danh sách gọi học.", "The person is not on the call-up list."),
            field="candidate",
        )
    course.enter(
        ParticipantWithdrawn,
        day.on,
        candidate=candidate,
        reason=require_words("reason", reason, 2000),
    )


def hold_session(
    course: Course, day: Day, *, topic: str, present: tuple[Annotated[UUID, Candidate], ...]
) -> None:
    """Record a session on one of the topics and who was present; the others were absent.

    Raises InvalidInput outside the class's days, for another topic, or somebody not enrolled.
    """
    opened = course.require_opened(day)
    if not opened.starts_on <= day.on <= opened.ends_on:
        raise out_of_range("occurredOn", opened.starts_on, opened.ends_on)
    if topic not in opened.topics:
        raise InvalidInput(
            "UNKNOWN_TOPIC",
            Text("Không phải chuyên đề của lớp.", "It is no topic of the class."),
            field="topic",
        )
    if len(set(present)) < len(present):
        raise _twice("present")
    attending = enrolled(course, day.on)
    for each in present:
        if each not in attending:
            raise not_enrolled("present")
    course.enter(SessionHeld, day.on, topic=topic, present=present)


def not_enrolled(field: str) -> InvalidInput:
    """The refusal for somebody who is not in the class."""
    return InvalidInput(
        "NOT_ENROLLED", Text("Không học lớp này.", "The person is not in this class."), field=field
    )


def require_people(field: str, people: Iterable[UUID]) -> None:
    """Raises InvalidInput for nobody, too many, or somebody twice."""
    listed = list(people)
    if not 1 <= len(listed) <= PEOPLE_MAX:
        raise InvalidInput(
            "COUNT_OUT_OF_RANGE",
            Text(f"Mỗi lần từ 1 đến {PEOPLE_MAX} người.", f"Name 1 to {PEOPLE_MAX} people."),
            field=field,
        )
    if len(set(listed)) < len(listed):
        raise _twice(field)


def _twice(field: str) -> InvalidInput:
    return InvalidInput(
        "PERSON_TWICE", Text("Một người có hai lần.", "A person stands there twice."), field=field
    )


def _require_place(course: Course, unit: str, people: Iterable[Proposed], paths: Paths) -> None:
    """Raises Conflict when the unit that has the places would send more people than those.

    Without any allotment there is no limit.
    """
    if not course.allotments():
        return
    share = shares(course, unit, paths)
    count = sum(each.places for each in share)
    sent = [each for each in people if shares(course, each.unit, paths) == share]
    if not share or len(sent) > count:
        of = ", ".join(each.unit for each in share) or unit
        raise Conflict(
            "NO_PLACE_LEFT",
            Text(f"“{of}” chỉ có {count} chỗ.", f"“{of}” has {count} places."),
            field="candidates",
        )
