"""People whom a second tenant was about to record: for the province's board alone, and logged."""

from datetime import date
from uuid import uuid4

import strawberry

from api.connection import page_size
from api.context import Info
from api.node import GlobalId
from api.scalars import Position
from commands.identity import read_matches
from commands.perform import perform
from commands.ports import Command, Recorded
from domain import access
from domain.access import Action
from eventstore import position
from projections.identity_match import IdentityMatch as Row
from projections.identity_match import IdentityMatchProjection


@strawberry.type(
    description="`candidate` is the case of the tenant that keeps the person; the one that asked "
    "was told nothing but that somebody does. Personal fields are null once they are erased."
)
class IdentityMatch:
    position: Position
    matched_on: date
    tenant: str
    asking_tenant: str
    candidate: strawberry.ID
    full_name: str | None
    birth_date: date | None


async def identity_matches(
    info: Info, first: int | None, after: position.Position | None
) -> list[IdentityMatch]:
    """A page of matches of the caller's province after a position, oldest first.

    That they are read stands in the province's log before they are shown. Raises NotPermitted.
    """
    context, services = info.context, info.context.services
    access.require(context.actor.role, Action.READ_MATCHES)
    province = await services.desk.directory.tenant_of(context.actor.organization.partition("/")[0])
    heads = position.Position.of(await services.store.heads([province]))
    await services.read_models.wait_for(heads, [province], [IdentityMatchProjection.name])
    start = 0 if after is None else after.at(province)
    rows = await services.matches.after(province, start, page_size(first))
    if not rows:
        return []
    today = services.desk.clock.today(province)
    command = Command(id=uuid4(), actor=context.actor, occurred_on=today)

    async def taken_down() -> Recorded:
        read = [row.identity_id for row in rows]
        return await read_matches(services.desk, command, province, read)

    await perform(services.desk, province, command, taken_down)
    context.spend(len(rows))
    return [await _shown(info, province, row) for row in rows]


async def _shown(info: Info, province: int, row: Row) -> IdentityMatch:
    services = info.context.services
    tenant = await services.desk.directory.tenant_of(row.holder)
    today = services.desk.clock.today(tenant)
    card = await services.cards.card(tenant, row.candidate_id, today, personal=True)
    person = None if card is None else card.case.identified
    return IdentityMatch(
        position=Position(position.Position.of({province: row.position})),
        matched_on=row.matched_on,
        tenant=row.holder,
        asking_tenant=row.asking,
        candidate=GlobalId("Candidate", tenant, row.candidate_id).encode(),
        full_name=None if person is None else person.full_name,
        birth_date=None if person is None else person.birth_date,
    )
