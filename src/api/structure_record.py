"""Bodies and territories as GraphQL shows them, and the mutations about them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

import strawberry

from api import organization as organizations
from api.access import may_read_persons, require_code
from api.context import Info
from api.described import field
from api.node import GlobalId, Node
from api.scalars import BodyKind, CountingDate, PeriodInput, as_period
from api.step import answer, mutations
from commands import body as body_commands
from commands import territory as territory_commands
from commands.ports import Recorded
from commands.scope import require_record
from commands.step import steps_of
from domain import body as bodies
from domain import territory as territories
from domain.access import Action
from domain.groups import require_group
from domain.period import Period
from domain.record import record_not_found
from eventstore.position import Position
from projections.basis import At
from projections.rollup import Rollup
from projections.scoreboard import standing
from projections.structure_record import StructureRecordProjection
from projections.tree import Node as TreeNode

_Days: TypeAlias = tuple[date, date]
"""A first day, and the first one after the last."""


@strawberry.type(description="A board, commission, office or mass organization of a committee.")
class Body(Node):
    kind: BodyKind
    name: str
    document: str | None
    established_on: date
    ended_on: date | None
    code: strawberry.Private[str]

    @field("The committee that it belongs to.")
    async def organization(self, info: Info) -> organizations.Organization:
        return await organizations.opened(info, self.code, At())


@strawberry.type(description="One organization, for the time in which a member answered for it.")
class Charge:
    since: date
    until: date | None = strawberry.field(description="The first day on which it was over.")
    charge: strawberry.Private[territories.Charge]
    node: strawberry.Private[TreeNode]
    figures: strawberry.Private[Rollup]
    at: strawberry.Private[At]

    @field("The organization, or who took its place in the asked tree.")
    def organization(self, info: Info) -> organizations.Organization:
        return organizations.organization(info, self.figures, self.node, self.at)

    @field("Who was admitted there in a period while the member answered for it.")
    async def admitted(
        self,
        period: PeriodInput,
        group: str | None = None,
        counting: CountingDate = CountingDate.DECISION,
    ) -> int:
        days = self.since, self.until or date.max
        return await _admitted(self, days, as_period(period), require_group(group), counting)


@strawberry.type(description="What one member of the standing committee answers for.")
class Territory(Node):
    member: str = strawberry.field(description="The id of the actor.")
    member_name: str | None = strawberry.field(description="Null for who may not read persons.")
    document: str | None
    charges: list[Charge] = strawberry.field(
        description="Past ones included. What was split has one for each part of it."
    )

    @field("Who was admitted in a period in all that the member answered for, each counted once.")
    async def admitted(
        self,
        period: PeriodInput,
        group: str | None = None,
        counting: CountingDate = CountingDate.DECISION,
    ) -> int:
        asked, wanted = as_period(period), require_group(group)
        return sum(
            [
                await _admitted(charge, days, asked, wanted, counting)
                for charge, days in _own_days(self.charges)
            ]
        )


async def bodies_of(info: Info, figures: Rollup, node: TreeNode, at: At) -> list[Body]:
    """The bodies of an organization on the day of its figures, by name."""
    await _wait(info, at, node.tenant_id)
    found = await info.context.services.structure_records.all(
        node.tenant_id,
        bodies.Body,
        holders=[node.id],
        until=figures.basis.log_end(node.tenant_id),
        personal=False,
    )
    info.context.spend(len(found))
    shown = []
    for record in found:
        standing = record.standing(figures.basis.effective)
        if standing is not None:
            shown.append(_body(node.tenant_id, record.id, standing, node.code))
    return sorted(shown, key=lambda each: each.name)


async def in_charge_of(info: Info, figures: Rollup, node: TreeNode, at: At) -> list[Territory]:
    """The territories that an organization belonged to on the day of its figures.

    One that covers what stands above it covers it, too, and what took the place of either.
    """
    above, day = set(node.path()), figures.basis.effective
    return [
        await territory_of(info, node.tenant_id, record, figures, at)
        for record in await _territories(info, figures, node.tenant_id, at)
        if above.intersection(standing(figures.tree, record.organizations(day)))
    ]


async def territories_of(info: Info, code: str, at: At) -> list[Territory]:
    """All territories that a committee ever assigned. Raises NotFound and NotPermitted."""
    await require_code(info, code, Action.READ_FIGURES)
    figures = await info.context.services.read_models.rollup(code, at)
    tenant_id = figures.root.tenant_id
    return [
        await territory_of(info, tenant_id, record, figures, at)
        for record in await _territories(info, figures, tenant_id, at)
        if record.organization_id == figures.root.id
    ]


async def _territories(
    info: Info, figures: Rollup, tenant_id: int, at: At
) -> list[territories.Territory]:
    await _wait(info, at, tenant_id)
    found = await info.context.services.structure_records.all(
        tenant_id,
        territories.Territory,
        until=figures.basis.log_end(tenant_id),
        personal=may_read_persons(info.context),
    )
    info.context.spend(len(found))
    return [record for record in found if record.live()]


async def _wait(info: Info, at: At, tenant_id: int) -> None:
    if at.after is not None:
        await info.context.services.read_models.wait_for(
            at.after, [tenant_id], [StructureRecordProjection.name]
        )


async def territory_of(
    info: Info, tenant_id: int, record: territories.Territory, figures: Rollup, at: At
) -> Territory:
    """A territory with what was and is charged, where that counts in the tree of the figures."""
    first = record.assigned
    charges = record.charges()
    info.context.spend(len(charges))
    placed = [
        (charge, node)
        for charge in charges
        for node in standing(figures.tree, [charge.organization_id])
    ]
    return Territory(
        id=GlobalId("Territory", tenant_id, record.id).encode(),
        member=first.member,
        member_name=first.member_name,
        document=first.document,
        charges=[
            Charge(
                since=charge.since,
                until=charge.until,
                charge=charge,
                node=node,
                figures=figures,
                at=at,
            )
            for charge, node in placed
        ],
    )


async def _admitted(
    charge: Charge, days: _Days, period: Period, group: str | None, counting: CountingDate
) -> int:
    first, last = max(period.first, days[0]), min(period.last, days[1] - timedelta(days=1))
    return await charge.figures.admitted(charge.node, first, last, group, counting)


def _own_days(charges: Sequence[Charge]) -> Iterator[tuple[Charge, _Days]]:
    """The days of each charge on which no other one counts all that it counts."""
    for number, charge in enumerate(charges):
        left = [(charge.since, charge.until or date.max)]
        for before, other in enumerate(charges):
            same = other.node is charge.node
            if (before < number) if same else (other.node in charge.node.path()):
                taken = (other.since, other.until or date.max)
                left = [days for each in left for days in _without(each, taken)]
        for days in left:
            yield charge, days


def _without(days: _Days, taken: _Days) -> list[_Days]:
    parts = (days[0], min(days[1], taken[0])), (max(days[0], taken[1]), days[1])
    return [each for each in parts if each[0] < each[1]]


def _body(tenant_id: int, body_id: UUID, standing: bodies.BodyStanding, code: str) -> Body:
    return Body(
        id=GlobalId("Body", tenant_id, body_id).encode(),
        kind=standing.kind,
        name=standing.name,
        document=standing.document,
        established_on=standing.established_on,
        ended_on=standing.ended_on,
        code=code,
    )


async def body(info: Info, tenant_id: int, body_id: UUID, on: date | None = None) -> Body:
    """A body inside the caller's scope, as it stands or last stood. Raises NotFound."""
    desk = info.context.services.desk
    record = await desk.log.load(tenant_id, bodies.Body, body_id)
    await require_record(desk, info.context.actor, tenant_id, record)
    holder = await desk.directory.organization_by_id(tenant_id, record.organization_id)
    standing = record.standing(on or desk.clock.today(tenant_id)) or record.last()
    if standing is None:
        raise record_not_found(bodies.Body)
    return _body(tenant_id, body_id, standing, holder.code)


async def _body_after(info: Info, recorded: Recorded) -> Body:
    return await body(info, recorded.tenant_id, recorded.subject)


async def territory(info: Info, tenant_id: int, territory_id: UUID, at: At) -> Territory:
    """A territory inside the caller's scope. Raises NotFound and NotPermitted."""
    services = info.context.services
    found = await services.structure_records.some(
        tenant_id,
        territories.Territory,
        [territory_id],
        personal=may_read_persons(info.context),
    )
    if not found or not found[0].live():
        raise record_not_found(territories.Territory)
    record = found[0]
    await require_record(services.desk, info.context.actor, tenant_id, record)
    holder = await services.desk.directory.organization_by_id(tenant_id, record.organization_id)
    await require_code(info, holder.code, Action.READ_FIGURES)
    figures = await services.read_models.rollup(holder.code, at)
    return await territory_of(info, tenant_id, record, figures, at)


async def _territory_after(info: Info, recorded: Recorded) -> Territory:
    after = Position.of({recorded.tenant_id: recorded.last_position})
    return await territory(info, recorded.tenant_id, recorded.subject, At(after=after))


BodySteps = mutations(
    "BodySteps",
    [body_commands.establish_body, *steps_of(body_commands)],
    *answer(Body, _body_after),
)
TerritorySteps = mutations(
    "TerritorySteps",
    [territory_commands.assign_territory, *steps_of(territory_commands)],
    *answer(Territory, _territory_after),
)
