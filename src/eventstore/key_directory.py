"""Tenant keys as files: `<tenant>/<version>.key`, `<tenant>/<version>.destroyed`.

The existence of the second one decides, at once and for ever. A key is overwritten before it is
removed; what a file system, a disk or a copy keeps of it nevertheless is beyond this module, so
the directory belongs on a volume without snapshots, and copies of it are to lose what it lost.
"""

import asyncio
import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventstore.tenant_keys import KEY_BYTES, KeyDestroyed, KeysUnavailable

NAME: Final = re.compile(r"([1-9][0-9]*)\.(key|destroyed)")
FORMAT: Final = "nguon-key-1"
NONCE_BYTES: Final = 12
FOR_OTHERS: Final = 0o077


class KeyDirectory:
    """TenantKeys in a directory that only its owner can read; made with the first key.

    With a root key (32 bytes) each new file is sealed by it. A file from before stays readable as
    it is; a rotation replaces it by a sealed one.
    """

    def __init__(self, path: Path, root_key: bytes | None = None) -> None:
        self._path = path
        self._root = None if root_key is None else AESGCM(root_key)

    async def versions(self, tenant_id: int) -> Mapping[int, bytes | None]:
        """See TenantKeys. A destruction that was interrupted is completed on the way."""
        return await asyncio.to_thread(self._versions, tenant_id)

    async def add(self, tenant_id: int, version: int) -> bytes:
        """See TenantKeys."""
        return await asyncio.to_thread(self._add, tenant_id, version)

    async def destroy(self, tenant_id: int, version: int) -> None:
        """See TenantKeys."""
        await asyncio.to_thread(self._destroy, tenant_id, version)

    def _versions(self, tenant_id: int) -> dict[int, bytes | None]:
        folder = self._folder(tenant_id)
        with _reported(folder):
            try:
                for path in (self._path, folder):
                    _refuse_open(path, "700")
                names = [path.name for path in folder.iterdir()]
            except FileNotFoundError:
                return {}
            found = sorted(matched.groups() for name in names if (matched := NAME.fullmatch(name)))
            # Sorted, so that a key beside its tombstone is read, which finishes its destruction.
            return {
                int(version): self._read(tenant_id, int(version)) if kind == "key" else None
                for version, kind in found
            }

    def _add(self, tenant_id: int, version: int) -> bytes:
        folder = self._folder(tenant_id)
        with _reported(folder):
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            for path in (self._path, folder):
                _refuse_open(path, "700")
            key = folder / f"{version}.key"
            if not _destroyed(key).exists() and not key.exists():
                self._make(tenant_id, version)
            material = self._read(tenant_id, version)
            # Also when another process made it, a moment ago and perhaps not yet durably.
            for path in (folder, self._path, self._path.parent):
                _sync(path)
        if material is None:
            raise KeyDestroyed(tenant_id, version)
        return material

    def _destroy(self, tenant_id: int, version: int) -> None:
        folder = self._folder(tenant_id)
        key = folder / f"{version}.key"
        with _reported(folder):
            if not key.exists() and not _destroyed(key).exists():
                raise KeysUnavailable(f"There is no {key} to destroy: is it kept elsewhere?")
            # The tombstone comes first: a key that is half overwritten must not look damaged.
            _write(_destroyed(key), b"", os.O_CREAT)
            _sync(folder)
            _wipe(key)

    def _make(self, tenant_id: int, version: int) -> None:
        """A new key under the version's name, unless another process has been first."""
        folder = self._folder(tenant_id)
        text = self._sealed(tenant_id, version, secrets.token_bytes(KEY_BYTES))
        draft = folder / f".{version}.{secrets.token_hex(8)}"
        _write(draft, text, os.O_CREAT | os.O_EXCL)
        try:
            os.link(draft, folder / f"{version}.key")
        except (FileExistsError, FileNotFoundError):
            pass  # Another one's key is as good; a destruction may have taken the draft along.
        finally:
            draft.unlink(missing_ok=True)

    def _read(self, tenant_id: int, version: int) -> bytes | None:
        """The key of a version that exists or existed, None if it is destroyed."""
        key = self._folder(tenant_id) / f"{version}.key"
        try:
            _refuse_open(key, "600")
            text = key.read_bytes()
            material = self._opened(key, tenant_id, version, text)
        except (FileNotFoundError, KeysUnavailable):
            if not _destroyed(key).exists():
                raise
            material = None
        # Looked for last: a key that was made after its own destruction is none.
        if _destroyed(key).exists():
            if key.exists():
                _wipe(key)
            return None
        return material

    def _sealed(self, tenant_id: int, version: int, material: bytes) -> bytes:
        kind, payload = "plain", material
        if self._root is not None:
            nonce = os.urandom(NONCE_BYTES)
            place = _place(tenant_id, version)
            kind, payload = "sealed", nonce + self._root.encrypt(nonce, material, place)
        body = f"{FORMAT} {kind} {base64.b64encode(payload).decode()}"
        return f"{body} {_checksum(tenant_id, version, body)}\n".encode()

    def _opened(self, path: Path, tenant_id: int, version: int, text: bytes) -> bytes:
        kind, payload = _parsed(path, tenant_id, version, text)
        if kind == "plain":
            return payload
        if self._root is None:
            raise KeysUnavailable(
                f"{path} is sealed with a root key and none is set (NGUON_ROOT_KEY)."
            )
        nonce, box = payload[:NONCE_BYTES], payload[NONCE_BYTES:]
        try:
            return self._root.decrypt(nonce, box, _place(tenant_id, version))
        except (InvalidTag, ValueError):
            raise KeysUnavailable(
                f"{path} is sealed with another root key than the one that is set (NGUON_ROOT_KEY)."
            ) from None

    def _folder(self, tenant_id: int) -> Path:
        return self._path / str(tenant_id)


def _parsed(path: Path, tenant_id: int, version: int, text: bytes) -> tuple[str, bytes]:
    """The kind and the payload of a file. Raises KeysUnavailable for a damaged or foreign one."""
    try:
        body, _, checksum = text.decode("ascii").removesuffix("\n").rpartition(" ")
        format_name, kind, encoded = body.split(" ")
        payload = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise _damaged(path) from None
    if checksum != _checksum(tenant_id, version, body):
        raise _damaged(path)
    if format_name != FORMAT or kind not in {"plain", "sealed"}:
        raise KeysUnavailable(f"{path} has a format that this program does not know.")
    return kind, payload


def _damaged(path: Path) -> KeysUnavailable:
    return KeysUnavailable(
        f"{path} is damaged or belongs to another key: put the right copy of it in its place."
    )


def _checksum(tenant_id: int, version: int, body: str) -> str:
    """Finds damage and files in a wrong place; against forgery stands the seal alone."""
    return hashlib.sha256(_place(tenant_id, version) + body.encode()).hexdigest()[:16]


def _place(tenant_id: int, version: int) -> bytes:
    return f"nguon tenant key {tenant_id}/{version}: ".encode()


def _destroyed(key: Path) -> Path:
    return key.with_suffix(".destroyed")


def _wipe(key: Path) -> None:
    """The key and unfinished drafts of it, overwritten and removed; what is not there is done."""
    for path in (key, *key.parent.glob(f".{key.stem}.*")):
        try:
            _write(path, b"\0" * path.stat().st_size, 0)
            path.unlink()
        except FileNotFoundError:
            continue  # Another process was destroying it too.
    _sync(key.parent)


def _write(path: Path, content: bytes, flags: int) -> None:
    """The content at the start of the file, on the disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | flags, 0o600)
    try:
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_others(path: Path, mode: str) -> None:
    if path.stat().st_mode & FOR_OTHERS:
        raise KeysUnavailable(f"Others can read {path}, which holds keys: run chmod {mode} {path}.")


def _nothing(*_: object) -> None:
    """Windows has neither modes to look at nor directories to flush."""


_POSIX: Final = os.name == "posix"
_sync: Callable[[Path], None] = _sync_directory if _POSIX else _nothing
_refuse_open: Callable[[Path, str], None] = _refuse_others if _POSIX else _nothing


@contextmanager
def _reported(folder: Path) -> Iterator[None]:
    """What the file system says becomes KeysUnavailable."""
    try:
        yield
    except OSError as error:
        raise KeysUnavailable(
            f"The keys in {folder} cannot be reached: {error.strerror} ({error.filename})."
        ) from error
