"""Correcting an event: what was never true, what was true instead, and who may say so."""

from datetime import date
from typing import Any, get_type_hints

import pytest
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    GRASSROOTS_CELL,
    Memory,
    command,
    furnished,
)

from commands.candidate import (
    identify_candidate,
    list_sympathizer,
    open_dossier,
    record_certificate,
)
from commands.correction import Replacement, correct_event
from commands.correction_table import COMMANDS
from commands.organization import rename_organization
from commands.ports import Recorded
from commands.step import Step, fields_of
from commands.target import adjust_target, assign_target, register_target
from domain.access import Role
from domain.candidate import Candidate, CandidateEntryVoided, Identified, Person
from domain.certificate import CertificateIssued
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted, Refusal
from domain.groups import Sex
from domain.organization import Organization, OrganizationEntryVoided, Renamed
from domain.period import year
from domain.record import Entry
from domain.target import (
    Amount,
    CountingDate,
    Target,
    TargetAdjusted,
    TargetBasis,
    TargetEntryVoided,
    TargetTerms,
)

TENANT = 2
PERSON = Person(
    full_name="Nguyễn Văn Mẫu",
    birth_date=date(2000, 5, 20),
    sex=Sex.FEMALE,
    ethnicity="Kinh",
    groups=frozenset({"STUDENT"}),
)


async def with_case() -> tuple[Memory, int]:
    """A case with a dossier; the position of its identification."""
    memory = await furnished()
    desk = memory.desk
    made = await identify_candidate(
        desk, command(on=date(2024, 1, 8)), organization=CELL, person=PERSON
    )
    case = {"tenant_id": TENANT, "subject": made.subject}
    await list_sympathizer(desk, command(on=date(2024, 1, 9)), **case)  # type: ignore[arg-type]
    await record_certificate(desk, command(on=date(2024, 1, 10)), **case, number="1")  # type: ignore[arg-type]
    await open_dossier(desk, command(on=date(2024, 1, 11)), **case)  # type: ignore[arg-type]
    return memory, made.first_position


async def correct(
    memory: Memory,
    position: int,
    changed: dict[str, object] | None = None,
    on: date | None = None,
    *,
    actor: tuple[Role, str] = (Role.BOARD, DISTRICT),
) -> list[Entry]:
    """The entries that a correction appended."""
    replacement = None if changed is None else Replacement(on, changed)
    before = len(memory.log[TENANT])
    await correct_event(
        memory.desk,
        command(*actor, on=date(2024, 6, 3)),
        tenant_id=TENANT,
        position=position,
        reason="Ghi nhầm",
        replacement=replacement,
    )
    return memory.log[TENANT][before:]


async def refused(memory: Memory, position: int, *asked: Any, **more: Any) -> Refusal:  # noqa: ANN401
    """The refusal of a correction; nothing of it is in the log."""
    before = len(memory.log[TENANT])
    with pytest.raises(Refusal) as refusal:
        await correct(memory, position, *asked, **more)
    assert before == len(memory.log[TENANT])
    return refusal.value


async def test_both_entries_in_one_append() -> None:
    """The voiding entry and the right one stand side by side; what is not named stays as it was."""
    memory, first = await with_case()
    voided, again = await correct(memory, first + 2, {"grade": "Khá"}, date(2024, 1, 11))

    assert isinstance(voided, CandidateEntryVoided)
    assert (voided.voided_position, voided.voided_version) == (first + 2, 3)
    assert voided.effective_on == date(2024, 6, 3)
    assert isinstance(again, CertificateIssued)
    assert (again.number, again.grade) == ("1", "Khá")
    assert again.effective_on == date(2024, 1, 11)


async def test_the_old_day_unless_another_is_given() -> None:
    """Without a day of its own the replacement is of the old entry's day."""
    memory, first = await with_case()
    _, again = await correct(memory, first + 2, {"number": "2"})

    assert again.effective_on == date(2024, 1, 10)


async def test_without_replacement() -> None:
    """An entry may only be voided."""
    memory, first = await with_case()
    (voided,) = await correct(memory, first + 3)

    assert isinstance(voided, CandidateEntryVoided)


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        ({}, ("STUDENT", "WOMEN")),
        ({"sex": "MALE"}, ("STUDENT",)),
        ({"ethnicity": "K'Ho"}, ("ETHNIC_MINORITY", "STUDENT", "WOMEN")),
        ({"religion": "Công giáo"}, ("RELIGIOUS", "STUDENT", "WOMEN")),
        ({"groups": ["WORKER"]}, ("WOMEN", "WORKER")),
    ],
)
async def test_identification_replaced(changed: dict[str, object], groups: tuple[str, ...]) -> None:
    """The groups that followed from a particular follow anew; those that were stated stay."""
    memory, first = await with_case()
    _, again = await correct(memory, first, changed)

    assert isinstance(again, Identified)
    assert groups == again.own_groups
    record = await memory.reload(TENANT, Candidate, again.originator_id)
    assert record.identified == again


async def test_personal_fields_replaced() -> None:
    """A birth date is given as text; the person's other particulars stay."""
    memory, first = await with_case()
    _, again = await correct(memory, first, {"birthDate": "1999-01-02", "fullName": "Lê Thị Mẫu"})

    assert isinstance(again, Identified)
    assert (again.birth_date, again.full_name) == (date(1999, 1, 2), "Lê Thị Mẫu")
    assert again.ethnicity == "Kinh"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"grades": "Khá"}, "replacement.fields.grades"),
        ({"validUntil": "2030-01-01"}, "replacement.fields.validUntil"),
        ({"number": 7}, "replacement.fields.number"),
        ({"number": None}, "replacement.fields.number"),
        ({"organizationId": "x"}, "replacement.fields.organizationId"),
    ],
)
async def test_wrong_field(changed: dict[str, object], says: str) -> None:
    """An unknown field, a computed one and a value of the wrong type are refused by their name."""
    memory, first = await with_case()
    refusal = await refused(memory, first + 2, changed)

    assert isinstance(refusal, InvalidInput)
    assert (refusal.code, refusal.field) == ("INVALID_REPLACEMENT", says)


async def test_wrong_value() -> None:
    """A replacement is refused as the step itself would be."""
    memory, first = await with_case()

    assert (await refused(memory, first + 2, {"number": " "})).code == "INVALID_TEXT"
    assert (await refused(memory, first, {"groups": ["NOBODY"]})).code == "UNKNOWN_GROUP"
    late = await refused(memory, first, {}, date(2024, 1, 10))
    assert (late.code, late.rule) == ("STEP_OUT_OF_ORDER", "P8")


async def test_replacement_on_a_future_day() -> None:
    """What was true instead has happened already."""
    memory, first = await with_case()
    refusal = await refused(memory, first + 2, {}, date(2024, 12, 3))

    assert (refusal.code, refusal.field) == ("DATE_IN_FUTURE", "replacement.occurredOn")


async def test_corrected_once() -> None:
    """A voided entry, a voiding one and an unknown position are not corrected."""
    memory, first = await with_case()
    await correct(memory, first + 3)

    for position in (first + 3, first + 4):
        refusal = await refused(memory, position)
        assert isinstance(refusal, Conflict)
        assert refusal.code == "EVENT_ALREADY_CORRECTED"
    for position in (0, first + 5):
        assert isinstance(await refused(memory, position), NotFound)


async def test_first_entry_with_successors() -> None:
    """An identification on which others stand is voided only together with its replacement."""
    memory, first = await with_case()
    refusal = await refused(memory, first)

    assert (refusal.code, refusal.field) == ("EVENT_HAS_SUCCESSORS", "event")


async def test_organization_is_not_unestablished() -> None:
    """The establishment of an organization is not corrected."""
    memory, _ = await with_case()
    refusal = await refused(memory, 1)

    assert (refusal.code, refusal.field) == ("EVENT_NOT_CORRECTABLE", "event")


async def test_name_corrected() -> None:
    """A renaming is corrected by who may rename."""
    memory = await furnished()
    made = await rename_organization(memory.desk, command(), organization=CELL, name="A")
    voided, again = await correct(memory, made.first_position, {"name": "B"})

    assert isinstance(voided, OrganizationEntryVoided)
    assert isinstance(again, Renamed)
    assert again.name == "B"
    record = await memory.reload(TENANT, Organization, made.subject)
    assert record.latest(Renamed) == again


@pytest.mark.parametrize(
    ("offset", "role", "scope"),
    [(2, Role.CELL, CELL), (0, Role.UNION, CELL), (0, Role.CLASSES, DISTRICT)],
)
async def test_correction_by_whom(offset: int, role: Role, scope: str) -> None:
    """Only who may record an entry, and correct at all, corrects it."""
    memory, first = await with_case()

    assert isinstance(await refused(memory, first + offset, {}, actor=(role, scope)), NotPermitted)


async def test_out_of_scope() -> None:
    """An event of another cell is not there, whatever it is."""
    memory, first = await with_case()
    refusal = await refused(memory, first, {}, actor=(Role.CELL, GRASSROOTS_CELL))

    assert isinstance(refusal, NotFound)
    assert refusal.code == "EVENT_NOT_FOUND"


TERMS = TargetTerms(basis=TargetBasis.REGISTERED, period=year(2024))


async def with_target(terms: TargetTerms = TERMS) -> tuple[Memory, int]:
    """A committee's target, adjusted once; the position of its first entry."""
    memory = await furnished()
    run = assign_target if terms.basis is TargetBasis.ASSIGNED else register_target
    made = await run(
        memory.desk,
        command(on=date(2024, 1, 8)),
        organization=COMMITTEE,
        terms=terms,
        amount=Amount(3),
    )
    await adjust_target(
        memory.desk,
        command(on=date(2024, 2, 1)),
        tenant_id=TENANT,
        target=made.subject,
        amount=Amount(5),
        reason="Thêm nguồn",
    )
    return memory, made.first_position


async def test_target_corrected() -> None:
    """A target and its adjustment are corrected, and what is not named stays."""
    memory, first = await with_target()
    voided, again = await correct(memory, first, {"count": 4, "statedGrowthPercent": 10})
    _, adjusted = await correct(memory, first + 1, {"count": 6})

    assert isinstance(voided, TargetEntryVoided)
    assert isinstance(adjusted, TargetAdjusted)
    assert (adjusted.count, adjusted.reason) == (6, "Thêm nguồn")
    record = await memory.reload(TENANT, Target, again.originator_id)
    assert (record.stated.count, record.stated.stated_growth_percent) == (4, 10.0)


async def test_target_amount_is_one_of_two() -> None:
    """A count given where there was a share stays a contradiction until the share is taken away."""
    memory, first = await with_target()
    refusal = await refused(memory, first + 1, {"sharePercent": 20.0})

    assert (refusal.code, refusal.field) == ("INVALID_TARGET", "count")


async def test_voided_target_is_corrected_once() -> None:
    """A target that was voided alone is neither corrected again nor adjusted."""
    memory, first = await with_target()
    await correct(memory, first + 1)
    await correct(memory, first)
    target = memory.log[TENANT][-1].originator_id

    assert (await refused(memory, first)).code == "EVENT_ALREADY_CORRECTED"
    with pytest.raises(NotFound) as refusal:
        await adjust_target(
            memory.desk, command(), tenant_id=TENANT, target=target, amount=Amount(1), reason="A"
        )
    assert refusal.value.code == "TARGET_NOT_FOUND"


async def test_voided_target_can_be_set_again() -> None:
    """Also with another counting date, which no correction can change."""
    memory, first = await with_target()
    await correct(memory, first + 1)
    await correct(memory, first)
    terms = TargetTerms(
        basis=TargetBasis.REGISTERED, period=year(2024), counting=CountingDate.CEREMONY
    )

    async def register() -> Recorded:
        return await register_target(
            memory.desk, command(), organization=COMMITTEE, terms=terms, amount=Amount(7)
        )

    recorded = await register()
    target = await memory.desk.log.load(TENANT, Target, recorded.subject)

    assert (target.stated.count, target.stated.counting) == (7, CountingDate.CEREMONY)
    with pytest.raises(Conflict) as refusal:
        await register()
    assert refusal.value.code == "TARGET_ALREADY_SET"


async def test_assigned_target_is_corrected_from_above() -> None:
    """Who was assigned a target does not correct it; the level above does."""
    memory, first = await with_target(TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2024)))

    for role in (Role.GRASSROOTS, Role.CELL):
        refusal = await refused(memory, first + 1, {"count": 1}, actor=(role, COMMITTEE))
        assert isinstance(refusal, NotPermitted)
    await correct(memory, first + 1, {"count": 1})


STEPS = [each for each in COMMANDS if isinstance(each, Step) and each.entry is not None]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_what_a_step_takes_is_what_its_entry_keeps(step: Step) -> None:
    """So a correction can take the step again with the fields that it does not change."""
    assert step.entry is not None
    assert set(fields_of(step.take)) <= set(get_type_hints(step.entry))
