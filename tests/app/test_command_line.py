"""The commands as an operator types them."""

import json
import stat

import jwt
import pytest
from tests.api.harness import Installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    found = Installation(tmp_path_factory.mktemp("home"))
    found.run(
        "tenant", "add", "lam-dong", "--name", "Tỉnh ủy", "--kind", "PROVINCE", "--on", "2020-01-01"
    )
    return found


def test_help_needs_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No state is made by asking."""
    home = tmp_path_factory.mktemp("none") / "home"
    shown = Installation(home).run("--help").stdout

    assert "serve" in shown
    assert not home.exists()


def test_a_token_is_all_that_is_printed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Signed by a key that only its owner may read; made on first use, kept afterwards."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    given = ("--role", "board", "--organization", "lam-dong/bao-lam")
    first = installation.run("token", *given).stdout
    said = jwt.decode(first.strip(), options={"verify_signature": False})
    key = installation.home / "keys" / "development.pem"

    assert 1 == first.count("\n")
    assert ("board", "lam-dong/bao-lam", 8 * 3_600) == (
        said["role"],
        said["organization"],
        said["exp"] - said["iat"],
    )
    assert 0o600 == stat.S_IMODE(key.stat().st_mode)
    before = key.read_bytes()
    installation.run("token", *given, "--ttl", "-5")
    assert before == key.read_bytes()


def test_an_unknown_role_is_a_usage_error(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Exit code 2, as for every wrong option."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    refused = installation.run("token", "--role", "emperor", "--organization", "x", code=2)

    assert "emperor" in refused.stderr
    assert "" == refused.stdout


def test_production_tokens_are_issued_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With a public key given, `token` is refused in one sentence."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    key = installation.home / "key.pem"
    key.touch()
    installation.environment["NGUON_TOKEN_PUBLIC_KEY"] = str(key)
    refused = installation.run("token", "--role", "board", "--organization", "x", code=1)

    assert "Traceback" not in refused.stderr
    assert "NGUON_TOKEN_PUBLIC_KEY" in refused.stderr


def test_adding_a_tenant_again_changes_nothing(installation: Installation) -> None:
    """And it is listed with its position."""
    given = ("--name", "Tỉnh ủy", "--kind", "PROVINCE", "--on", "2020-01-01")
    assert "1 lam-dong\n" == installation.run("tenant", "add", "lam-dong", *given).stdout
    assert "1\tlam-dong\t1\n" == installation.run("tenant", "list").stdout


def test_a_tenant_needs_its_province(installation: Installation) -> None:
    """The refusal is a sentence, not a trace."""
    given = ("--name", "X", "--kind", "DISTRICT", "--on", "2020-01-01")
    refused = installation.run("tenant", "add", "nowhere/x", *given, code=1)

    assert "Traceback" not in refused.stderr


GIA_LAI = ("gia-lai", "--name", "Tỉnh ủy Gia Lai", "--kind", "PROVINCE", "--on", "2025-07-01")


@pytest.mark.parametrize("unknown", ["quang-nam", "lam-dong/khoi", "gia-lai", "nothing at all"])
def test_a_province_takes_nobodys_place(installation: Installation, unknown: str) -> None:
    """The refusal of an unknown predecessor, or of itself, is a sentence with a code."""
    refused = installation.run("tenant", "add", *GIA_LAI, "--succeeds", unknown, code=1)

    assert "ORGANIZATION_NOT_FOUND" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_province_takes_the_place_of_another_one(installation: Installation) -> None:
    """Once, however often the operator says so; another word of it is refused."""
    said = ("tenant", "add", *GIA_LAI, "--succeeds", "lam-dong")
    installation.run(*said)
    installation.run(*said)
    lines = installation.run("export", "--organization", "gia-lai").stdout.splitlines()
    refused = installation.run("tenant", "add", *GIA_LAI, code=1)

    assert "COMMAND_ID_REUSED" in refused.stderr
    assert [(event["type"], event["effectiveOn"]) for event in map(json.loads, lines)] == [
        ("organization.established", "2025-07-01"),
        ("organization.succeeded", "2025-07-01"),
    ]
    assert json.loads(lines[1])["data"]["predecessorCode"] == "lam-dong"


def test_events_are_exported_as_the_api_shows_them_with_their_version(
    installation: Installation,
) -> None:
    """One JSON object a line."""
    lines = installation.run("export", "--organization", "lam-dong").stdout.splitlines()
    [event] = map(json.loads, lines)

    assert ("organization.established", 1, 1, "lam-dong") == (
        event["type"],
        event["sequence"],
        event["version"],
        event["organization"],
    )
    assert "NotFound" not in installation.run("export", "--organization", "no", code=1).stderr


def test_projections_are_rebuilt(installation: Installation) -> None:
    """All of them, or one by name; an unknown name lists those there are."""
    installation.run("rebuild")
    installation.run("rebuild", "--projection", "organization", "--tenant", "lam-dong")
    refused = installation.run("rebuild", "--projection", "nothing", code=1)

    assert "organization" in refused.stderr


def test_no_address_is_printed_of_a_database_that_does_not_run(installation: Installation) -> None:
    """Standard output stays empty, so that a script does not connect to nothing."""
    refused = installation.run("database-url", "--role", "app", code=1)

    assert "" == refused.stdout
    assert "not running" in refused.stderr


def test_the_demo_does_not_live_beyond_today(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What has not happened cannot be recorded, not even for show."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    refused = installation.run("demo", "--until", "2999-01-01", code=1)

    assert "cannot live beyond today" in refused.stderr
    assert not (installation.home / "postgres").exists()
