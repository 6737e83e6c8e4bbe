"""Commands about meetings: one append records the sitting and what it decided on each person."""

import inspect
from datetime import date
from typing import Final
from uuid import uuid5

from commands import candidate as steps
from commands import membership
from commands.item import People, item
from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization
from commands.step import Creation, Step, day_of, fields_of
from domain import access, docket, sitting
from domain.access import Action
from domain.candidate import Candidate
from domain.docket import Docket, DocketLaid, Dossier
from domain.document import Document
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.meeting import AgendaItem, Meeting, MeetingHeld, MeetingKind
from domain.organization_kind import OrganizationKind
from domain.record import record_not_found
from domain.sitting import SittingItem, SittingMatter
from domain.text import Text

MATTERS: Final[dict[SittingMatter, Step]] = {
    SittingMatter.LIST_SYMPATHIZER: steps.list_sympathizer,
    SittingMatter.REMOVE_SYMPATHIZER: steps.remove_sympathizer,
    SittingMatter.OPEN_DOSSIER: steps.open_dossier,
    SittingMatter.PROPOSE_ADMISSION: steps.record_cell_vote,
    SittingMatter.SUBMIT_DOSSIER: steps.submit_dossier,
    SittingMatter.ADMIT: steps.decide_admission,
    SittingMatter.PROPOSE_RECOGNITION: membership.record_recognition_vote,
    SittingMatter.RECOGNIZE: steps.recognize_full_member,
}
"""Which step of a person's record a matter is. A step that comes later joins by its line here."""

meeting_held: Final = Creation(
    "hold_meeting", Action.HOLD_MEETINGS, Meeting, Meeting.hold, MeetingHeld
)
"""How the attendance and the agenda of a meeting are corrected."""


async def hold_meeting(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    kind: MeetingKind,
    members: int,
    present: int,
    body: str | None = None,
    absent: tuple[str, ...] = (),
    agenda: tuple[AgendaItem, ...] = (),
    minutes_number: str | None = None,
    items: tuple[SittingItem, ...] = (),
) -> Recorded:
    """Record a meeting and, in the same append, what it decided on each person.

    The whole sitting is refused when one item is, with the number of the item and the rule. What
    was wrong about one person is corrected in that person's record.
    """
    place = await require_organization(desk, command.actor, Action.HOLD_MEETINGS, organization)
    day = await day_of(desk, place.tenant_id, command)
    people = People(desk, command.actor, place.tenant_id)
    await _require_agenda(desk, place, agenda, people)
    meeting = Meeting.hold(
        uuid5(command.id, "meeting"),
        day,
        place,
        kind=kind,
        members=members,
        present=present,
        body=body,
        absent=absent,
        agenda=agenda,
        minutes_number=minutes_number,
    )
    changed = People(desk, command.actor, place.tenant_id)
    await _take_all(meeting, (day, place), command.actor, changed, items)
    return await desk.log.save(
        place.tenant_id, command, meeting, *changed.all(), subject=meeting.id
    )


async def _take_all(
    meeting: Meeting,
    where: tuple[Day, OrganizationRef],
    actor: Actor,
    people: People,
    items: tuple[SittingItem, ...],
) -> None:
    """Take the items one after the other; the first that is refused refuses the sitting."""
    day, place = where
    _require_few(items)
    for number, each in enumerate(items, start=1):
        with item("items", number):
            access.require(actor.role, MATTERS[each.matter].action)
            sitting.require_matter(meeting, each.matter, place.kind)
            person = await people.load(each.candidate)
            if not await people.is_of(person, place):
                raise record_not_found(Candidate)
        with item("items", number, person):
            step = MATTERS[each.matter]
            that = day
            if step.in_place:
                that = await people.in_place(person, day, step.action)
            take(meeting, that, person, each, by=place.kind)


def take(
    meeting: Meeting, day: Day, person: Candidate, given: SittingItem, *, by: OrganizationKind
) -> None:
    """Take the step that an item means, in the person's record and in the minutes.

    Where a grassroots committee admits, the meeting's vote is that of its members.
    """
    decide = MATTERS[given.matter].take
    required = frozenset(
        name
        for name, each in inspect.signature(decide).parameters.items()
        if each.default is each.empty
    )
    fields = sitting.fields_of_item(fields_of(decide), required, meeting.minutes.members, given)
    if given.matter is SittingMatter.ADMIT and by is OrganizationKind.GRASSROOTS_COMMITTEE:
        fields |= {
            "committee_members": meeting.minutes.members,
            "committee_in_favor": given.in_favor,
        }
    decide(person, day, **fields)
    sitting.take_item(meeting, day, given, entry=person.entries[-1].originator_version)


async def lay_docket(
    desk: Desk,
    command: Command,
    *,
    organization: str,
    body: str,
    meets_on: date,
    dossiers: tuple[Dossier, ...],
    letter_number: str | None = None,
) -> Recorded:
    """Lay dossiers together before the conference of a day: those submitted, recognitions due.

    Refused as a whole when one dossier is not ready, with the number of that one.
    """
    place = await require_organization(desk, command.actor, Action.ASSEMBLE_DOSSIERS, organization)
    day = await day_of(desk, place.tenant_id, command)
    laid = Docket.lay(
        uuid5(command.id, "docket"),
        day,
        place,
        body=body,
        meets_on=meets_on,
        dossiers=dossiers,
        letter_number=letter_number,
    )
    await require_dossiers(desk, command.actor, (day, place), laid.laid)
    return await desk.log.save(place.tenant_id, command, laid, subject=laid.id)


async def require_dossiers(
    desk: Desk, actor: Actor, where: tuple[Day, OrganizationRef], laid: DocketLaid
) -> None:
    """Raises the refusal of the first dossier that is not there or not ready, with its number."""
    day, place = where
    people = People(desk, actor, place.tenant_id)
    for number, each in enumerate(laid.dossiers, start=1):
        with item("dossiers", number):
            person = await people.load(each.candidate)
            if not await people.is_of(person, place):
                raise record_not_found(Candidate)
        with item("dossiers", number, person):
            docket.require_ready(person, day, each.matter, laid.meets_on)


async def _require_agenda(
    desk: Desk, place: OrganizationRef, agenda: tuple[AgendaItem, ...], people: People
) -> None:
    """Raises NotFound for a person or a document of the agenda that is not there."""
    for number, each in enumerate(agenda, start=1):
        with item("agenda", number):
            if each.candidate is not None:
                await people.load(each.candidate)
            if each.document is not None:
                await desk.log.load(place.tenant_id, Document, each.document)


def _require_few(items: tuple[SittingItem, ...]) -> None:
    if len(items) > sitting.ITEMS_MAX:
        raise InvalidInput(
            "TOO_MANY",
            Text(
                f"“items” có tối đa {sitting.ITEMS_MAX} mục.",
                f"“items” has at most {sitting.ITEMS_MAX} items.",
            ),
            field="items",
        )
