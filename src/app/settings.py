"""What an installation is told by its environment. Nothing else reads environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from app.failure import Mendable

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
PORT_MAX: Final = 65_535


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
    otlp_endpoint: str | None


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
    return Settings(
        host=environment.get("NGUON_HOST") or "127.0.0.1",
        port=_port(environment.get("PORT")),
        home=Path(environment.get("NGUON_HOME") or "var").absolute(),
        database=_database(environment),
        now=now,
        token_public_key=token_public_key,
        otlp_endpoint=environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None,
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


def _path(value: str | None) -> Path | None:
    return Path(value).absolute() if value else None
