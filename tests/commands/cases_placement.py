"""Commands that move a case, inside its tenant or to another one, or merge it with another."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from tests.commands.memory import (
    CELL,
    COMMITTEE,
    DISTRICT,
    NEIGHBOR,
    OTHER_DISTRICT,
    Memory,
    command,
)

from commands.candidate import identify_candidate, move_candidate
from commands.merging import merge_duplicates
from commands.organization import establish_organization
from commands.transfer import accept_transfer, return_transfer, transfer_candidate
from domain.access import Role
from domain.candidate import Person
from domain.groups import Sex
from domain.organization import OrganizationKind

PROVINCE: Final = 1
FAR_CELL: Final = f"{OTHER_DISTRICT}/truong"
EARLY: Final = {"on": date(2024, 1, 1)}
SOMEBODY: Final = Person(full_name="Lê Thị Thử", birth_date=date(2001, 2, 3), sex=Sex.FEMALE)


async def identified(
    memory: Memory, cell: str = CELL, person: Person = SOMEBODY, scope: str = DISTRICT
) -> UUID:
    """A new case of 8 January 2024."""
    given = command(scope=scope, on=date(2024, 1, 8))
    return (await identify_candidate(memory.desk, given, organization=cell, person=person)).subject


async def far_cell(memory: Memory) -> None:
    """A grassroots cell of the other district."""
    await establish_organization(
        memory.desk,
        command(scope=OTHER_DISTRICT, on=date(2020, 1, 6)),
        parent=OTHER_DISTRICT,
        name="Chi bộ trường học",
        kind=OrganizationKind.GRASSROOTS_CELL,
        code_segment="truong",
    )


async def one_case(memory: Memory, fields: dict[str, Any]) -> None:
    """A case to be moved, and a cell of the other district."""
    fields["subject"] = await identified(memory)
    await far_cell(memory)


async def two_cases(memory: Memory, fields: dict[str, Any]) -> None:
    """A case and a second one of the same person, which is the duplicate."""
    fields["survivor"] = (2, await identified(memory))
    fields["subject"] = await identified(memory)


async def in_transit(memory: Memory, fields: dict[str, Any]) -> None:
    """A case of the other district on its way to a cell of this one."""
    await far_cell(memory)
    left = await identified(memory, FAR_CELL, scope=OTHER_DISTRICT)
    decided = await transfer_candidate(
        memory.desk,
        command(scope=OTHER_DISTRICT, on=date(2024, 1, 9)),
        tenant_id=3,
        subject=left,
        organization=CELL,
    )
    fields["subject"] = decided.subject


PLACEMENT: Final[list[dict[str, Any]]] = [
    {
        "run": move_candidate,
        "fields": {"tenant_id": 2, "organization": NEIGHBOR},
        "on": date(2024, 1, 20),
        "forbidden": Role.CELL,
        "wrong": {"organization": CELL},
        "code": "SAME_CELL",
        "prepare": one_case,
    },
    {
        "run": merge_duplicates,
        "fields": {"tenant_id": 2},
        "on": date(2024, 1, 20),
        "forbidden": Role.GRASSROOTS,
        "wrong": EARLY,
        "code": "STEP_OUT_OF_ORDER",
        "prepare": two_cases,
    },
    {
        "run": transfer_candidate,
        "fields": {"tenant_id": 2, "organization": FAR_CELL},
        "on": date(2024, 1, 20),
        "forbidden": Role.GRASSROOTS,
        "wrong": {"organization": NEIGHBOR},
        "code": "SAME_TENANT",
        "tenant": PROVINCE,
        "entries": 2,
        "prepare": one_case,
    },
    {
        "run": accept_transfer,
        "fields": {"tenant_id": PROVINCE},
        "on": date(2024, 1, 20),
        "forbidden": Role.GRASSROOTS,
        "wrong": {"organization": COMMITTEE},
        "code": "ORGANIZATION_NOT_A_CELL",
        "tenant": PROVINCE,
        "entries": 2,
        "prepare": in_transit,
    },
    {
        "run": return_transfer,
        "fields": {"tenant_id": PROVINCE, "reason": "Đã chuyển công tác nơi khác"},
        "on": date(2024, 1, 20),
        "forbidden": Role.GRASSROOTS,
        "wrong": {"reason": " "},
        "code": "INVALID_TEXT",
        "tenant": PROVINCE,
        "entries": 2,
        "prepare": in_transit,
    },
]
