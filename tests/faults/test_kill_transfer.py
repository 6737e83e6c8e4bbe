"""kill -9 of the server between any two steps of a hand-over: it is carried on, once.

A step is held back by a lock on the log that it is about to write to, so that each boundary is met
exactly.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from tests.acceptance.commune import Answer, Commune, mutate
from tests.acceptance.installation import Installation
from tests.profile import LONG

PROVINCE, HOME, AWAY = 1, 2, 3
DEADLINE_S = 60.0
CUTS = (
    [(done, is_received) for done in range(3) for is_received in (True, False)]
    if LONG
    else [(0, True), (1, False), (2, True)]
)
"""After how many steps the server is killed, and whether the case is received or returned."""
PIPELINE = """query Q { organization(code: "lam-dong") { pipeline { stage count } } }"""
TRANSFERS = "query Q { transfers { id state received } }"
FEED = """query F($code: String!) { events(organization: $code, first: 1000) {
  events { tenant type } } }"""


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[Installation]:
    """A served province of its own with two districts, because its server is killed."""
    made = Installation(tmp_path / "home")
    add, on = ("tenant", "add"), ("--on", "2015-01-01")
    made.run(*add, "lam-dong", "--name", "Lâm Đồng", "--kind", "PROVINCE", *on)
    for code in ("bao-lam", "di-linh"):
        made.run(*add, f"lam-dong/{code}", "--name", code, "--kind", "DISTRICT", *on)
    made.serve()
    yield made
    made.stop()


@dataclass
class Gate:
    """Holds back what is about to be written to the logs of tenants."""

    dsn: str

    async def shut(self, tenant: int) -> "asyncpg.Connection[Any]":
        """From now on nobody appends to the tenant's log until the connection is closed."""
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(f"BEGIN; SET LOCAL nguon.tenant = '{tenant}'")
        await connection.execute("SELECT FROM tenant_log WHERE tenant_id = $1 FOR UPDATE", tenant)
        return connection

    async def head(self, tenant: int) -> int:
        """The last position of a log."""
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(f"SET nguon.tenant = '{tenant}'")
        head: int = await connection.fetchval(
            "SELECT head FROM tenant_log WHERE tenant_id = $1", tenant
        )
        await connection.close()
        return head

    async def waited_at(self) -> bool:
        """Whether somebody stands before the gate."""
        connection = await asyncpg.connect(self.dsn)
        waiting: int = await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted")
        await connection.close()
        return waiting > 0


@dataclass
class Districts:
    """Two communes of two districts, and the way to the database."""

    installation: Installation
    home: Commune
    away: Commune
    people: int = 0

    def person(self) -> str:
        """One more candidate."""
        self.people += 1
        return self.home.identify(identityNumber=f"06800000{self.people:04}")

    def step(self, mutation: str, command_id: str, **fields: str) -> Answer:
        """One step of a hand-over, by the board whose turn it is."""
        board = self.home if mutation == "transferCandidate" else self.away
        given = {"commandId": command_id, **fields}
        return mutate(self.installation, board.board, mutation, given)

    async def cut(self, mutation: str, logs: list[int], done: int, **fields: str) -> None:
        """Take a step, kill the server after `done` of its appends, and have it carried on."""
        gate = Gate(self.installation.run("database-url", "--role", "owner").strip())
        command_id = str(uuid4())
        held = await gate.shut(logs[0])
        running = asyncio.create_task(asyncio.to_thread(self.step, mutation, command_id, **fields))
        for place in range(done):
            following = await gate.shut(logs[place + 1])
            head = await gate.head(logs[place])
            await held.close()
            await _until(lambda g=gate, t=logs[place], h=head: _beyond(g, t, h))
            held = following
        await _until(gate.waited_at)
        self.installation.kill()
        with suppress(OSError, asyncpg.PostgresError):
            await held.close()
        with suppress(Exception):
            await running
        self.installation.serve()
        if done == 0:
            # Nothing says that it was ever sent, so its sender does so again.
            answer = await asyncio.to_thread(self.step, mutation, command_id, **fields)
            assert answer["__typename"] == "TransferRecorded", answer

    async def reaches(self, state: str) -> dict[str, Any]:
        """The last transfer once it is in a state; everybody counts once all the while."""
        found: dict[str, Any] = {}

        async def reached() -> bool:
            assert self.counted() == self.people
            data = self.installation.ask(TRANSFERS, self.home.board)
            found.update(data["transfers"][-1] if data["transfers"] else {})
            return found.get("state") == state

        await _until(reached)
        assert self.counted() == self.people
        return found

    def counted(self) -> int:
        """All people of the province, those in transit included."""
        token = self.installation.token("province", "lam-dong")
        pipeline = self.installation.ask(PIPELINE, token)["organization"]["pipeline"]
        return sum(line["count"] for line in pipeline)


async def test_a_hand_over_survives_a_kill_between_any_two_steps(
    installation: Installation,
) -> None:
    """Received or returned: every step is there once, and nobody was ever counted twice."""
    home = Commune.establish(installation, "lam-dong/bao-lam")
    away = Commune.establish(installation, "lam-dong/di-linh")
    both = Districts(installation, home, away)
    for done, is_received in CUTS:
        candidate = both.person()
        await _until(lambda: _is(both.counted, both.people))
        await both.cut(
            "transferCandidate",
            [PROVINCE, HOME, PROVINCE],
            done,
            occurredOn="2022-03-01",
            candidate=candidate,
            organization=f"{away.code}/thon-1",
        )
        transfer = (await both.reaches("IN_TRANSIT"))["id"]
        end, log = ("acceptTransfer", AWAY) if is_received else ("returnTransfer", HOME)
        reason = {} if is_received else {"reason": "Không nhận"}
        await both.cut(
            end,
            [PROVINCE, log, PROVINCE],
            done,
            occurredOn="2022-03-05",
            transfer=transfer,
            **reason,
        )
        await both.reaches("RECEIVED" if is_received else "RETURNED")

    every, received = len(CUTS), sum(is_received for _, is_received in CUTS)
    token = installation.token("province", "lam-dong")
    events = installation.ask(FEED, token, {"code": "lam-dong"})["events"]["events"]
    types = [(event["tenant"].rpartition("/")[2], event["type"]) for event in events]
    assert types.count(("lam-dong", "transfer.decided")) == every
    assert types.count(("lam-dong", "transfer.departed")) == every
    assert types.count(("lam-dong", "transfer.completed")) == every
    assert types.count(("lam-dong", "identity.passed")) == received
    assert types.count(("bao-lam", "candidate.handed_over")) == every
    assert types.count(("bao-lam", "candidate.taken_back")) == every - received
    assert types.count(("di-linh", "candidate.received")) == received
    assert home.stages() == {"TRANSFERRED_OUT": received, "IDENTIFIED": every - received}
    assert away.stages() == {"IDENTIFIED": received}


async def _beyond(gate: Gate, tenant: int, head: int) -> bool:
    return await gate.head(tenant) > head


async def _is(count: Any, expected: int) -> bool:  # noqa: ANN401
    return bool(count() == expected)


async def _until(holds: Any) -> None:  # noqa: ANN401
    """Wait for something, not for ever."""
    async with asyncio.timeout(DEADLINE_S):
        while not await holds():  # noqa: ASYNC110 (what is waited for is in another process)
            await asyncio.sleep(0.05)
