"""Organizations, their tree and their figures. What a figure is made of is not known here."""

import base64
import binascii
from typing import Final
from uuid import UUID

import strawberry

from api.access import require_code
from api.connection import PageInfo, invalid_cursor, page_info, page_size
from api.context import Info
from api.described import field
from api.node import GlobalId, Node
from api.organization_figures import OrganizationFigures, StageCount
from api.progress import Progress, progress_of
from api.scalars import (
    OrganizationKind,
    PeriodInput,
    Stage,
    TargetBasis,
    as_period,
)
from commands.scope import within
from domain.access import Action
from domain.groups import require_group
from projections import organization as tree
from projections.basis import At
from projections.rollup import Rollup

CHILDREN_DEFAULT: Final = 200
CHILDREN_MAX: Final = 1_000


@strawberry.type
class OrganizationEdge:
    cursor: str
    node: "Organization"


@strawberry.type
class OrganizationConnection:
    edges: list[OrganizationEdge]
    nodes: list["Organization"]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="An organization of the Party, as of the asked days.")
class Organization(OrganizationFigures, Node):
    code: str
    name: str
    kind: OrganizationKind
    figures: strawberry.Private[Rollup]
    node: strawberry.Private[tree.Node]
    at: strawberry.Private[At]

    @field("Null for the organization that the caller's token is bound to.")
    async def parent(self, info: Info) -> "Organization | None":
        above = self.node.parent
        if above is not None:
            visible = within(info.context.actor.organization, above.code)
            return organization(info, self.figures, above, self.at) if visible else None
        code = self.node.code.rpartition("/")[0]
        if not code or not within(info.context.actor.organization, code):
            return None
        return await opened(info, code, self.at)

    @field("The organizations directly below, in Vietnamese order; 200 unless `first` says more.")
    def children(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> "OrganizationConnection":
        size = page_size(first, default=CHILDREN_DEFAULT, maximum=CHILDREN_MAX)
        children = self.node.children
        start = 0 if after is None else _place_after(children, after)
        page = [
            organization(info, self.figures, node, self.at)
            for node in children[start : start + size]
        ]
        edges = [OrganizationEdge(cursor=_cursor(item.node), node=item) for item in page]
        return OrganizationConnection(
            edges=edges,
            nodes=page,
            page_info=page_info(
                [edge.cursor for edge in edges], after=after, more=start + size < len(children)
            ),
            total_count=len(children),
        )

    @field(
        "How many people stand where, in the whole subtree, those who left included; of one "
        "group if asked."
    )
    async def pipeline(self, group: str | None = None) -> list[StageCount]:
        counts = await self.figures.stage_counts(self.node, require_group(group))
        return [
            StageCount(stage=stage, count=counts[stage]) for stage in Stage if counts.get(stage)
        ]

    @field("A target of this organization and what its subtree achieved.")
    async def progress(
        self,
        period: PeriodInput,
        group: str | None = None,
        basis: TargetBasis = TargetBasis.ASSIGNED,
    ) -> Progress | None:
        found = await self.figures.progress(
            self.node, as_period(period), require_group(group), basis
        )
        return progress_of(found)

    @field(
        "The organizations directly below that have achieved less than `percent` of their own "
        "target."
    )
    async def below_target(
        self,
        info: Info,
        period: PeriodInput,
        percent: float = 50,
        basis: TargetBasis = TargetBasis.CONGRESS,
    ) -> "list[Organization]":
        nodes = await self.figures.below_target(self.node, as_period(period), percent, basis)
        return [organization(info, self.figures, node, self.at) for node in nodes]


def organization(info: Info, figures: Rollup, node: tree.Node, at: At) -> Organization:
    """An organization with its figures as of the same days."""
    info.context.spend(1)
    return Organization(
        id=GlobalId("Organization", node.tenant_id, node.id).encode(),
        code=node.code,
        name=node.name,
        kind=node.kind,
        figures=figures,
        node=node,
        at=at,
    )


async def opened(info: Info, code: str, at: At) -> Organization:
    """The organization of a code inside the caller's scope. Raises NotFound and NotPermitted."""
    require_code(info, code, Action.READ_FIGURES)
    context = info.context
    figures = await context.services.read_models.rollup(code, at, scope=context.actor.organization)
    return organization(info, figures, figures.root, at)


async def organization_by_id(
    info: Info, tenant_id: int, organization_id: UUID, at: At
) -> Organization:
    """The organization with an id, inside the caller's scope. Raises NotFound and NotPermitted."""
    directory = info.context.services.desk.directory
    found = await directory.organization_by_id(tenant_id, organization_id)
    return await opened(info, found.code, at)


def _cursor(node: tree.Node) -> str:
    return base64.urlsafe_b64encode(node.code.encode()).decode().rstrip("=")


def _place_after(children: list[tree.Node], cursor: str) -> int:
    try:
        code = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeError):
        raise invalid_cursor() from None
    for place, node in enumerate(children):
        if node.code == code:
            return place + 1
    raise invalid_cursor()
