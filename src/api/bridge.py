"""The bridge: two figures of one question, and what explains the difference between them."""

from datetime import date, datetime
from typing import Annotated, Final

import strawberry

from api import organization as organizations
from api.access import covers, may_open_cases
from api.connection import page_size
from api.context import Info
from api.described import field
from api.event import subject_id
from api.scalars import At, BridgePart, PeriodInput, Position, Stage, TargetBasis, as_at, as_period
from domain.text import Text
from eventstore import position
from projections import bridge as bridges
from projections.bridge_part import Bridge as BuiltBridge
from projections.bridge_part import Place
from projections.bridge_rows import Event

_TEXTS: Final = {
    BridgePart.NEW_FACTS: Text(
        "Việc chỉ có sau ngày của số liệu cũ hơn.",
        "What was true only after the earlier of the two days.",
    ),
    BridgePart.LATE_FACTS: Text(
        "Việc đã có đến ngày đó nhưng được ghi sau.",
        "What was true by then and was recorded later.",
    ),
    BridgePart.CORRECTIONS: Text(
        "Đính chính: việc ghi nhầm bị hủy và việc ghi thay.",
        "Corrections: what was voided, and what replaced it.",
    ),
    BridgePart.MOVED_ORGANIZATIONS: Text(
        "Vẫn những người ấy, được tính ở tổ chức khác do sắp xếp.",
        "The same people, counted in another place since organizations moved.",
    ),
    BridgePart.TARGET_CHANGES: Text("Chỉ tiêu thay đổi.", "The target was changed."),
    BridgePart.RULE_CHANGES: Text(
        "Cách tính theo chỉ tiêu thay đổi (ngày tính, kỳ tính).",
        "The target's way of counting was changed (its date or its days).",
    ),
}
_NO_RULE: Final = Text(
    "Hai số liệu được tính theo cùng một cách.", "Both figures are counted in the same way."
)


@strawberry.input(
    one_of=True,
    description="What is compared: the admissions of a period by a target's counting date, the "
    "number that a target asks for, or who stands at a stage.",
)
class BridgeFigureInput:
    achieved: strawberry.Maybe[PeriodInput]
    target: strawberry.Maybe[PeriodInput]
    stage: strawberry.Maybe[Stage]


@strawberry.type(description="Something recorded that explains a part of a difference.")
class BridgeEvent:
    position: Position
    tenant: str
    sequence: int
    type: str
    subject: strawberry.ID | None = strawberry.field(
        description="Null for whoever may not see the case."
    )
    organization: str | None = strawberry.field(
        description="Null for whoever may not see the case, or outside the caller's scope."
    )
    effective_on: date
    recorded_at: datetime
    amount: float | None = strawberry.field(
        description="What it explains; null where it does so only with others."
    )


@strawberry.type(description="How much of what both figures know counts in one of them only.")
class MovedPlace:
    organization: str
    name: str
    elsewhere: str | None = strawberry.field(
        description="Where the same people count by the other figure's tree, or once were; null "
        "where there is nothing else, and outside the caller's scope."
    )
    amount: float = strawberry.field(
        description="Below 0: it counted there, in the tree of the first figure."
    )


@strawberry.type
class BridgePartOfDifference:
    part: BridgePart
    text: str
    amount: float
    event_count: int
    events: list[BridgeEvent] = strawberry.field(
        description="The first ones in the order of each log."
    )
    places: list[MovedPlace]


@strawberry.type(description="Two figures of one question; the parts add up to the difference.")
class Bridge:
    from_: float | None = strawberry.field(name="from")
    to: float | None
    difference: float
    parts: list[BridgePartOfDifference]


@strawberry.type
class BridgeQuery:
    @field(
        "Why a figure of an organization differs between two days, two times of knowledge, two "
        "trees, or a basis and today; of `toOrganization` then, where that took its place. At most "
        "`first` events of each part, 50 unless told."
    )
    async def bridge(  # noqa: PLR0913, PLR0917 - one question at two days
        self,
        info: Info,
        organization: str,
        figure: BridgeFigureInput,
        from_: Annotated[At, strawberry.argument(name="from")],
        to: At,
        to_organization: str | None = None,
        group: str | None = None,
        basis: TargetBasis = TargetBasis.ASSIGNED,
        first: int | None = None,
    ) -> Bridge:
        size = page_size(first)
        one = await organizations.opened(info, organization, as_at(from_))
        two = await organizations.opened(info, to_organization or organization, as_at(to))
        database = info.context.services.database
        built = bridges.Bridges(database, one.figures, two.figures, size)
        return await _shown(info, await built.build(_asked(figure, group, basis)))


def _asked(given: BridgeFigureInput, group: str | None, basis: TargetBasis) -> bridges.Figure:
    if given.stage is not None:
        return bridges.Figure(stage=given.stage.value, group=group)
    period = given.achieved or given.target
    assert period is not None
    return bridges.Figure(
        period=as_period(period.value),
        of_target=given.target is not None,
        basis=basis,
        group=group,
    )


async def _shown(info: Info, found: BuiltBridge) -> Bridge:
    parts = []
    for kind, part in found.parts.items():
        is_none = kind is BridgePart.RULE_CHANGES and not part.amount
        info.context.spend(len(part.events) + len(part.places))
        parts.append(
            BridgePartOfDifference(
                part=kind,
                text=(_NO_RULE if is_none else _TEXTS[kind]).in_language(info.context.language),
                amount=part.amount,
                event_count=part.count,
                events=[await _event(info, each) for each in part.events],
                places=[await _place(info, each) for each in part.places],
            )
        )
    return Bridge(from_=found.first, to=found.second, difference=found.difference, parts=parts)


async def _place(info: Info, place: Place) -> MovedPlace:
    code = place.elsewhere
    seen = code is not None and await covers(info.context, code)
    return MovedPlace(
        organization=place.node.code,
        name=place.node.name,
        elsewhere=code if seen else None,
        amount=place.n,
    )


async def _event(info: Info, event: Event) -> BridgeEvent:
    codes = info.context.services.codes
    code = await codes.organization(event.tenant_id, event.organization_id)
    of_case = event.type.startswith("candidate.")
    seen = code is not None and await covers(info.context, code)
    if of_case:
        seen = seen and may_open_cases(info.context)
    return BridgeEvent(
        position=Position(position.Position.of({event.tenant_id: event.position})),
        tenant=await codes.tenant(event.tenant_id),
        sequence=event.position,
        type=event.type,
        subject=subject_id(event.type, event.tenant_id, event.subject) if seen else None,
        organization=code if seen else None,
        effective_on=event.effective_on,
        recorded_at=event.recorded_at,
        amount=event.n,
    )
