"""Commands that change how organizations stand to each other, and what a plan of them needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from commands.ports import Actor, Command, Desk, OrganizationRef, Recorded
from commands.scope import require_organization, require_record
from commands.step import day_of
from domain import access
from domain.access import Action, Role
from domain.candidate import Candidate
from domain.change import Change, ChangeKind, Founding, Part
from domain.errors import NotFound, NotPermitted
from domain.judgment import Day
from domain.organization import Organization
from domain.organization_code import organization_id
from domain.organization_kind import OrganizationKind
from domain.restructuring import restructure
from domain.structure import Structure, concerned
from domain.text import Text

_GRASSROOTS: Final = (OrganizationKind.GRASSROOTS_COMMITTEE, OrganizationKind.GRASSROOTS_CELL)


@dataclass(frozen=True, slots=True)
class Restructuring:
    """A command that makes one change; `change` states it from the command's own fields."""

    name: str
    change: Callable[..., Change]

    async def __call__(
        self, desk: Desk, command: Command, *, tenant_id: int, **fields: object
    ) -> Recorded:
        """Make the change. Raises the refusals of `restructure`, NotPermitted and NotFound."""
        change = self.change(**fields)
        day = await day_of(desk, tenant_id, command)
        structure = await apply(desk, command.actor, tenant_id, day, [change])
        return await desk.log.save(
            tenant_id, command, *structure.changed.values(), subject=_subject(change)
        )


def retype_organization(
    *, organization: str, kind: OrganizationKind, document: str | None = None
) -> Change:
    """Make an organization one of another kind from a day on."""
    return Change(
        kind=ChangeKind.RETYPE,
        organizations=(organization,),
        organization_kind=kind,
        document=document,
    )


def move_organization(*, organization: str, superior: str, document: str | None = None) -> Change:
    """Put an organization, with all it has, under another superior of the same tenant."""
    return Change(
        kind=ChangeKind.MOVE, organizations=(organization,), superior=superior, document=document
    )


def merge_organizations(
    *,
    organizations: tuple[str, ...],
    into: str | None = None,
    founding: Founding | None = None,
    document: str | None = None,
) -> Change:
    """End some organizations; another one, or a new one, takes all they had."""
    return Change(
        kind=ChangeKind.MERGE,
        organizations=organizations,
        into=into,
        founding=founding,
        document=document,
    )


def split_organization(
    *,
    organization: str,
    parts: tuple[Part, ...],
    remains: bool | None = None,
    document: str | None = None,
) -> Change:
    """Divide an organization; what it had is assigned to the parts, and it ends unless it stays."""
    return Change(
        kind=ChangeKind.SPLIT,
        organizations=(organization,),
        parts=parts,
        remains=remains,
        document=document,
    )


def dissolve_organization(*, organization: str, document: str | None = None) -> Change:
    """End an organization in which nothing and nobody is left."""
    return Change(kind=ChangeKind.DISSOLVE, organizations=(organization,), document=document)


def end_organization(
    *, organization: str, successors_outside: tuple[str, ...], document: str | None = None
) -> Change:
    """End an organization whose place organizations of other tenants take."""
    return Change(
        kind=ChangeKind.END,
        organizations=(organization,),
        successors_outside=successors_outside,
        document=document,
    )


RESTRUCTURINGS: Final = tuple(
    Restructuring(change.__name__, change)
    for change in (
        retype_organization,
        move_organization,
        merge_organizations,
        split_organization,
        dissolve_organization,
        end_organization,
    )
)


async def apply(
    desk: Desk, actor: Actor, tenant_id: int, day: Day, changes: Sequence[Change]
) -> Structure:
    """The structure after some changes on a day, with what there is to save in `changed`.

    Raises the refusals of `restructure`, NotPermitted, and NotFound for what lies outside the
    actor's scope.
    """
    access.require(actor.role, Action.ORGANIZE)
    await _require_scope(desk, actor, changes)
    structure = await structure_for(desk, tenant_id, day, changes)
    for candidate in structure.candidates.values():
        await require_record(desk, actor, tenant_id, candidate)
    for change in changes:
        restructure(structure, change)
    return structure


async def structure_for(
    desk: Desk, tenant_id: int, day: Day, changes: Sequence[Change]
) -> Structure:
    """The structure of a day with the records that some changes may touch."""
    placed = dict(await desk.directory.structure(tenant_id, day.on))
    ids = concerned(changes, placed.values())
    records = {}
    for each in sorted(ids):
        try:
            records[each] = await desk.log.load(tenant_id, Organization, each)
        except NotFound:
            continue
    cases = [case for change in changes for case in change.candidates()]
    held = await desk.cases.held(tenant_id, sorted(ids & placed.keys()), day.on)
    return Structure(
        day=day,
        placed=placed,
        records=records,
        candidates={case: await desk.log.load(tenant_id, Candidate, case) for case in cases},
        held={each.case: each.organization_id for each in held},
        open_cases=frozenset(each.case for each in held if each.is_open),
    )


async def _require_scope(desk: Desk, actor: Actor, changes: Sequence[Change]) -> None:
    founded = {code for change in changes for code in change.founded()}
    for change in changes:
        if change.kind is ChangeKind.HAND_OVER:
            raise decided_by_province()
        for code in change.codes():
            if code not in founded:
                found = await require_organization(desk, actor, Action.ORGANIZE, code)
                _require_decider(actor, found, is_changed=code in change.organizations)
        for founding in change.foundings():
            _require_founder(actor, founding.kind)


def _require_decider(actor: Actor, found: OrganizationRef, *, is_changed: bool) -> None:
    if is_changed and (
        found.code == actor.organization
        or (actor.role is Role.GRASSROOTS and found.kind in _GRASSROOTS)
    ):
        raise decided_above()


def _require_founder(actor: Actor, kind: OrganizationKind) -> None:
    if actor.role is Role.GRASSROOTS and kind in _GRASSROOTS:
        raise decided_above()


def decided_by_province() -> NotPermitted:
    """The refusal of what concerns several tenants of a province."""
    return NotPermitted(
        "NOT_PERMITTED",
        Text(
            "Chuyển giao sang đơn vị khác do cấp tỉnh quyết định, trong đề án của tỉnh.",
            "The province decides what is handed over to another tenant, in a plan of its own.",
        ),
        field="changes",
    )


def decided_above() -> NotPermitted:
    """The refusal of what the committee directly above decides (Điều lệ Đảng, Art. 21(2))."""
    return NotPermitted(
        "NOT_PERMITTED",
        Text("Cấp trên trực tiếp quyết định.", "The committee directly above decides this."),
    )


def _subject(change: Change) -> UUID:
    if change.into is not None:
        return organization_id(change.into)
    if change.founding is not None:
        return organization_id(change.founding.code)
    return organization_id(change.organizations[0])
