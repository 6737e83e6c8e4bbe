"""Tenant keys in the KV secrets engine, version 2, of an OpenBao or a HashiCorp Vault.

One secret a version, `nguon/<tenant>/<version>`: the engine forgets old versions of one secret, and
a tombstone is kept for ever. Installations that share a vault need a mount each.
"""

import asyncio
import base64
import binascii
import secrets
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from eventstore.tenant_keys import KEY_BYTES, KeyDestroyed, KeysUnavailable

TIMEOUT_S: Final = 5.0
"""For the connection and for each silence after it."""


class _Metadata(msgspec.Struct):
    destroyed: bool


class _Secret(msgspec.Struct):
    """The answer to a read. Without data it is deleted, which can be undone, or destroyed."""

    data: dict[str, str] | None
    metadata: _Metadata


class _Written(msgspec.Struct):
    version: int


class _Listed(msgspec.Struct):
    keys: list[str]


class _Answer(msgspec.Struct):
    """`data` is JSON, empty or null where the vault has nothing to say but errors."""

    data: msgspec.Raw = msgspec.Raw()
    errors: list[str] = []

    @property
    def is_empty(self) -> bool:
        return bytes(self.data) in {b"", b"null"}


Shape = TypeVar("Shape", bound=msgspec.Struct)


class KeyVault:
    """TenantKeys in a vault at a URL (https, or http on the same machine).

    The certificate is verified against the machine's authorities or those of SSL_CERT_FILE. The
    token needs, below `<mount>/`: create and read on `data/nguon/*`, list on `metadata/nguon/*`,
    update on `destroy/nguon/*`.
    """

    def __init__(self, url: str, token: str, mount: str = "secret") -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port
        self._tls = ssl.create_default_context() if address.scheme == "https" else None
        self._name = f"The vault at {address.scheme}://{address.netloc}"
        self._token = token
        self._mount = quote(mount)
        self._tombstones: set[tuple[int, int]] = set()

    async def versions(self, tenant_id: int) -> Mapping[int, bytes | None]:
        """See TenantKeys. One request a key that this process does not know as destroyed."""
        return await asyncio.to_thread(self._versions, tenant_id)

    async def add(self, tenant_id: int, version: int) -> bytes:
        """See TenantKeys."""
        return await asyncio.to_thread(self._add, tenant_id, version)

    async def destroy(self, tenant_id: int, version: int) -> None:
        """See TenantKeys."""
        await asyncio.to_thread(self._destroy, tenant_id, version)

    def _versions(self, tenant_id: int) -> dict[int, bytes | None]:
        found: dict[int, bytes | None] = {}
        with self._connected() as connection:
            for version in self._listed(connection, tenant_id):
                stored = self._read(connection, tenant_id, version)
                if version not in stored:
                    raise self._lost(tenant_id, version)
                found |= stored
        return found

    def _add(self, tenant_id: int, version: int) -> bytes:
        material = secrets.token_bytes(KEY_BYTES)
        secret = {"key": base64.b64encode(material).decode()}
        with self._connected() as connection:
            stored = self._read(connection, tenant_id, version)
            if version not in stored:
                path = self._path("data", tenant_id, version)
                # Check and set: only who finds nothing there writes.
                body = {"options": {"cas": 0}, "data": secret}
                status, answer = self._ask(connection, "POST", path, body)
                if status == HTTPStatus.OK and self._decoded(answer, _Written).version == 1:
                    return material
                stored = self._read(connection, tenant_id, version)
                if version not in stored:
                    raise self._refusal(status, path, answer)
        existing = stored[version]
        if existing is None:
            raise KeyDestroyed(tenant_id, version)
        return existing

    def _destroy(self, tenant_id: int, version: int) -> None:
        with self._connected() as connection:
            path = self._path("destroy", tenant_id, version)
            status, answer = self._ask(connection, "POST", path, {"versions": [1]})
            if status not in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}:
                raise self._refusal(status, path, answer)
            # The vault says yes to the destruction of what it never had.
            stored = self._read(connection, tenant_id, version)
        if version not in stored:
            raise self._lost(tenant_id, version)
        if stored[version] is not None:
            raise KeysUnavailable(f"{self._name} did not destroy {path}.")

    def _listed(self, connection: HTTPConnection, tenant_id: int) -> list[int]:
        path = f"/v1/{self._mount}/metadata/nguon/{tenant_id}?list=true"
        status, answer = self._ask(connection, "GET", path)
        if status == HTTPStatus.NOT_FOUND and not answer.errors:
            return []
        if status != HTTPStatus.OK:
            raise self._refusal(status, path, answer)
        names = self._decoded(answer, _Listed).keys
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def _read(
        self, connection: HTTPConnection, tenant_id: int, version: int
    ) -> dict[int, bytes | None]:
        """The version with its key or None, nothing if the vault has no trace of it."""
        if (tenant_id, version) in self._tombstones:
            return {version: None}
        path = self._path("data", tenant_id, version) + "?version=1"
        status, answer = self._ask(connection, "GET", path)
        if status == HTTPStatus.NOT_FOUND and answer.is_empty and not answer.errors:
            return {}
        if answer.is_empty or status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            raise self._refusal(status, path, answer)
        secret = self._decoded(answer, _Secret)
        if secret.metadata.destroyed:
            self._tombstones.add((tenant_id, version))
            return {version: None}
        if secret.data is None:
            raise KeysUnavailable(
                f"{self._name} holds {path} as deleted, which is no destruction: undelete it."
            )
        try:
            return {version: base64.b64decode(secret.data["key"], validate=True)}
        except (KeyError, binascii.Error):
            raise KeysUnavailable(f"{self._name} holds no key in {path}.") from None

    def _ask(
        self, connection: HTTPConnection, method: str, path: str, body: object = None
    ) -> tuple[int, _Answer]:
        headers = {"X-Vault-Token": self._token, "X-Vault-Request": "true"}
        content = None if body is None else msgspec.json.encode(body)
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        text = response.read()
        try:
            return response.status, msgspec.json.decode(text, type=_Answer) if text else _Answer()
        except msgspec.MsgspecError:
            raise KeysUnavailable(
                f"{self._name} answers {response.status} to {path}, but not as a vault does."
            ) from None

    def _decoded(self, answer: _Answer, kind: type[Shape]) -> Shape:
        try:
            return msgspec.json.decode(answer.data, type=kind)
        except msgspec.MsgspecError:
            raise KeysUnavailable(
                f"{self._name} answers as if {self._mount} were no KV secrets engine of version 2."
            ) from None

    def _path(self, operation: str, tenant_id: int, version: int) -> str:
        return f"/v1/{self._mount}/{operation}/nguon/{tenant_id}/{version}"

    def _refusal(self, status: int, path: str, answer: _Answer) -> KeysUnavailable:
        said = " ".join(" ".join(answer.errors).split()) or "nothing more"
        return KeysUnavailable(f"{self._name} answers {status} to {path}: {said}.")

    def _lost(self, tenant_id: int, version: int) -> KeysUnavailable:
        return KeysUnavailable(
            f"{self._name} has no trace of {self._path('data', tenant_id, version)}."
        )

    @contextmanager
    def _connected(self) -> Iterator[HTTPConnection]:
        """A connection for one errand; what goes wrong on the way becomes KeysUnavailable."""
        connection = (
            HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
            if self._tls is None
            else HTTPSConnection(self._host, self._port, timeout=TIMEOUT_S, context=self._tls)
        )
        try:
            yield connection
        except (OSError, HTTPException) as error:
            raise KeysUnavailable(f"{self._name} cannot be asked: {error}.") from error
        finally:
            connection.close()
