"""Commands about territories: who answers for which organizations."""

from typing import Any, Final
from uuid import UUID, uuid5

from commands.ports import Command, Desk, OrganizationRef, Recorded
from commands.scope import inside, require_organization, require_record
from commands.step import Creation, Step, day_of
from domain import access
from domain import territory as decisions
from domain.access import Action
from domain.errors import organization_not_found
from domain.territory import Territory


class _Assignment(Creation):
    """Knows the other territories of the tenant, which it may overlap."""

    async def __call__(
        self, desk: Desk, command: Command, *, organization: str, **fields: object
    ) -> Recorded:
        """Begin the territory. Raises the refusals of `create`, NotPermitted and NotFound."""
        place = await require_organization(desk, command.actor, self.action, organization)
        day = await day_of(desk, place.tenant_id, command)
        record = self.create(
            uuid5(command.id, "territory"),
            day,
            place,
            await others_of(desk, place.tenant_id, None),
            **await named(desk, command, place.tenant_id, fields),
        )
        return await desk.log.save(place.tenant_id, command, record, subject=record.id)


class _Change(Step):
    """Knows the other territories of the tenant, which it may overlap."""

    async def __call__(
        self, desk: Desk, command: Command, *, tenant_id: int, subject: UUID, **fields: object
    ) -> Recorded:
        """Take the step. Raises the refusals of `take`, NotPermitted and NotFound."""
        access.require(command.actor.role, self.action)
        record = await desk.log.load(tenant_id, Territory, subject)
        await require_record(desk, command.actor, tenant_id, record)
        day = await day_of(desk, tenant_id, command)
        given = await named(desk, command, tenant_id, fields)
        self.take(record, day, await others_of(desk, tenant_id, subject), **given)
        return await desk.log.save(tenant_id, command, record, subject=subject)


async def named(
    desk: Desk, command: Command, tenant_id: int, fields: dict[str, object]
) -> dict[str, Any]:
    """The fields with organizations of the tenant and the actor's scope in place of their codes."""
    codes: Any = fields["organizations"]
    found: list[OrganizationRef] = []
    for code in codes:
        each = await desk.directory.organization(code)
        if each.tenant_id != tenant_id or not await inside(desk, command.actor, each):
            raise organization_not_found(code)
        found.append(each)
    return {**fields, "organizations": tuple(found)}


async def others_of(desk: Desk, tenant_id: int, own: UUID | None) -> list[Territory]:
    """The other territories of a tenant, which one may overlap."""
    ids = await desk.directory.territories(tenant_id)
    return [await desk.log.load(tenant_id, Territory, each) for each in ids if each != own]


assign_territory: Final = _Assignment(
    "assign_territory", Action.ORGANIZE, Territory, decisions.assign_territory
)
change_territory: Final = _Change(
    "change_territory", Action.ORGANIZE, Territory, decisions.change_territory
)
end_territory: Final = Step(
    "end_territory",
    Action.ORGANIZE,
    Territory,
    decisions.end_territory,
    decisions.TerritoryEnded,
)
