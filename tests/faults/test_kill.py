"""kill -9 of the server and of PostgreSQL in the middle of 500 mutations.

Nothing acknowledged is lost, nothing left over.
"""

import json
import os
import signal
import threading
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.installation import Installation
from tests.profile import at_length

MUTATIONS = at_length(500)
WRITERS = 8
KILLS = ("server", "postgres") * at_length(2)
NAMESPACE = UUID("6a3f5c3e-0d5c-4a54-9c8c-0f5a2a2a7c11")
IDENTIFY = """mutation M($input: IdentifyCandidateInput!) { identifyCandidate(input: $input) {
  __typename ... on CandidateRecorded { position candidate { id } } ... on Refusal { code } } }"""
FEED = """query F($after: Position) {
  events(organization: "lam-dong/bao-lam", after: $after, first: 500) {
  events { sequence type subject } next more } }"""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A served district of its own, because its processes are killed."""
    installation = Installation(tmp_path / "home")
    add, on = ("tenant", "add"), ("--on", "2015-01-01")
    installation.run(*add, "lam-dong", "--name", "Lâm Đồng", "--kind", "PROVINCE", *on)
    installation.run(*add, "lam-dong/bao-lam", "--name", "Bảo Lâm", "--kind", "DISTRICT", *on)
    installation.serve()
    yield installation
    installation.stop()


def test_every_acknowledged_mutation_survives_kills(installation: Installation) -> None:
    """Positions have no gap, each command is there once, and the projections catch up."""
    commune = Commune.establish(installation, "lam-dong/bao-lam")
    acknowledged: dict[int, str] = {}
    finished = threading.Event()
    killer = threading.Thread(
        target=_kill_now_and_then, args=(installation, acknowledged, finished)
    )
    killer.start()
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(lambda number: _identify(commune, number, acknowledged), range(MUTATIONS)))
    finished.set()
    killer.join()

    events = _all_events(installation, commune.board)
    identified = [e["subject"] for e in events if e["type"] == "candidate.identified"]

    assert [e["sequence"] for e in events] == list(range(1, len(events) + 1))
    assert sorted(identified) == sorted(acknowledged.values())
    assert len(set(identified)) == MUTATIONS
    installation.stop()
    installation.serve()
    assert commune.stages() == {"IDENTIFIED": MUTATIONS}


def test_nothing_stays_running_after_a_kill_of_the_only_server(installation: Installation) -> None:
    """The database stops by itself when its last user is gone, however it went."""
    postmaster = _postmaster(installation)
    assert postmaster is not None

    installation.kill()

    deadline = time.monotonic() + 20
    while _alive(postmaster) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(postmaster)


def _identify(commune: Commune, number: int, acknowledged: dict[int, str]) -> None:
    """Sends the same command until it is answered; a client that was cut off does just that."""
    given = {
        "commandId": str(uuid5(NAMESPACE, str(number))),
        "occurredOn": "2022-01-10",
        "organization": f"{commune.code}/thon-{1 + number % 2}",
        "fullName": f"Người Thử {number}",
        "birthDate": "1995-05-05",
        "sex": "FEMALE",
    }
    deadline = time.monotonic() + 120
    while True:
        try:
            answer = commune.installation.answer(IDENTIFY, commune.board, {"input": given})
        except (OSError, urllib.error.URLError, json.JSONDecodeError):
            answer = {}
        result = (answer.get("data") or {}).get("identifyCandidate") or {}
        if result.get("__typename") == "CandidateRecorded":
            acknowledged[number] = result["candidate"]["id"]
            return
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)


def _kill_now_and_then(
    installation: Installation, acknowledged: dict[int, str], finished: threading.Event
) -> None:
    """One kill each time another fifth of the mutations is acknowledged."""
    for i, victim in enumerate(KILLS, start=1):
        while len(acknowledged) < i * MUTATIONS // (len(KILLS) + 1) and not finished.is_set():
            time.sleep(0.005)
        if victim == "server":
            installation.kill()
            installation.serve()
        elif (pid := _postmaster(installation)) is not None:
            os.kill(pid, signal.SIGKILL)


def _postmaster(installation: Installation) -> int | None:
    file = installation.home / "postgres" / "data" / "postmaster.pid"
    try:
        return int(file.read_text("utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _all_events(installation: Installation, token: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    after = None
    while True:
        page = installation.ask(FEED, token, {"after": after})["events"]
        events += page["events"]
        after = page["next"]
        if not page["more"]:
            return events
