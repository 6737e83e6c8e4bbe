"""Who is calling: bearer tokens signed with Ed25519.

What the caller may do is decided in `commands` and `projections`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from commands.ports import Actor
from domain.access import Role
from domain.text import Text

ISSUER: Final = "nguon"
AUDIENCE: Final = "nguon"
TOKEN_LENGTH_MAX = 4_096
ACTOR_LENGTH_MAX = 100
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")


class Unauthenticated(Exception):
    """The caller did not prove who it is; the code is UNAUTHENTICATED or TOKEN_EXPIRED."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Caller:
    """An actor, and the time at which its token ends (aware UTC)."""

    actor: Actor
    expires_at: datetime


def claims(actor: Actor, ttl: timedelta, issued_at: datetime) -> dict[str, object]:
    """What a token says; a negative `ttl` makes one that has expired."""
    return {
        "sub": actor.id,
        "role": actor.role.value,
        "organization": actor.organization,
        "iat": int(issued_at.timestamp()),
        "exp": int((issued_at + ttl).timestamp()),
        "iss": ISSUER,
        "aud": AUDIENCE,
    }


class TokenReader:
    """Checks tokens against one public key and the real clock, whatever NGUON_NOW says."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    def read(self, authorization: str | None) -> Caller:
        """The caller named by an Authorization value.

        Raises Unauthenticated for anything but a good bearer token.
        """
        scheme, _, token = (authorization or "").strip().partition(" ")
        if scheme.casefold() != "bearer" or not token or len(token) > TOKEN_LENGTH_MAX:
            raise _missing()
        try:
            said = jwt.decode(
                token.strip(),
                self._key,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["sub", "exp", "iat"]},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated(
                "TOKEN_EXPIRED", Text("Mã truy cập đã hết hạn.", "The token has expired.")
            ) from None
        except jwt.InvalidTokenError:
            raise _invalid() from None
        return _caller(said)


def _caller(said: Mapping[str, object]) -> Caller:
    subject, organization, expires = said["sub"], said.get("organization"), said["exp"]
    if (
        not isinstance(subject, str)
        or not 1 <= len(subject) <= ACTOR_LENGTH_MAX
        or not subject.isprintable()
    ):
        raise _invalid()
    if not isinstance(organization, str) or not _CODE.fullmatch(organization):
        raise _invalid()
    if not isinstance(expires, int | float):
        raise _invalid()
    try:
        role = Role(str(said.get("role")))
        expires_at = datetime.fromtimestamp(expires, UTC)
    except (ValueError, OverflowError, OSError):
        raise _invalid() from None
    return Caller(Actor(subject, role, organization), expires_at)


def _missing() -> Unauthenticated:
    return Unauthenticated(
        "UNAUTHENTICATED",
        Text(
            "Thiếu mã truy cập: gửi tiêu đề Authorization: Bearer <mã>.",
            "A token is missing: send the header Authorization: Bearer <token>.",
        ),
    )


def _invalid() -> Unauthenticated:
    return Unauthenticated(
        "UNAUTHENTICATED", Text("Mã truy cập không hợp lệ.", "The token is not valid.")
    )
