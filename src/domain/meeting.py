"""Meetings of organizations and their bodies: who was there, what was treated, what was decided.

A sitting over several dossiers takes one person at a time, each with a vote of its own; what is
decided on a person stands in that person's own record.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.candidate import Candidate
from domain.document import Document
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationKind, OrganizationRef
from domain.personal import SEALED
from domain.record import CreatedEntry, Record, Voided, optional_words, require_words
from domain.schedule import require_number
from domain.text import Text
from domain.words import words_of

MEMBERS_MAX = 100_000
AGENDA_MAX = 100


class MeetingKind(StrEnum):
    """What sits: a cell (monthly, T20), a committee, the standing committee (monthly), others."""

    CELL_MEETING = "CELL_MEETING"
    COMMITTEE_MEETING = "COMMITTEE_MEETING"
    STANDING_CONFERENCE = "STANDING_CONFERENCE"
    REVIEW = "REVIEW"
    CONFERENCE = "CONFERENCE"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """What was treated. It names no person: one it is about is given as `candidate`.

    `about` is the plan, document or duty in words, `document` one of the register. A `task` that
    was given has an assignee (an organization or a body; or the candidate) and perhaps a `due` day.
    """

    text: str
    candidate: Annotated[UUID, Candidate] | None = None
    document: Annotated[UUID, Document] | None = None
    about: str | None = None
    task: str | None = None
    assignee: str | None = None
    due: date | None = None


class MeetingHeld(CreatedEntry):
    """A meeting took place.

    `members` are all official members of the cell or committee, `present` those who were there.
    """

    TOPIC = "meeting.held"
    kind: MeetingKind
    body: str | None
    members: int
    present: int
    absent: Annotated[tuple[str, ...], SEALED]
    agenda: tuple[AgendaItem, ...]
    minutes_number: str | None


class MeetingEntryVoided(Voided):
    """An entry about the meeting was never true."""

    TOPIC = "meeting.entry_voided"
    reason: str


class Meeting(Record):
    """One meeting."""

    voided_entry: ClassVar[type[Voided]] = MeetingEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy cuộc họp.", "There is no such meeting.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def hold(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        kind: MeetingKind,
        members: int,
        present: int,
        body: str | None = None,
        absent: tuple[str, ...] = (),
        agenda: tuple[AgendaItem, ...] = (),
        minutes_number: str | None = None,
    ) -> Self:
        """Record a meeting: official members, how many were present, who was absent, the agenda.

        Raises InvalidInput, among others for a kind that such an organization does not have.
        """
        _require_kind(kind, place.kind)
        _require_attendance(members, present, absent)
        return cls._create(
            MeetingHeld,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            kind=kind,
            body=optional_words("body", body),
            members=members,
            present=present,
            absent=words_of("absent", absent, 200),
            agenda=_agenda(agenda),
            minutes_number=optional_words("minutesNumber", minutes_number, 100),
        )

    @property
    def minutes(self) -> MeetingHeld:
        """How it was held."""
        return self.latest(MeetingHeld)


def _require_kind(kind: MeetingKind, organization: OrganizationKind) -> None:
    is_cells = kind is MeetingKind.CELL_MEETING
    only_committees = kind is MeetingKind.STANDING_CONFERENCE
    if (is_cells and not organization.is_cell) or (only_committees and organization.is_cell):
        raise InvalidInput(
            "KIND_DOES_NOT_FIT",
            Text(
                f"Tổ chức này không có loại họp {kind}.",
                f"Such an organization holds no {kind}.",
            ),
            field="kind",
        )


def _require_attendance(members: int, present: int, absent: tuple[str, ...]) -> None:
    require_number("members", members, range(1, MEMBERS_MAX + 1))
    require_number("present", present, range(members + 1))
    if len(absent) > members - present:
        raise InvalidInput(
            "ATTENDANCE_DOES_NOT_ADD_UP",
            Text(
                "Số có mặt và vắng mặt vượt tổng số đảng viên chính thức.",
                "Those present and absent are more than all official members.",
            ),
            field="absent",
        )


def _agenda(given: tuple[AgendaItem, ...]) -> tuple[AgendaItem, ...]:
    if len(given) > AGENDA_MAX:
        raise InvalidInput(
            "TOO_MANY",
            Text(
                f"“agenda” có tối đa {AGENDA_MAX} mục.",
                f"“agenda” has at most {AGENDA_MAX} items.",
            ),
            field="agenda",
        )
    return tuple(_agenda_item(each) for each in given)


def _agenda_item(given: AgendaItem) -> AgendaItem:
    if given.task is None and (given.assignee is not None or given.due is not None):
        raise InvalidInput(
            "NO_TASK",
            Text("Nêu nhiệm vụ được giao.", "Name the task that was given."),
            field="agenda.task",
        )
    return AgendaItem(
        text=require_words("agenda.text", given.text, 1000),
        candidate=given.candidate,
        document=given.document,
        about=optional_words("agenda.about", given.about, 300),
        task=optional_words("agenda.task", given.task, 1000),
        assignee=optional_words("agenda.assignee", given.assignee),
        due=given.due,
    )
