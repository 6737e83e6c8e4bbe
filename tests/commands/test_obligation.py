"""Duties of many: imposed, interpreted and consolidated together, or not at all."""

from datetime import date
from uuid import UUID

import pytest
from tests.commands.cases import TENANT
from tests.commands.cases_obligation import DEMAND
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

from commands.obligation import (
    Owner,
    approve_submission,
    consolidate_obligations,
    impose_obligations,
    interpret_deadline,
    submit_obligation,
)
from commands.step import RECORDS_MAX
from domain.access import Role
from domain.errors import InvalidInput, NotFound, NotPermitted
from domain.obligation import Obligation, ObligationImposed

DAY = date(2024, 1, 8)


async def imposed(memory: Memory, *owners: Owner, all_below: bool = False) -> list[UUID]:
    """Duties that the district imposes."""
    before = len(memory.log[TENANT])
    await impose_obligations(
        memory.desk,
        command(on=DAY),
        organization=DISTRICT,
        demand=DEMAND,
        owners=owners,
        all_below=all_below,
    )
    return [entry.originator_id for entry in memory.log[TENANT][before:]]


async def test_everybody_below_and_a_body_get_one_each() -> None:
    """All of one directive; who is named twice owes it once."""
    memory = await furnished()
    ids = await imposed(
        memory,
        Owner(organization=COMMITTEE),
        Owner(organization=DISTRICT, body="Huyện đoàn"),
        all_below=True,
    )

    found = [(await memory.reload(TENANT, Obligation, each)).imposed for each in ids]
    places = {
        (await memory.organization_by_id(TENANT, each.organization_id)).code for each in found
    }
    assert len(ids) == len(set(ids)) == 3
    assert places == {COMMITTEE, GRASSROOTS_CELL, DISTRICT}
    assert len({each.directive for each in found}) == 1
    assert [each.body for each in found if each.body] == ["Huyện đoàn"]


@pytest.mark.parametrize("code", [f"{DISTRICT}/khong-co", OTHER_DISTRICT, "lam-dong"])
async def test_one_owner_that_is_not_below_stops_it_all(code: str) -> None:
    """Nothing is recorded for the others."""
    memory = await furnished()
    sizes = memory.sizes()
    with pytest.raises(NotFound, match="ORGANIZATION_NOT_FOUND"):
        await imposed(memory, Owner(organization=COMMITTEE), Owner(organization=code))

    assert memory.sizes() == sizes


async def test_nobody_below_and_too_many_are_refused() -> None:
    """A cell has nobody below it; one command has its limit."""
    memory = await furnished()
    many = tuple(Owner(organization=CELL, body=f"Tổ {n}") for n in range(RECORDS_MAX + 1))
    for organization, owners in ((CELL, ()), (DISTRICT, many)):
        with pytest.raises(InvalidInput, match="COUNT_OUT_OF_RANGE"):
            await impose_obligations(
                memory.desk,
                command(on=DAY),
                organization=organization,
                demand=DEMAND,
                owners=owners,
                all_below=True,
            )


async def test_a_step_on_several_is_taken_on_all_or_none() -> None:
    """One of two plans did not come in: neither is consolidated."""
    memory = await furnished()
    came, missing = await imposed(memory, all_below=True)
    place = {"tenant_id": TENANT}
    await submit_obligation(memory.desk, command(on=DAY), **place, subject=came, named="12-KH")
    sizes = memory.sizes()
    with pytest.raises(InvalidInput, match="NOTHING_TO_CONSOLIDATE"):
        await consolidate_obligations(
            memory.desk, command(on=DAY), **place, subjects=(came, missing)
        )
    assert memory.sizes() == sizes

    recorded = await interpret_deadline(
        memory.desk,
        command(on=DAY),
        **place,
        subjects=(came, missing, came),
        due=date(2024, 2, 15),
        by="Ban Tổ chức",
        reason="Theo công văn",
    )
    assert recorded.last_position == recorded.first_position + 1


async def test_who_owes_does_not_decide() -> None:
    """A commune approves what it imposed on its cells, not what it owes itself."""
    memory = await furnished()
    (own,) = await imposed(memory, Owner(organization=COMMITTEE))
    clerk = command(Role.GRASSROOTS, COMMITTEE, on=DAY)
    recorded = await impose_obligations(
        memory.desk, clerk, organization=COMMITTEE, demand=DEMAND, all_below=True
    )
    cells = [entry for entry in memory.log[TENANT] if isinstance(entry, ObligationImposed)][-2:]
    assert recorded.subject == cells[-1].originator_id
    for subject in (own, cells[0].originator_id):
        await submit_obligation(
            memory.desk,
            command(Role.GRASSROOTS, COMMITTEE, on=DAY),
            tenant_id=TENANT,
            subject=subject,
            named="12-KH/ĐU",
        )

    approving = command(Role.GRASSROOTS, COMMITTEE, on=DAY)
    with pytest.raises(NotPermitted, match="IMPOSED_FROM_ABOVE"):
        await approve_submission(memory.desk, approving, tenant_id=TENANT, subject=own)
    await approve_submission(
        memory.desk, approving, tenant_id=TENANT, subject=cells[0].originator_id
    )
    assert (await memory.organization_by_id(TENANT, cells[1].organization_id)).code == NEIGHBOR
