"""What the environment says, and what it may not say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.clock import Clock
from app.settings import InvalidSettings, read_settings


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
