"""What the environment says, and what it may not say."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.clock import Clock
from app.keys import open_tenant_keys
from app.settings import Directory, InvalidSettings, Vault, read_settings
from eventstore.key_directory import KeyDirectory
from gateways.key_vault import KeyVault


def test_an_empty_environment_is_enough() -> None:
    """Port 8000 on this machine only, state in ./var, the embedded server, the real time."""
    settings = read_settings({})

    assert ("127.0.0.1", 8000, Path.cwd() / "var") == (settings.host, settings.port, settings.home)
    assert settings.database is None
    assert settings.now is None


@pytest.mark.parametrize(
    "environment",
    [
        {"PORT": "0"},
        {"PORT": "http"},
        {"PORT": "70000"},
        {"NGUON_DATABASE_URL": "postgresql://x"},
        {"NGUON_APP_DATABASE_URL": "postgresql://x"},
        {"NGUON_NOW": "yesterday"},
        {"NGUON_TOKEN_PUBLIC_KEY": "/nowhere.pem"},
        {"NGUON_KEYS": "/nowhere"},
        {"NGUON_KEYS": "ftp://vault.example", "NGUON_VAULT_TOKEN": "x"},
        {"NGUON_KEYS": "https://", "NGUON_VAULT_TOKEN": "x"},
        {"NGUON_KEYS": "https://vault.example:port", "NGUON_VAULT_TOKEN": "x"},
        {"NGUON_KEYS": "https://name:word@vault.example", "NGUON_VAULT_TOKEN": "x"},
        {"NGUON_KEYS": "https://vault.example?mount=secret", "NGUON_VAULT_TOKEN": "x"},
        {"NGUON_KEYS": "http://vault.example:8200", "NGUON_VAULT_TOKEN": "x"},
        {"NGUON_VAULT_TOKEN": "x"},
        {"NGUON_VAULT_TOKEN": "", "NGUON_KEYS": "https://vault.example"},
        {"NGUON_VAULT_TOKEN": "x\ny", "NGUON_KEYS": "https://vault.example"},
        {"NGUON_ROOT_KEY": "no base64"},
        {"NGUON_ROOT_KEY": b64encode(bytes(31)).decode()},
        {
            "NGUON_ROOT_KEY": b64encode(bytes(32)).decode(),
            "NGUON_KEYS": "https://vault.example",
            "NGUON_VAULT_TOKEN": "x",
        },
    ],
    ids=str,
)
def test_a_contradiction_names_its_variable(environment: dict[str, str]) -> None:
    """One sentence for the operator."""
    with pytest.raises(InvalidSettings) as refused:
        read_settings(environment)

    assert next(iter(environment)) in str(refused.value)


def test_the_clock_is_moved_with_the_development_key_only(tmp_path: Path) -> None:
    """An installation with tokens of its own lives in real time."""
    key = tmp_path / "key.pem"
    key.touch()
    with pytest.raises(InvalidSettings):
        read_settings({"NGUON_NOW": "2023-01-01", "NGUON_TOKEN_PUBLIC_KEY": str(key)})


def test_the_clock_starts_where_it_is_told_and_ticks() -> None:
    """A time without a zone is Vietnam's; the day is Vietnam's too."""
    settings = read_settings({"NGUON_NOW": "2023-09-17T00:30"})
    clock = Clock(settings.now)

    assert datetime(2023, 9, 16, 17, 30, tzinfo=UTC) == settings.now
    assert "2023-09-17" == clock.today(1).isoformat()
    assert settings.now < clock.now()


def test_a_tenant_may_live_at_a_time_of_its_own() -> None:
    """And returns to everybody's."""
    clock = Clock()
    clock.simulate(7, datetime(2021, 1, 1, tzinfo=UTC))

    assert ("2021-01-01", clock.today(8)) == (clock.today(7).isoformat(), clock.today(1))
    clock.simulate(7, None)
    assert clock.today(8) == clock.today(7)


async def test_tenant_keys_stand_in_a_directory_of_the_installation(tmp_path: Path) -> None:
    """In the clear unless there is a root key, and made with the first key."""
    settings = read_settings({"NGUON_HOME": str(tmp_path)})
    keys = open_tenant_keys(settings)

    assert Directory(tmp_path / "keys", None) == settings.keys
    assert isinstance(keys, KeyDirectory)
    assert {} == await keys.versions(7)
    assert not (tmp_path / "keys").exists()
    await keys.add(7, 1)
    assert (tmp_path / "keys" / "7" / "1.key").is_file()


async def test_tenant_keys_stand_where_they_are_told_under_a_root_key(tmp_path: Path) -> None:
    """Their directory exists already, so that a slip of the pen does not make an empty one."""
    root_key = b64encode(bytes(range(32))).decode()
    settings = read_settings({"NGUON_KEYS": str(tmp_path), "NGUON_ROOT_KEY": root_key})
    key = await open_tenant_keys(settings).add(7, 1)

    assert Directory(tmp_path, bytes(range(32))) == settings.keys
    assert {1: key} == await KeyDirectory(tmp_path, bytes(range(32))).versions(7)


@pytest.mark.parametrize(
    ("place", "url", "mount"),
    [
        ("https://vault.example", "https://vault.example", "secret"),
        ("https://vault.example:8200/nguon/", "https://vault.example:8200", "nguon"),
        ("http://127.0.0.1:8200/a/b", "http://127.0.0.1:8200", "a/b"),
        ("http://[::1]:8200", "http://[::1]:8200", "secret"),
    ],
)
def test_tenant_keys_stand_in_a_vault(place: str, url: str, mount: str) -> None:
    """Over https, or on this machine; its mount is the path."""
    settings = read_settings({"NGUON_KEYS": place, "NGUON_VAULT_TOKEN": "a-token"})

    assert Vault(url, mount, "a-token") == settings.keys
    assert isinstance(open_tenant_keys(settings), KeyVault)


def test_settings_do_not_print_their_secrets(tmp_path: Path) -> None:
    """They may stand in a log."""
    root_key = b64encode(bytes(range(32))).decode()
    directory = read_settings({"NGUON_HOME": str(tmp_path), "NGUON_ROOT_KEY": root_key})
    vault = read_settings({"NGUON_KEYS": "https://vault.example", "NGUON_VAULT_TOKEN": "a-token"})

    assert "root_key" not in repr(directory)
    assert "a-token" not in repr(vault)
