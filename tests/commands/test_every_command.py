"""Each command: success, each way to be refused, repetition, a lost race, a future day."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from tests.commands.cases import TENANT, Case, Run
from tests.commands.cases_case import ROWS
from tests.commands.cases_course import COURSE_CASES, RESULTS_WITH_CASES
from tests.commands.cases_document import DOCUMENT_CASES
from tests.commands.cases_meeting import MEETING_CASES, docket_case
from tests.commands.cases_membership import membership_cases
from tests.commands.cases_obligation import OBLIGATION_CASES
from tests.commands.cases_organization import ORGANIZATION_CASES, RESULTS_OF_SEVERAL
from tests.commands.cases_placement import PLACEMENT
from tests.commands.cases_records import RECORD_CASES
from tests.commands.cases_rulebook import rulebook_cases
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    GRASSROOTS_CELL,
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
from commands.closing import close_figures, reopen_figures, submit_figures
from commands.correction import Replacement, correct_event
from commands.erasure import erase_personal_data, order_erasure
from commands.organization import establish_organization, rename_organization
from commands.perform import ATTEMPTS_MAX, perform
from commands.ports import Actor, Command
from commands.target import (
    Line,
    adjust_target,
    allocate_targets,
    assign_target,
    register_target,
    register_targets,
)
from commands.target_carry import carry_target
from domain.access import Role
from domain.candidate import Person
from domain.case import VettingConclusion
from domain.document import DocumentRegistered
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted, Refusal, VersionConflict
from domain.groups import Sex
from domain.organization import OrganizationKind, organization_id
from domain.period import year
from domain.target import Amount, TargetBasis, TargetTerms, target_id

PERSON = Person(full_name="Nguyễn Văn Mẫu", birth_date=date(2000, 5, 20), sex=Sex.MALE)
IDENTIFIED = identity("identify")
ON_LIST: dict[str, Any] = {"tenant_id": TENANT, "subject": IDENTIFIED}
TERMS = TargetTerms(basis=TargetBasis.REGISTERED, period=year(2024))
ASSIGNED = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2024))


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
    case(decide_admission, date(2024, 1, 18), Role.CELL, *OUT_OF_ORDER, decision_number="1"),
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
        register_targets,
        {"organization": COMMITTEE, "lines": [Line(COMMITTEE, TERMS, Amount(3))]},
        date(2024, 1, 8),
        Role.STANDING,
        {"lines": [Line(COMMITTEE, ASSIGNED, Amount(3))]},
        "ASSIGNED_FROM_ABOVE",
    ),
    Case(
        allocate_targets,
        {
            "organization": DISTRICT,
            "lines": [Line(COMMITTEE, ASSIGNED, Amount(3))],
            "document": "7-QĐ/HU",
        },
        date(2024, 1, 8),
        Role.CELL,
        {"lines": []},
        "INVALID_TARGET",
    ),
    Case(
        carry_target,
        {
            "tenant_id": TENANT,
            "target": target_id(organization_id(COMMITTEE), ASSIGNED),
            "successor": GRASSROOTS_CELL,
            "count": 2,
            "reason": "Kết thúc hoạt động",
            "document": "12-QĐ/HU",
        },
        date(2024, 1, 9),
        Role.CELL,
        {"count": 4},
        "INVALID_TARGET",
        needs="assign_target",
        entries=2,
    ),
    Case(
        close_figures,
        {"organization": COMMITTEE, "period": year(2024)},
        date(2024, 6, 30),
        Role.CELL,
        {"on": date(2023, 12, 31)},
        "PERIOD_NOT_BEGUN",
    ),
    Case(
        submit_figures,
        {"organization": COMMITTEE, "period": year(2024), "document": "3-BC/ĐU"},
        date(2024, 7, 1),
        Role.CELL,
        {"document": " "},
        "INVALID_TEXT",
        needs="close_figures",
    ),
    Case(
        reopen_figures,
        {"organization": COMMITTEE, "period": year(2024), "reason": "Sót một quyết định"},
        date(2024, 7, 1),
        Role.CELL,
        {"reason": " "},
        "INVALID_TEXT",
        needs="close_figures",
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
ON_THE_WAY = [
    Case(
        row.run,
        {**ON_LIST, **row.fields},
        row.on,
        row.forbidden,
        row.wrong,
        row.code,
        on_the_way=(row.steps, row.before),
    )
    for row in ROWS
]
CASES = [
    *PATH,
    *OTHERS,
    *ON_THE_WAY,
    *DOCUMENT_CASES,
    *RECORD_CASES,
    *COURSE_CASES,
    *MEETING_CASES,
    *OBLIGATION_CASES,
    docket_case(PATH[:8]),
    *membership_cases(case, PATH),
    *rulebook_cases(Case, case, PATH),
    *(Case(**each) for each in PLACEMENT),
    *ORGANIZATION_CASES,
]
each_command = pytest.mark.parametrize("made", CASES, ids=lambda made: made.name)


async def prepared(made: Case) -> tuple[Memory, Case]:
    """An installation in which the command may be given, and the command with its ids filled in."""
    memory = await furnished()
    fields = dict(made.fields)
    memory.day = made.today or memory.day
    if made.run is erase_personal_data:
        memory.day = made.on
    if made.run is adjust_target:
        holder = (await memory.organization(COMMITTEE)).id
        fields["target"] = target_id(holder, TERMS)
        register = next(c for c in OTHERS if c.run is register_target)
        await register.run(memory.desk, command(on=register.on), **register.fields)
    for step in _steps_before(made):
        await given(memory, step)
    for run, day, more in made.on_the_way[1]:
        subject = memory.log[TENANT][-1].originator_id
        order = replace(command(on=day), actor=Actor("clerk", Role.BOARD, DISTRICT))
        await run(memory.desk, order, tenant_id=TENANT, subject=subject, **more)
    if made.prepare is not None:
        await made.prepare(memory, fields)
    else:
        fields = filled(memory, fields)
        _point(memory, fields)
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
    return memory, replace(made, fields=fields, wrong=filled(memory, made.wrong), on=day)


def filled(memory: Memory, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with what they are in this installation; a subject is else what was last."""
    known = {name: value(memory) if callable(value) else value for name, value in fields.items()}
    if "subject" in fields and not callable(fields["subject"]):
        known["subject"] = memory.log[TENANT][-1].originator_id
    return known


def _steps_before(made: Case) -> list[Case]:
    """What must have been commanded, but for what stands between the steps of the path."""
    if made in PATH:
        return PATH[: PATH.index(made)]
    if made.run is recognize_full_member:
        return PATH
    if made.run is erase_personal_data:
        return [*PATH[:4], next(c for c in OTHERS if c.run is order_erasure)]
    if made.run in (remove_sympathizer, correct_event, order_erasure):
        return PATH[:4]
    if made.needs:
        return [next(c for c in OTHERS if c.name == made.needs)]
    return [*PATH[: made.on_the_way[0]], *made.before]


async def given(memory: Memory, step: Case) -> None:
    """One step of the candidate's way."""
    fields = filled(memory, step.fields)
    _point(memory, fields)
    await step.run(memory.desk, command(on=step.on), **fields)


def _point(memory: Memory, fields: dict[str, Any]) -> None:
    """Let a command on several records be about the one changed last, and the last document."""
    if "subjects" in fields:
        fields["subjects"] = (memory.log[TENANT][-1].originator_id,)
    if "document" in fields and "subjects" in fields:
        fields["document"] = next(
            entry.originator_id
            for entry in reversed(memory.log[TENANT])
            if isinstance(entry, DocumentRegistered)
        )


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
    head = len(memory.log[made.tenant])
    recorded = await ready.run(memory.desk, command(on=ready.on), **ready.fields)

    assert (recorded.tenant_id, recorded.first_position) == (made.tenant, head + 1)
    assert recorded.last_position <= head + made.entries
    assert len(memory.log[made.tenant]) == head + made.entries
    if made.name not in RESULTS_OF_SEVERAL:
        own, others = memory.log[made.tenant][head], made.name in RESULTS_WITH_CASES
        last = own if others else memory.log[made.tenant][-1]
        assert recorded.subject == last.originator_id
    assert not recorded.repeated


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
    assert len(memory.log[made.tenant]) == sizes.get(made.tenant, 0) + made.entries
    assert recorded.last_position <= len(memory.log[made.tenant])


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
