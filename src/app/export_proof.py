"""A tenant's whole log for an auditor, as deploy/verify_log.py reads it: JSON lines.

Every stored column stands in it, what is sealed still sealed, with the leaf hashes that were kept
and every checkpoint that was signed.
"""

from typing import IO, Final

import msgspec

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.settings import Settings
from eventstore.epochs import FIRST_EPOCH
from eventstore.notary import origin_of
from eventstore.proofs import Extent
from eventstore.reading import Filter
from eventstore.stored_event import StoredEvent
from eventstore.tenants import Tenant
from eventstore.tree import TILE_HASHES

FORMAT: Final = "nguon-log/1"


class NoLog(Mendable):
    """The code is none of a tenant, and only a tenant has a log."""


async def export_proof(settings: Settings, code: str, output: IO[str]) -> None:
    """Write the log of a tenant as of now, with the checkpoints of its epoch. Raises NoLog."""
    async with open_installation(settings) as installation:
        tenants = {tenant.code: tenant for tenant in await installation.store.tenants()}
        if code not in tenants:
            raise NoLog(f"{code!r} is no tenant; the proof covers the whole log of one.")
        await _export(installation, tenants[code], output)


async def _export(installation: Installation, tenant: Tenant, output: IO[str]) -> None:
    keys, proofs, number = installation.log_keys, installation.proofs, tenant.tenant_id
    heads = await installation.store.heads([number])
    extent = await proofs.extent(number) or Extent(FIRST_EPOCH, 0, heads[number])
    header = {
        "format": FORMAT,
        "origin": origin_of(keys.signer.name, tenant.code, extent.epoch),
        "tenant": number,
        "code": tenant.code,
        "epoch": extent.epoch,
        "keys": [str(verifier) for verifier in keys.verifiers],
    }
    output.write(_line(header))
    for after in range(0, extent.head, TILE_HASHES):
        until = min(after + TILE_HASHES, extent.head)
        leaves = await proofs.leaves(number, extent, after)
        events = await installation.store.read_after(
            number, after, TILE_HASHES, Filter(until=until)
        )
        for event in events:
            output.write(_line(_shown(event, leaves[event.position - after - 1])))
    async for note in proofs.notes(number, extent):
        output.write(_line({"checkpoint": note}))


def _shown(event: StoredEvent, leaf: bytes | None) -> dict[str, object]:
    return {
        "position": event.position,
        "streamId": event.stream_id,
        "version": event.version,
        "eventId": event.event_id,
        "type": event.type,
        "schemaVersion": event.schema_version,
        "organizationId": event.organization_id,
        "effectiveOn": event.effective_on,
        "recordedAt": event.recorded_at,
        "actor": event.actor,
        "causationId": event.causation_id,
        "correlationId": event.correlation_id,
        "data": event.data,
        "personId": event.person_id,
        "sealed": event.sealed,
        "leaf": leaf,
    }


def _line(shown: dict[str, object]) -> str:
    return msgspec.json.encode(shown).decode() + "\n"
