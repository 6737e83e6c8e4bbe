"""How the shares of a class and its call-up list are recorded again: with units and people."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from commands.call_up import proposed_lines
from commands.correctable import Correctable, Correction, Values, types_of
from commands.course import require_units
from commands.item import People
from commands.scope import require_record
from domain import course, enrollment
from domain.access import Action
from domain.course import Course, PlacesAllotted
from domain.enrollment import ParticipantsEnrolled, ParticipantsProposed
from domain.judgment import Day
from domain.meeting import Meeting
from domain.record import Entry

_PEOPLE: Final[dict[str, Any]] = {"candidates": tuple[UUID, ...]}


async def _allotted_again(correction: Correction, day: Day, values: Values) -> None:
    record = _course(correction)
    await require_units(correction.desk, correction.holder, values["allotments"])
    course.allot_places(record, day, **values)


async def _proposed_again(correction: Correction, day: Day, values: Values) -> None:
    """With the cells and the groups of the people as of that day."""
    desk, command, tenant_id = correction.desk, correction.command, correction.tenant_id
    people = People(desk, command.actor, tenant_id)
    enrollment.require_people("candidates", values["candidates"])
    lines = await proposed_lines(people, correction.holder, values.pop("candidates"), day)
    if values["meeting"] is not None:
        held = await desk.log.load(tenant_id, Meeting, values["meeting"])
        await require_record(desk, command.actor, tenant_id, held)
    enrollment.propose_participants(_course(correction), day, people=lines, **values)


async def _enrolled_again(correction: Correction, day: Day, values: Values) -> None:
    enrollment.enroll_participants(_course(correction), day, **values)


def _proposed(entry: Entry, _given: Collection[str]) -> Values:
    assert isinstance(entry, ParticipantsProposed)
    return {"candidates": tuple(each.candidate for each in entry.people)}


def _enrolled(entry: Entry, _given: Collection[str]) -> Values:
    assert isinstance(entry, ParticipantsEnrolled)
    return {"candidates": entry.people}


def _course(correction: Correction) -> Course:
    assert isinstance(correction.record, Course)
    return correction.record


CORRECTABLE: Final[dict[type[Entry], Correctable]] = {
    PlacesAllotted: Correctable(Action.RUN_CLASSES, types_of(course.allot_places), _allotted_again),
    ParticipantsProposed: Correctable(
        Action.CORRECT,
        {**_PEOPLE, "resolution_number": str | None, "meeting": UUID | None},
        _proposed_again,
        stated=_proposed,
    ),
    ParticipantsEnrolled: Correctable(
        Action.RUN_CLASSES, _PEOPLE, _enrolled_again, stated=_enrolled
    ),
}
