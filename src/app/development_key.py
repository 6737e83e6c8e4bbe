"""The local key pair that signs tokens on a developer's machine.

An installation with its own public key has none.
"""

from collections.abc import Mapping
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.key_file import key_in


def development_key(home: Path) -> Ed25519PrivateKey:
    """The key in `home`/keys, made on first use."""
    return key_in(home / "keys" / "development.pem")


def public_key(pem: Path) -> Ed25519PublicKey:
    """The key in a PEM file. Raises ValueError when it is not an Ed25519 public key."""
    key = load_pem_public_key(pem.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{pem} holds no Ed25519 public key")  # noqa: TRY004 - the file is at fault
    return key


def sign(key: Ed25519PrivateKey, claims: Mapping[str, object]) -> str:
    """A compact JWT over the claims."""
    return jwt.encode(dict(claims), key, algorithm="EdDSA")
