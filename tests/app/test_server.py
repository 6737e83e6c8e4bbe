"""The server process among others: ports, signals, and a database that dies under it."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.api.harness import Caller, Installation
from websockets.exceptions import ConnectionClosed

FEED = 'subscription { events(organization: "lam-dong/bao-lam") { sequence } }'
TENANTS = (("lam-dong", "PROVINCE"), ("lam-dong/bao-lam", "DISTRICT"))


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    found = Installation(tmp_path_factory.mktemp("home"))
    for code, kind in TENANTS:
        found.run("tenant", "add", code, "--name", code, "--kind", kind, "--on", "2020-01-01")
    found.start()
    yield found
    if found.process is not None and found.process.poll() is None:
        found.stop()
    assert not _alive(found)


def _postmaster(installation: Installation) -> int:
    [found] = installation.home.rglob("postmaster.pid")
    return int(found.read_text().splitlines()[0])


def _alive(installation: Installation, timeout_s: float = 20) -> list[str]:
    """The processes that still work in the home, after giving them time to end."""
    deadline = time.monotonic() + timeout_s
    while (found := _working_in(installation.home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _working_in(home: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            place = str((entry / "cwd").readlink())
        except OSError:
            continue
        if os.fsencode(home) in command or place.startswith(str(home)):
            found.append(command.decode(errors="replace"))
    return found


def test_start_prints_the_address_and_what_durability_rests_on(installation: Installation) -> None:
    """PostgreSQL's defaults."""
    shown = (installation.home / "out.log").read_text()

    assert installation.url in shown
    assert "fsync=on synchronous_commit=on full_page_writes=on" in shown


def test_a_busy_port_is_refused_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In one sentence, before a database is started."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", installation.port))
        taken.listen()
        refused = installation.run("serve", code=1)

    assert str(installation.port) in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (installation.home / "postgres").exists()


def test_a_second_server_on_the_same_port_is_refused(installation: Installation) -> None:
    """Granian alone would share it."""
    assert "cannot be listened on" in installation.run("serve", code=1).stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_stop_closes_subscriptions_with_a_frame(installation: Installation, number: int) -> None:
    """Exit code 0, nothing stays running."""
    with installation.caller("board", "lam-dong/bao-lam").socket() as client:
        client.subscribe(FEED)
        told = [client.receive() for _ in ("established", "adopted")]
        assert all(told)
        assert installation.process is not None
        installation.process.send_signal(number)
        with pytest.raises(ConnectionClosed) as closed:
            client.receive()

    assert closed.value.rcvd is not None
    assert 1001 == closed.value.rcvd.code
    assert 0 == installation.process.wait(30), installation.log()
    assert not _alive(installation)


def test_a_killed_server_leaves_nothing_running_and_loses_nothing(
    installation: Installation,
) -> None:
    """What was acknowledged is there after the next start."""
    board = installation.caller("board", "lam-dong/bao-lam")
    cell = board.cell()
    installation.stop(signal.SIGKILL)

    assert not _alive(installation)
    installation.start()
    assert board.get(f'{{ organization(code: "{cell}") {{ code }} }}')


def test_a_killed_database_comes_back_under_the_server(installation: Installation) -> None:
    """Requests wait or get a typed error; afterwards reading, writing and following go on."""
    board = installation.caller("board", "lam-dong/bao-lam")
    before = board.cell()
    with board.socket() as client:
        client.subscribe(FEED)
        while client.receive()["payload"]["data"]["events"]["sequence"] < 2:
            pass
        os.kill(_postmaster(installation), signal.SIGKILL)
        answer = board.ask(f'{{ organization(code: "{before}") {{ code }} }}')
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        assert codes <= {"DATABASE_UNAVAILABLE"}
        _until_served(board)
        board.cell()
        event = client.receive(30)["payload"]["data"]["events"]

    assert 3 == event["sequence"]
    assert 200 == httpx.get(f"{installation.url}/health/live").status_code


def _until_served(board: Caller, timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while "errors" in board.ask('{ organization(code: "lam-dong/bao-lam") { code } }'):
        assert time.monotonic() < deadline, board.installation.log()
        time.sleep(0.1)


def test_without_a_worker_another_process_moves_the_projections(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The server is not ready until somebody does."""
    installation = Installation(tmp_path_factory.mktemp("home"))
    installation.run("tenant", "add", "lam-dong", "--name", "X", "--kind", "PROVINCE")
    installation.start("--no-worker")
    stopped = installation.stop()

    assert 0 == stopped
    assert not _alive(installation)
