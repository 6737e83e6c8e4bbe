"""Events as JSON lines, as the API shows them and with `version`.

Personal fields are not among them.
"""

from typing import IO

import msgspec

from api.codes import Codes
from api.event import subject_id
from app.installation import Installation, open_installation
from app.settings import Settings
from commands.scope import within
from eventstore.position import Position
from eventstore.stored_event import StoredEvent

READ_MAX = 1_000


async def export_events(settings: Settings, code: str, output: IO[str]) -> None:
    """Write the events of an organization and all below it.

    Tenant by tenant in the order of each log.

    Raises NotFound for a code that nobody bears.
    """
    async with open_installation(settings) as installation:
        await write_events(installation, code, output)


async def write_events(installation: Installation, code: str, output: IO[str]) -> None:
    """As `export_events`, of an installation that is open."""
    await installation.desk.directory.organization(code)
    codes = Codes(installation.desk.directory, installation.store)
    for tenant_id, tenant in sorted((await codes.tenants()).items()):
        if within(code, tenant) or within(tenant, code):
            await _export_tenant(installation, codes, (tenant_id, code), output)


async def _export_tenant(
    installation: Installation, codes: Codes, scope: tuple[int, str], output: IO[str]
) -> None:
    tenant_id, code = scope
    tenant = await codes.tenant(tenant_id)
    position = 0
    while events := await installation.store.read_after(tenant_id, position, READ_MAX):
        for event in events:
            organization = await codes.organization(tenant_id, event.organization_id)
            if within(code, tenant) or (organization is not None and within(code, organization)):
                output.write(_line(event, tenant, organization))
        position = events[-1].position


def _line(event: StoredEvent, tenant: str, organization: str | None) -> str:
    shown = {
        "position": Position.of({event.tenant_id: event.position}).encode(),
        "tenant": tenant,
        "sequence": event.position,
        "type": event.type,
        "subject": subject_id(event.type, event.tenant_id, event.stream_id),
        "organization": organization,
        "effectiveOn": event.effective_on,
        "recordedAt": event.recorded_at,
        "actor": event.actor,
        "data": msgspec.Raw(event.data),
        "version": event.version,
    }
    return msgspec.json.encode(shown).decode() + "\n"
