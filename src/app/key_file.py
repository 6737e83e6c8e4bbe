"""Ed25519 private keys in PEM files, each made on first use."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.failure import Mendable


class KeyFileUnusable(Mendable):
    """The file is no private key, or cannot be read or made. The message names it."""


def key_in(path: Path) -> Ed25519PrivateKey:
    """The key in a file that only its owner can read.

    Several processes may ask for it at the same time. Raises KeyFileUnusable.
    """
    try:
        if not path.exists():
            _create(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyFileUnusable(f"The key {path} cannot be read or made: {error.strerror}.") from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileUnusable(f"{path} holds no Ed25519 private key in PEM form.")
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    # A file made aside and linked into place: whoever links first wins, and nobody reads half a
    # key.
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(handle)
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
