"""Events in the clear, as query and as subscription over one cursor.

Personal fields are never among them.
"""

from collections.abc import AsyncGenerator
from datetime import date, datetime
from uuid import UUID

import msgspec
import strawberry
from strawberry.scalars import JSON

from api import feed
from api.access import may_read_all_vetting, require_code
from api.connection import page_size
from api.context import Info, RequestContext
from api.node import GlobalId
from api.scalars import Position
from domain import confidential
from domain.access import Action
from eventstore import position
from eventstore.stored_event import StoredEvent

EVENTS_DEFAULT = 100
EVENTS_MAX = 1_000


@strawberry.type(description="Something that was recorded, once and for all.")
class Event:
    position: Position = strawberry.field(
        description="Where a reader of this list stands after this event; give it as `after` to "
        "go on from here."
    )
    tenant: str
    sequence: int = strawberry.field(
        description="Its place in the tenant's log: 1, 2, 3 … without a gap."
    )
    type: str
    subject: strawberry.ID
    organization: str | None
    effective_on: date
    recorded_at: datetime
    actor: str
    data: JSON


@strawberry.type
class EventBatch:
    events: list[Event]
    next: Position = strawberry.field(description="Give it as `after` to get what comes next.")
    more: bool = strawberry.field(description="Whether there is more already.")


async def event_batch(
    info: Info,
    code: str,
    after: position.Position | None,
    first: int | None,
    types: list[str] | None,
) -> EventBatch:
    """Events of an organization and all below it, in the order of each tenant's log."""
    await require_code(info, code, Action.READ_EVENTS)
    size = page_size(first, default=EVENTS_DEFAULT, maximum=EVENTS_MAX)
    source = await feed.open_feed(info.context.services, code, types, hidden_types(info.context))
    page = await source.page(after or position.Position(), size)
    events = [await as_event(info.context, found.event, found.position) for found in page.events]
    info.context.spend(len(events))
    return EventBatch(events=events, next=Position(page.next), more=page.more)


async def follow_events(
    info: Info, code: str, after: position.Position | None, types: list[str] | None
) -> AsyncGenerator[Event]:
    """Events as they are recorded, from `after` on; without it, from the first one."""
    await require_code(info, code, Action.READ_EVENTS)
    source = await feed.open_feed(info.context.services, code, types, hidden_types(info.context))
    async for found in source.follow(after):
        yield await as_event(info.context, found.event, found.position)


async def event_at(info: Info, tenant_id: int, sequence: int) -> Event:
    """The event at a position that a command of this caller has just taken."""
    [stored] = await info.context.services.store.read_after(tenant_id, sequence - 1, 1)
    return await as_event(info.context, stored, position.Position.of({tenant_id: sequence}))


async def as_event(
    context: RequestContext, stored: StoredEvent, reached: position.Position
) -> Event:
    """What clients see of a stored event."""
    codes = context.services.codes
    data = msgspec.json.decode(stored.data)
    return Event(
        position=Position(reached),
        tenant=await codes.tenant(stored.tenant_id),
        sequence=stored.position,
        type=stored.type,
        subject=subject_id(stored.type, stored.tenant_id, stored.stream_id),
        organization=await codes.organization(stored.tenant_id, stored.organization_id),
        effective_on=stored.effective_on,
        recorded_at=stored.recorded_at,
        actor=stored.actor,
        data=confidential.without_history(data) if hidden_types(context) else data,
    )


def hidden_types(context: RequestContext) -> frozenset[str]:
    """The types of events that the caller may not know of."""
    return frozenset() if may_read_all_vetting(context) else confidential.TOPICS


def subject_id(event_type: str, tenant_id: int, stream_id: UUID) -> strawberry.ID:
    """The identifier of the thing an event is about: its type's first word names the kind."""
    kind = event_type.partition(".")[0].capitalize()
    return GlobalId(kind, tenant_id, stream_id).encode()
