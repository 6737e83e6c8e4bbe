"""The scoreboard of a standing committee: what each member answers for, as GraphQL shows it."""

from uuid import UUID

import strawberry

from api import organization as organizations
from api import organization_facts as facts
from api.access import may_read_persons
from api.context import Info
from api.described import field
from api.organization import Organization
from api.organization_figures import (
    GroupFigure,
    StageCount,
    group_figures_of,
    stage_counts_of,
)
from api.progress import Period, period_of
from api.scalars import CountingDate, TargetBasis
from api.structure_record import Territory, territory_of
from domain import territory as domain
from domain.characteristic import characteristics, require_characteristics
from domain.groups import require_group
from projections import scoreboard as scores
from projections.basis import At
from projections.rollup import Rollup
from projections.scoreboard import Asked
from projections.structure_record import StructureRecordProjection
from projections.tree import Node


@strawberry.type(
    description="Figures of several organizations with all below them, each person once. `target`, "
    "`achieved` and what follows are of those that have a target, each measured by its own."
)
class Score:
    organizations: int
    stages: list[StageCount]
    admitted: int = strawberry.field(description="In the asked period, by the asked date.")
    target: float | None
    achieved: int
    without_target: int = strawberry.field(description="Organizations without a target.")
    percent: float | None
    pace_percent: float | None = strawberry.field(
        description="What the time that has passed asks for, of all their targets."
    )
    is_below_target: bool = strawberry.field(description="Less than the asked percent.")
    is_below_pace: bool


@strawberry.type(description="The part of a territory that has a characteristic of area.")
class AreaScore:
    area: facts.Characteristic
    organizations: list[Organization]
    score: Score


@strawberry.type(description="What one member answers for on the asked day.")
class TerritoryScore:
    territory: Territory
    organizations: list[Organization] = strawberry.field(
        description="Or who took their place in the asked tree; who is below another is left out."
    )
    unplaced: list[str] = strawberry.field(description="Codes that the asked tree does not have.")
    nodes: strawberry.Private[list[Node]]
    figures: strawberry.Private[Rollup]
    asked: strawberry.Private[Asked]
    at: strawberry.Private[At]

    @field("Its figures: of one group, and of the organizations that have a characteristic.")
    async def score(
        self, info: Info, group: str | None = None, characteristic: str | None = None
    ) -> Score:
        nodes = self.nodes
        if characteristic is not None:
            require_characteristics([characteristic], "characteristic")
            nodes = scores.in_area(nodes, characteristic)
        return await self._scored(info, nodes, require_group(group))

    @field("What each group had of the period's admissions, and its source.")
    async def groups(self, info: Info) -> list[GroupFigure]:
        info.context.spend(len(self.nodes))
        found = await scores.group_figures(
            self.figures, self.nodes, self.asked.period, self.asked.counting
        )
        return group_figures_of(found)

    @field("Its parts in minority, religious and other areas, by who has the characteristic.")
    async def areas(self, info: Info) -> list[AreaScore]:
        found = []
        for code in scores.areas(self.nodes):
            nodes, each = scores.in_area(self.nodes, code), characteristics()[code]
            found.append(
                AreaScore(
                    area=facts.Characteristic(
                        code=code,
                        name=each.name.in_language(info.context.language),
                        aspect=each.aspect,
                    ),
                    organizations=_shown(info, self.figures, nodes, self.at),
                    score=await self._scored(info, nodes, None),
                )
            )
        return found

    @field("Its organizations that achieved less than the asked percent of their target.")
    async def below_target(self, info: Info) -> list[Organization]:
        found, _ = await scores.below(self.figures, self.nodes, self.asked)
        return _shown(info, self.figures, found, self.at)

    @field("Its organizations that achieved less than the time that has passed asks for.")
    async def below_pace(self, info: Info) -> list[Organization]:
        _, found = await scores.below(self.figures, self.nodes, self.asked)
        return _shown(info, self.figures, found, self.at)

    async def _scored(self, info: Info, nodes: list[Node], group: str | None) -> Score:
        info.context.spend(len(nodes))
        found = await scores.score(self.figures, nodes, self.asked, group)
        return Score(
            organizations=found.organizations,
            stages=stage_counts_of(found.stages),
            admitted=found.admitted,
            target=found.target,
            achieved=found.achieved,
            without_target=found.without_target,
            percent=found.percent,
            pace_percent=found.pace_percent,
            is_below_target=found.is_below_target,
            is_below_pace=found.is_below_pace,
        )


@strawberry.type(description="What the members of a standing committee answer for.")
class TerritoryScoreboard:
    organization: Organization
    period: Period
    basis: TargetBasis
    counting: CountingDate
    territories: list[TerritoryScore]
    in_nobodys_charge: list[Organization] = strawberry.field(
        description="Directly below the committee; nobody answers for them or a part of them."
    )


async def territory_scoreboard(
    info: Info, code: str, asked: Asked, member: str | None, at: At
) -> TerritoryScoreboard:
    """The scoreboard of a committee. Raises NotFound and NotPermitted."""
    top = await organizations.opened(info, code, at)
    tree, effective = top.figures.tree, top.figures.basis.effective
    shown, held = [], []
    for tenant_id, record in await _territories(info, top):
        charged = record.organizations(effective)
        nodes = scores.standing(tree, charged)
        held += nodes
        if not charged or member not in {None, record.assigned.member}:
            continue
        absent = [each for each in charged if not scores.standing(tree, [each])]
        info.context.spend(1)
        shown.append(
            TerritoryScore(
                territory=await territory_of(info, tenant_id, record, top.figures, at),
                organizations=_shown(info, top.figures, nodes, at),
                unplaced=sorted(tree.lives[each].code for each in absent if each in tree.lives),
                nodes=nodes,
                figures=top.figures,
                asked=asked,
                at=at,
            )
        )
    return TerritoryScoreboard(
        organization=top,
        period=period_of(asked.period),
        basis=asked.basis,
        counting=asked.counting,
        territories=shown,
        in_nobodys_charge=_shown(info, top.figures, scores.in_nobodys_charge(top.node, held), at),
    )


async def _territories(info: Info, top: Organization) -> list[tuple[int, domain.Territory]]:
    """Those of a committee and of whose place it took, with their tenants, by member."""
    services, basis, tree = info.context.services, top.figures.basis, top.figures.tree
    await services.read_models.caught_up(basis, StructureRecordProjection.name)
    holders: dict[int, list[UUID]] = {}
    for unit in tree.units_at(top.node):
        life = tree.lives.get(unit)
        if life is not None:
            holders.setdefault(life.tenant_id, []).append(unit)
    found = []
    for tenant_id, ids in holders.items():
        records = await services.structure_records.all(
            tenant_id,
            domain.Territory,
            holders=ids,
            until=basis.positions[tenant_id],
            personal=may_read_persons(info.context),
        )
        info.context.spend(len(records))
        found += [(tenant_id, record) for record in records if record.live()]
    return sorted(found, key=lambda each: (each[1].assigned.member, each[1].id))


def _shown(info: Info, figures: Rollup, nodes: list[Node], at: At) -> list[Organization]:
    return [organizations.organization(info, figures, node, at) for node in nodes]
