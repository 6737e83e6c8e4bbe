"""Each command: success, each way to be refused, repetition, a lost race, a future day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from tests.commands import cases_organization
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    OTHER_DISTRICT,
    Memory,
    command,
    furnished,
    identity,
)

from commands.candidate import (
    assign_helper,
    conclude_vetting,
    decide_admission,
    hold_ceremony,
    identify_candidate,
    list_sympathizer,
    open_dossier,
    recognize_full_member,
    record_cell_vote,
    record_certificate,
    remove_sympathizer,
    submit_dossier,
)
from commands.correction import Replacement, correct_event
from commands.erasure import erase_personal_data, order_erasure
from commands.organization import establish_organization, rename_organization
from commands.perform import ATTEMPTS_MAX, perform
from commands.ports import Command, Recorded
from commands.structure import Restructuring
from commands.target import adjust_target, assign_target, register_target
from domain.access import Role
from domain.candidate import Person
from domain.case import VettingConclusion
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted, Refusal, VersionConflict
from domain.groups import Sex
from domain.organization import OrganizationKind
from domain.period import year
from domain.target import Amount, TargetBasis, TargetTerms, target_id

TENANT = 2
PERSON = Person(full_name="Nguyễn Văn Mẫu", birth_date=date(2000, 5, 20), sex=Sex.MALE)
IDENTIFIED = identity("identify")
ON_LIST: dict[str, Any] = {"tenant_id": TENANT, "subject": IDENTIFIED}
TERMS = TargetTerms(basis=TargetBasis.REGISTERED, period=year(2024))
ASSIGNED = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2024))

Run = Callable[..., Awaitable[Recorded]]


@dataclass(frozen=True)
class Case:
    """One command: how it is called, from what day on, and what the rule refuses."""

    run: Run
    fields: dict[str, Any]
    on: date
    forbidden: Role
    wrong: dict[str, Any]
    """Other fields with which it is refused by a rule, or an `on` of its own."""
    code: str

    @property
    def name(self) -> str:
        """The command's name."""
        return str(getattr(self.run, "name", None) or getattr(self.run, "__name__", "?"))


def case(
    run: Run, on: date, forbidden: Role, wrong: dict[str, Any], code: str, **fields: object
) -> Case:
    """One command about the candidate of these tests."""
    return Case(run, {**ON_LIST, **fields}, on, forbidden, wrong, code)


EARLY = date(2024, 1, 1)
OUT_OF_ORDER = ({"on": EARLY}, "STEP_OUT_OF_ORDER")
PATH = [
    Case(
        identify_candidate,
        {"organization": CELL, "person": PERSON},
        date(2024, 1, 8),
        Role.STANDING,
        {"organization": COMMITTEE},
        "ORGANIZATION_NOT_A_CELL",
    ),
    case(
        assign_helper,
        date(2024, 1, 9),
        Role.UNION,
        {"helper_official_since": date(2024, 1, 10)},
        "HELPER_NOT_OFFICIAL_MEMBER",
        helper_name="Trần Thị Giúp",
        helper_official_since=date(2010, 1, 1),
    ),
    case(list_sympathizer, date(2024, 1, 10), Role.UNION, *OUT_OF_ORDER),
    case(record_certificate, date(2024, 1, 11), Role.CELL, *OUT_OF_ORDER, number="1/2024"),
    case(open_dossier, date(2024, 1, 12), Role.CLASSES, *OUT_OF_ORDER),
    case(
        conclude_vetting,
        date(2024, 1, 15),
        Role.CELL,
        *OUT_OF_ORDER,
        conclusion=VettingConclusion.ELIGIBLE,
    ),
    case(
        record_cell_vote,
        date(2024, 1, 16),
        Role.STANDING,
        {"official_members": 2, "in_favor": 2},
        "TOO_FEW_OFFICIAL_MEMBERS",
        official_members=9,
        in_favor=8,
    ),
    case(submit_dossier, date(2024, 1, 17), Role.CELL, *OUT_OF_ORDER),
    case(decide_admission, date(2024, 1, 18), Role.GRASSROOTS, *OUT_OF_ORDER, decision_number="1"),
    case(hold_ceremony, date(2024, 1, 19), Role.STANDING, *OUT_OF_ORDER),
]
OTHERS = [
    case(remove_sympathizer, date(2024, 1, 20), Role.UNION, *OUT_OF_ORDER, reason="Xin thôi"),
    case(
        recognize_full_member,
        date(2024, 1, 19),
        Role.CELL,
        *OUT_OF_ORDER,
        decision_number="2",
        cell_vote_on=date(2024, 1, 19),
        official_members=9,
        in_favor=9,
    ),
    case(
        order_erasure,
        date(2024, 1, 20),
        Role.GRASSROOTS,
        {"document_number": " "},
        "INVALID_TEXT",
        document_number="12-CV/HU",
        issued_by="Ban Thường vụ Huyện ủy",
    ),
    case(
        erase_personal_data,
        date(2024, 2, 4),
        Role.GRASSROOTS,
        {"on": date(2024, 2, 3)},
        "NOT_TODAY",
    ),
    Case(
        establish_organization,
        {"parent": COMMITTEE, "name": "Chi bộ thôn 3", "kind": OrganizationKind.SUBORDINATE_CELL},
        date(2024, 1, 8),
        Role.CELL,
        {"kind": OrganizationKind.DISTRICT},
        "KIND_DOES_NOT_FIT",
    ),
    Case(
        rename_organization,
        {"organization": CELL, "name": "Chi bộ thôn Một"},
        date(2024, 1, 8),
        Role.CELL,
        {"on": date(2019, 1, 1)},
        "BEFORE_ESTABLISHMENT",
    ),
    Case(
        register_target,
        {"organization": COMMITTEE, "terms": TERMS, "amount": Amount(3)},
        date(2024, 1, 8),
        Role.STANDING,
        {"terms": ASSIGNED},
        "ASSIGNED_FROM_ABOVE",
    ),
    Case(
        assign_target,
        {"organization": COMMITTEE, "terms": ASSIGNED, "amount": Amount(3)},
        date(2024, 1, 8),
        Role.CELL,
        {"amount": Amount()},
        "INVALID_TARGET",
    ),
    Case(
        adjust_target,
        {
            "tenant_id": TENANT,
            "target": UUID(int=0),
            "amount": Amount(4),
            "reason": "Thêm nguồn",
        },
        date(2024, 1, 9),
        Role.STANDING,
        {"on": date(2024, 1, 7)},
        "INVALID_TARGET",
    ),
    Case(
        correct_event,
        {"tenant_id": TENANT, "position": 0, "reason": "Ghi nhầm"},
        date(2024, 2, 1),
        Role.STANDING,
        {"replacement": Replacement(EARLY, {})},
        "STEP_OUT_OF_ORDER",
    ),
]
CASES = [*PATH, *OTHERS, *(Case(*row) for row in cases_organization.ROWS)]
each_command = pytest.mark.parametrize("made", CASES, ids=lambda made: made.name)


async def prepared(made: Case) -> tuple[Memory, Case]:
    """An installation in which the command may be given, and the command with its ids filled in."""
    memory = await furnished()
    fields = dict(made.fields)
    steps = PATH[: PATH.index(made)] if made in PATH else []
    if made.run in (remove_sympathizer, correct_event, order_erasure):
        steps = PATH[:4]
    if made.run is erase_personal_data:
        steps = [*PATH[:4], next(c for c in OTHERS if c.run is order_erasure)]
        memory.day = made.on
    if made.run is recognize_full_member:
        steps = PATH
    if made.run is adjust_target:
        holder = (await memory.organization(COMMITTEE)).id
        fields["target"] = target_id(holder, TERMS)
        register = next(c for c in OTHERS if c.run is register_target)
        await register.run(memory.desk, command(on=register.on), **register.fields)
    for step in steps:
        await given(memory, step)
    await prepare_organizations(memory, made.name)
    if "subject" in fields:
        fields["subject"] = memory.log[TENANT][-1].originator_id
    if made.run is correct_event:
        fields["position"] = next(
            position
            for position, entry in enumerate(memory.log[TENANT], start=1)
            if type(entry).__name__ == "SympathizerListed"
        )
    day = date(2025, 1, 19) if made.run is recognize_full_member else made.on
    if made.run is recognize_full_member:
        memory.day = date(2025, 2, 1)
        fields["cell_vote_on"] = day
    return memory, replace(made, fields=fields, on=day)


async def prepare_organizations(memory: Memory, name: str) -> None:
    """What a command about organizations needs; one that names nobody is about the last record."""
    for run, on, fields in cases_organization.BEFORE.get(name, ()):
        last = {"subject": memory.log[TENANT][-1].originator_id}
        own = last if fields.get("subject", TENANT) is None else {}
        await run(memory.desk, command(on=on), **{**fields, **own})


async def given(memory: Memory, step: Case) -> None:
    """One step of the candidate's way."""
    fields = dict(step.fields)
    if "subject" in fields:
        fields["subject"] = memory.log[TENANT][-1].originator_id
    await step.run(memory.desk, command(on=step.on), **fields)


async def refused(memory: Memory, made: Case, given_command: Command, **changed: object) -> Refusal:
    """The refusal of the command; nothing of it is in any log."""
    sizes = memory.sizes()
    with pytest.raises(Refusal) as refusal:
        await made.run(memory.desk, given_command, **{**made.fields, **changed})

    assert sizes == memory.sizes()
    assert await memory.recorded(TENANT, given_command) is None
    return refusal.value


@each_command
async def test_success(made: Case) -> None:
    """The command appends to the log of its tenant and says where."""
    memory, ready = await prepared(made)
    head = len(memory.log[TENANT])
    recorded = await ready.run(memory.desk, command(on=ready.on), **ready.fields)

    assert (recorded.tenant_id, recorded.first_position) == (TENANT, head + 1)
    assert recorded.last_position == len(memory.log[TENANT])
    assert not recorded.repeated
    if isinstance(made.run, Restructuring) or "reorganization" in made.name:
        return
    assert recorded.last_position == head + 1
    assert recorded.subject == memory.log[TENANT][-1].originator_id


@each_command
async def test_refusal_by_rule(made: Case) -> None:
    """What a rule of the domain forbids is refused with its code and leaves the log as it was."""
    memory, ready = await prepared(made)
    wrong = dict(ready.wrong)
    day = wrong.pop("on", ready.on)
    refusal = await refused(memory, ready, command(on=day), **wrong)

    assert ready.code == refusal.code


@each_command
async def test_refusal_by_role(made: Case) -> None:
    """A role that may not do it is refused, inside its own part of the tree too."""
    memory, ready = await prepared(made)
    refusal = await refused(memory, ready, command(ready.forbidden, on=ready.on))

    assert isinstance(refusal, NotPermitted)
    assert refusal.code == "NOT_PERMITTED"


@each_command
@pytest.mark.parametrize("scope", [OTHER_DISTRICT, f"{DISTRICT}/loc", "lam-dong/bao"])
async def test_out_of_scope_is_not_found(made: Case, scope: str) -> None:
    """For somebody of another part of the tree the thing is not there; its code is not told."""
    memory, ready = await prepared(made)
    refusal = await refused(memory, ready, command(scope=scope, on=ready.on))

    assert isinstance(refusal, NotFound)
    asked = str(ready.fields)
    assert COMMITTEE not in refusal.text.en or COMMITTEE in asked


@each_command
async def test_repetition(made: Case) -> None:
    """The same command given again answers with its first result and changes nothing."""
    memory, ready = await prepared(made)
    once = command(on=ready.on, command_id=identity("again"))
    run = partial(ready.run, memory.desk, once, **ready.fields)
    first = await perform(memory.desk, TENANT, once, run)
    sizes = memory.sizes()
    second = await perform(memory.desk, TENANT, once, run)

    assert second == replace(first, repeated=True)
    assert sizes == memory.sizes()


@each_command
async def test_lost_race(made: Case) -> None:
    """A command that loses a race is run again, and refused as busy when it never wins."""
    memory, ready = await prepared(made)
    given_command = command(on=ready.on)
    run = partial(ready.run, memory.desk, given_command, **ready.fields)
    sizes = memory.sizes()
    memory.lost_races = ATTEMPTS_MAX
    with pytest.raises(Conflict) as refusal:
        await perform(memory.desk, TENANT, given_command, run)
    assert (refusal.value.code, memory.sizes()) == ("BUSY", sizes)

    memory.lost_races = ATTEMPTS_MAX - 1
    recorded = await perform(memory.desk, TENANT, given_command, run)
    assert recorded.last_position == len(memory.log[TENANT])


@each_command
async def test_future_day(made: Case) -> None:
    """Nothing is recorded for a day that has not come, or before the Party was founded."""
    memory, ready = await prepared(made)
    today = memory.today(TENANT)
    for day, code in (
        (date.fromordinal(today.toordinal() + 1), "DATE_IN_FUTURE"),
        (date(1930, 2, 2), "DATE_TOO_EARLY"),
    ):
        refusal = await refused(memory, ready, command(on=day))
        assert isinstance(refusal, InvalidInput)
        assert (refusal.code, refusal.field) == (code, "occurredOn")


async def test_command_id_with_another_input() -> None:
    """A command id that was used for something else is refused, after a refusal too."""
    memory, ready = await prepared(PATH[0])
    first = command(on=ready.on, command_id=identity("again"), input_hash=b"a")
    await ready.run(memory.desk, first, **ready.fields)
    other = replace(first, input_hash=b"b", occurred_on=date(2030, 1, 1))
    with pytest.raises(Conflict) as refusal:
        await perform(
            memory.desk, TENANT, other, partial(ready.run, memory.desk, other, **ready.fields)
        )
    assert refusal.value.code == "COMMAND_ID_REUSED"


async def test_two_writers() -> None:
    """Of two that loaded the same case the second is told that it was not first."""
    memory, ready = await prepared(PATH[2])
    memory.meanwhile = partial(given, memory, PATH[1])
    with pytest.raises(VersionConflict):
        await ready.run(memory.desk, command(on=ready.on), **ready.fields)
