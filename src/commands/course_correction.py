"""How the shares of a class and its call-up list are recorded again: with units and people."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from commands.call_up import paths_of, proposed_lines, require_meeting
from commands.correctable import Correctable, Correction, Values, types_of
from commands.course import require_units
from commands.item import People
from domain import certificate, course, enrollment, grading
from domain.access import Action
from domain.candidate import Candidate
from domain.course import Course, PlacesAllotted
from domain.enrollment import ParticipantsEnrolled, ParticipantsProposed
from domain.judgment import Day
from domain.record import Entry
from domain.schedule import CourseKind

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
    await require_meeting(desk, command.actor, tenant_id, values["meeting"])
    record = _course(correction)
    paths = await paths_of(desk, tenant_id, record, day, lines)
    enrollment.propose_participants(record, day, people=lines, paths=paths, **values)


async def _enrolled_again(correction: Correction, day: Day, values: Values) -> None:
    enrollment.enroll_participants(_course(correction), day, **values)


async def _restored(correction: Correction) -> None:
    """The person's case has the certificate again that it lost with the class.

    Raises NotFound for a person outside the actor's scope, and Conflict where another tenant or
    another record goes on with the case: whoever does corrects it there.
    """
    revoked, course = correction.entry, _course(correction)
    assert isinstance(revoked, grading.CertificateRevoked)
    result = grading.passed(course, revoked.candidate, revoked.effective_on)
    if course.proposed.kind is not CourseKind.CANDIDATE_CLASS or result is None:
        return
    candidate = await _person(correction, revoked.candidate)
    for entry in candidate.live():
        if (
            isinstance(entry, certificate.CertificateRevoked)
            and entry.number == result.certificate_number
            and entry.document_number == revoked.document_number
            and entry.effective_on == revoked.effective_on
        ):
            await correction.void_beside(candidate, entry.originator_version)


async def _revoked_again(correction: Correction, day: Day, values: Values) -> None:
    """In the class, and in the case that has the certificate on that day."""
    course = _course(correction)
    result = grading.passed(course, values["candidate"], day.on)
    grading.revoke_certificate(course, day, **values)
    if course.proposed.kind is not CourseKind.CANDIDATE_CLASS:
        return
    assert result is not None
    assert result.certificate_number is not None
    candidate = await _person(correction, values["candidate"])
    lost = {name: values[name] for name in ("document_number", "reason")}
    certificate.lose_certificate(candidate, day, number=result.certificate_number, **lost)
    if candidate not in correction.others:
        correction.others.append(candidate)


async def _person(correction: Correction, candidate: UUID) -> Candidate:
    """The person, the one that is changed already where there is one."""
    known = [each for each in correction.others if each.id == candidate]
    found = known[0] if known else None
    if found is None:
        people = People(correction.desk, correction.command.actor, correction.tenant_id)
        found = await people.load(candidate)
    assert isinstance(found, Candidate)
    return found


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
    grading.CertificateRevoked: Correctable(
        Action.RUN_CLASSES,
        types_of(grading.revoke_certificate),
        _revoked_again,
        beside=_restored,
    ),
    ParticipantsEnrolled: Correctable(
        Action.RUN_CLASSES, _PEOPLE, _enrolled_again, stated=_enrolled
    ),
}
