"""Starts a new epoch of a tenant's log, visibly: in the log itself."""

import hashlib
from uuid import NAMESPACE_URL, uuid5

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.settings import Settings
from commands.perform import perform
from commands.ports import Actor, Command, Recorded
from domain.access import Role
from domain.errors import NotFound
from domain.log import Log, log_id
from eventstore.epochs import current_epoch
from eventstore.signed_memory import Signed, root_text
from eventstore.tenants import Tenant


class EpochRefused(Mendable):
    """There is no such tenant, or its newest epoch has only just begun."""


async def start_epoch(settings: Settings, code: str, reason: str) -> str:
    """Record that a new epoch begins; what is signed from then on bears its number.

    Raises EpochRefused, and InvalidInput for a reason that is none.
    """
    async with open_installation(settings) as installation:
        tenants = {tenant.code: tenant for tenant in await installation.store.tenants()}
        if code not in tenants:
            raise EpochRefused(f"There is no tenant {code!r}.")
        tenant = tenants[code]
        remembered = await installation.log_keys.memory.last(code)
        async with installation.database.tenant(tenant.tenant_id) as connection:
            current = await current_epoch(connection, tenant)
        signed = remembered.epoch if remembered is not None else current
        if current > signed:
            raise EpochRefused(f"Epoch {current} of {code} has begun; nothing is signed in it yet.")
        recorded = await _record(installation, tenant, signed + 1, reason, remembered)
    return f"{code}: epoch {signed + 1} began at position {recorded.last_position}"


async def _record(
    installation: Installation, tenant: Tenant, epoch: int, reason: str, last: Signed | None
) -> Recorded:
    name = f"{tenant.code}/{epoch}"
    on = installation.clock.today(tenant.tenant_id)
    command = Command(
        id=uuid5(NAMESPACE_URL, f"nguon:epoch:{name}"),
        actor=Actor("operator", Role.OPERATOR, tenant.code),
        occurred_on=on,
        input_hash=hashlib.sha256(f"{name}\0{reason}".encode()).digest(),
    )
    signed = None if last is None else (last.size, root_text(last))
    desk = installation.desk

    async def run() -> Recorded:
        subject = log_id(tenant.code)
        try:
            log = await desk.log.load(tenant.tenant_id, Log, subject)
        except NotFound:
            log = Log.start_second(tenant.code, epoch, on=on, reason=reason, signed=signed)
        else:
            log.start(epoch, on=on, reason=reason, signed=signed)
        return await desk.log.save(tenant.tenant_id, command, log, subject=subject)

    return await perform(desk, tenant.tenant_id, command, run)
