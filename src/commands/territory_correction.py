"""How a territory's beginning and its changes are recorded again: with organizations by code."""

from typing import Final

from commands.correctable import Correctable, Correction, Values
from commands.ports import OrganizationRef
from commands.territory import named, others_of
from domain.access import Action
from domain.judgment import Day
from domain.record import Entry
from domain.territory import (
    Territory,
    TerritoryAssigned,
    TerritoryChanged,
    assign_territory,
    change_territory,
)

_ORGANIZATIONS: Final = {"organizations": tuple[str, ...], "document": str | None}


async def _organizations(correction: Correction, values: Values) -> tuple[OrganizationRef, ...]:
    """Those given by their codes, or those that stood in the entry."""
    desk, entry = correction.desk, correction.entry
    assert isinstance(entry, TerritoryAssigned | TerritoryChanged)
    if values["organizations"] != entry.organizations:
        given = await named(desk, correction.command, correction.tenant_id, values)
        found: tuple[OrganizationRef, ...] = given["organizations"]
        return found
    return tuple(
        [
            await desk.directory.organization_by_id(correction.tenant_id, each)
            for each in entry.organizations
        ]
    )


async def _assigned_again(correction: Correction, day: Day, values: Values) -> None:
    own = correction.record.id
    held = await _organizations(correction, values)
    others = await others_of(correction.desk, correction.tenant_id, own)
    made = assign_territory(
        own, day, correction.holder, others, **{**values, "organizations": held}
    )
    correction.record.begin_again(made)


async def _changed_again(correction: Correction, day: Day, values: Values) -> None:
    territory = correction.record
    assert isinstance(territory, Territory)
    held = await _organizations(correction, values)
    others = await others_of(correction.desk, correction.tenant_id, territory.id)
    change_territory(territory, day, others, **{**values, "organizations": held})


CORRECTABLE: Final[dict[type[Entry], Correctable]] = {
    TerritoryAssigned: Correctable(
        Action.ORGANIZE, {"member": str, "member_name": str, **_ORGANIZATIONS}, _assigned_again
    ),
    TerritoryChanged: Correctable(Action.ORGANIZE, _ORGANIZATIONS, _changed_again),
}
