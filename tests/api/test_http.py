"""Media types, methods, health and the explorer, which needs nothing from outside."""

import re

import httpx
import pytest
from tests.api.harness import Caller, Installation

GRAPHQL_RESPONSE = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "query", "status", "media_type"),
    [
        ("application/json", "{ groups { code } }", 200, "application/json"),
        ("*/*", "{ nothing }", 200, "application/json"),
        (GRAPHQL_RESPONSE, "{ groups { code } }", 200, GRAPHQL_RESPONSE),
        (GRAPHQL_RESPONSE, "{ nothing }", 400, GRAPHQL_RESPONSE),
        (GRAPHQL_RESPONSE, "{", 400, GRAPHQL_RESPONSE),
        (GRAPHQL_RESPONSE, '{ organization(code: "x") { id } }', 200, GRAPHQL_RESPONSE),
        ("text/html", "{ groups { code } }", 406, "application/json"),
    ],
    ids=range(7),
)
def test_media_types_are_negotiated(
    board: Caller, accept: str, query: str, status: int, media_type: str
) -> None:
    """The newer one has status codes of its own."""
    answer = board.post({"query": query}, Accept=accept)

    assert status == answer.status_code
    assert answer.headers["content-type"].startswith(media_type)


def test_a_query_by_get_is_refused(server: Installation) -> None:
    """A link must not be able to read with somebody's token."""
    answer = httpx.get(f"{server.url}/graphql", params={"query": "{ groups { code } }"})

    assert 405 == answer.status_code
    assert "METHOD_NOT_ALLOWED" == answer.json()["errors"][0]["extensions"]["code"]


def test_an_unknown_path_is_a_typed_error(server: Installation) -> None:
    """No framework page, no stack trace."""
    answer = httpx.get(f"{server.url}/nowhere")

    assert 404 == answer.status_code
    assert "HTTP_ERROR" == answer.json()["errors"][0]["extensions"]["code"]


def test_health_says_live_and_ready(server: Installation) -> None:
    """Without a token."""
    assert {"status": "live"} == httpx.get(f"{server.url}/health/live").json()
    ready = httpx.get(f"{server.url}/health/ready").json()
    assert {"status": "ready", "missing": [], "standing": []} == ready


def test_the_explorer_loads_everything_from_here(server: Installation) -> None:
    """Each address on the page is this server's, and each is there."""
    page = httpx.get(f"{server.url}/graphql", headers={"Accept": "text/html"})

    assert 200 == page.status_code
    assert not re.search(r"(src|href)=\"(https?:)?//", page.text)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    addresses = re.findall(r"(?:src|href)=\"(/[^\"]+)\"", page.text)
    assert len(addresses) == 7
    for address in addresses:
        assert 200 == httpx.get(server.url + address).status_code


def test_the_explorer_serves_no_other_file(server: Installation) -> None:
    """Nor one beside its folder."""
    for name in ("nothing.js", "..%2f__init__.py", "%2e%2e/authentication.py"):
        assert 404 == httpx.get(f"{server.url}/graphql/explorer/{name}").status_code
