"""Activities as GraphQL shows them, and their mutations."""

from datetime import date
from typing import TypeVar

import strawberry

from api.context import Info
from api.described import field
from api.node import GlobalId, Node
from api.record import after_command, id_of
from api.step import answer, mutations
from commands import activity as commands
from commands.step import commands_of
from domain import activity as domain
from domain.activity import ActivityKind, ActivityReplicated, ActivityReviewed
from domain.record import Entry
from projections.basis import At

E = TypeVar("E", bound=Entry)


@strawberry.type(description="How many people of a role took part or were reached.")
class Participation:
    role: str
    count: int


@strawberry.type(description="How many people a review found, of a group, an area or a grade.")
class ReviewTally:
    count: int
    group: str | None
    area: str | None
    grade: str | None


@strawberry.type
class ActivityReview:
    reviewed_on: date
    results: str
    lessons: str | None
    measures: list[str]
    tallies: list[ReviewTally]


@strawberry.type
class Replication:
    organization: str | None
    replicated_on: date
    note: str | None


@strawberry.type(description="Something that was done, as of the asked day.")
class Activity(Node):
    organization: str | None
    kind: ActivityKind
    title: str
    body: str | None
    began_on: date
    ended_on: date | None
    period: str | None
    topics: list[str]
    audience: list[Participation]
    areas: list[str]
    groups: list[str]
    documents: list[strawberry.ID]
    record: strawberry.Private[domain.Activity]
    tenant_id: strawberry.Private[int]
    at: strawberry.Private[At]

    @field("Results, lessons and measures, and people counted, oldest first.")
    def reviews(self) -> list[ActivityReview]:
        return [
            ActivityReview(
                reviewed_on=each.effective_on,
                results=each.results,
                lessons=each.lessons,
                measures=list(each.measures),
                tallies=[
                    ReviewTally(count=t.count, group=t.group, area=t.area, grade=t.grade)
                    for t in each.tallies
                ],
            )
            for each in self._of(ActivityReviewed)
        ]

    @field("Where a model or an example was taken up.")
    async def replications(self, info: Info) -> list[Replication]:
        codes = info.context.services.codes
        return [
            Replication(
                organization=await codes.organization(self.tenant_id, each.at_organization_id),
                replicated_on=each.effective_on,
                note=each.note,
            )
            for each in self._of(ActivityReplicated)
        ]

    def _of(self, kind: type[E]) -> list[E]:
        return [each for each in self.record.live(self.at.effective) if isinstance(each, kind)]


async def show(info: Info, record: domain.Activity, tenant_id: int, at: At) -> Activity:
    """An activity as of a day."""
    held = record.began
    code = await info.context.services.codes.organization(tenant_id, record.organization_id)
    return Activity(
        id=id_of(record, tenant_id),
        organization=code,
        kind=held.kind,
        title=held.title,
        body=held.body,
        began_on=held.effective_on,
        ended_on=held.until,
        period=held.period,
        topics=list(held.topics),
        audience=[Participation(role=each.role, count=each.count) for each in held.audience],
        areas=list(held.areas),
        groups=list(held.groups),
        documents=[GlobalId("Document", tenant_id, each).encode() for each in held.documents],
        record=record,
        tenant_id=tenant_id,
        at=at,
    )


ActivityResult, _shown = answer(Activity, after_command(domain.Activity, show))
ActivityMutation = mutations("ActivityMutation", commands_of(commands), ActivityResult, _shown)
