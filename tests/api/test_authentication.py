"""Nobody is let in without a good token, and the refusal says why in the caller's language."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.api.harness import Caller, Installation

from api.authentication import TokenReader, Unauthenticated, claims
from commands.ports import Actor
from domain.access import Role

KEY = Ed25519PrivateKey.generate()
NOW = datetime.now(UTC)
GOOD = claims(Actor("a", Role.BOARD, "lam-dong/bao-lam"), timedelta(hours=1), NOW)


def _token(said: dict[str, Any], key: Ed25519PrivateKey = KEY) -> str:
    return jwt.encode(said, key, algorithm="EdDSA")


def _unsigned(said: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, said)
    encoded = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    return ".".join([*encoded, ""])


def test_a_good_token_names_the_actor_and_its_end() -> None:
    """All three of id, role and organization come from the token."""
    caller = TokenReader(KEY.public_key()).read(f"Bearer {_token(GOOD)}")

    assert caller.actor == Actor("a", Role.BOARD, "lam-dong/bao-lam")
    assert int(caller.expires_at.timestamp()) == GOOD["exp"]


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "UNAUTHENTICATED"),
        ("", "UNAUTHENTICATED"),
        ("Basic abc", "UNAUTHENTICATED"),
        ("Bearer", "UNAUTHENTICATED"),
        ("Bearer x.y.z", "UNAUTHENTICATED"),
        (f"Bearer {'a' * 5_000}", "UNAUTHENTICATED"),
        (f"Bearer {_unsigned(GOOD)}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD, Ed25519PrivateKey.generate())}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD | {'aud': 'other'})}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD | {'iss': 'other'})}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD | {'role': 'emperor'})}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD | {'organization': '../x'})}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD | {'sub': ''})}", "UNAUTHENTICATED"),
        (f"Bearer {_token({k: v for k, v in GOOD.items() if k != 'exp'})}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD | {'exp': 10**18})}", "UNAUTHENTICATED"),
        (f"Bearer {_token(GOOD | {'exp': int(NOW.timestamp()) - 1})}", "TOKEN_EXPIRED"),
    ],
    ids=range(16),
)
def test_anything_else_is_refused(authorization: str | None, code: str) -> None:
    """Missing, malformed, unsigned, forged, meant for others, or expired."""
    with pytest.raises(Unauthenticated) as refused:
        TokenReader(KEY.public_key()).read(authorization)

    assert code == refused.value.code


@pytest.mark.parametrize(
    ("language", "word"), [("vi", "hết hạn"), ("en-US,en;q=0.9", "expired"), ("fr", "hết hạn")]
)
def test_an_expired_token_is_answered_401_in_the_language_of_the_caller(
    server: Installation, language: str, word: str
) -> None:
    """The body is GraphQL's form of an error."""
    answer = Caller(server, server.token("board", "lam-dong/bao-lam", ttl=-10)).post(
        {"query": "{ groups { code } }"}, **{"Accept-Language": language}
    )

    assert 401 == answer.status_code
    [error] = answer.json()["errors"]
    assert "TOKEN_EXPIRED" == error["extensions"]["code"]
    assert word in error["message"]


def test_a_missing_token_is_answered_401(server: Installation) -> None:
    """Introspection included: the schema is public, but not served to strangers."""
    answer = httpx.post(
        f"{server.url}/graphql", json={"query": "{ __schema { queryType { name } } }"}
    )

    assert 401 == answer.status_code
    assert "UNAUTHENTICATED" == answer.json()["errors"][0]["extensions"]["code"]
