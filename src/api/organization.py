"""Organizations, their tree and their figures. What a figure is made of is not known here."""

import base64
import binascii
from datetime import date
from typing import Final
from uuid import UUID

import strawberry

from api import organization_facts as facts
from api.access import require_code, sees
from api.connection import PageInfo, invalid_cursor, page_info, page_size
from api.context import Info
from api.described import field
from api.node import GlobalId, Node
from api.organization_figures import OrganizationFigures, StageCount, stage_counts_of
from api.progress import Period, Progress, period_of, progress_of
from api.scalars import (
    CountingDate,
    Level,
    OrganizationKind,
    PeriodInput,
    TargetBasis,
    as_period,
)
from commands.scope import tenant_code, within
from domain.access import Action
from domain.characteristic import require_characteristics
from domain.errors import organization_not_found
from domain.groups import require_group
from projections import screening as screenings
from projections import tree
from projections.basis import At
from projections.rollup import Rollup

CHILDREN_DEFAULT: Final = 200
CHILDREN_MAX: Final = 1_000


@strawberry.type
@strawberry.type(
    description="Admissions of a period, and beside them the members who were screened out."
)
class Screening:
    period: Period
    counting: CountingDate
    admitted: int = strawberry.field(description="As counted then; re-admissions are none.")
    uncounted: int = strawberry.field(
        description="Admissions of any period that came to nothing in this one: the decision was "
        "revoked or not followed, or the name struck off during the probation."
    )
    net: int
    readmitted: int
    struck_off: int = strawberry.field(description="All names struck off, full members' included.")


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

    @field("Its level under its superior, which belongs to a period and not to its kind.")
    def level(self) -> Level:
        return self.node.level

    @field("Its characteristics on the asked day of the tree; its types among them.")
    def characteristics(self, info: Info) -> list[facts.Characteristic]:
        return facts.characteristics(self.node, info.context.language)

    @field("Its first day.")
    def established_on(self) -> date:
        return self.node.established_on

    @field("The first day on which it is not there any more.")
    def ended_on(self) -> date | None:
        return self.node.ended_on

    @field("How many official members it has, as last counted.")
    def official_members(self) -> facts.MemberCount | None:
        return facts.member_count(self.node)

    @field("Whether its committee was authorized to decide on admissions.")
    def may_admit(self) -> bool:
        return self.node.admits

    @field("The organization whose committee decides on admissions here, where it can be seen.")
    def decides_admission(self, info: Info) -> "Organization | None":
        node = self.node.decides_admission()
        if not sees(info.context, node):
            return None
        return organization(info, self.figures, node, self.at)

    @field("Whose people it took, by what is known.")
    def predecessors(self) -> list[facts.Succession]:
        return facts.predecessors(self.figures.tree, self.node)

    @field("Who took its people, by what is known.")
    def successors(self) -> list[facts.Succession]:
        return facts.successors(self.figures.tree, self.node)

    @field("All cells below it, or those with a characteristic, in Vietnamese order.")
    def cells(self, info: Info, characteristic: str | None = None) -> "list[Organization]":
        if characteristic is not None:
            require_characteristics([characteristic])
        return [
            organization(info, self.figures, below, self.at)
            for below in self.node.subtree()
            if below.kind.is_cell
            and (characteristic is None or characteristic in below.characteristics)
        ]

    @field("Null for the organization that the caller's token is bound to.")
    async def parent(self, info: Info) -> "Organization | None":
        above = self.node.parent
        if above is not None:
            visible = sees(info.context, above)
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
        return stage_counts_of(counts)

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

    @field("Admissions of a period and what came to nothing in it, in the whole subtree.")
    async def screening(
        self,
        period: PeriodInput,
        group: str | None = None,
        counting: CountingDate = CountingDate.DECISION,
    ) -> Screening:
        found = await screenings.screening(
            self.figures, self.node, as_period(period), group, counting
        )
        return Screening(
            period=period_of(found.period),
            counting=counting,
            admitted=found.admitted,
            uncounted=found.uncounted,
            net=found.net,
            readmitted=found.readmitted,
            struck_off=found.struck_off,
        )

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
    await require_code(info, code, Action.READ_FIGURES)
    by_province = "/" not in info.context.actor.organization
    figures = await info.context.services.read_models.rollup(code, at, by_province=by_province)
    return organization(info, figures, figures.root, at)


async def place_of(info: Info, code: str, at: At) -> Organization:
    """What stands for the organization of a code in the asked tree: itself, or who has its people.

    Raises as `opened`.
    """
    await require_code(info, code, Action.READ_FIGURES)
    figures = await info.context.services.read_models.rollup(tenant_code(code), at)
    life = figures.tree.bearer(code)
    place = None if life is None else figures.tree.place(life.id)
    if place is None:
        raise organization_not_found(code)
    return organization(info, figures, place, at)


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
