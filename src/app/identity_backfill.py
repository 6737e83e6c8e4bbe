"""Reserves the identity numbers of all cases that were recorded before numbers were reserved.

What is done is in the province's log, so an interrupted run is taken up by the next one.
"""

from collections import Counter
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.settings import Settings
from commands.identity_backfill import Backfilled, reserve_existing
from commands.ports import Actor, Command
from domain.access import Role
from domain.candidate import Identified
from domain.placement import Received
from eventstore.reading import READ_MAX, Filter
from eventstore.tenants import Tenant

_BEGINNINGS: Final = frozenset({Identified.TOPIC, Received.TOPIC})


class UnknownProvince(Mendable):
    """There is no province of that code."""


async def backfill_identities(settings: Settings, code: str) -> list[str]:
    """Reserve what a province's cases have, whoever recorded a person first; what came of how many.

    Whom two of its tenants keep, the province's board is told of. Raises UnknownProvince.
    """
    async with open_installation(settings) as installation:
        tenants = {tenant.code: tenant for tenant in await installation.store.tenants()}
        if code not in tenants or "/" in code:
            raise UnknownProvince(f"There is no province {code!r}.")
        cases = [
            case
            for tenant in tenants.values()
            if tenant.code.startswith(f"{code}/")
            for case in await _cases(installation, tenant)
        ]
        done = Counter(
            [await _reserve(installation, code, tenant, case) for _, tenant, case in sorted(cases)]
        )
        await installation.runner.catch_up()
    return [f"{each}\t{done[each]}" for each in Backfilled]


async def _cases(installation: Installation, tenant: Tenant) -> list[tuple[datetime, int, UUID]]:
    """All cases of a tenant: when each was recorded, the tenant, its id."""
    found: dict[UUID, tuple[datetime, int, UUID]] = {}
    position, wanted = 0, Filter(types=_BEGINNINGS)
    while True:
        page = await installation.store.read_after(tenant.tenant_id, position, READ_MAX, wanted)
        for event in page:
            found.setdefault(
                event.stream_id, (event.recorded_at, tenant.tenant_id, event.stream_id)
            )
        if len(page) < READ_MAX:
            return list(found.values())
        position = page[-1].position


async def _reserve(installation: Installation, code: str, tenant_id: int, case: UUID) -> Backfilled:
    command = Command(
        id=uuid5(NAMESPACE_URL, f"nguon:identity:{case}"),
        actor=Actor("operator", Role.OPERATOR, code),
        occurred_on=installation.clock.today(tenant_id),
    )
    return await reserve_existing(installation.desk, command, tenant_id, case)
