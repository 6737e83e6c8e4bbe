"""What an operator does with keys: look at them, renew them, and take them along in a restore."""

from typing import IO, Final

import msgspec

from app.failure import Mendable
from app.installation import Installation, open_installation
from app.settings import Settings
from eventstore.key_renewal import KeyRenewal
from eventstore.key_table import KeyTable, Reservation, WrappedKey
from eventstore.tenant_keys import KeyRing
from eventstore.tenants import Tenant


class KeysRefused(Mendable):
    """The file is none of this installation's keys, or older than what is there."""


class _Line(msgspec.Struct, frozen=True):
    tenant: str
    key_version: int
    keys: list[WrappedKey]
    reservations: list[Reservation]


_DECODER: Final = msgspec.json.Decoder(_Line)


async def list_keys(settings: Settings) -> list[str]:
    """Tenant, version, and whether it is current, superseded or destroyed."""
    async with open_installation(settings) as installation:
        return [
            f"{tenant.code}\t{version}\t{state}"
            for tenant in await installation.store.tenants()
            for version, state in await _states(installation, tenant)
        ]


async def _states(installation: Installation, tenant: Tenant) -> list[tuple[int, str]]:
    current = await installation.store.key_version(tenant.tenant_id)
    versions = await installation.keys.versions(tenant.tenant_id)
    states = {
        version: "destroyed"
        if material is None
        else "current"
        if version == current
        else "not in use"
        for version, material in versions.items()
    }
    return sorted({current: "missing", **states}.items())


async def renew_keys(settings: Settings, code: str | None) -> None:
    """Give one tenant, or each, a new key and destroy the old one."""
    async with open_installation(settings) as installation:
        renewal = key_renewal(installation)
        for tenant in await installation.store.tenants():
            if code in {None, tenant.code}:
                await renewal.renew(tenant.tenant_id)


async def export_keys(settings: Settings, output: IO[str]) -> None:
    """Write what the tenant keys protect, still wrapped: one tenant a line."""
    async with open_installation(settings) as installation:
        for tenant in await installation.store.tenants():
            async with installation.store.key_table(tenant.tenant_id) as table:
                held = table.held
            line = _Line(tenant.code, held.key_version, [*held.keys], [*held.reservations])
            output.write(msgspec.json.encode(line).decode() + "\n")


async def import_keys(settings: Settings, source: IO[str]) -> list[str]:
    """After a restore: put exported keys in the place of older ones; the tenants it did that for.

    Raises KeysRefused for a file that is older than the database, or than the last erasure.
    """
    renewed = []
    async with open_installation(settings) as installation:
        for text in source:
            try:
                line = _DECODER.decode(text)
            except msgspec.DecodeError as error:
                raise KeysRefused(f"This is no file of exported keys: {error}.") from None
            tenant_id = await installation.store.tenant_of(line.tenant)
            async with installation.store.key_table(tenant_id) as table:
                if table.held.key_version > line.key_version:
                    raise KeysRefused(
                        f"The file has key {line.key_version} of {line.tenant}, the database "
                        f"{table.held.key_version} already: the file is older."
                    )
                if table.held.key_version < line.key_version:
                    await _require_alive(installation, tenant_id, line)
                    table_then = KeyTable(line.key_version, line.keys, line.reservations)
                    await table.replace(table_then)
                    renewed.append(line.tenant)
    return renewed


async def _require_alive(installation: Installation, tenant_id: int, line: _Line) -> None:
    """What stands under a key that is gone opens for nobody, and must not replace anything."""
    versions = await installation.keys.versions(tenant_id)
    if versions.get(line.key_version) is None:
        raise KeysRefused(
            f"Key {line.key_version} of {line.tenant} is destroyed or missing: the file is older "
            f"than the last erasure, or of another installation."
        )


async def finish_renewals(installation: Installation) -> None:
    """Destroy the old keys of renewals that were interrupted before they came to it."""
    renewal = key_renewal(installation)
    for tenant in await installation.store.tenants():
        await renewal.destroy_superseded(tenant.tenant_id)


def key_renewal(installation: Installation) -> KeyRenewal:
    """The means to renew this installation's keys."""
    return KeyRenewal(installation.store, installation.keys, KeyRing(installation.keys))
