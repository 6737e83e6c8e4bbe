"""A sitting over dossiers: which matter a meeting may take, and what its minutes say of each.

What was decided on a person is a step of that person's own record; the meeting keeps the matter,
its own vote and the number, and which entry of the person's record they led to.
"""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from domain.candidate import Candidate
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day, require_votes
from domain.meeting import Meeting, MeetingKind
from domain.organization import OrganizationKind
from domain.record import Entry, optional_words
from domain.text import Text

ITEMS_MAX = 100


class SittingMatter(StrEnum):
    """What a meeting decides on one person."""

    LIST_SYMPATHIZER = "LIST_SYMPATHIZER"
    REMOVE_SYMPATHIZER = "REMOVE_SYMPATHIZER"
    OPEN_DOSSIER = "OPEN_DOSSIER"
    PROPOSE_ADMISSION = "PROPOSE_ADMISSION"
    SUBMIT_DOSSIER = "SUBMIT_DOSSIER"
    ADMIT = "ADMIT"
    PROPOSE_RECOGNITION = "PROPOSE_RECOGNITION"
    RECOGNIZE = "RECOGNIZE"


_COMMITTEES = frozenset({MeetingKind.COMMITTEE_MEETING, MeetingKind.STANDING_CONFERENCE})
OF_CELLS = frozenset(
    {
        SittingMatter.LIST_SYMPATHIZER,
        SittingMatter.REMOVE_SYMPATHIZER,
        SittingMatter.OPEN_DOSSIER,
        SittingMatter.PROPOSE_ADMISSION,
        SittingMatter.PROPOSE_RECOGNITION,
    }
)
"""What the cell decides (domain sheet, B.2); the rest is a committee's."""


NUMBERS: Final = frozenset({"resolution_number", "letter_number", "decision_number"})
"""What the number of an item is called in the steps of a person's record."""


_OF_MINUTES: Final = frozenset({"matter", "candidate", "in_favor", "number"})
"""What the minutes keep of any item, whatever its step takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingItem:
    """One matter of one person, with the meeting's vote on it.

    `cell_...` is the cell's earlier vote where the matter needs it.
    """

    matter: SittingMatter
    candidate: Annotated[UUID, Candidate]
    in_favor: int | None = None
    number: str | None = None
    reason: str | None = None
    consent_number: str | None = None
    cell_vote_on: date | None = None
    cell_official_members: int | None = None
    cell_in_favor: int | None = None


class ItemTaken(Entry):
    """The meeting decided a matter of one person, by a vote of its own.

    `entry` is the version of the entry of the person's record that says what was decided.
    """

    TOPIC = "meeting.item_taken"
    matter: SittingMatter
    candidate: UUID
    in_favor: int | None
    number: str | None
    entry: int


def items(meeting: Meeting) -> list[ItemTaken]:
    """What the meeting decided, in its order."""
    return [entry for entry in meeting.live() if isinstance(entry, ItemTaken)]


def require_matter(meeting: Meeting, matter: SittingMatter, place: OrganizationKind) -> None:
    """Raises InvalidInput for a matter that another kind of meeting decides (domain sheet, B.2).

    A grassroots cell has no committee above it in its own house: it submits the dossier itself.
    """
    kind = meeting.minutes.kind
    itself = matter is SittingMatter.SUBMIT_DOSSIER and place is OrganizationKind.GRASSROOTS_CELL
    fits = kind is MeetingKind.CELL_MEETING if matter in OF_CELLS else kind in _COMMITTEES
    if not fits and not (itself and kind is MeetingKind.CELL_MEETING):
        raise InvalidInput(
            "MATTER_DOES_NOT_FIT",
            Text(
                f"Loại họp {kind} không quyết định việc {matter}.",
                f"A {kind} does not decide {matter}.",
            ),
            field="matter",
        )


def take_item(meeting: Meeting, day: Day, item: SittingItem, *, entry: int) -> None:
    """Put into the minutes what was decided on a person: each matter of a person once.

    Raises Conflict for the same again, InvalidInput for more votes than members.
    """
    taken = {(held.matter, held.candidate) for held in items(meeting)}
    if (item.matter, item.candidate) in taken:
        raise Conflict(
            "ITEM_TWICE",
            Text("Một việc của một người có hai mục.", "The same matter stands there twice."),
            field="candidate",
        )
    if item.in_favor is not None:
        require_votes(meeting.minutes.members, item.in_favor)
    meeting.enter(
        ItemTaken,
        day.on,
        matter=item.matter,
        candidate=item.candidate,
        in_favor=item.in_favor,
        number=optional_words("number", item.number, 100),
        entry=entry,
    )


def fields_of_item(
    names: tuple[str, ...], required: frozenset[str], members: int, item: SittingItem
) -> dict[str, Any]:
    """The fields `names` of a step as an item of a meeting of so many members gives them.

    The base of a vote is all official members. What the item leaves out is left to the step; raises
    InvalidInput for a `required` one, and for one that the matter has no use for. A step that asks
    for the cell's earlier vote gets that one.
    """
    said = {each.name: getattr(item, each.name) for each in fields(item)}
    said |= dict.fromkeys(NUMBERS, item.number)
    said["official_members"] = members
    if "cell_vote_on" in names:
        said["official_members"] = item.cell_official_members
        said["in_favor"] = item.cell_in_favor
    of_cell = {"cell_official_members", "cell_in_favor"} if "cell_vote_on" in names else set()
    for each in fields(item):
        known = each.name in _OF_MINUTES or each.name in names or each.name in of_cell
        if not known and getattr(item, each.name) is not None:
            raise _wrong_field(each.name, "FIELD_DOES_NOT_FIT", "thừa", "has no place here")
    given = {name: said.get(name) for name in names}
    for name in names:
        if name in required and given[name] is None:
            raise _wrong_field(name, "FIELD_MISSING", "còn thiếu", "is missing")
    return {name: value for name, value in given.items() if value is not None}


def _wrong_field(name: str, code: str, vi: str, en: str) -> InvalidInput:
    first, *rest = name.split("_")
    field = first + "".join(word.title() for word in rest)
    return InvalidInput(code, Text(f"“{field}” {vi}.", f"“{field}” {en}."), field=field)
