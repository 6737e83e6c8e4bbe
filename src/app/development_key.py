"""The local key pair that signs tokens on a developer's machine.

An installation with its own public key has none.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)


def development_key(home: Path) -> Ed25519PrivateKey:
    """The key in `home`/keys, made on first use.

    Several processes may ask for it at the same time.
    """
    path = home / "keys" / "development.pem"
    if not path.exists():
        _create(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def public_key(pem: Path) -> Ed25519PublicKey:
    """The key in a PEM file. Raises ValueError when it is not an Ed25519 public key."""
    key = load_pem_public_key(pem.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{pem} holds no Ed25519 public key")  # noqa: TRY004 - the file is at fault
    return key


def sign(key: Ed25519PrivateKey, claims: Mapping[str, object]) -> str:
    """A compact JWT over the claims."""
    return jwt.encode(dict(claims), key, algorithm="EdDSA")


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
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
