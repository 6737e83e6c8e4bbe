"""Plans of changes to organizations, bodies and who answers for what."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import strawberry

from api import organization as organizations
from api import reorganization as plans
from api import structure_record as structure_records
from api.context import Info
from api.described import field
from api.node import Node, decode_id
from api.scalars import At, as_at


@strawberry.type
class StructureQuery:
    @field("A plan of changes to organizations.")
    async def reorganization(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002 - the contract's name
    ) -> plans.Reorganization | None:
        found = decode_id(id, kind="Reorganization")
        return await plans.reorganization(info, found.tenant_id, found.id)

    @field("What the members of a standing committee answer for, or answered for.")
    async def territories(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[structure_records.Territory]:
        return await structure_records.territories_of(info, organization, as_at(at))

    @field("The bodies that an organization has on the asked day.")
    async def bodies(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[structure_records.Body]:
        top = await organizations.opened(info, organization, as_at(at))
        return await structure_records.bodies_of(info, top.figures, top.node, top.at)

    @field("Who answers for an organization on the asked day, by territory.")
    async def in_charge_of(
        self, info: Info, organization: str, at: At | None = None
    ) -> list[structure_records.Territory]:
        top = await organizations.opened(info, organization, as_at(at))
        return await structure_records.in_charge_of(info, top.figures, top.node, top.at)

    @field("The plans that a committee drafted, the newest day first.")
    async def reorganizations(self, info: Info, organization: str) -> list[plans.Reorganization]:
        return await plans.reorganizations_of(info, organization)

    @field("What a drafted reorganization would do on its day, by all that is known now.")
    async def dry_run(self, info: Info, reorganization: strawberry.ID) -> plans.DryRun:
        return await plans.dry_run(info, reorganization)


async def _territory(info: Info, tenant_id: int, territory_id: UUID) -> Node:
    return await structure_records.territory(info, tenant_id, territory_id, as_at(None))


OPENED: Final[dict[str, Callable[[Info, int, UUID], Awaitable[Node | None]]]] = {
    "Reorganization": plans.reorganization,
    "Body": structure_records.body,
    "Territory": _territory,
}
"""How each of them is opened by its tenant and id."""
