"""Reorganizations: the plan, what it would do, and the mutations that draft it and carry it out."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import strawberry

from api.access import require_code
from api.context import Info
from api.node import GlobalId, Node, decode_id
from api.refusal import AnyRefusal, as_type
from api.scalars import ChangeKind, OrganizationKind, ReorganizationLeg, ReorganizationState
from api.step import answer, mutations
from commands import reorganization as commands
from commands.joint_reorganization import rehearse
from commands.ports import Recorded
from commands.scope import require_record
from commands.step import steps_of
from commands.structure import apply
from domain import access
from domain import change as plan
from domain.access import Action
from domain.errors import Refusal
from domain.judgment import Day
from domain.record import Record as AnyRecord
from domain.reorganization import Reorganization as Record
from domain.reorganization_entry import Leg
from projections.dry_run import Effect as Found
from projections.dry_run import effects
from projections.tree import Node as TreeNode


@strawberry.type(description="An organization that a change founds.")
class PlannedFounding:
    superior: str
    name: str
    kind: OrganizationKind
    code: str
    characteristics: list[str]


@strawberry.type(description="What leaves a divided organization, and into which.")
class PlannedPart:
    into: str | None
    founding: PlannedFounding | None
    organizations: list[str]
    candidates: list[strawberry.ID]


@strawberry.type(description="One change of a plan; organizations go by code.")
class PlannedChange:
    kind: ChangeKind
    organizations: list[str]
    founding: PlannedFounding | None
    into: str | None
    superior: str | None
    name: str | None
    organization_kind: OrganizationKind | None
    parts: list[PlannedPart]
    remains: bool
    successors_outside: list[str]
    document: str | None


@strawberry.type(description="A tenant that recorded its part of the plan, or of its reversal.")
class ReorganizationTenant:
    code: str
    leg: ReorganizationLeg


@strawberry.type(description="One plan of changes, carried out as a whole or not at all.")
class Reorganization(Node):
    title: str
    state: ReorganizationState
    planned_on: date
    changes: list[PlannedChange]
    document: str | None
    tenants: list[ReorganizationTenant] = strawberry.field(
        description="How far each tenant of a province's plan has come."
    )
    executed_on: date | None
    execution_document: str | None
    reversed_on: date | None


@strawberry.type(description="An organization as it would be, and how many people count at it.")
class PlannedOrganization:
    name: str
    kind: OrganizationKind
    superior: str | None
    people: int
    open_cases: int


@strawberry.type(description="What a plan changes at one organization; null where it is not there.")
class ReorganizationEffect:
    code: str
    before: PlannedOrganization | None
    after: PlannedOrganization | None
    targets: int = strawberry.field(description="How many targets it holds itself.")


@strawberry.type(description="What a plan would do if it were carried out now.")
class DryRun:
    refusal: AnyRefusal | None = strawberry.field(
        description="Why it would be refused; there are no effects then."
    )
    effects: list[ReorganizationEffect]


async def reorganization(info: Info, tenant_id: int, record_id: UUID) -> Reorganization:
    """The plan inside the caller's scope. Raises NotFound and NotPermitted."""
    return _shown(tenant_id, await _loaded(info, tenant_id, record_id))


def _shown(tenant_id: int, record: Record) -> Reorganization:
    executed, undone = record.executed, record.reversed
    return Reorganization(
        id=GlobalId("Reorganization", tenant_id, record.id).encode(),
        title=record.plan.title,
        state=record.state,
        planned_on=record.plan.planned_on,
        changes=[_change(tenant_id, each) for each in record.plan.changes],
        document=record.plan.document,
        tenants=[
            ReorganizationTenant(code=code, leg=leg)
            for leg in Leg
            for code in sorted(record.done(leg))
        ],
        executed_on=None if executed is None else executed.effective_on,
        execution_document=None if executed is None else executed.document,
        reversed_on=None if undone is None else undone.effective_on,
    )


async def reorganizations_of(info: Info, code: str) -> list[Reorganization]:
    """The plans that a committee ever drafted, the newest day first. Raises NotFound."""
    await require_code(info, code, Action.READ_FIGURES)
    services = info.context.services
    holder = await services.desk.directory.organization(code)
    found = await services.structure_records.all(
        holder.tenant_id, Record, holders=[holder.id], personal=False
    )
    info.context.spend(len(found))
    shown = [_shown(holder.tenant_id, record) for record in found]
    return sorted(shown, key=lambda each: (each.planned_on, each.id), reverse=True)


async def dry_run(info: Info, given: str) -> DryRun:
    """What a draft would do on its day, by all that is known now.

    Raises NotFound and NotPermitted.
    """
    found = decode_id(given, kind="Reorganization", field="reorganization")
    record = await _loaded(info, found.tenant_id, found.id)
    services, on = info.context.services, record.plan.planned_on
    try:
        changed = await _rehearsed(info, found.tenant_id, record)
    except Refusal as refusal:
        return DryRun(refusal=as_type(refusal, info.context.language), effects=[])
    listed = await effects(services.database, services.read_models, on, changed)
    info.context.spend(len(listed))
    return DryRun(refusal=None, effects=[_effect(each) for each in listed])


async def _rehearsed(
    info: Info, tenant_id: int, record: Record
) -> Mapping[int, Sequence[AnyRecord]]:
    """What a plan would record, by tenant. Raises the refusals of its changes."""
    desk, actor = info.context.services.desk, info.context.actor
    if commands.is_joint(actor):
        access.require(actor.role, Action.ORGANIZE)
        return await rehearse(desk, actor, record)
    day = Day(record.plan.planned_on, await desk.rules.of(tenant_id))
    structure = await apply(desk, actor, tenant_id, day, record.plan.changes)
    return {tenant_id: list(structure.changed.values())}


async def _loaded(info: Info, tenant_id: int, record_id: UUID) -> Record:
    desk, actor = info.context.services.desk, info.context.actor
    await require_code(info, actor.organization, Action.READ_FIGURES)
    record = await desk.log.load(tenant_id, Record, record_id)
    await require_record(desk, actor, tenant_id, record)
    return record


def _effect(found: Found) -> ReorganizationEffect:
    return ReorganizationEffect(
        code=found.code,
        before=_planned(found.before, found.people_before, found.open_cases_before),
        after=_planned(found.after, found.people_after, found.open_cases_after),
        targets=found.targets,
    )


def _planned(node: TreeNode | None, people: int, open_cases: int) -> PlannedOrganization | None:
    if node is None:
        return None
    return PlannedOrganization(
        name=node.name,
        kind=node.kind,
        superior=None if node.parent is None else node.parent.code,
        people=people,
        open_cases=open_cases,
    )


def _change(tenant_id: int, change: plan.Change) -> PlannedChange:
    return PlannedChange(
        kind=change.kind,
        organizations=list(change.organizations),
        founding=_founding(change.founding),
        into=change.into,
        superior=change.superior,
        name=change.name,
        organization_kind=change.organization_kind,
        parts=[_part(tenant_id, each) for each in change.parts],
        remains=bool(change.remains),
        successors_outside=list(change.successors_outside),
        document=change.document,
    )


def _part(tenant_id: int, part: plan.Part) -> PlannedPart:
    return PlannedPart(
        into=part.into,
        founding=_founding(part.founding),
        organizations=list(part.organizations),
        candidates=[GlobalId("Candidate", tenant_id, each).encode() for each in part.candidates],
    )


def _founding(founding: plan.Founding | None) -> PlannedFounding | None:
    if founding is None:
        return None
    return PlannedFounding(
        superior=founding.superior,
        name=founding.name,
        kind=founding.kind,
        code=founding.code,
        characteristics=list(founding.characteristics),
    )


async def _after(info: Info, recorded: Recorded) -> Reorganization:
    return await reorganization(info, recorded.tenant_id, recorded.subject)


_RESULT, _SHOWN = answer(Reorganization, _after)
ReorganizationSteps = mutations(
    "ReorganizationSteps",
    [commands.draft_reorganization, *steps_of(commands)],
    _RESULT,
    _SHOWN,
)
