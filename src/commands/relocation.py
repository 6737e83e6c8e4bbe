"""What a tenant records of its province's reorganization: what leaves it, what arrives in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID, uuid5

from commands.ports import Actor, Desk, OrganizationRef
from commands.scope import tenant_code, within
from commands.structure import structure_for
from commands.target_carry import taken_over
from domain.candidate import Candidate
from domain.change import Change, ChangeKind
from domain.errors import InvalidInput, NotFound, NotPermitted, organization_not_found
from domain.judgment import Day
from domain.organization import Organization
from domain.organization_code import organization_id
from domain.organization_entry import Ended, Succeeded
from domain.placement import HandedOver, Passage, hand_over, receive
from domain.record import Entry, Record
from domain.relocation import arrive, taken_by
from domain.reorganization import Reorganization
from domain.restructuring import restructure
from domain.structure import Structure
from domain.target import Target, TargetCarried, target_id
from domain.text import Text

Parts: TypeAlias = dict[str, list[Change]]
"""The changes of a plan by the code of the tenant whose organizations they change."""


@dataclass(slots=True)
class Left:
    """What left for one tenant: records, by the code of the tenant that they left."""

    organizations: list[tuple[UUID, str, tuple[str, ...]]] = field(default_factory=list)
    """Id, tenant, and the codes here that take its place."""
    cases: list[tuple[UUID, str]] = field(default_factory=list)
    targets: list[tuple[UUID, str, str]] = field(default_factory=list)
    """Id, tenant, and the code here of the new holder."""


def parts_of(plan: Reorganization) -> Parts:
    """The changes of a plan by tenant. Raises InvalidInput for one that names several."""
    parts: Parts = {}
    for change in plan.plan.changes:
        tenants = {tenant_code(code) for code in change.codes()}
        if len(tenants) != 1:
            raise InvalidInput(
                "ONE_TENANT",
                Text(
                    "Mỗi thay đổi chỉ nêu tổ chức của một đơn vị trực thuộc tỉnh; sang đơn vị khác "
                    "thì chuyển giao (HAND_OVER).",
                    "A change names organizations of one tenant; what goes to another one is "
                    "handed over (HAND_OVER).",
                ),
                field="changes",
            )
        if any("/" not in founding.superior for founding in change.foundings()):
            raise _by_operator()
        if change.founding is not None and "/" not in change.founding.superior:
            raise _by_operator()
        parts.setdefault(tenants.pop(), []).append(change)
    return dict(sorted(parts.items()))


def destinations(parts: Mapping[str, list[Change]]) -> list[str]:
    """The codes of the tenants that something is handed over to, or that succeed what ends."""
    found: set[str] = set()
    for changes in parts.values():
        for change in changes:
            found |= {tenant_code(code) for code in change.successors_outside}
            if change.kind is ChangeKind.HAND_OVER:
                found.add(tenant_code(change.destination()))
    return sorted(found)


async def require_scope(desk: Desk, actor: Actor, parts: Mapping[str, list[Change]]) -> None:
    """Passes for a plan of the actor's own province.

    What goes to another province needs that this one succeeds it, as its operator has recorded.
    Raises NotFound for what the actor may not know of, and NotPermitted.
    """
    own = actor.organization
    for tenant in parts:
        if not within(own, tenant):
            raise organization_not_found(tenant)
    for tenant in destinations(parts):
        await desk.directory.tenant_of(tenant)
        if within(own, tenant):
            continue
        root = tenant.partition("/")[0]
        root_id = await desk.directory.tenant_of(root)
        province = await desk.log.load(root_id, Organization, organization_id(root))
        heirs = {e.predecessor_id for e in province.live() if isinstance(e, Succeeded)}
        if organization_id(own) not in heirs:
            raise NotPermitted(
                "OTHER_PROVINCE",
                Text(
                    f"{root} không kế thừa {own}; quản trị hệ thống ghi việc kế thừa trước.",
                    f"{root} does not succeed {own}; the operator records that first.",
                ),
                field="changes",
            )


async def departure(
    desk: Desk, plan: Reorganization, tenant: str, changes: Sequence[Change], day: Day
) -> Structure:
    """All that a tenant records of its own changes, with the cases and targets that leave it.

    Raises the refusals of the changes, and of handing each case over.
    """
    tenant_id = await desk.directory.tenant_of(tenant)
    structure = await structure_for(desk, tenant_id, day, changes)
    for change in changes:
        restructure(structure, change)
    for case in sorted(structure.open_cases):
        code = structure.handed_over.get(structure.held[case])
        if code is None:
            continue
        candidate = await desk.log.load(tenant_id, Candidate, case)
        hand_over(candidate, day, _passage(plan, tenant, code))
        structure.changed[case] = candidate
    taken = taken_by(changes)
    going_on = {each: code for each, code in structure.handed_over.items() if code not in taken}
    for each in await desk.figures.targets(tenant_id, sorted(going_on)):
        target = await desk.log.load(tenant_id, Target, each)
        if _is_open(target, day):
            code = going_on[target.organization_id]
            target.carry(
                code,
                target_id(organization_id(code), target.terms),
                count=target.unassigned() or 0,
                on=day.on,
                reason=plan.plan.title,
                document=_document(plan),
            )
            structure.changed[target.id] = target
    return structure


def _is_open(target: Target, day: Day) -> bool:
    """Whether something of a target is left for the rest of its period."""
    return (
        target.is_stated
        and target.stated.effective_on <= day.on <= target.terms.period.last
        and bool(target.unassigned())
    )


def left_in(tenant: str, entries: Iterable[Entry]) -> dict[str, Left]:
    """What the entries of a tenant's departure hand over, by the tenant that it goes to."""
    found: dict[str, Left] = {}

    def to(code: str) -> Left:
        return found.setdefault(tenant_code(code), Left())

    for entry in entries:
        record = entry.originator_id
        if isinstance(entry, Ended):
            for there in {tenant_code(code) for code in entry.successor_codes}:
                codes = tuple(c for c in entry.successor_codes if tenant_code(c) == there)
                to(there).organizations.append((record, tenant, codes))
        elif isinstance(entry, HandedOver):
            to(entry.to_tenant).cases.append((record, tenant))
        elif isinstance(entry, TargetCarried):
            to(entry.successor).targets.append((record, tenant, entry.successor))
    return found


async def arrival(
    desk: Desk,
    plan: Reorganization,
    tenant: str,
    left: Left,
    day: Day,
    known: Mapping[UUID, Record] | None = None,
) -> Structure:
    """All that a tenant records of what was handed over to it.

    `known` are records as they left that are not yet saved. Raises the refusals of `arrive`.
    """
    known = known or {}
    tenant_id = await desk.directory.tenant_of(tenant)

    async def load(from_tenant: str, kind: type[Record], record_id: UUID) -> Record:
        if record_id in known:
            return known[record_id]
        return await desk.log.load(await desk.directory.tenant_of(from_tenant), kind, record_id)

    structure = await _receiving(desk, tenant_id, day, left)
    organizations = []
    for record_id, from_tenant, codes in left.organizations:
        record = await load(from_tenant, Organization, record_id)
        assert isinstance(record, Organization)
        organizations.append((record, codes))
    arrive(structure, organizations, plan.plan.changes)
    for record_id, from_tenant in left.cases:
        case = await load(from_tenant, Candidate, record_id)
        assert isinstance(case, Candidate)
        entry = case.latest(HandedOver)
        assert entry.to_cell is not None
        cell = _cell(structure, tenant_id, entry.to_cell)
        passage = _passage(plan, from_tenant, entry.to_cell)
        received = receive(received_as(plan, record_id), day, cell, passage, case)
        structure.changed[received.id] = received
    for record_id, from_tenant, code in left.targets:
        target = await load(from_tenant, Target, record_id)
        assert isinstance(target, Target)
        holder = (tenant_id, organization_id(code))
        province = code.partition("/")[0]
        held = await taken_over(desk, holder, target.latest(TargetCarried), target, province)
        structure.changed[held.id] = held
    return structure


async def _receiving(desk: Desk, tenant_id: int, day: Day, left: Left) -> Structure:
    """The structure that something arrives in, with the records of the codes that it goes by."""
    placed = dict(await desk.directory.structure(tenant_id, day.on))
    codes = {code for _, _, codes in left.organizations for code in codes}
    records = {}
    for each in sorted(organization_id(code) for code in codes):
        try:
            records[each] = await desk.log.load(tenant_id, Organization, each)
        except NotFound:
            continue
    return Structure(day=day, placed=placed, records=records)


def _cell(structure: Structure, tenant_id: int, code: str) -> OrganizationRef:
    placed = structure.standing(code)
    standing = structure.records[placed.id].require_standing(structure.day.on)
    return OrganizationRef(
        tenant_id, placed.id, code, placed.kind, (placed.id,), standing.characteristics
    )


def received_as(plan: Reorganization, case: UUID) -> UUID:
    """The id of a case in the tenant that it is handed over to."""
    return uuid5(plan.id, str(case))


def _passage(plan: Reorganization, from_tenant: str, cell: str) -> Passage:
    return Passage(
        transfer_id=plan.id,
        from_tenant=from_tenant,
        to_tenant=tenant_code(cell),
        province_id=plan.organization_id,
        document=_document(plan),
        to_cell=cell,
    )


def _document(plan: Reorganization) -> str:
    return plan.decided.document if plan.decided is not None else plan.plan.title[:200]


def _by_operator() -> NotPermitted:
    return NotPermitted(
        "TENANT_BY_OPERATOR",
        Text(
            "Tổ chức trực thuộc tỉnh do quản trị hệ thống thêm (nguon tenant add).",
            "The operator adds what stands directly under a province (nguon tenant add).",
        ),
        field="changes",
    )
