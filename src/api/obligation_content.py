"""What was handed in, as GraphQL shows it."""

from datetime import date

import strawberry

from domain import content as domain
from domain.fulfillment import ObligationSubmitted


@strawberry.type
class PlanTarget:
    period: str
    count: int
    group: str | None


@strawberry.type
class Measure:
    text: str
    evaluation: str | None
    result: str | None


@strawberry.type
class Milestone:
    on: date
    text: str


@strawberry.type
class Figure:
    name: str
    value: float
    unit: str | None


@strawberry.type(description="The plan of one cell inside the plan of its committee.")
class CellPlan:
    name: str
    text: str
    organization: str | None
    targets: list[PlanTarget]


@strawberry.type
class Content:
    situation: str | None
    tasks: list[str]
    measures: list[Measure]
    milestones: list[Milestone]
    figures: list[Figure]
    targets: list[PlanTarget]
    cells: list[CellPlan]
    results: list[str]
    lessons: list[str]


@strawberry.type(
    description="What was received for a duty. `onBehalfBy` handed it in for the owner."
)
class Submission:
    occurrence: str | None
    received_on: date
    time: str | None
    evidence: str | None
    on_behalf_by: str | None
    document: strawberry.ID | None
    named: str | None
    parent: strawberry.ID | None
    content: Content


def submission(
    entry: ObligationSubmitted, document: strawberry.ID | None, parent: strawberry.ID | None
) -> Submission:
    """One submission; the ids are those of its documents."""
    return Submission(
        occurrence=entry.occurrence,
        received_on=entry.effective_on,
        time=entry.time,
        evidence=entry.evidence,
        on_behalf_by=entry.on_behalf_by,
        document=document,
        named=entry.named,
        parent=parent,
        content=_content(entry.content),
    )


def _content(given: domain.Content) -> Content:
    return Content(
        situation=given.situation,
        tasks=list(given.tasks),
        measures=[
            Measure(text=each.text, evaluation=each.evaluation, result=each.result)
            for each in given.measures
        ],
        milestones=[Milestone(on=each.on, text=each.text) for each in given.milestones],
        figures=[
            Figure(name=each.name, value=each.value, unit=each.unit) for each in given.figures
        ],
        targets=_targets(given.targets),
        cells=[
            CellPlan(
                name=each.name,
                text=each.text,
                organization=each.organization,
                targets=_targets(each.targets),
            )
            for each in given.cells
        ],
        results=list(given.results),
        lessons=list(given.lessons),
    )


def _targets(given: tuple[domain.PlanTarget, ...]) -> list[PlanTarget]:
    return [PlanTarget(period=each.period, count=each.count, group=each.group) for each in given]
