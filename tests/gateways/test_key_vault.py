"""Tenant keys in a vault: what it may say, and that none of it passes for an erasure.

What a vault does like every place for keys stands in tests/eventstore/test_tenant_keys.py.
"""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.vaults import TOKEN, Answer, Body, StandIn, ask, openbao, real_vault, stand_in

import gateways.key_vault
from eventstore.tenant_keys import KeysUnavailable
from gateways.key_vault import KeyVault

TENANT = 7
POLICY = """
path "secret/data/nguon/*" { capabilities = ["create", "read"] }
path "secret/metadata/nguon/*" { capabilities = ["list"] }
path "secret/destroy/nguon/*" { capabilities = ["update"] }
"""


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as server:
        yield server


@pytest.fixture
def vault(server: StandIn) -> KeyVault:
    return KeyVault(server.url, TOKEN)


async def test_each_version_is_a_secret_of_its_own(server: StandIn, vault: KeyVault) -> None:
    """As the engine forgets old versions of one secret."""
    await vault.add(TENANT, 1)
    await vault.add(TENANT, 2)

    assert {"nguon/7/1", "nguon/7/2"} == set(server.secrets)


async def test_a_tombstone_is_asked_for_once(server: StandIn, vault: KeyVault) -> None:
    """After years of erasures a tenant has hundreds of them, and they never change."""
    for version in range(1, 5):
        await vault.add(TENANT, version)
        await vault.destroy(TENANT, version)
    key = await vault.add(TENANT, 5)
    process = KeyVault(server.url, TOKEN)
    expected = {**dict.fromkeys(range(1, 5)), 5: key}

    assert expected == await process.versions(TENANT)
    server.asked.clear()
    assert expected == await process.versions(TENANT)
    assert [
        "GET /v1/secret/metadata/nguon/7?list=true",
        "GET /v1/secret/data/nguon/7/5?version=1",
    ] == server.asked


async def test_a_wrong_token_is_named_and_not_repeated(server: StandIn) -> None:
    """The sentence says what the vault said, and nothing of the token."""
    with pytest.raises(KeysUnavailable, match=r"403 .* permission denied") as refused:
        await KeyVault(server.url, "another-token").versions(TENANT)

    assert "another-token" not in str(refused.value)


async def test_a_sealed_vault_says_so(server: StandIn, vault: KeyVault) -> None:
    await vault.add(TENANT, 1)
    server.sealed = True

    with pytest.raises(KeysUnavailable, match="Vault is sealed"):
        await vault.versions(TENANT)
    with pytest.raises(KeysUnavailable, match="Vault is sealed"):
        await vault.add(TENANT, 1)
    with pytest.raises(KeysUnavailable, match="Vault is sealed"):
        await vault.destroy(TENANT, 1)


async def test_a_mount_that_is_not_there_is_no_tenant_without_keys(server: StandIn) -> None:
    """A vault answers both with 404."""
    vault = KeyVault(server.url, TOKEN, mount="elsewhere")

    with pytest.raises(KeysUnavailable, match="no handler for route"):
        await vault.versions(TENANT)
    with pytest.raises(KeysUnavailable, match="no handler for route"):
        await vault.add(TENANT, 1)


async def test_a_deleted_secret_is_not_a_destroyed_key(server: StandIn, vault: KeyVault) -> None:
    """Someone deleted it by hand, or the mount lets secrets expire; it can be undeleted."""
    key = await vault.add(TENANT, 1)
    server.secrets["nguon/7/1"].deleted.add(1)

    with pytest.raises(KeysUnavailable, match="undelete"):
        await vault.versions(TENANT)
    server.secrets["nguon/7/1"].deleted.clear()
    assert {1: key} == await vault.versions(TENANT)


async def test_a_deleted_secret_can_be_destroyed(server: StandIn, vault: KeyVault) -> None:
    await vault.add(TENANT, 1)
    server.secrets["nguon/7/1"].deleted.add(1)

    await vault.destroy(TENANT, 1)

    assert {1: None} == await vault.versions(TENANT)


@pytest.mark.parametrize("stored", [{"key": "no base64"}, {"value": "AAAA"}])
async def test_a_secret_that_is_no_key_is_damage(
    server: StandIn, vault: KeyVault, stored: dict[str, object]
) -> None:
    await vault.add(TENANT, 1)
    server.secrets["nguon/7/1"].versions[0] = stored

    with pytest.raises(KeysUnavailable, match="holds no key"):
        await vault.versions(TENANT)


async def test_a_secret_that_is_listed_and_gone_is_lost(
    server: StandIn, vault: KeyVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vault.add(TENANT, 1)
    monkeypatch.setattr(server, "read", lambda _: (404, {"errors": []}))

    with pytest.raises(KeysUnavailable, match="no trace"):
        await vault.versions(TENANT)


async def test_the_first_version_of_the_engine_is_refused(
    server: StandIn, vault: KeyVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has neither check and set nor tombstones, and answers almost alike."""
    written: dict[str, Body] = {}

    def answer(method: str, path: str, body: Body) -> Answer:
        if method == "POST":
            written[path] = body
            return 204, None
        return (200, {"data": written[path]}) if path in written else (404, {"errors": []})

    monkeypatch.setattr(server, "answer", answer)

    with pytest.raises(KeysUnavailable, match="version 2"):
        await vault.add(TENANT, 1)
    with pytest.raises(KeysUnavailable, match="version 2"):
        await vault.add(TENANT, 1)


async def test_what_is_no_vault_is_refused(
    server: StandIn, vault: KeyVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway's page of errors, for one."""
    monkeypatch.setattr(server, "answer", lambda *_: (404, ["<html>"]))

    with pytest.raises(KeysUnavailable, match="not as a vault does"):
        await vault.versions(TENANT)


async def test_a_vault_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways.key_vault, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        vault = KeyVault(f"http://127.0.0.1:{silent.getsockname()[1]}", TOKEN)

        with pytest.raises(KeysUnavailable, match="timed out"):
            await vault.versions(TENANT)


async def test_a_certificate_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the machine's authorities, or those of SSL_CERT_FILE."""
    certificate = self_signed(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with stand_in(tls) as server:
        with pytest.raises(KeysUnavailable, match="certificate verify failed"):
            await KeyVault(server.url, TOKEN).versions(TENANT)
        assert [] == server.asked

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        vault = KeyVault(server.url, TOKEN)
        assert {1: await vault.add(TENANT, 1)} == await vault.versions(TENANT)
        elsewhere = KeyVault(server.url.replace("127.0.0.1", "localhost"), TOKEN)
        with pytest.raises(KeysUnavailable, match="certificate verify failed"):
            await elsewhere.versions(TENANT)


@pytest.mark.skipif(openbao() is None, reason="there is no program bao on the PATH")
async def test_the_token_needs_no_more_than_it_is_said_to_need(tmp_path: Path) -> None:
    """It can neither change a key nor remove the trace of one."""
    with real_vault(tmp_path) as url:
        ask(url, "PUT", "sys/policies/acl/nguon", {"policy": POLICY})
        made = ask(url, "POST", "auth/token/create", {"policies": ["nguon"]}).json()
        token = made["auth"]["client_token"]
        vault = KeyVault(url, token)
        await vault.add(TENANT, 1)
        key = await vault.add(TENANT, 2)
        await vault.destroy(TENANT, 1)

        assert {1: None, 2: key} == await vault.versions(TENANT)
        assert key == await vault.add(TENANT, 2)
        for method, path in (("POST", "data"), ("DELETE", "data"), ("DELETE", "metadata")):
            with pytest.raises(httpx.HTTPStatusError, match="403"):
                ask(url, method, f"secret/{path}/nguon/7/2", {"data": {}}, token)


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a vault")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "vault.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
