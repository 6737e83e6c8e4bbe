"""What is special about single commands: who founds what, who assigns to whom."""

from datetime import date

import pytest
from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    GRASSROOTS_CELL,
    NEIGHBOR,
    Memory,
    command,
    furnished,
)

from commands.candidate import identify_candidate, list_sympathizer
from commands.organization import establish_organization
from commands.ports import Command
from commands.scope import within
from commands.target import adjust_target, assign_target, register_target
from domain.access import Role
from domain.candidate import Candidate, Person
from domain.errors import Conflict, NotFound, NotPermitted
from domain.groups import Sex
from domain.organization import OrganizationKind, organization_id
from domain.period import year
from domain.target import Amount, TargetBasis, TargetTerms

TENANT = 2
PERSON = Person(full_name="Nguyễn Văn Mẫu", birth_date=date(2000, 5, 20), sex=Sex.MALE)
ASSIGNED = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2024))


async def establish(
    memory: Memory, given: Command, parent: str, kind: OrganizationKind, name: str = "Xã Lộc An"
) -> None:
    """One organization."""
    await establish_organization(memory.desk, given, parent=parent, name=name, kind=kind)


async def test_code_taken() -> None:
    """A second organization whose name gives the same code is refused, not merged."""
    memory = await furnished()
    kind = OrganizationKind.GRASSROOTS_COMMITTEE
    await establish(memory, command(), DISTRICT, kind)
    sizes = memory.sizes()
    with pytest.raises(Conflict) as refusal:
        await establish(memory, command(), DISTRICT, kind, "Đảng bộ thị trấn Lộc An")

    assert (refusal.value.code, refusal.value.field) == ("CODE_TAKEN", "code")
    assert sizes == memory.sizes()


async def test_tenants_are_added_by_the_operator() -> None:
    """Nobody adds what stands directly under the province through a command."""
    memory = await furnished()
    sizes = memory.sizes()
    with pytest.raises(NotPermitted) as refusal:
        await establish(
            memory, command(Role.PROVINCE, "lam-dong"), "lam-dong", OrganizationKind.DISTRICT
        )

    assert (refusal.value.code, refusal.value.field) == ("TENANT_BY_OPERATOR", "parent")
    assert sizes == memory.sizes()


async def test_grassroots_organizations_are_founded_from_above() -> None:
    """A grassroots role founds cells below it, never another grassroots organization."""
    memory = await furnished()
    own = command(Role.GRASSROOTS, COMMITTEE)
    await establish(memory, own, COMMITTEE, OrganizationKind.SUBORDINATE_CELL, "Thôn 9")
    for kind in (OrganizationKind.GRASSROOTS_COMMITTEE, OrganizationKind.GRASSROOTS_CELL):
        with pytest.raises(NotPermitted):
            await establish(memory, command(Role.GRASSROOTS, DISTRICT), DISTRICT, kind)


async def test_target_set_once() -> None:
    """The same target is set once and then adjusted."""
    memory = await furnished()
    terms = TargetTerms(basis=TargetBasis.REGISTERED, period=year(2024))
    for amount in (Amount(3), Amount(4)):
        given = command(Role.CELL, CELL)
        if amount == Amount(4):
            with pytest.raises(Conflict) as refusal:
                await register_target(
                    memory.desk, given, organization=CELL, terms=terms, amount=amount
                )
            assert refusal.value.code == "TARGET_ALREADY_SET"
            continue
        await register_target(memory.desk, given, organization=CELL, terms=terms, amount=amount)


async def test_nobody_changes_the_target_assigned_to_it() -> None:
    """A grassroots committee assigns to its cells, but neither sets nor adjusts its own target."""
    memory = await furnished()
    own = command(Role.GRASSROOTS, COMMITTEE)
    await assign_target(memory.desk, own, organization=CELL, terms=ASSIGNED, amount=Amount(1))
    with pytest.raises(NotPermitted):
        await assign_target(
            memory.desk,
            command(Role.GRASSROOTS, COMMITTEE),
            organization=COMMITTEE,
            terms=ASSIGNED,
            amount=Amount(1),
        )
    made = await assign_target(
        memory.desk, command(), organization=COMMITTEE, terms=ASSIGNED, amount=Amount(9)
    )
    sizes = memory.sizes()
    for role, scope in ((Role.GRASSROOTS, COMMITTEE), (Role.CELL, COMMITTEE)):
        with pytest.raises(NotPermitted):
            await adjust_target(
                memory.desk,
                command(role, scope),
                tenant_id=TENANT,
                target=made.subject,
                amount=Amount(1),
                reason="Xin giảm",
            )
    assert sizes == memory.sizes()


async def test_a_case_keeps_what_its_cell_was() -> None:
    """The kind of the cell is kept with the case."""
    memory = await furnished()
    for code, grassroots in ((CELL, False), (GRASSROOTS_CELL, True)):
        made = await identify_candidate(memory.desk, command(), organization=code, person=PERSON)
        case = await memory.load(TENANT, Candidate, made.subject)
        assert grassroots is case.cell.grassroots
        assert organization_id(code) == case.cell.id


async def test_another_cell_of_the_same_tenant_sees_nothing() -> None:
    """A cell does not find the case of its neighbor, nor a case that does not exist."""
    memory = await furnished()
    made = await identify_candidate(memory.desk, command(), organization=CELL, person=PERSON)
    sizes = memory.sizes()
    for candidate, role_scope in ((made.subject, NEIGHBOR), (organization_id(CELL), CELL)):
        with pytest.raises(NotFound):
            await list_sympathizer(
                memory.desk, command(Role.CELL, role_scope), tenant_id=TENANT, subject=candidate
            )
    with pytest.raises(NotFound):
        await list_sympathizer(memory.desk, command(), tenant_id=3, subject=made.subject)
    assert sizes == memory.sizes()


def test_scope() -> None:
    """A scope is a code and all below it, not every code that begins alike."""
    assert within("a/b", "a/b")
    assert within("a/b", "a/b/c")
    assert not within("a/b", "a/bc")
    assert not within("a/b", "a")
