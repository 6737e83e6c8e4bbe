"""What is late and what is coming, put together from read models, duties and figures."""

import base64
import binascii
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import strawberry

from api import organization as organizations
from api.access import may_read_all_vetting, may_read_records, may_urge
from api.connection import invalid_cursor, page_info, page_size
from api.context import Info, RequestContext
from api.due import DueConnection, DueEdge, shown
from api.due_count import DueCount, caught_up, require_days
from api.node import decode_id, not_found
from api.obligation_register import obligations_of
from api.scalars import DueKind
from domain import confidential
from domain.due_kind import OF_CASES, OF_DUTIES, OF_FIGURES
from domain.duty import duties
from domain.errors import NotPermitted
from domain.obligation import ObligationKind
from domain.territory import Territory
from domain.text import Text
from projections import due_list as rows
from projections.basis import At
from projections.due_list import Asked, Owed
from projections.due_organization import RECURRING, dues_of_figures, recurring_dues
from projections.scoreboard import standing
from projections.tree import Node

DUES_MAX = 500
_OF_DUTY = {ObligationKind.PLAN: DueKind.PLAN, ObligationKind.REPORT: DueKind.REPORT}


@dataclass(frozen=True, slots=True)
class Question:
    """What a due list is asked for, beside its clocks."""

    organization: str
    territory: strawberry.ID | None
    kinds: Sequence[DueKind] | None
    within_days: int | None
    late_only: bool


async def due_list(
    info: Info, question: Question, page: tuple[int | None, str | None], at: At
) -> DueConnection:
    """A page of what is due. Raises NotFound, NotPermitted, InvalidInput and ReadModelBehind."""
    first, after = page
    size = page_size(first, maximum=DUES_MAX)
    seen = None if after is None else _decoded(after)
    top = await organizations.opened(info, question.organization, at)
    kinds = _permitted(info.context, question.kinds)
    wanted = rows.asked(
        kinds,
        top.figures.basis.effective,
        within_days=require_days(question.within_days),
        late_only=question.late_only,
        hidden_papers=frozenset() if may_read_all_vetting(info.context) else confidential.PAPERS,
    )
    nodes = await _nodes(info, top, question.territory)
    of_cases, counts = await _of_cases(info, top, nodes, wanted, (seen, size + 1))
    others = [each for each in await _others(info, top, nodes, wanted) if wanted.takes(each)]
    rest = [each for each in others if seen is None or _key(each) > seen]
    found = sorted([*of_cases, *rest], key=_key)
    rules = await info.context.services.desk.rules.of(top.node.tenant_id)
    edges = [
        DueEdge(cursor=_cursor(each), node=node)
        for each in found[:size]
        if (node := await shown(info, top, each, rules)) is not None
    ]
    counts += _counted(others, top.figures.basis.effective)
    return DueConnection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=page_info(
            [_cursor(each) for each in found[:size]], after=after, more=len(found) > size
        ),
        total_count=sum(each.late + each.coming for each in counts),
        counts=counts,
        kinds=kinds,
    )


def _permitted(context: RequestContext, asked: Sequence[DueKind] | None) -> list[DueKind]:
    """The kinds that the caller may see. Raises NotPermitted for others that were asked for.

    Of cases, without their names, whoever may urge; of the vetting only who may see that.
    """
    hidden: set[DueKind] = set()
    if not may_urge(context):
        hidden |= set(OF_CASES)
    if not may_read_all_vetting(context):
        hidden.add(DueKind.VETTING)
    if not may_read_records(context):
        hidden |= {*OF_DUTIES, *RECURRING}
    if refused := sorted(hidden & set(asked or ())):
        raise NotPermitted(
            "NOT_PERMITTED",
            Text(
                f"Vai trò “{context.actor.role}” không được xem {', '.join(refused)}.",
                f"The role “{context.actor.role}” may not see {', '.join(refused)}.",
            ),
        )
    return [kind for kind in DueKind if kind not in hidden and (asked is None or kind in asked)]


async def _nodes(
    info: Info, top: organizations.Organization, territory: strawberry.ID | None
) -> dict[UUID, Node]:
    """The organizations that are looked at, of the node's own tenant. Raises NotFound."""
    tenant_id = top.node.tenant_id
    nodes = {each.id: each for each in top.node.subtree() if each.tenant_id == tenant_id}
    if territory is None:
        return nodes
    asked = decode_id(territory, kind="Territory", field="territory")
    found: list[Territory] = []
    if asked.tenant_id == tenant_id:
        found = await info.context.services.structure_records.some(
            tenant_id,
            Territory,
            [asked.id],
            until=top.figures.basis.log_end(tenant_id),
            personal=False,
        )
    if not found:
        raise not_found("territory")
    held = found[0].organizations(top.figures.basis.effective)
    below = {each.id for at in standing(top.figures.tree, held) for each in at.subtree()}
    return {node_id: node for node_id, node in nodes.items() if node_id in below}


async def _of_cases(
    info: Info,
    top: organizations.Organization,
    nodes: dict[UUID, Node],
    wanted: Asked,
    page: tuple[rows.Cursor | None, int],
) -> tuple[list[Owed], list[DueCount]]:
    asked = wanted.some(OF_CASES)
    if not asked.horizons:
        return [], []
    basis, tenant_id = top.figures.basis, top.node.tenant_id
    await caught_up(info, top.figures)
    units = [unit for node in nodes.values() for unit in top.figures.tree.units_at(node)]
    place = (tenant_id, basis.positions[tenant_id], basis.effective, units, asked)
    async with info.context.services.database.tenant(tenant_id) as connection:
        found = await rows.dues_of_cases(connection, *place, after=page[0], limit=page[1])
        counts = await rows.counts_of_cases(connection, *place)
    info.context.spend(len(found))
    return found, [DueCount(kind=each.kind, late=each.late, coming=each.coming) for each in counts]


async def _others(
    info: Info, top: organizations.Organization, nodes: dict[UUID, Node], wanted: Asked
) -> list[Owed]:
    """What is due of organizations: of their duties, of what returns, and of their figures."""
    kinds, tenant_id = wanted.horizons.keys(), top.node.tenant_id
    found: list[Owed] = []
    if kinds & set(OF_DUTIES):
        found += await _of_duties(info, top, wanted)
    if kinds & set(RECURRING):
        await caught_up(info, top.figures)
        rules = await info.context.services.desk.rules.of(tenant_id)
        async with info.context.services.database.tenant(tenant_id) as connection:
            found += await recurring_dues(connection, top.figures, tenant_id, rules)
    found = [each for each in found if _stands_in(top, each, nodes)]
    if kinds & set(OF_FIGURES):
        near = [each for each in (top.node, *top.node.children) if each.id in nodes]
        info.context.spend(len(near))
        found += await dues_of_figures(top.figures, near, kinds)
    return found


def _stands_in(top: organizations.Organization, owed: Owed, nodes: Collection[UUID]) -> bool:
    place = top.figures.tree.place(owed.place)
    return place is not None and place.id in nodes


async def _of_duties(info: Info, top: organizations.Organization, wanted: Asked) -> list[Owed]:
    """The open duties with a last day, whose interval has begun or begins in time."""
    day = top.figures.basis.effective
    last = max(wanted.horizons[kind] for kind in OF_DUTIES if kind in wanted.horizons)
    ahead = max(0, (last - day).days)
    found = []
    for record in await obligations_of(info, top, only_open=True):
        imposed = record.imposed
        kind = _OF_DUTY.get(imposed.kind, DueKind.OBLIGATION)
        for each in duties(record, day, ahead=ahead):
            if each.standing.is_open and each.due is not None:
                since = imposed.effective_on if each.interval is None else each.interval.first
                due = (each.due.last_day, kind, each.occurrence or "", record.id)
                found.append(Owed(*due, record.organization_id, since))
    return found


def _counted(found: Sequence[Owed], day: date) -> list[DueCount]:
    late = Counter(each.kind for each in found if each.due_on < day)
    every = Counter(each.kind for each in found)
    return [
        DueCount(kind=kind, late=late[kind], coming=every[kind] - late[kind])
        for kind in DueKind
        if every[kind]
    ]


def _key(owed: Owed) -> rows.Cursor:
    return owed.due_on, owed.kind.value, owed.detail, owed.subject


def _cursor(owed: Owed) -> str:
    words = "|".join(map(str, _key(owed)))
    return base64.urlsafe_b64encode(words.encode()).decode()


def _decoded(cursor: str) -> rows.Cursor:
    try:
        day, kind, detail, subject = base64.urlsafe_b64decode(cursor).decode().split("|")
        return date.fromisoformat(day), kind, detail, UUID(subject)
    except (binascii.Error, ValueError):
        raise invalid_cursor() from None
