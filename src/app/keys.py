"""The place of the tenant keys that the settings name."""

from app.settings import Settings, Vault
from eventstore.key_directory import KeyDirectory
from eventstore.tenant_keys import TenantKeys
from gateways.key_vault import KeyVault


def open_tenant_keys(settings: Settings) -> TenantKeys:
    """Reaches for nothing yet: a place that is out of reach is found with its first use."""
    place = settings.keys
    if isinstance(place, Vault):
        return KeyVault(place.url, place.token, place.mount)
    return KeyDirectory(place.path, place.root_key)
