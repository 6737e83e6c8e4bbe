"""A delegated authority to admit, and the area of a cell: as they were on the day of the step.

The commune may admit from 3 June 2024 to 9 June 2024; what is recorded is recorded in December.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.commands.memory import CELL, COMMITTEE, DISTRICT, Memory, command, furnished
from tests.commands.test_sitting import TENANT, WAY, person, sit

from commands import organization_attribute as attribute
from commands.candidate import decide_admission, hold_ceremony, recognize_full_member
from commands.correction import Replacement, correct_event
from commands.review import refuse_admission
from domain.access import Role
from domain.admission import AdmissionDecided
from domain.case import CaseEntry
from domain.deciding import DecidingBody
from domain.errors import NotPermitted, RuleViolated
from domain.groups import mask
from domain.meeting import MeetingKind
from domain.organization import organization_id
from domain.probation import CeremonyHeld
from domain.sitting import SittingItem, SittingMatter
from domain.timeline import timeline

FIRST, LAST = date(2024, 6, 3), date(2024, 6, 9)
BEFORE, AFTER = date(2024, 6, 2), date(2024, 6, 10)
VOTES: dict[str, Any] = {"committee_members": 15, "committee_in_favor": 10}


async def delegated() -> tuple[Memory, UUID]:
    """Somebody whose dossier is submitted, in a commune that may admit for a week."""
    memory = await furnished()
    case = await person(memory, len(WAY))
    one: dict[str, Any] = {"tenant_id": TENANT, "subject": organization_id(COMMITTEE)}
    await attribute.delegate_admission(memory.desk, command(on=FIRST), **one, document="9-QĐ/HU")
    await attribute.withdraw_admission(memory.desk, command(on=AFTER), **one)
    return memory, case


async def decide(memory: Memory, case: UUID, on: date, role: Role, **more: object) -> None:
    """The decision, by an office of the district or of the commune."""
    scope = COMMITTEE if role is Role.GRASSROOTS else DISTRICT
    await decide_admission(
        memory.desk,
        command(role, scope, on=on),
        tenant_id=TENANT,
        subject=case,
        decision_number="45",
        **more,
    )


def last(memory: Memory, kind: type[CaseEntry]) -> Any:  # noqa: ANN401 (an entry of the kind)
    """The last entry of a kind."""
    return [entry for entry in memory.log[TENANT] if isinstance(entry, kind)][-1]


@pytest.mark.parametrize(
    ("on", "may"), [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)]
)
async def test_the_committee_admits_while_it_is_delegated_to_it(on: date, may: bool) -> None:  # noqa: FBT001
    """On both sides of the day on which the delegation began and of that on which it ended."""
    memory, case = await delegated()
    if not may:
        with pytest.raises(NotPermitted) as refusal:
            await decide(memory, case, on, Role.GRASSROOTS, **VOTES)
        assert refusal.value.code == "ADMISSION_NOT_DELEGATED"
        with pytest.raises(RuleViolated) as violated:
            await decide(memory, case, on, Role.BOARD, authorization_number="9", **VOTES)
        assert violated.value.rule == "G4"
    await decide(memory, case, on, Role.GRASSROOTS if may else Role.BOARD, **(VOTES if may else {}))

    expected = (
        DecidingBody.GRASSROOTS_COMMITTEE if may else DecidingBody.SUPERIOR_STANDING_COMMITTEE
    )
    assert last(memory, AdmissionDecided).decided_by is expected


async def test_where_it_is_delegated_nobody_decides_without_the_committees_vote() -> None:
    """The board above may record it, with two thirds of the committee's members (T8)."""
    memory, case = await delegated()
    with pytest.raises(RuleViolated) as refusal:
        await decide(memory, case, FIRST, Role.BOARD)
    await decide(memory, case, FIRST, Role.BOARD, **VOTES)

    assert refusal.value.rule == "T8"


async def test_the_committee_admits_at_its_own_meeting() -> None:
    """The vote is that of the meeting; another day's meeting may not."""
    memory, case = await delegated()
    admit = SittingItem(matter=SittingMatter.ADMIT, candidate=case, in_favor=10, number="45")
    held: dict[str, Any] = {"organization": COMMITTEE, "kind": MeetingKind.COMMITTEE_MEETING}
    meeting = await sit(memory, admit, role=Role.GRASSROOTS, members=15, present=15, **held)
    decision = last(memory, AdmissionDecided)

    assert (decision.committee_members, decision.committee_in_favor) == (15, 10)
    assert meeting.minutes.members == 15


async def test_what_the_committee_decided_it_may_correct_within_its_authority() -> None:
    """To a day of the delegation, but not to one on which it had none."""
    memory, case = await delegated()
    await decide(memory, case, LAST, Role.GRASSROOTS, **VOTES)
    given: dict[str, Any] = {
        "tenant_id": TENANT,
        "position": len(memory.log[TENANT]),
        "reason": "Ghi nhầm ngày",
    }
    order = command(Role.GRASSROOTS, COMMITTEE, on=AFTER)
    with pytest.raises(NotPermitted):
        await correct_event(memory.desk, order, **given, replacement=Replacement(AFTER, {}))
    order = command(Role.GRASSROOTS, COMMITTEE, on=AFTER)
    await correct_event(memory.desk, order, **given, replacement=Replacement(FIRST, {}))

    assert last(memory, AdmissionDecided).effective_on == FIRST


async def test_a_committee_that_is_not_authorized_refuses_and_recognizes_nobody() -> None:
    """What it may not decide it may not decide against; nor may it void the superior's decision."""
    memory, case = await delegated()
    one: dict[str, Any] = {"tenant_id": TENANT, "subject": case}
    order = command(Role.GRASSROOTS, COMMITTEE, on=AFTER)
    with pytest.raises(NotPermitted):
        await refuse_admission(memory.desk, order, **one, reason="Chưa đạt")
    with pytest.raises(NotPermitted):
        await recognize_full_member(memory.desk, order, **one, decision_number="1")
    await decide(memory, case, AFTER, Role.BOARD)
    with pytest.raises(NotPermitted):
        await correct_event(
            memory.desk,
            order,
            tenant_id=TENANT,
            position=len(memory.log[TENANT]),
            reason="Không đồng ý",
        )


async def test_area_groups_are_those_of_the_counting_day_and_stay() -> None:
    """An area set after the identification counts from its day on; nothing later changes it."""
    memory, case = await delegated()
    of_cell: dict[str, Any] = {"tenant_id": TENANT, "subject": organization_id(CELL)}
    area: dict[str, Any] = {**of_cell, "characteristic": "RELIGIOUS_AREA"}
    assigned = await attribute.assign_characteristic(memory.desk, command(on=AFTER), **area)
    await decide(memory, case, AFTER, Role.BOARD)
    await attribute.remove_characteristic(memory.desk, command(on=date(2024, 6, 20)), **area)
    await hold_ceremony(memory.desk, command(on=date(2024, 6, 20)), tenant_id=TENANT, subject=case)
    counted = _admissions(memory, case)
    await correct_event(
        memory.desk,
        command(on=date(2024, 7, 1)),
        tenant_id=TENANT,
        position=len(memory.log[TENANT]) - 1,
        reason="Nhầm chi bộ",
    )
    await correct_event(
        memory.desk,
        command(on=date(2024, 7, 1)),
        tenant_id=TENANT,
        position=assigned.last_position,
        reason="Nhầm chi bộ",
    )

    assert last(memory, CeremonyHeld).effective_on == date(2024, 6, 20)
    assert {account: bool(groups) for account, groups in counted.items()} == {
        "ADMITTED_BY_DECISION": True,
        "ADMITTED_BY_CEREMONY": False,
    }
    assert _admissions(memory, case) == counted


def _admissions(memory: Memory, case: UUID) -> dict[str, int]:
    """The area groups of each admission counted."""
    areas = mask(["RELIGIOUS_AREA", "MINORITY_AREA"])
    return {
        line.account: line.groups & areas
        for line, n in timeline(memory.stream(TENANT, case)).items()
        if n == 1 and line.account.startswith("ADMITTED")
    }
