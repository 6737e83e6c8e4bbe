"""Steps that were recorded with findings, for whoever inspects a tenant."""

import re
from datetime import date
from typing import Final

import strawberry

from api import organization as organizations
from api.access import may_read_all_vetting, require_cases
from api.connection import PageInfo, invalid_cursor, page_info, page_size
from api.context import Info
from api.finding import Finding, finding
from api.node import GlobalId
from api.scalars import Position
from domain import confidential
from eventstore import position
from projections.basis import At
from projections.breach import Breach as Found
from projections.breach import BreachProjection

BREACHES_MAX: Final = 500
_CURSOR: Final = re.compile(r"[0-9]{1,18}")


@strawberry.type(description="A step that breaks rules which did not stop it.")
class Breach:
    position: Position
    occurred_on: date
    candidate: strawberry.ID
    organization: str | None
    findings: list[Finding]


@strawberry.type
class BreachEdge:
    cursor: str
    node: Breach


@strawberry.type
class BreachConnection:
    edges: list[BreachEdge]
    nodes: list[Breach]
    page_info: PageInfo


async def breaches_of(
    info: Info, code: str, page: tuple[int | None, str | None], at: At
) -> BreachConnection:
    """The findings of an organization and all below it, in the order of the log."""
    first, after = page
    require_cases(info.context)
    if after is not None and not _CURSOR.fullmatch(after):
        raise invalid_cursor()
    size = page_size(first, maximum=BREACHES_MAX)
    top = await organizations.opened(info, code, at)
    tenant_id = top.node.tenant_id
    seen = position.Position.of({tenant_id: top.figures.basis.positions[tenant_id]})
    await info.context.services.read_models.wait_for(seen, [tenant_id], [BreachProjection.name])
    found = await top.figures.breaches(top.node, after=int(after or 0), first=size + 1)
    info.context.spend(len(found))
    hidden = frozenset() if may_read_all_vetting(info.context) else confidential.RULES
    edges = [
        await _edge(info, tenant_id, each, hidden)
        for each in found[:size]
        if not hidden.issuperset(each.rules)
    ]
    return BreachConnection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=page_info(
            [str(each.position) for each in found[:size]], after=after, more=len(found) > size
        ),
    )


async def _edge(info: Info, tenant_id: int, each: Found, hidden: frozenset[str]) -> BreachEdge:
    services = info.context.services
    rules = await services.desk.rules.of(tenant_id)
    node = Breach(
        position=Position(position.Position.of({tenant_id: each.position})),
        occurred_on=each.effective_on,
        candidate=strawberry.ID(GlobalId("Candidate", tenant_id, each.candidate).encode()),
        organization=await services.codes.organization(tenant_id, each.organization_id),
        findings=[
            finding(rules, rule, each.effective_on, info.context.language)
            for rule in each.rules
            if rule not in hidden
        ],
    )
    return BreachEdge(cursor=str(each.position), node=node)
