"""A province's reorganization: people go over with their cells, counted once, wherever it stops."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    GRASSROOTS_CELL,
    NEIGHBOR,
    OTHER_DISTRICT,
    Memory,
    command,
    furnished,
)
from tests.profile import at_length

from commands.candidate import assign_helper, identify_candidate, list_sympathizer
from commands.correction import correct_event
from commands.joint_reorganization import carry_on
from commands.organization import establish_organization, rename_organization
from commands.ports import Recorded
from commands.reorganization import (
    draft_reorganization,
    execute_reorganization,
    reverse_reorganization,
)
from commands.target import assign_target
from domain.access import Role
from domain.candidate import Candidate, Person
from domain.change import Change, ChangeKind, Founding
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted, Refusal
from domain.groups import Sex
from domain.organization import Organization, OrganizationKind, Place, organization_id
from domain.organization_entry import OrganizationEntry, OrganizationEntryVoided
from domain.part import whereabouts
from domain.period import year
from domain.record import live_entries
from domain.reorganization import Reorganization
from domain.reorganization_entry import ReorganizationState
from domain.target import Amount, Target, TargetBasis, TargetTerms, target_id
from domain.timeline import FLOWS, timeline
from projections.organization import build_tree, row_of
from projections.tree import Tree

K = OrganizationKind
PROVINCE = "lam-dong"
ONE, TWO = "lam-dong/bao-lam-1", "lam-dong/phuong-2-bao-loc"
NEW_PROVINCE, SUCCESSOR = "gia-lai", "gia-lai/bao-lam"
REFORM = date(2025, 7, 1)
TODAY = date(2025, 12, 31)
IDENTIFIED = date(2024, 3, 4)
DAYS = (date(2024, 1, 1), date(2024, 6, 1), date(2025, 6, 30), REFORM, date(2025, 9, 1))
CELLS = (CELL, NEIGHBOR, GRASSROOTS_CELL, f"{OTHER_DISTRICT}/dinh-lac")


async def inhabited(people: int = 2) -> tuple[Memory, list[UUID]]:
    """Two districts with four cells and people, and two tenants of 2025 that nobody is in yet."""
    memory = await furnished(**{ONE: 4, TWO: 5, NEW_PROVINCE: 6, SUCCESSOR: 7})
    memory.day = TODAY
    await establish_organization(
        memory.desk,
        command(scope=OTHER_DISTRICT, on=date(2021, 1, 4)),
        parent=OTHER_DISTRICT,
        name="Đinh Lạc",
        kind=K.GRASSROOTS_CELL,
    )
    for code, kind in (
        (ONE, K.COMMUNE),
        (TWO, K.WARD),
        (NEW_PROVINCE, K.PROVINCE),
        (SUCCESSOR, K.COMMUNE),
    ):
        await founded(memory, code, kind)
    cases: list[UUID] = []
    for cell in CELLS:
        tenant = "/".join(cell.split("/")[:2])
        for number in range(people):
            person = Person(
                full_name=f"Người {number}",
                birth_date=date(1995, 1, 1),
                sex=Sex.FEMALE,
                identity_number=f"0680{len(cases):08}" if number else None,
            )
            made = await identify_candidate(
                memory.desk,
                command(scope=tenant, on=IDENTIFIED),
                organization=cell,
                person=person,
            )
            cases.append(made.subject)
    return memory, cases


async def founded(memory: Memory, code: str, kind: OrganizationKind) -> None:
    """A tenant with nothing but its own organization."""
    above, _, segment = code.rpartition("/")
    place = Place(organization_id(above), above, K.PROVINCE) if above else Place()
    on = REFORM if kind is not K.PROVINCE else date(2020, 1, 1)
    made = Organization.establish(place, on=on, name=code, kind=kind, segment=segment)
    await memory.save(memory.tenants[code], command(scope=code), made, subject=made.id)


def handed(
    code: str, superior: str, name: str, kind: OrganizationKind = K.GRASSROOTS_CELL
) -> Change:
    """One goes on under another name in another tenant."""
    founding = Founding(superior=superior, name=name, kind=kind)
    return Change(kind=ChangeKind.HAND_OVER, organizations=(code,), founding=founding)


def into(code: str, *organizations: str) -> Change:
    """Some go into what stands in another tenant."""
    return Change(kind=ChangeKind.HAND_OVER, organizations=organizations, into=code)


def end(code: str, *successors: str) -> Change:
    """A committee ends, others take its place."""
    return Change(kind=ChangeKind.END, organizations=(code,), successors_outside=successors)


REFORM_PLAN = (
    handed(CELL, ONE, "Chi bộ thôn 1 Lộc Thắng"),
    into(ONE, COMMITTEE),
    handed(GRASSROOTS_CELL, TWO, "Chi bộ Bệnh viện"),
    end(DISTRICT, ONE, TWO),
)


async def drafted(memory: Memory, *changes: Change, scope: str = PROVINCE) -> UUID:
    """A plan of a province for the day of the reform."""
    made = await draft_reorganization(
        memory.desk,
        command(Role.PROVINCE, scope, on=date(2025, 6, 2)),
        organization=scope,
        title="Đề án sắp xếp",
        planned_on=REFORM,
        changes=changes,
    )
    return made.subject


async def execute(memory: Memory, plan: UUID, *, scope: str = PROVINCE) -> Recorded:
    """Decide it, and carry it out as far as that goes."""
    return await execute_reorganization(
        memory.desk,
        command(Role.PROVINCE, scope, on=REFORM),
        tenant_id=memory.tenants[scope],
        subject=plan,
        document="1671/NQ",
    )


async def reverse(memory: Memory, plan: UUID) -> Recorded:
    """Say that none of it was ever true."""
    return await reverse_reorganization(
        memory.desk,
        command(Role.PROVINCE, PROVINCE, on=TODAY),
        tenant_id=1,
        subject=plan,
        reason="Ghi nhầm",
    )


async def state(memory: Memory, plan: UUID) -> ReorganizationState:
    """How far it has come."""
    return (await memory.reload(1, Reorganization, plan)).state


def tree_of(memory: Memory, on: date) -> Tree:
    """The organizations of all tenants on a day."""
    rows, units = [], []
    for tenant_id, log in memory.log.items():
        rows += [
            row_of(tenant_id, position, entry)
            for position, entry in enumerate(log, start=1)
            if isinstance(entry, OrganizationEntry | OrganizationEntryVoided)
        ]
        for entries in memory._cases(tenant_id).values():
            units += whereabouts(entries, live_entries(entries)).refined
    return build_tree(rows, on, units)


def figures(memory: Memory, effective: date, on: date) -> Counter[tuple[str, str]]:
    """How many people stand at a stage in each organization of all tenants and below it."""
    tree = tree_of(memory, on)
    sums: Counter[tuple[str, str]] = Counter()
    for tenant_id in memory.log:
        for entries in memory._cases(tenant_id).values():
            for line, n in timeline(entries).items():
                at = tree.place(line.unit)
                if line.account in FLOWS or line.effective_on > effective:
                    continue
                assert at is not None, "every unit has a place in every tree"
                for node in at.path():
                    sums[node.code, line.account] += n
    return Counter({key: n for key, n in sums.items() if n})


def every_figure(memory: Memory) -> dict[tuple[date, date], Counter[tuple[str, str]]]:
    """The figures of each pair of a day and a tree."""
    return {(effective, on): figures(memory, effective, on) for effective in DAYS for on in DAYS}


def total(found: Counter[tuple[str, str]], code: str) -> int:
    """All people of an organization, whatever their stage."""
    return sum(n for (at, _), n in found.items() if at == code)


async def test_people_go_over_with_their_cells() -> None:
    """Each figure of the older trees is as it was; in the new one the successors have it."""
    memory, cases = await inhabited()
    before = every_figure(memory)
    plan = await drafted(memory, *REFORM_PLAN)
    await execute(memory, plan)
    after = every_figure(memory)

    assert await state(memory, plan) is ReorganizationState.EXECUTED
    for (effective, on), found in after.items():
        assert total(found, PROVINCE) == total(before[effective, on], PROVINCE)
        assert found[PROVINCE, "IDENTIFIED"] == before[effective, on][PROVINCE, "IDENTIFIED"]
        if on < REFORM:
            assert found == before[effective, on]
        else:
            had = before[effective, DAYS[2]]
            assert total(found, ONE) == total(had, COMMITTEE)
            assert total(found, TWO) == total(had, GRASSROOTS_CELL)
            assert not total(found, DISTRICT)
            assert total(found, OTHER_DISTRICT) == total(had, OTHER_DISTRICT)
    assert len(cases) == 8


async def test_a_case_goes_on_in_the_new_tenant() -> None:
    """With its helper and history; the old one is closed, the new one takes the next step."""
    memory, cases = await inhabited()
    board = command(on=date(2024, 4, 1))
    helped = await assign_helper(
        memory.desk,
        board,
        tenant_id=2,
        subject=cases[0],
        helper_name="Nguyễn Thị Giúp",
        helper_official_since=date(2015, 1, 1),
    )
    assert helped.subject == cases[0]
    await execute(memory, await drafted(memory, *REFORM_PLAN))
    received = [
        record_id
        for record_id, entries in memory._cases(4).items()
        if any(getattr(e, "full_name", None) == "Người 0" for e in live_entries(entries))
    ]
    listed = []
    for each in received:
        case = await memory.reload(4, Candidate, each)
        if case.facts().helper is not None:
            listed.append(each)
    assert len(listed) == 1
    later = command(scope=ONE, on=date(2025, 8, 1))
    await list_sympathizer(memory.desk, later, tenant_id=4, subject=listed[0])
    with pytest.raises(Conflict, match="CANDIDATE_HANDED_OVER"):
        await list_sympathizer(
            memory.desk, command(on=date(2025, 8, 1)), tenant_id=2, subject=cases[0]
        )
    assert figures(memory, DAYS[-1], REFORM)[ONE, "SYMPATHIZER"] == 1


async def test_the_quota_of_a_cell_that_goes_on_goes_with_it() -> None:
    """What is left of the year; that of what went into another one waits for a decision."""
    memory, _ = await inhabited()
    terms = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2025))
    for code in (CELL, COMMITTEE, GRASSROOTS_CELL):
        await assign_target(
            memory.desk,
            command(Role.STANDING, on=date(2025, 1, 6)),
            organization=code,
            terms=terms,
            amount=Amount(5),
        )
    await execute(memory, await drafted(memory, *REFORM_PLAN))

    for tenant_id, code in ((4, f"{ONE}/thon-1-loc-thang"), (5, f"{TWO}/benh-vien")):
        goes_on = await memory.reload(tenant_id, Target, target_id(organization_id(code), terms))
        assert goes_on.amount().count == 5
    with pytest.raises(NotFound):
        await memory.reload(4, Target, target_id(organization_id(ONE), terms))
    stays = await memory.reload(2, Target, target_id(organization_id(COMMITTEE), terms))
    assert stays.unassigned() == 5


async def test_reversing_by_correction_restores_every_figure() -> None:
    """As if it had never been; and it can be done again."""
    memory, _ = await inhabited()
    before = every_figure(memory)
    plan = await drafted(memory, *REFORM_PLAN)
    await execute(memory, plan)
    await reverse(memory, plan)

    assert await state(memory, plan) is ReorganizationState.REVERSED
    assert every_figure(memory) == before
    again = await drafted(memory, *REFORM_PLAN)
    await execute(memory, again)
    assert await state(memory, again) is ReorganizationState.EXECUTED


async def test_what_something_stands_on_is_not_reversed() -> None:
    """A later step of a case, or a name given to a new organization, has to go first."""
    memory, _ = await inhabited()
    plan = await drafted(memory, *REFORM_PLAN)
    await execute(memory, plan)
    renamed = await rename_organization(
        memory.desk,
        command(scope=TWO, on=date(2025, 8, 1)),
        organization=f"{TWO}/benh-vien",
        name="Chi bộ Bệnh viện II",
    )
    size = memory.sizes()

    with pytest.raises(Conflict) as refused:
        await reverse(memory, plan)
    assert refused.value.code == "EVENT_HAS_SUCCESSORS"
    assert memory.sizes() == size
    await correct_event(
        memory.desk,
        command(scope=TWO, on=TODAY),
        tenant_id=5,
        position=renamed.first_position,
        reason="Nhầm",
    )
    await reverse(memory, plan)
    assert await state(memory, plan) is ReorganizationState.REVERSED


async def test_a_counter_plan_restores_the_figures_from_its_day() -> None:
    """The cells go back under new codes; of the time between the successors keep theirs."""
    memory, _ = await inhabited()
    await execute(memory, await drafted(memory, handed(GRASSROOTS_CELL, TWO, "Bệnh viện")))
    counter_day = date(2025, 9, 1)
    there = figures(memory, counter_day, counter_day)
    made = await draft_reorganization(
        memory.desk,
        command(Role.PROVINCE, PROVINCE, on=counter_day),
        organization=PROVINCE,
        title="Đề án trả lại",
        planned_on=counter_day,
        changes=(handed(f"{TWO}/benh-vien", DISTRICT, "Bệnh viện huyện"),),
    )
    await execute_reorganization(
        memory.desk,
        command(Role.PROVINCE, PROVINCE, on=counter_day),
        tenant_id=1,
        subject=made.subject,
        document="2-QĐ/TU",
    )
    back = figures(memory, counter_day, counter_day)

    assert total(there, DISTRICT) == 4
    assert total(back, DISTRICT) == 6 == total(figures(memory, DAYS[1], DAYS[1]), DISTRICT)
    assert total(back, TWO) == 0
    assert total(figures(memory, date(2025, 8, 1), date(2025, 8, 1)), TWO) == 2


async def test_another_province_takes_only_what_it_succeeds() -> None:
    """Once its operator recorded so, the people of the old one are the new one's."""
    memory, _ = await inhabited()
    plan = await drafted(memory, into(SUCCESSOR, COMMITTEE))
    with pytest.raises(NotPermitted) as refused:
        await execute(memory, plan)
    assert refused.value.code == "OTHER_PROVINCE"
    gia_lai = await memory.reload(6, Organization, organization_id(NEW_PROVINCE))
    gia_lai.succeed(PROVINCE, on=REFORM, document="Nghị quyết 202/2025/QH15")
    await memory.save(6, command(scope=NEW_PROVINCE), gia_lai, subject=gia_lai.id)
    before = figures(memory, REFORM, DAYS[2])
    await execute(memory, plan)

    assert await state(memory, plan) is ReorganizationState.EXECUTED
    after = figures(memory, REFORM, REFORM)
    assert total(after, NEW_PROVINCE) == total(before, COMMITTEE) == 4
    assert total(after, PROVINCE) == 4


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        (handed(CELL, PROVINCE, "Thôn"), NotPermitted, "TENANT_BY_OPERATOR"),
        (handed(CELL, "lam-dong/khong-co", "Thôn"), NotFound, "ORGANIZATION_NOT_FOUND"),
        (into(f"{ONE}/khong-co", CELL), NotFound, "ORGANIZATION_NOT_FOUND"),
        (into(ONE, CELL), InvalidInput, "KINDS_DIFFER"),
        (handed(DISTRICT, ONE, "Huyện"), InvalidInput, "TENANT_BY_OPERATOR"),
        (handed("gia-lai/bao-lam", ONE, "Xã"), NotFound, "ORGANIZATION_NOT_FOUND"),
        (into(ONE, COMMITTEE, f"{OTHER_DISTRICT}/dinh-lac"), InvalidInput, "ONE_TENANT"),
        (end(DISTRICT, ONE), Refusal, "ORGANIZATIONS_REMAIN"),
    ],
)
async def test_a_plan_that_cannot_be_carried_out_changes_nothing(
    change: Change, kind: type[Refusal], code: str
) -> None:
    """It is tried out before it is decided."""
    memory, _ = await inhabited(1)
    plan = await drafted(memory, change)
    size = memory.sizes()

    with pytest.raises(kind) as refused:
        await execute(memory, plan)
    assert refused.value.code == code
    assert memory.sizes() == size
    assert await state(memory, plan) is ReorganizationState.DRAFT


async def test_only_the_province_hands_over() -> None:
    """A tenant's own plan cannot."""
    memory, _ = await inhabited(1)
    plan = await draft_reorganization(
        memory.desk,
        command(on=REFORM),
        organization=DISTRICT,
        title="Sắp xếp",
        planned_on=REFORM,
        changes=(handed(CELL, ONE, "Thôn"),),
    )
    with pytest.raises(NotPermitted):
        await execute_reorganization(
            memory.desk, command(on=REFORM), tenant_id=2, subject=plan.subject, document="1-QĐ"
        )


async def test_entries_of_later_days_stand_in_its_way() -> None:
    """A case with a step after the reform is handed over from that step on, or corrected."""
    memory, cases = await inhabited(1)
    await list_sympathizer(memory.desk, command(on=date(2025, 7, 8)), tenant_id=2, subject=cases[0])
    with pytest.raises(Conflict) as refused:
        await execute(memory, await drafted(memory, *REFORM_PLAN))
    assert refused.value.code == "LATER_ENTRIES"


async def crossed(memory: Memory, plan: UUID) -> None:
    """Go on until nothing is left, whatever fails."""
    for _ in range(40):
        try:
            await carry_on(memory.desk, 1, plan)
        except ConnectionError:
            continue
        return
    raise AssertionError


@pytest.mark.parametrize("way", ["there", "back"])
@pytest.mark.parametrize("dies_after", range(12))
async def test_it_survives_a_death_between_any_two_appends(way: str, dies_after: int) -> None:
    """Everybody is counted once at every point, and in the end all is as without the death."""
    memory, _ = await inhabited()
    before = every_figure(memory)
    plan = await drafted(memory, *REFORM_PLAN)
    if way == "back":
        await execute(memory, plan)
    memory.saves_left = dies_after
    with suppress(ConnectionError):
        await (execute(memory, plan) if way == "there" else reverse(memory, plan))
    memory.saves_left = None
    for pair, found in every_figure(memory).items():
        assert total(found, PROVINCE) == total(before[pair], PROVINCE)
    if await state(memory, plan) in {ReorganizationState.DRAFT, ReorganizationState.EXECUTED}:
        return
    await crossed(memory, plan)
    if way == "back":
        assert every_figure(memory) == before
    else:
        for effective in DAYS:
            assert figures(memory, effective, DAYS[2]) == before[effective, DAYS[2]]


@settings(max_examples=at_length(15), deadline=None)
@given(data=st.data())
def test_random_reforms_keep_everybody(data: st.DataObject) -> None:
    """Whatever goes where, at every level and on every day the people are as many as before."""

    async def run() -> None:
        memory, _ = await inhabited(data.draw(st.integers(0, 2)))
        before = every_figure(memory)
        goes: list[Change] = []
        for number, cell in enumerate(CELLS):
            to = data.draw(st.sampled_from([None, ONE, TWO]), label=cell)
            if to is not None:
                goes.append(handed(cell, to, f"Chi bộ {number}"))
        if data.draw(st.booleans()):
            goes.append(into(data.draw(st.sampled_from([ONE, TWO])), COMMITTEE))
        if not goes:
            return
        plan = await drafted(memory, *goes)
        await execute(memory, plan)
        after = every_figure(memory)
        assert await state(memory, plan) is ReorganizationState.EXECUTED
        for (effective, on), found in after.items():
            assert total(found, PROVINCE) == total(before[effective, on], PROVINCE)
            if on < REFORM:
                assert found == before[effective, on]
        await reverse(memory, plan)
        assert every_figure(memory) == before

    asyncio.run(run())
