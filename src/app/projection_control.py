"""What an operator sees of the projections, and decides about one that stopped."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.operator import UnknownProjection
from app.settings import Settings
from commands.perform import perform
from commands.ports import Actor, Command, Recorded
from domain.access import Role
from domain.errors import NotFound
from domain.projection import Projection, projection_id
from eventstore.tenants import Tenant
from projections.progress import Progress

WAIT_S: Final = 10.0
_POLL_S: Final = 0.1


class StopRemains(Mendable):
    """The event still cannot be folded."""


class SkipRefused(Mendable):
    """The projection does not stand before that event, or there is no such tenant."""


async def list_projections(settings: Settings) -> list[str]:
    """A line for each tenant and projection, columns apart by tabs, under one that names them."""
    async with open_installation(settings) as installation:
        codes = {t.tenant_id: t.code for t in await installation.store.tenants()}
        found = await installation.runner.progress()
    header = "tenant\tprojection\tposition\thead\tlag\tseconds\tstopped"
    return [header, *(_line(codes[each.tenant_id], each) for each in found)]


async def resume(settings: Settings, name: str, code: str) -> str:
    """Try the event before which a projection stopped again at once, and say where it is then.

    Raises UnknownProjection, SkipRefused and StopRemains.
    """
    async with open_installation(settings) as installation:
        tenant = await _tenant(installation, name, code)
        return await _go_on(installation, name, tenant)


async def skip(settings: Settings, name: str, code: str, position: int, reason: str) -> str:
    """Record that a projection never folds the event before which it stopped, and go on.

    Raises UnknownProjection, SkipRefused, InvalidInput for a reason that is none, and StopRemains
    if it stopped again already.
    """
    async with open_installation(settings) as installation:
        tenant = await _tenant(installation, name, code)
        found = await installation.runner.find(name, tenant.tenant_id)
        if found.stop is None:
            raise SkipRefused(f"{name} of {code} is not stopped.")
        if found.stop.position != position:
            raise SkipRefused(
                f"{name} of {code} stopped before event {found.stop.position}, not {position}."
            )
        await record_decision(
            installation,
            (tenant, name),
            f"skip:{tenant.code}/{name}/{position}\0{reason}",
            lambda on: Projection.begin_skip(tenant.code, name, position, on=on, reason=reason),
            lambda record, on: record.skip(position, on=on, reason=reason),
        )
        return await _go_on(installation, name, tenant, past=position)


async def _tenant(installation: Installation, name: str, code: str) -> Tenant:
    if name not in installation.projections:
        known = ", ".join(installation.projections)
        raise UnknownProjection(f"There is no projection {name!r}: {known}.")
    for tenant in await installation.store.tenants():
        if tenant.code == code:
            return tenant
    raise SkipRefused(f"There is no tenant {code!r}.")


async def _go_on(installation: Installation, name: str, tenant: Tenant, past: int = 0) -> str:
    """Until it is where the log ends now, moved here or by a worker; or at the deadline."""
    deadline = time.monotonic() + WAIT_S
    goal = (await installation.runner.find(name, tenant.tenant_id)).head
    while True:
        found = await installation.runner.retry(name, tenant.tenant_id)
        is_late = time.monotonic() > deadline
        if found.stop is not None and (found.stop.position > past or is_late):
            raise StopRemains(
                f"{name} of {tenant.code} stands before event {found.stop.position}: "
                f"{found.stop.reason}"
            )
        if found.position >= goal or is_late:
            return _line(tenant.code, found)
        await asyncio.sleep(_POLL_S)


def _line(code: str, each: Progress) -> str:
    told = ""
    if each.stop is not None:
        since = each.stop.since.isoformat(timespec="seconds")
        told = f"before event {each.stop.position} since {since}: {each.stop.reason}"
    figures = (each.position, each.head, each.lag, round(each.waiting_s))
    return "\t".join([code, each.projection, *map(str, figures), told])


async def record_decision(
    installation: Installation,
    about: tuple[Tenant, str],
    said: str,
    begin: Callable[[date], Projection],
    add: Callable[[Projection, date], None],
) -> Recorded:
    """Record what was decided about a projection of a tenant, once for the same words.

    `begin` makes the record where it is the first decision, else `add` adds to it.
    """
    tenant, name = about
    on = installation.clock.today(tenant.tenant_id)
    command = Command(
        id=uuid5(NAMESPACE_URL, f"nguon:projection:{said}"),
        actor=Actor("operator", Role.OPERATOR, tenant.code),
        occurred_on=on,
        input_hash=hashlib.sha256(said.encode()).digest(),
    )
    desk = installation.desk

    async def run() -> Recorded:
        subject = projection_id(tenant.code, name)
        try:
            record = await desk.log.load(tenant.tenant_id, Projection, subject)
        except NotFound:
            record = begin(on)
        else:
            add(record, on)
        return await desk.log.save(tenant.tenant_id, command, record, subject=subject)

    return await perform(desk, tenant.tenant_id, command, run)
