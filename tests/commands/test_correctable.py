"""What can be corrected: every event, or it says what is done instead."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.commands import test_targets_of_many as targets
from tests.commands.memory import CELL, COMMITTEE, DISTRICT, NEIGHBOR, Memory, command, furnished
from tests.commands.test_course import attended
from tests.commands.test_every_command import CASES, prepared
from tests.commands.test_reorganization import MERGED, OTHER, THIRD, founding, inhabited

from commands import body, territory
from commands.candidate import identify_candidate
from commands.correction import Replacement, correct_event
from commands.correction_table import CORRECTABLE, correctable_of
from commands.course import allot_places
from commands.meeting import lay_docket
from commands.ports import Recorded
from commands.structure import RESTRUCTURINGS
from domain.access import Role
from domain.body import Body, BodyKind
from domain.candidate import Candidate, Person
from domain.change import Part
from domain.course import Allotment, Course
from domain.docket import Docket
from domain.enrollment import call_up_list, enrolled
from domain.errors import InvalidInput, Refusal
from domain.events import EVENTS
from domain.groups import Sex
from domain.organization_entry import Divided, Ended
from domain.part import AssignedToPart
from domain.record import Entry, Voided
from domain.target import TargetCarried
from domain.territory import Territory
from domain.uncorrectable import instead_of

TENANT = 2
ON = date(2024, 6, 3)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.TOPIC)
def test_every_event_can_be_corrected_or_says_what_is_done_instead(kind: type[Entry]) -> None:
    """Never both. An event that voids another one is never voided itself."""
    instead = instead_of(kind)
    assert (instead is None) is (kind in CORRECTABLE)
    if instead is None:
        assert correctable_of(kind) is CORRECTABLE[kind]
        return
    with pytest.raises(InvalidInput, match="EVENT_NOT_CORRECTABLE") as refused:
        correctable_of(kind)
    assert refused.value.field == "event"
    assert refused.value.text.vi.endswith(instead.vi)
    assert refused.value.text.en.endswith(instead.en)


async def correct(
    memory: Memory,
    position: int,
    fields: dict[str, object] | None = None,
    on: date | None = None,
) -> list[Entry]:
    """The entries that a correction appended; a refused one appends nothing."""
    before = len(memory.log[TENANT])
    try:
        await correct_event(
            memory.desk,
            command(on=max(ON, memory.log[TENANT][-1].effective_on)),
            tenant_id=TENANT,
            position=position,
            reason="Ghi nhầm",
            replacement=None if fields is None else Replacement(on, fields),
        )
    except Refusal:
        assert before == len(memory.log[TENANT])
        raise
    return memory.log[TENANT][before:]


def at(memory: Memory, kind: type[Entry]) -> int:
    """The position of the last entry of a kind."""
    log = memory.log[TENANT]
    return max(place for place, entry in enumerate(log, start=1) if isinstance(entry, kind))


async def split(*, remains: bool) -> tuple[Memory, tuple[UUID, ...]]:
    """A cell of which a person goes to one part and two to another."""
    memory, cases = await inhabited()
    (change,) = [each for each in RESTRUCTURINGS if each.name == "split_organization"]
    parts = (
        Part(founding=founding("Thôn 1A"), candidates=tuple(cases[:1])),
        Part(founding=founding("Thôn 1B"), candidates=tuple(cases[1:2])),
    )
    await change(
        memory.desk,
        command(on=MERGED),
        tenant_id=TENANT,
        organization=CELL,
        parts=parts,
        remains=remains,
    )
    return memory, tuple(cases[:2])


async def whereabouts(memory: Memory, *cases: UUID) -> list[str]:
    found = []
    for case in cases:
        record = await memory.load(TENANT, Candidate, case)
        cell = await memory.organization_by_id(TENANT, record.organization_id)
        found.append(cell.code.rpartition("/")[2])
    return found


async def test_a_split_is_voided_with_all_its_assignments() -> None:
    """In one append everybody is of the whole again, on every day."""
    memory, cases = await split(remains=True)
    assert await whereabouts(memory, *cases) == ["thon-1a", "thon-1b"]
    voided = await correct(memory, at(memory, Divided))

    assert len(voided) == 1 + len(cases)
    assert all(isinstance(entry, Voided) for entry in voided)
    assert await whereabouts(memory, *cases) == ["thon-1", "thon-1"]


async def test_an_end_by_a_split_is_voided_with_its_assignments() -> None:
    """The whole goes on with its people."""
    memory, cases = await split(remains=False)
    await correct(memory, at(memory, Ended))
    assert await whereabouts(memory, *cases) == ["thon-1", "thon-1"]


async def test_a_person_assigned_to_the_wrong_part_is_assigned_to_another_one() -> None:
    """Of the same split, on its day, and of nothing else."""
    memory, cases = await split(remains=True)
    part = f"{COMMITTEE}/thon-1a"
    last = at(memory, AssignedToPart)
    for code, on in ((NEIGHBOR, None), (part, ON)):
        with pytest.raises(InvalidInput, match="NOT_A_PART"):
            await correct(memory, last, {"organization": code}, on)
    await correct(memory, last, {"organization": part})
    assert await whereabouts(memory, *cases) == ["thon-1a", "thon-1a"]
    await correct(memory, at(memory, AssignedToPart), {})
    await correct(memory, at(memory, AssignedToPart))
    assert await whereabouts(memory, *cases) == ["thon-1a", "thon-1"]


async def test_organizations_that_went_to_a_part_come_back() -> None:
    """With the split of what was above them; others that stand there stay."""
    memory, _ = await inhabited()
    (change,) = [each for each in RESTRUCTURINGS if each.name == "split_organization"]
    part = Part(into=OTHER, organizations=(CELL,))
    await change(
        memory.desk,
        command(on=MERGED),
        tenant_id=TENANT,
        organization=COMMITTEE,
        parts=(part,),
        remains=True,
    )
    assert above(memory, CELL) == OTHER
    voided = await correct(memory, at(memory, Divided))

    assert len(voided) == 2
    assert (above(memory, CELL), above(memory, THIRD)) == (COMMITTEE, OTHER)


def above(memory: Memory, code: str) -> str:
    """The code of what stands directly above."""
    found = memory.tree(TENANT).find(code)
    assert found is not None
    return found.path()[-2].code if found.path()[-1] is found else found.path()[1].code


async def assigned_territory(memory: Memory) -> Recorded:
    return await territory.assign_territory(
        memory.desk,
        command(on=date(2024, 1, 5)),
        organization=DISTRICT,
        member="uv-1",
        member_name="Ủy viên Mẫu",
        organizations=(COMMITTEE,),
    )


async def test_a_territory_is_corrected_with_organizations_by_code() -> None:
    """Its beginning and its changes; what is not named stays."""
    memory = await furnished()
    begun = await assigned_territory(memory)
    subject: dict[str, Any] = {"tenant_id": TENANT, "subject": begun.subject}
    await correct(memory, begun.first_position, {"memberName": "Ủy viên Khác"})
    hospital = f"{DISTRICT}/benh-vien"
    changed = await territory.change_territory(
        memory.desk, command(on=date(2024, 2, 5)), **subject, organizations=(hospital,)
    )
    await correct(memory, changed.first_position, {"organizations": [hospital, COMMITTEE]})
    found = await memory.load(TENANT, Territory, begun.subject)

    assert found.assigned.member_name == "Ủy viên Khác"
    assert len(found.organizations(date(2024, 1, 6))) == 1
    assert len(found.organizations(date(2024, 2, 6))) == 2
    with pytest.raises(Refusal, match="ORGANIZATION_NOT_FOUND"):
        await correct(
            memory, at(memory, type(found.live()[-1])), {"organizations": ["lam-dong/di-linh"]}
        )
    await correct(memory, at(memory, type(found.live()[-1])))
    found = await memory.load(TENANT, Territory, begun.subject)
    assert len(found.organizations(date(2024, 2, 6))) == 1


async def test_how_a_body_was_established_is_corrected() -> None:
    """The name under which it began."""
    memory = await furnished()
    begun = await body.establish_body(
        memory.desk,
        command(on=date(2024, 1, 5)),
        organization=DISTRICT,
        kind=next(iter(BodyKind)),
        name="Ban Tổ chúc",
    )
    await correct(memory, begun.first_position, {"name": "Ban Tổ chức"})
    standing = (await memory.load(TENANT, Body, begun.subject)).last()
    assert standing is not None
    assert standing.name == "Ban Tổ chức"


async def test_the_call_up_list_of_a_class_is_corrected() -> None:
    """Not while somebody stands on it; with the people of the class's organization only."""
    memory, course, people = await attended()
    log = memory.log[TENANT]
    proposed, second = (
        place for place, e in enumerate(log, start=1) if e.TOPIC == "course.participants_proposed"
    )
    admitted, held = (
        next(place for place, e in enumerate(log, start=1) if topic == e.TOPIC)
        for topic in ("course.participants_enrolled", "course.session_held")
    )
    for position in (proposed, second, admitted):
        with pytest.raises(Refusal, match="EVENT_HAS_SUCCESSORS"):
            await correct(memory, position)
    await correct(memory, proposed, {"resolutionNumber": "3-NQ"})
    await correct(memory, held)
    await correct(memory, admitted, {"candidates": [str(each) for each in people[1:]]})
    record = await memory.load(TENANT, Course, course)
    assert enrolled(record) == set(people[1:])
    last = at(memory, type(log[proposed - 1]))
    with pytest.raises(Refusal, match="EVENT_HAS_SUCCESSORS"):
        await correct(memory, last, {"candidates": [str(people[0])]})
    await correct(memory, last, {"candidates": [str(people[1])]})
    record = await memory.load(TENANT, Course, course)
    assert set(call_up_list(record)) == {people[1], people[2]}


async def test_the_shares_of_a_class_are_corrected() -> None:
    """Among units that are there."""
    memory, course, _ = await attended()
    shared = await allot_places(
        memory.desk,
        command(Role.CLASSES, on=date(2024, 1, 9)),
        tenant_id=TENANT,
        subject=course,
        allotments=(Allotment(COMMITTEE, 3),),
    )
    wrong: dict[str, object] = {"allotments": [{"unit": "lam-dong/di-linh", "places": 3}]}
    with pytest.raises(Refusal, match="ORGANIZATION_NOT_FOUND"):
        await correct(memory, shared.first_position, wrong)
    right: dict[str, object] = {"allotments": [{"unit": COMMITTEE, "places": 5}]}
    await correct(memory, shared.first_position, right)
    record = await memory.load(TENANT, Course, course)
    assert record.allotments() == (Allotment(COMMITTEE, 5),)


async def test_a_part_of_a_target_that_was_carried_by_mistake_comes_back() -> None:
    """Both targets are as they were; not once the successor's amount was stated again."""
    memory = await furnished()
    await targets.allocate(memory, targets.line(COMMITTEE, 9))
    made = await targets.target(memory, COMMITTEE)
    for _ in range(2):
        await targets.carry(memory, made.id, CELL, 2)
    first, second = (
        place for place, e in enumerate(memory.log[TENANT], start=1) if isinstance(e, TargetCarried)
    )
    with pytest.raises(Refusal, match="EVENT_HAS_SUCCESSORS"):
        await correct(memory, first)
    voided = await correct(memory, second)
    assert len(voided) == 2
    assert (await targets.target(memory, CELL)).amount().count == 2
    with pytest.raises(InvalidInput, match="INVALID_REPLACEMENT"):
        await correct(memory, first, {})
    await correct(memory, first)
    assert not (await targets.target(memory, CELL)).is_stated
    assert (await targets.target(memory, COMMITTEE)).unassigned() == 9


async def test_what_was_carried_on_is_carried_back_first() -> None:
    """Else the successor had carried on what it never got; a statement voided already is left."""
    memory = await furnished()
    await targets.allocate(memory, targets.line(COMMITTEE, 9))
    made = await targets.target(memory, COMMITTEE)
    carried = await targets.carry(memory, made.id, CELL, 4)
    onward = await targets.carry(memory, carried.subject, NEIGHBOR, 3)
    with pytest.raises(Refusal, match="EVENT_HAS_SUCCESSORS"):
        await correct(memory, carried.first_position)
    await correct(memory, onward.first_position + 1)
    voided = await correct(memory, onward.first_position)
    assert len(voided) == 1
    await correct(memory, carried.first_position)
    assert (await targets.target(memory, COMMITTEE)).unassigned() == 9


async def test_a_docket_is_laid_again() -> None:
    """For another day of the conference; with dossiers that are ready."""
    (made,) = [each for each in CASES if each.run is lay_docket]
    memory, ready = await prepared(made)
    laid: Recorded = await ready.run(memory.desk, command(on=ready.on), **ready.fields)
    await correct(memory, laid.first_position, {"meetsOn": "2024-01-26"})
    found = await memory.load(TENANT, Docket, laid.subject)
    assert found.laid.meets_on == date(2024, 1, 26)
    person = Person(full_name="K'Chưa", birth_date=date(2000, 5, 20), sex=Sex.FEMALE)
    other = await identify_candidate(
        memory.desk, command(on=date(2024, 1, 2)), organization=CELL, person=person
    )
    unready = [{"matter": "ADMIT", "candidate": str(other.subject)}]
    with pytest.raises(Refusal) as refused:
        await correct(memory, at(memory, type(found.laid)), {"dossiers": unready})
    assert refused.value.code == "STEP_OUT_OF_ORDER"
    await correct(memory, at(memory, type(found.laid)))
