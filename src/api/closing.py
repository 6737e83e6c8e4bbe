"""Closed figures as GraphQL shows them: as closed, as counted now, and the difference."""

from datetime import date

import strawberry

from api.context import Info
from api.progress import Period
from api.scalars import ClosingStatus, CountingDate, Position
from domain import closing as record
from domain import period as periods
from domain.errors import NotFound
from domain.record import Entry
from eventstore import position
from projections.basis import At
from projections.figures import closed_figures
from projections.tree import Node


@strawberry.type(description="Admissions of everybody (no group) or of one group.")
class ClosedFigure:
    group: str | None
    counting: CountingDate
    closed: int = strawberry.field(description="As closed; what comes later does not change it.")
    now: int = strawberry.field(description="The same days as counted now.")
    difference: int


@strawberry.type(description="A step about a period's figures.")
class ClosingStep:
    status: ClosingStatus = strawberry.field(description="Where the figures stood after it.")
    on: date
    organization: str | None = strawberry.field(
        description="To whom they were submitted, or who reopened them."
    )
    reason: str | None
    document: str | None


@strawberry.type(description="The closed figures of an organization's period, as of now.")
class Closing:
    status: ClosingStatus
    period: Period
    closed_on: date
    position: Position = strawberry.field(description="How much was known when they were closed.")
    figures: list[ClosedFigure]
    steps: list[ClosingStep]


async def closing_of(info: Info, node: Node, period: periods.Period, at: At) -> Closing | None:
    """The closing of a node's period, or None. The caller may see the node."""
    services = info.context.services
    try:
        found = await services.desk.log.load(
            node.tenant_id, record.Closing, record.closing_id(node.id, period)
        )
    except NotFound:
        return None
    closed = found.closed
    rollup = await services.read_models.rollup(
        node.code, At(effective=closed.effective_on, after=at.after)
    )
    days = periods.Period(closed.period, closed.period_first, closed.period_last)
    now = {each.group: each for each in await closed_figures(rollup, rollup.root, days)}
    figures = []
    for each in closed.figures:
        again = now.get(each.group, record.ClosedFigure(each.group, 0, 0))
        figures += [
            _figure(each.group, CountingDate.DECISION, each.decisions, again.decisions),
            _figure(each.group, CountingDate.CEREMONY, each.ceremonies, again.ceremonies),
        ]
    return Closing(
        status=found.status,
        period=Period(name=days.name, first=days.first, last=days.last),
        closed_on=closed.effective_on,
        position=Position(position.Position.of((s.tenant, s.position) for s in closed.seen)),
        figures=figures,
        steps=[_step(entry) for entry in found.live()],
    )


def _figure(group: str | None, counting: CountingDate, closed: int, now: int) -> ClosedFigure:
    return ClosedFigure(
        group=group, counting=counting, closed=closed, now=now, difference=now - closed
    )


def _step(entry: Entry) -> ClosingStep:
    match entry:
        case record.FiguresSubmitted():
            return ClosingStep(
                status=ClosingStatus.SUBMITTED,
                on=entry.effective_on,
                organization=entry.superior,
                reason=None,
                document=entry.document,
            )
        case record.FiguresReopened():
            return ClosingStep(
                status=ClosingStatus.REOPENED,
                on=entry.effective_on,
                organization=entry.reopened_by,
                reason=entry.reason,
                document=entry.document,
            )
        case record.FiguresClosed():
            return ClosingStep(
                status=ClosingStatus.CLOSED,
                on=entry.effective_on,
                organization=None,
                reason=None,
                document=entry.document,
            )
        case _:
            raise TypeError(type(entry).__qualname__)
