"""The little GraphQL that a witness speaks to an installation; it trusts no answer."""

import base64
import urllib.error
import urllib.parse
import urllib.request
from typing import Final, TypeVar

import jwt
import msgspec

from app.failure import Mendable

TIMEOUT_S: Final = 30.0
ANSWER_BYTES_MAX: Final = 4 * 1024 * 1024
CHILDREN_PAGE: Final = 100

_CHECKPOINT: Final = "query($o: String!) { found: checkpoint(organization: $o) { note key } }"
_CONSISTENCY: Final = """
query($o: String!, $from: Int!, $to: Int!) {
  found: consistencyProof(organization: $o, from: $from, to: $to)
}
"""
_CHILDREN: Final = """
query($o: String!, $first: Int!, $after: String) {
  found: organization(code: $o) {
    children(first: $first, after: $after) { nodes { code } pageInfo { hasNextPage endCursor } }
  }
}
"""

T = TypeVar("T")


class NoAnswer(Mendable):
    """The installation cannot be reached, refuses, or answers something else than was asked."""


class Offered(msgspec.Struct):
    """A checkpoint as it is offered, and the key that is said to have signed it."""

    note: str
    key: str


class _Code(msgspec.Struct):
    code: str


class _PageInfo(msgspec.Struct, rename="camel"):
    has_next_page: bool
    end_cursor: str | None


class _Children(msgspec.Struct, rename="camel"):
    nodes: list[_Code]
    page_info: _PageInfo


class _Organization(msgspec.Struct):
    children: _Children


class _Error(msgspec.Struct):
    message: str


class _Found(msgspec.Struct):
    found: msgspec.Raw = msgspec.Raw(b"null")


class _Answer(msgspec.Struct):
    data: _Found | None = None
    errors: list[_Error] = []


class Client:
    """Asks one installation, with a token that it gave out."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token

    def checkpoint(self, organization: str) -> Offered | None:
        """The newest checkpoint, None while nothing is signed. Raises NoAnswer, as all do."""
        return self._ask(_CHECKPOINT, {"o": organization}, Offered | None)  # type: ignore[arg-type]

    def consistency(self, organization: str, old_size: int, size: int) -> list[bytes]:
        """The proof between two sizes."""
        given = {"o": organization, "from": old_size, "to": size}
        return [base64.b64decode(one) for one in self._ask(_CONSISTENCY, given, list[str])]

    def organizations(self) -> list[str]:
        """The tenants that the token is for: its own, or a province with all below it."""
        try:
            said = jwt.decode(self._token, options={"verify_signature": False})
        except jwt.InvalidTokenError:
            raise NoAnswer("The token is none.") from None
        own = str(said.get("organization"))
        return [own] if "/" in own else [own, *self._children(own)]

    def _children(self, code: str) -> list[str]:
        found: list[str] = []
        after: str | None = None
        while True:
            given = {"o": code, "first": CHILDREN_PAGE, "after": after}
            page = self._ask(_CHILDREN, given, _Organization).children
            found += [child.code for child in page.nodes]
            after = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                return found

    def _ask(self, query: str, variables: dict[str, object], form: type[T]) -> T:
        request = urllib.request.Request(  # noqa: S310 (the command line takes http and https only)
            f"{self._url}/graphql",
            data=msgspec.json.encode({"query": query, "variables": variables}),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Accept-Language": "en",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
                body = response.read(ANSWER_BYTES_MAX)
        except urllib.error.HTTPError as refused:
            body = refused.read(ANSWER_BYTES_MAX)
        except OSError as error:
            raise NoAnswer(f"{self._url} cannot be reached: {error}.") from None
        try:
            answer = msgspec.json.decode(body, type=_Answer)
            if answer.errors:
                raise NoAnswer(f"{self._url}: {answer.errors[0].message}")
            return msgspec.json.decode((answer.data or _Found()).found, type=form)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise NoAnswer(f"{self._url} answers something else than GraphQL.") from None
