"""The commands about organizations, as rows of the table in `test_every_command`.

What must have been recorded before a command stands in `BEFORE`, by the command's name.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from tests.commands.cases import TENANT, Case
from tests.commands.memory import CELL, COMMITTEE, DISTRICT, NEIGHBOR, Memory, command

from commands import body, reorganization, territory
from commands import organization_attribute as attribute
from commands.organization import establish_organization, rename_organization
from commands.ports import Recorded
from commands.structure import RESTRUCTURINGS, Restructuring
from domain.access import Role
from domain.body import BodyKind
from domain.change import Change, ChangeKind, Founding, Part
from domain.organization import OrganizationKind
from domain.organization_code import organization_id

ON = date(2024, 1, 8)
OTHER_COMMITTEE = f"{DISTRICT}/loc-an"
Run = Callable[..., Awaitable[Recorded]]
Row = tuple[Run, dict[str, Any], date, Role, dict[str, Any], str]
Before = tuple[Run, date, dict[str, Any]]
_COMMITTEE: dict[str, Any] = {"tenant_id": TENANT, "subject": organization_id(COMMITTEE)}
_RENAMED: Before = (
    rename_organization,
    date(2024, 1, 2),
    {"organization": COMMITTEE, "name": "Đảng bộ thị trấn Lộc Thắng"},
)


def _change(name: str) -> Restructuring:
    return next(each for each in RESTRUCTURINGS if each.name == name)


def _part(name: str) -> Part:
    founding = Founding(
        superior=COMMITTEE, name=f"Chi bộ {name}", kind=OrganizationKind.SUBORDINATE_CELL
    )
    return Part(founding=founding)


PLAN: dict[str, Any] = {
    "title": "Sáp nhập chi bộ thôn",
    "planned_on": ON,
    "changes": (Change(kind=ChangeKind.MERGE, organizations=(CELL,), into=NEIGHBOR),),
}
_DRAFTED: Before = (
    reorganization.draft_reorganization,
    date(2024, 1, 5),
    {"organization": DISTRICT, **PLAN},
)
_DRAFT: dict[str, Any] = {"tenant_id": TENANT, "subject": None}
_BODY: dict[str, Any] = {
    "organization": COMMITTEE,
    "kind": BodyKind.INSPECTION_COMMISSION,
    "name": "Ủy ban Kiểm tra Đảng ủy",
}
_TERRITORY: dict[str, Any] = {
    "organization": DISTRICT,
    "member": "uvtv-3",
    "member_name": "Lê Văn Phụ Trách",
    "organizations": (COMMITTEE,),
}
_HAS_BODY: Before = (body.establish_body, date(2024, 1, 5), _BODY)
_HAS_TERRITORY: Before = (territory.assign_territory, date(2024, 1, 5), _TERRITORY)
BEFORE: dict[str, tuple[Before, ...]] = {
    "assign_characteristic": (_RENAMED,),
    "count_members": (_RENAMED,),
    "delegate_admission": (_RENAMED,),
    "rename_body": (_HAS_BODY,),
    "end_body": (_HAS_BODY,),
    "change_territory": (_HAS_TERRITORY,),
    "end_territory": (_HAS_TERRITORY,),
    "revise_reorganization": (_DRAFTED,),
    "execute_reorganization": (_DRAFTED,),
    "reverse_reorganization": (
        _DRAFTED,
        (reorganization.execute_reorganization, ON, {**_DRAFT, "document": "30-QĐ/HU"}),
    ),
    "remove_characteristic": (
        (
            attribute.assign_characteristic,
            date(2024, 1, 3),
            {**_COMMITTEE, "characteristic": "TOWNSHIP"},
        ),
    ),
    "withdraw_admission": (
        (attribute.delegate_admission, date(2024, 1, 3), {**_COMMITTEE, "document": "1-QĐ/HU"}),
    ),
    "move_organization": (
        (
            establish_organization,
            date(2024, 1, 2),
            {
                "parent": DISTRICT,
                "name": "Xã Lộc An",
                "kind": OrganizationKind.GRASSROOTS_COMMITTEE,
            },
        ),
    ),
}
ROWS: tuple[Row, ...] = (
    (
        attribute.name_predecessor,
        {"tenant_id": TENANT, "subject": None, "predecessor": "lam-dong/di-linh/gia-hiep"},
        date(2020, 1, 6),
        Role.CELL,
        {"on": date(2020, 1, 7)},
        "NOT_THE_FIRST_DAY",
    ),
    (
        attribute.assign_characteristic,
        {**_COMMITTEE, "characteristic": "TOWNSHIP"},
        ON,
        Role.CELL,
        {"characteristic": "MOON"},
        "UNKNOWN_CHARACTERISTIC",
    ),
    (
        attribute.remove_characteristic,
        {**_COMMITTEE, "characteristic": "TOWNSHIP"},
        ON,
        Role.CELL,
        {"characteristic": "COMMUNE"},
        "NOTHING_CHANGES",
    ),
    (
        attribute.count_members,
        {**_COMMITTEE, "official_members": 41},
        ON,
        Role.CELL,
        {"official_members": -1},
        "COUNT_OUT_OF_RANGE",
    ),
    (
        attribute.delegate_admission,
        {**_COMMITTEE, "document": "12-QĐ/HU"},
        ON,
        Role.GRASSROOTS,
        {"document": " "},
        "INVALID_TEXT",
    ),
    (
        attribute.withdraw_admission,
        {**_COMMITTEE},
        ON,
        Role.GRASSROOTS,
        {"on": date(2024, 1, 2)},
        "NOTHING_CHANGES",
    ),
    (
        _change("retype_organization"),
        {
            "tenant_id": TENANT,
            "organization": CELL,
            "kind": OrganizationKind.SECTIONAL_COMMITTEE,
        },
        ON,
        Role.CELL,
        {"kind": OrganizationKind.DISTRICT},
        "KIND_DOES_NOT_FIT",
    ),
    (
        _change("move_organization"),
        {"tenant_id": TENANT, "organization": CELL, "superior": OTHER_COMMITTEE},
        ON,
        Role.CELL,
        {"superior": COMMITTEE},
        "NOTHING_CHANGES",
    ),
    (
        _change("merge_organizations"),
        {"tenant_id": TENANT, "organizations": (CELL,), "into": NEIGHBOR},
        ON,
        Role.CELL,
        {"into": CELL},
        "INTO_ITSELF",
    ),
    (
        _change("split_organization"),
        {
            "tenant_id": TENANT,
            "organization": CELL,
            "parts": (_part("thôn 1A"), _part("thôn 1B")),
        },
        ON,
        Role.CELL,
        {"parts": (_part("thôn 1A"),)},
        "TOO_FEW",
    ),
    (
        _change("dissolve_organization"),
        {"tenant_id": TENANT, "organization": CELL},
        ON,
        Role.CELL,
        {"organization": COMMITTEE},
        "ORGANIZATIONS_REMAIN",
    ),
    (
        _change("end_organization"),
        {
            "tenant_id": TENANT,
            "organization": CELL,
            "successors_outside": ("lam-dong/di-linh/thon-1",),
        },
        ON,
        Role.CELL,
        {"successors_outside": ("Thôn 1",)},
        "INVALID_CODE",
    ),
)
ROWS += (
    (body.establish_body, _BODY, ON, Role.CELL, {"name": " "}, "INVALID_TEXT"),
    (
        body.rename_body,
        {**_DRAFT, "name": "Ban Xây dựng tổ chức cơ sở đảng"},
        ON,
        Role.CELL,
        {"on": date(2024, 1, 4)},
        "BODY_NOT_STANDING",
    ),
    (body.end_body, _DRAFT, ON, Role.CELL, {"on": date(2024, 1, 4)}, "BODY_NOT_STANDING"),
    (
        territory.assign_territory,
        _TERRITORY,
        ON,
        Role.CELL,
        {"organizations": ()},
        "TOO_FEW",
    ),
    (
        territory.change_territory,
        {**_DRAFT, "organizations": (CELL,)},
        ON,
        Role.CELL,
        {"organizations": ("lam-dong/di-linh",)},
        "ORGANIZATION_NOT_FOUND",
    ),
    (
        territory.end_territory,
        _DRAFT,
        ON,
        Role.CELL,
        {"on": date(2024, 1, 4)},
        "TERRITORY_NOT_STANDING",
    ),
    (
        reorganization.draft_reorganization,
        {"organization": DISTRICT, **PLAN},
        ON,
        Role.CELL,
        {"changes": ()},
        "TOO_FEW",
    ),
    (
        reorganization.revise_reorganization,
        {**_DRAFT, **PLAN},
        ON,
        Role.CELL,
        {"title": " "},
        "INVALID_TEXT",
    ),
    (
        reorganization.execute_reorganization,
        {**_DRAFT, "document": "30-QĐ/HU"},
        ON,
        Role.CELL,
        {"on": date(2024, 1, 9)},
        "NOT_THE_PLANNED_DAY",
    ),
    (
        reorganization.reverse_reorganization,
        {**_DRAFT, "reason": "Ghi nhầm"},
        date(2024, 2, 1),
        Role.CELL,
        {"reason": " "},
        "INVALID_TEXT",
    ),
)
ACTIONS = {
    "name_predecessor": "ORGANIZE",
    "establish_body": "ORGANIZE",
    "rename_body": "ORGANIZE",
    "end_body": "ORGANIZE",
    "assign_territory": "ORGANIZE",
    "change_territory": "ORGANIZE",
    "end_territory": "ORGANIZE",
    "draft_reorganization": "ORGANIZE",
    "revise_reorganization": "ORGANIZE",
    "execute_reorganization": "ORGANIZE",
    "reverse_reorganization": "ORGANIZE",
    "assign_characteristic": "ORGANIZE",
    "remove_characteristic": "ORGANIZE",
    "count_members": "ORGANIZE",
    "delegate_admission": "DECIDE",
    "withdraw_admission": "DECIDE",
    **{each.name: "ORGANIZE" for each in RESTRUCTURINGS},
}
"""What each command asks for."""


def _before(name: str) -> Callable[[Memory, dict[str, Any]], Awaitable[None]]:
    """Gives what a command needs; one that names nobody is about the last record."""

    async def prepare(memory: Memory, fields: dict[str, Any]) -> None:
        for run, on, own in BEFORE.get(name, ()):
            await run(memory.desk, command(on=on), **_named(memory, own))
        fields.update(_named(memory, fields))

    return prepare


def _named(memory: Memory, fields: dict[str, Any]) -> dict[str, Any]:
    if "subject" in fields and fields["subject"] is None:
        return {**fields, "subject": memory.log[TENANT][-1].originator_id}
    return fields


ENTRIES = {"split_organization": 3, "execute_reorganization": 2, "reverse_reorganization": 2}
"""How many entries of several records those make that make more than one."""
RESULTS_OF_SEVERAL = {"merge_organizations", *ENTRIES}
"""Those whose result is not the record of their last entry."""
ORGANIZATION_CASES = [
    Case(*row, prepare=_before(name), entries=ENTRIES.get(name, 1))
    for row in ROWS
    for name in [Case(*row).name]
]
