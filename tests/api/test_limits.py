"""Wrong and hostile requests get a typed error, and the server goes on serving."""

from collections.abc import Iterator

import httpx
import pytest
from tests.api.harness import Caller

PING = "{ groups { code } }"


def _code(answer: httpx.Response) -> str:
    code: str = answer.json()["errors"][0]["extensions"]["code"]
    return code


def _deep(levels: int) -> str:
    return (
        '{ organization(code: "lam-dong/bao-lam") '
        + "{ parent " * levels
        + "{ id }"
        + " }" * (levels + 1)
    )


def _bomb(depth: int) -> str:
    spreads = " ".join(
        f"fragment f{i} on Organization {{ a: parent {{ ...f{i + 1} }} b: parent {{ ...f{i + 1} "
        f"}} }}"
        for i in range(depth)
    )
    last = f"fragment f{depth} on Organization {{ id }}"
    return f'{{ organization(code: "lam-dong/bao-lam") {{ ...f0 }} }} {spreads} {last}'


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ groups {", "GRAPHQL_PARSE_FAILED"),
        ("", "BAD_REQUEST"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (_deep(30), "QUERY_TOO_DEEP"),
        (_deep(20_000), "QUERY_TOO_DEEP"),
        ("{" * 100_000, "QUERY_TOO_DEEP"),
        (_bomb(11), "QUERY_TOO_LARGE"),
        ("{" + " ".join(f"a{i}: groups {{ code }}" for i in range(200)) + "}", "QUERY_TOO_LARGE"),
        ("{ groups { " + "code " * 5_000 + "} }", "QUERY_TOO_LARGE"),
        ('{ organization(code: "x", at: {effective: "2023-13-45"}) { id } }', "BAD_USER_INPUT"),
        (
            '{ organization(code: "x", at: {known: "0001-01-01T00:00:00+14:00"}) { id } }',
            "TIME_OUT_OF_RANGE",
        ),
        ("{ organization(code: 5) { id } }", "BAD_USER_INPUT"),
        ('{ events(organization: "lam-dong/bao-lam", after: "x") { more } }', "INVALID_POSITION"),
        ('{ events(organization: "lam-dong/bao-lam", first: 9999) { more } }', "PAGE_SIZE"),
        ('{ organization(code: "x", at: {basis: "x"}) { id } }', "INVALID_BASIS"),
        ('{ node(id: "nonsense") { id } }', "NOT_FOUND"),
        ('{ candidate(id: "VGFyZ2V0OjE6eA") { id } }', "NOT_FOUND"),
        ('{ organization(code: "lam-dong/bao-lam/\\u0000") { id } }', "ORGANIZATION_NOT_FOUND"),
        ('{ organization(code: "nowhere") { id } }', "ORGANIZATION_NOT_FOUND"),
        ('subscription { events(organization: "lam-dong") { type } }', "BAD_REQUEST"),
    ],
    ids=range(20),
)
def test_a_bad_query_gets_its_code(board: Caller, query: str, code: str) -> None:
    """And the next good one is answered."""
    answer = board.post({"query": query})

    assert code == _code(answer)
    assert "Traceback" not in answer.text
    assert board.get(PING)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"day": "2023-02-30"}, "BAD_USER_INPUT"),
        ({"day": 7}, "BAD_USER_INPUT"),
        ({"day": {"a": 1}}, "BAD_USER_INPUT"),
    ],
    ids=range(3),
)
def test_a_bad_variable_is_the_users_mistake(
    board: Caller, variables: dict[str, object], code: str
) -> None:
    """A malformed date says so before anything is read."""
    asked = 'organization(code: "lam-dong/bao-lam", at: {effective: $day}) { id }'
    query = f"query ($day: Date) {{ {asked} }}"
    answer = board.post({"query": query, "variables": variables})

    assert code == _code(answer)


def test_ten_megabytes_are_refused_with_413(board: Caller) -> None:
    """The client sends all of it and still gets to read the answer."""
    answer = board.post({"query": PING, "variables": {"x": "y" * 10_000_000}})

    assert 413 == answer.status_code
    assert "REQUEST_TOO_LARGE" == _code(answer)
    assert board.get(PING)


def test_ten_megabytes_without_an_announced_length_are_refused_too(board: Caller) -> None:
    """A chunked body is counted as it comes."""

    def pieces() -> Iterator[bytes]:
        for _ in range(160):
            yield b"y" * 65_536

    answer = httpx.post(
        f"{board.installation.url}/graphql",
        content=pieces(),
        headers={"Authorization": f"Bearer {board.token}", "Content-Type": "application/json"},
        timeout=30,
    )

    assert 413 == answer.status_code
    assert "REQUEST_TOO_LARGE" == _code(answer)


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "BAD_REQUEST"),
        (b"[]", "application/json", 400, "BAD_REQUEST"),
        (b'{"query": 1}', "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "\xff"}', "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "a", "variables": ' + b"[" * 200_000, "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "{ groups { code } }"}', "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
    ids=range(6),
)
def test_a_body_that_is_no_request_is_refused(
    board: Caller, content: bytes, media_type: str, status: int, code: str
) -> None:
    """Whatever the bytes are."""
    answer = httpx.post(
        f"{board.installation.url}/graphql",
        content=content,
        headers={"Authorization": f"Bearer {board.token}", "Content-Type": media_type},
    )

    assert status == answer.status_code
    assert code == _code(answer)


def test_what_a_query_finds_is_bounded(board: Caller) -> None:
    """Lists in lists multiply; the budget of one request ends that."""
    for _ in range(12):
        board.cell()
    up_and_down = "children { nodes { parent { " * 4 + "id" + " } } }" * 4
    answer = board.post(
        {"query": f'{{ organization(code: "lam-dong/bao-lam") {{ {up_and_down} }} }}'}
    )

    assert "QUERY_TOO_LARGE" == _code(answer)
