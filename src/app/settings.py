"""What an installation is told by its environment. Nothing else reads environment variables."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from app.failure import Mendable
from domain.calendar import VIETNAM

PORT_MAX: Final = 65_535
LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
ROOT_KEY_BYTES: Final = 32
LOG_NAME: Final = re.compile(r"[A-Za-z0-9.-]{1,60}(/[A-Za-z0-9.-]{1,60}){0,3}")


class InvalidSettings(Mendable):
    """The environment contradicts itself or cannot be understood.

    The message names the variable.
    """


@dataclass(frozen=True, slots=True)
class ExternalDatabase:
    """A PostgreSQL server that is not ours: one DSN for each of the two roles."""

    owner_dsn: str
    app_dsn: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Tenant keys in files, sealed with a root key (32 bytes) if there is one."""

    path: Path
    root_key: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vault:
    """Tenant keys in a KV secrets engine of version 2 at a mount of a vault."""

    url: str
    mount: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """`database` None means the embedded server.

    `now` (aware) is where the clock starts, None the real time.
    """

    host: str
    port: int
    home: Path
    database: ExternalDatabase | None
    now: datetime | None
    token_public_key: Path | None
    keys: Directory | Vault
    otlp_endpoint: str | None
    log_name: str = "nguon"
    """What the names of all logs in signed checkpoints begin with."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises InvalidSettings with a sentence for the operator."""
    token_public_key = _path(environment.get("NGUON_TOKEN_PUBLIC_KEY"))
    now = _now(environment.get("NGUON_NOW"))
    if now is not None and token_public_key is not None:
        raise InvalidSettings(
            "NGUON_NOW moves the clock and works with the development key only; unset "
            "NGUON_TOKEN_PUBLIC_KEY."
        )
    if token_public_key is not None and not token_public_key.is_file():
        raise InvalidSettings(f"NGUON_TOKEN_PUBLIC_KEY: there is no file {token_public_key}.")
    home = Path(environment.get("NGUON_HOME") or "var").absolute()
    return Settings(
        host=environment.get("NGUON_HOST") or "127.0.0.1",
        port=_port(environment.get("PORT")),
        home=home,
        database=_database(environment),
        now=now,
        token_public_key=token_public_key,
        keys=_keys(environment, home),
        otlp_endpoint=environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None,
        log_name=_log_name(environment.get("NGUON_LOG_NAME")),
    )


def _port(value: str | None) -> int:
    if not value:
        return 8000
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= PORT_MAX:
        raise InvalidSettings(f"PORT must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def _database(environment: Mapping[str, str]) -> ExternalDatabase | None:
    owner = environment.get("NGUON_DATABASE_URL")
    app = environment.get("NGUON_APP_DATABASE_URL")
    if not owner and not app:
        return None
    if not owner or not app:
        raise InvalidSettings(
            "NGUON_DATABASE_URL (owner) and NGUON_APP_DATABASE_URL (application role) go "
            "together: set both or neither."
        )
    return ExternalDatabase(owner, app)


def _keys(environment: Mapping[str, str], home: Path) -> Directory | Vault:
    place = environment.get("NGUON_KEYS")
    token = environment.get("NGUON_VAULT_TOKEN")
    root_key = environment.get("NGUON_ROOT_KEY")
    if place and "://" in place:
        if root_key:
            raise InvalidSettings("NGUON_ROOT_KEY seals files; unset it, NGUON_KEYS is a vault.")
        if not token:
            raise InvalidSettings("NGUON_VAULT_TOKEN is needed where NGUON_KEYS is a vault.")
        return _vault(place, token)
    if token:
        raise InvalidSettings("NGUON_VAULT_TOKEN is for a vault, and NGUON_KEYS is none.")
    path = _path(place)
    if path is not None and not path.is_dir():
        raise InvalidSettings(f"NGUON_KEYS: there is no directory {path}.")
    return Directory(path or home / "keys", _root_key(root_key))


def _vault(url: str, token: str) -> Vault:
    """`https://vault.example:8200` or, with a mount other than `secret`, `.../mount`."""
    try:
        address = urlsplit(url)
        known = address.scheme in {"http", "https"} and address.hostname and address.port != 0
    except ValueError:
        known = False
    if not known or address.query or address.fragment or address.username is not None:
        raise InvalidSettings(
            f"NGUON_KEYS must be a directory or a vault's address with at most a mount, for "
            f"example https://vault.example:8200/secret, not {url!r}."
        )
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        raise InvalidSettings("NGUON_KEYS: a vault on another machine is asked over https only.")
    if not token.isascii() or not token.isprintable():
        raise InvalidSettings("NGUON_VAULT_TOKEN holds characters that no token has.")
    mount = address.path.strip("/") or "secret"
    return Vault(f"{address.scheme}://{address.netloc}", mount, token)


def _root_key(value: str | None) -> bytes | None:
    if not value:
        return None
    try:
        key = base64.b64decode(value, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != ROOT_KEY_BYTES:
        raise InvalidSettings(
            "NGUON_ROOT_KEY must be 32 bytes in base64, as `openssl rand -base64 32` prints them."
        )
    return key


def _now(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidSettings(
            f"NGUON_NOW must be an ISO date and time, for example 2023-09-17T08:00:00+07:00, not "
            f"{value!r}."
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


def _log_name(value: str | None) -> str:
    name = value or "nguon"
    if not LOG_NAME.fullmatch(name):
        raise InvalidSettings(
            f"NGUON_LOG_NAME must be letters, digits, dots and hyphens, with slashes between "
            f"them, such as nguon.example.vn, not {name!r}."
        )
    return name


def _path(value: str | None) -> Path | None:
    return Path(value).absolute() if value else None
