"""The feed.

Every event once, in order, resumable, no longer than the token, and by one protocol only.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest
from tests.api.harness import Caller, Installation, Socket
from tests.profile import at_length
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

FEED = """subscription ($c: String!, $after: Position, $types: [String!]) {
  events(organization: $c, after: $after, types: $types) {
    position tenant sequence organization type data } }"""
CUTS = 20
PAGE = """query ($c: String!, $after: Position) {
  events(organization: $c, after: $after, first: 7) {
  next more events { position sequence } } }"""


def _fill(board: Caller, people: int) -> str:
    cell = board.cell()
    for _ in range(people):
        board.candidate(cell)
    return cell


def test_pages_hold_every_event_once_in_order(board: Caller) -> None:
    """From the first event to the last, whatever else the tenant records."""
    cell = _fill(board, 15)
    seen: list[int] = []
    after, more = None, True
    while more:
        page = board.get(PAGE, c=cell, after=after)["events"]
        seen += [event["sequence"] for event in page["events"]]
        after, more = page["next"], page["more"]

    assert len(seen) == 16
    assert sorted(set(seen)) == seen


@dataclass
class Follower:
    """Somebody who follows an organization's feed and takes note of one cell's events."""

    caller: Caller
    code: str
    cell: str
    position: str
    seen: list[tuple[str, int]] = field(default_factory=list)

    def read_until(self, count: int) -> None:
        """Read on from the last position until so many events are seen, then be cut off."""
        with self.caller.socket() as socket:
            socket.subscribe(FEED, c=self.code, after=self.position)
            while len(self.seen) < count:
                event = socket.receive()["payload"]["data"]["events"]
                self.position = event["position"]
                if event["organization"] == self.cell:
                    self.seen.append((event["tenant"], event["sequence"]))
            socket.cut()


@pytest.mark.parametrize(("feed", "events"), [("cell", at_length(300)), ("lam-dong", 200)])
def test_a_subscriber_that_is_cut_off_gets_every_event_once(
    board: Caller, province: Caller, feed: str, events: int
) -> None:
    """20 cuts at any point, back with the last position, while 8 writers record."""
    cell = board.cell()
    start = board.candidate(cell)["position"]
    follower = Follower(board, cell, cell, start)
    if feed != "cell":
        follower = Follower(province, feed, cell, start)
    cuts = sorted(random.Random(20).sample(range(1, events), CUTS))
    with ThreadPoolExecutor(8) as writers:
        written = [writers.submit(board.candidate, cell) for _ in range(events)]
        for count in [*cuts, events]:
            follower.read_until(count)
        for each in written:
            assert each.result()["__typename"] == "CandidateRecorded"

    assert len(follower.seen) == events
    assert sorted(set(follower.seen)) == follower.seen


def test_a_new_event_arrives_at_once_and_types_are_filtered(board: Caller) -> None:
    """Well before the next poll; only what was asked for, without personal fields."""
    cell = board.cell()
    with board.socket() as socket:
        socket.subscribe(FEED, c=cell, types=["candidate.identified"])
        time.sleep(0.2)
        board.candidate(cell)
        started = time.monotonic()
        event = socket.receive()["payload"]["data"]["events"]

    assert time.monotonic() - started < 0.9
    assert "candidate.identified" == event["type"]
    assert "Hoa" not in str(event["data"])


def test_a_connection_ends_with_its_token(server: Installation) -> None:
    """With a frame that says why."""
    with Socket.open(server, server.token("board", "lam-dong/bao-lam", ttl=3)) as socket:
        socket.subscribe(FEED, c="lam-dong/bao-lam", types=["nothing"])
        with pytest.raises(ConnectionClosed) as closed:
            socket.receive(10)

    assert closed.value.rcvd is not None
    assert (4401, "TOKEN_EXPIRED") == (closed.value.rcvd.code, closed.value.rcvd.reason)


def test_a_bad_token_opens_no_connection(server: Installation) -> None:
    """The socket is closed before it is acknowledged."""
    with Socket.open(server, "forged") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.receive()

    assert closed.value.rcvd is not None
    assert 4403 == closed.value.rcvd.code


def test_the_token_may_come_with_the_handshake(board: Caller) -> None:
    """For clients that can set headers."""
    headers = {"Authorization": f"Bearer {board.token}"}
    with Socket.connect(board.installation, **headers) as socket:
        socket.send({"type": "connection_init"})
        answer = socket.receive()

    assert "connection_ack" == answer["type"]


def test_the_legacy_protocol_is_not_spoken(server: Installation) -> None:
    """`graphql-ws` is refused with the code for it."""
    url = server.url.replace("http", "ws") + "/graphql"
    with connect(url) as connection, pytest.raises(ConnectionClosed) as closed:
        connection.recv(timeout=10)

    assert closed.value.rcvd is not None
    assert 4406 == closed.value.rcvd.code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { events(organization: "lam-dong") { type } }', "ORGANIZATION_NOT_FOUND"),
    ],
)
def test_a_refused_subscription_says_why(board: Caller, query: str, code: str) -> None:
    """And the connection serves the next one."""
    with board.socket() as socket:
        socket.subscribe(query)
        message = socket.receive()
    errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]

    assert code == errors[0]["extensions"]["code"]


@pytest.mark.parametrize(
    "message", ["no JSON", "[]", '{"type": "unknown"}', '{"no": "type"}', "null"]
)
def test_nonsense_closes_only_its_own_connection(board: Caller, message: str) -> None:
    """With the protocol's code for a bad message."""
    with board.socket() as socket:
        socket.receive()
        socket.connection.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            socket.receive()

    assert closed.value.rcvd is not None
    assert 4400 == closed.value.rcvd.code
    assert 200 == httpx.get(f"{board.installation.url}/health/live").status_code
