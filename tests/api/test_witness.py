"""The witness as an inspection commission runs it, against a server that is watched or lies."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from tests.api.harness import Caller, Installation

OFFLINE = Path(__file__).parents[2] / "deploy" / "verify_log.py"
SEALED_S = 30


@dataclass
class Watched:
    """A tenant of its own, and a witness that watches it."""

    server: Installation
    code: str
    home: Path
    board: Caller
    token: str

    def grow(self) -> str:
        """Record something, wait until it is signed; the origin of what was."""
        cell = self.board.cell(self.code)
        query = "query ($code: String!) { events(organization: $code) { events { sequence } } }"
        [event] = self.board.get(query, code=cell)["events"]["events"]
        return self.sealed(event["sequence"])

    def sealed(self, size: int) -> str:
        """The origin of the newest checkpoint once it covers so many events."""
        query = "query ($code: String!) { found: checkpoint(organization: $code) { origin size } }"
        deadline = time.monotonic() + SEALED_S
        while True:
            found = Caller(self.server, self.token).get(query, code=self.code)["found"]
            if found is not None and found["size"] >= size:
                origin: str = found["origin"]
                return origin
            assert time.monotonic() < deadline, found
            time.sleep(0.05)

    def look(self, *arguments: str, code: int = 0) -> str:
        """What the witness says of one look."""
        given = ("--home", str(self.home), "--url", self.server.url, "--token", self.token)
        done = self.server.run("witness", *given, *arguments, "--once", code=code)
        return done.stdout.splitlines()[-1].partition(" ")[2]

    def audit(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """What the auditor's verifier says of an export, beside the witness's file."""
        export = self.home.parent / "export.jsonl"
        given = ("--organization", self.code, "--proof", "--output", str(export))
        self.server.run("export", *given)
        seen = ("--witness", str(self.home / "checkpoints.jsonl"))
        command = [sys.executable, str(OFFLINE), str(export), *seen, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        last: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return done.returncode, last


@pytest.fixture
def watched(server: Installation, tmp_path: Path) -> Watched:
    code = f"lam-dong/w-{uuid4().hex[:12]}"
    named = ("--name", "Huyện ủy Thử", "--kind", "DISTRICT", "--on", "2020-01-01")
    server.run("tenant", "add", code, *named)
    board = server.caller("board", code)
    return Watched(server, code, tmp_path / "witness", board, server.token("auditor", code))


async def owner(server: Installation) -> "asyncpg.Connection[asyncpg.Record]":
    url = server.run("database-url", "--role", "owner").stdout.strip()
    return await asyncpg.connect(url)


def test_it_watches_a_log_grow(watched: Watched) -> None:
    """And what it keeps is read by both verifiers."""
    watched.grow()
    key = watched.server.run("witness", "key", "--home", str(watched.home)).stdout.strip()
    assert watched.look().startswith(f"{watched.code}: first seen with 2 events in epoch 1")
    assert watched.look() == f"{watched.code}: unchanged with 2 events"
    watched.grow()
    assert watched.look() == f"{watched.code}: grown from 2 to 3 events"
    code, said = watched.audit("--witness-key", key)
    assert (code, said["witnessedSize"], said["provenSize"]) == (0, 3, 3)
    file = str(watched.home / "checkpoints.jsonl")
    verdict = watched.server.run("verify", "--tenant", watched.code, "--checkpoints", file).stdout
    assert verdict.startswith(f"{watched.code}: good")


async def test_a_rewritten_log_is_refused(watched: Watched) -> None:
    """Rewritten inside with all rights, the tiles made anew, and signed by the log's own key."""
    watched.grow()
    watched.look()
    connection = await owner(watched.server)
    tenant = await connection.fetchval(
        "SELECT tenant_id FROM tenant_directory() WHERE code = $1", watched.code
    )
    async with connection.transaction():
        await connection.execute(f"SET LOCAL nguon.tenant = '{tenant}'")
        await connection.execute(
            "UPDATE event SET actor = 'x' WHERE tenant_id = $1 AND position = 2", tenant
        )
        for table in ("tile", "log_tree", "signed_checkpoint"):
            await connection.execute(f"DELETE FROM {table} WHERE tenant_id = $1", tenant)  # noqa: S608 (our own names)
    await connection.close()
    memory = watched.server.home / "keys" / "log-signed" / "nguon" / watched.code / "1.signed"
    memory.unlink()
    watched.grow()

    said = watched.look(code=1)
    assert said.startswith(f"{watched.code}: REFUSED: ")
    assert len((watched.home / "refused.jsonl").read_text("utf-8").splitlines()) == 1
    assert len((watched.home / "checkpoints.jsonl").read_text("utf-8").splitlines()) == 1
    file = str(watched.home / "checkpoints.jsonl")
    given = ("--tenant", watched.code, "--checkpoints", file)
    verdict = watched.server.run("verify", *given, code=1).stdout
    assert "bad interval 1-2" in verdict
    code, found = watched.audit()
    assert (code, found["badInterval"]) == (1, [1, 2])


def test_a_new_epoch_is_told(watched: Watched) -> None:
    """By the witness, in the log, and in the trail."""
    watched.grow()
    watched.look()
    given = ("--tenant", watched.code, "--reason", "Restored from the backup of 1 May.")
    said = watched.server.run("epoch", "start", *given).stdout
    assert said == f"{watched.code}: epoch 2 began at position 3\n"
    assert watched.sealed(3) == f"nguon/{watched.code}/2"
    told = watched.look()
    assert told.startswith(f"{watched.code}: NEW EPOCH 2 with 3 events")
    query = """query ($code: String!) { auditTrail(organization: $code) { nodes { type text } } }"""
    trail = watched.board.get(query, code=watched.code)["auditTrail"]["nodes"]
    assert trail[-1] == {
        "type": "log.epoch_started",
        "text": "Epoch 2 of the log began: Restored from the backup of 1 May.",
    }
    feed = "query ($code: String!) { events(organization: $code) { events { type data } } }"
    last = watched.board.get(feed, code=watched.code)["events"]["events"][-1]
    assert (last["type"], last["data"]["signedSize"]) == ("log.epoch_started", 2)


def test_a_province_watches_all_below_it(watched: Watched) -> None:
    watched.grow()
    watched.token = watched.server.token("province", "lam-dong")
    given = ("--home", str(watched.home), "--url", watched.server.url, "--token", watched.token)
    said = watched.server.run("witness", *given, "--once").stdout
    for code in ("lam-dong", "lam-dong/duc-trong", watched.code):
        assert f" {code}: first seen with" in said


def test_what_it_may_not_see_gives_no_answer(watched: Watched) -> None:
    said = watched.look("--organization", "lam-dong/duc-trong", code=2)
    assert "There is no organization" in said
