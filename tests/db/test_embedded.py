"""The embedded server with real processes that are really killed; every home is a tmp_path."""

import asyncio
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from db import cluster as cluster_module
from db.cluster import Account, Cluster, live_postmaster, locate
from db.embedded import EmbeddedPostgres, EmbeddedPostgresError

SOURCE = Path(__file__).parents[2] / "src"
USER = """
import asyncio, sys
from pathlib import Path
from db.embedded import EmbeddedPostgres

async def main():
    async with EmbeddedPostgres(Path(sys.argv[1])) as server:
        print(server.owner_url, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""
IS_ROOT = os.geteuid() == 0


def data_of(home: Path) -> Path:
    return home.resolve() / "postgres" / "data"


def server_processes(home: Path) -> set[int]:
    """Guardian, postmaster and backends of this home; a zombie has no command line."""
    directory = os.fsencode(home.resolve() / "postgres")
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes()
            ours = directory in words and (b"db.guardian" in words or b"/bin/postgres" in words)
            if ours or (words and (process / "cwd").readlink() == data_of(home)):
                found.add(int(process.name))
    return found


def guardian_of(home: Path) -> int:
    found = [
        pid
        for pid in server_processes(home)
        if b"db.guardian" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    assert len(found) == 1
    return found[0]


def postmaster_of(home: Path) -> int:
    postmaster = live_postmaster(data_of(home))
    assert postmaster is not None
    return postmaster.pid


async def until(reached: Callable[[], bool], timeout_s: float = 10) -> None:
    async with asyncio.timeout(timeout_s):
        while not reached():  # noqa: ASYNC110 - other processes cause it
            await asyncio.sleep(0.01)


async def all_gone(home: Path) -> None:
    await until(lambda: not server_processes(home))


async def killed(pid: int) -> None:
    """Its descriptor tells the end; its memory, and so its command line, goes before its locks."""
    descriptor = os.pidfd_open(pid)
    try:
        os.kill(pid, signal.SIGKILL)
        await until(lambda: bool(select.select([descriptor], [], [], 0)[0]))
    finally:
        os.close(descriptor)


async def value(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@contextlib.contextmanager
def user_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(home)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def leave(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=20) == 0


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Path]:
    path = tmp_path / "home"
    yield path
    await all_gone(path)


async def test_the_first_start_makes_two_roles_without_special_rights(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        connection = await asyncpg.connect(server.app_url)
        roles = await connection.fetch(
            """SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit
               FROM pg_roles WHERE rolname LIKE 'nguon%' ORDER BY rolname"""
        )
        owned = await connection.fetchval(
            "SELECT count(*) FROM pg_class WHERE relowner = 'nguon_app'::regrole"
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id bigint)")
        await connection.close()
        assert [tuple(role) for role in roles] == [
            ("nguon_app", False, False, False, False, False),
            ("nguon_owner", False, False, False, False, True),
        ]
        assert owned == 0
        owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'nguon'"
        assert await value(server.owner_url, owner) == "nguon_owner"
        assert await value(
            server.superuser_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        )


async def test_commits_are_durable_and_only_this_machine_with_a_password_connects(
    home: Path,
) -> None:
    async with EmbeddedPostgres(home) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await value(server.app_url, f"SHOW {name}") == "on"
        assert await value(server.app_url, "SHOW listen_addresses") == "127.0.0.1"
        assert await value(server.superuser_url, "SHOW unix_socket_directories") == ""
        assert await value(server.app_url, "SHOW server_encoding") == "UTF8"
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.app_url, password="wrong")
        for path in (home / "postgres").glob("*.password"):
            assert path.stat().st_mode & 0o777 == 0o600
        assert (home / "postgres").stat().st_mode & 0o777 == 0o700


async def test_processes_share_one_server_and_it_stops_with_the_last(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        with user_process(home) as other:
            assert await asyncio.to_thread(said, other) == server.owner_url
            leave(other)
        assert await value(server.app_url, "SELECT 1") == 1
        assert len(server_processes(home)) > 2
    await all_gone(home)


async def test_a_killed_postmaster_returns_on_its_port_with_what_was_committed(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        before, url = postmaster_of(home), server.owner_url
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        await killed(before)
        await server.ensure_running()
        connection.terminate()
        assert server.owner_url == url
        assert await value(url, "SELECT answer FROM kept") == 42
        assert postmaster_of(home) != before


async def test_a_backend_that_outlives_its_postmaster_does_not_hinder_the_restart(
    home: Path,
) -> None:
    async with EmbeddedPostgres(home) as server:
        connection = await asyncpg.connect(server.owner_url)
        # A loop notices neither the client's end nor the postmaster's.
        busy = asyncio.create_task(
            connection.execute("DO $$ BEGIN FOR i IN 1..2000000000 LOOP END LOOP; END $$")
        )
        await asyncio.sleep(0.1)  # until it has reached the server
        await killed(postmaster_of(home))
        await server.ensure_running()
        assert await value(server.app_url, "SELECT 1") == 1
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            await busy
        connection.terminate()


async def test_killing_the_only_user_leaves_nothing_running(home: Path) -> None:
    with user_process(home) as user:
        assert await asyncio.to_thread(said, user)
        user.kill()
        await until(lambda: not server_processes(home), timeout_s=5)


async def test_a_new_guardian_adopts_the_server_of_a_killed_one(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        guardian, postmaster = guardian_of(home), postmaster_of(home)
        await killed(guardian)
        await server.ensure_running()
        assert guardian_of(home) != guardian
        assert postmaster_of(home) == postmaster
        await killed(guardian_of(home))
    # Nobody asked since, and yet the last one to leave has it stopped.
    await all_gone(home)


async def test_killed_guardian_and_postmaster_are_both_replaced(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        url = server.app_url
        await killed(guardian_of(home))
        await killed(postmaster_of(home))
        await server.ensure_running()
        assert server.app_url == url
        assert await value(url, "SELECT 1") == 1


async def test_two_first_starts_at_once_make_one_server(home: Path) -> None:
    with user_process(home) as one, user_process(home) as other:
        first = await asyncio.to_thread(said, one)
        assert first
        assert first == await asyncio.to_thread(said, other)
        assert guardian_of(home)
        leave(one)
        leave(other)


async def test_a_start_while_the_server_stops_waits_and_starts_afresh(home: Path) -> None:
    before = 0
    for _ in range(4):
        async with EmbeddedPostgres(home) as server:
            assert await value(server.app_url, "SELECT 1") == 1
            assert postmaster_of(home) != before
            before = postmaster_of(home)


async def test_a_home_below_a_private_folder_and_with_spaces_works(tmp_path: Path) -> None:
    private = tmp_path / "private folder"
    private.mkdir(mode=0o700)
    async with EmbeddedPostgres(private / "nguồn") as server:
        assert await value(server.app_url, "SELECT 1") == 1
    await all_gone(private / "nguồn")


async def test_a_stale_file_that_names_a_living_foreign_process_is_no_server(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        port = server.port
    await all_gone(home)
    data = data_of(home)
    for pid in (os.getpid(), 4_194_303):  # a reused number, and one that no process has
        (data / "postmaster.pid").write_text(
            f"{pid}\n{data}\n{int(time.time())}\n{port}\n\n127.0.0.1\n0 0\nready   \n"
        )
        assert live_postmaster(data) is None
        async with EmbeddedPostgres(home) as server:
            assert await value(server.app_url, "SELECT 1") == 1
        await all_gone(home)


async def test_the_port_is_kept_unless_a_stranger_has_it(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        port = server.port
    await all_gone(home)
    async with EmbeddedPostgres(home) as server:
        assert server.port == port
    await all_gone(home)
    with socket.create_server(("127.0.0.1", port)):
        async with EmbeddedPostgres(home) as server:
            assert server.port != port
            assert await value(server.app_url, "SELECT 1") == 1


async def test_an_interrupted_set_up_is_completed_by_the_next_start(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        await value(server.superuser_url, "DROP DATABASE nguon")
        await value(server.superuser_url, "DROP ROLE nguon_app")
    (home / "postgres" / "bootstrapped").unlink()
    (home / "postgres" / "data-unfinished-0").mkdir()
    await all_gone(home)
    async with EmbeddedPostgres(home) as server:
        assert await value(server.app_url, "SELECT 1") == 1


async def test_a_server_that_cannot_start_is_a_clear_error_with_its_log(home: Path) -> None:
    async with EmbeddedPostgres(home):
        pass
    await all_gone(home)
    with (data_of(home) / "postgresql.conf").open("a") as configuration:
        configuration.write("\nnonsense = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="nonsense"):
        async with EmbeddedPostgres(home):
            pytest.fail("it cannot have started")


class LateSight(EmbeddedPostgres):
    """Its guardian takes the lock just after it was seen to be free."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.seen = [False, True]

    def _is_guarded(self, cluster: Cluster) -> bool:
        is_ours_alive = self._guardian is not None and not self._guardian.done()
        return self.seen.pop(0) if is_ours_alive and self.seen else super()._is_guarded(cluster)


@pytest.mark.timeout(30)
async def test_a_guardian_that_takes_its_lock_at_that_moment_is_not_waited_for(home: Path) -> None:
    async with LateSight(home) as server:
        assert await value(server.app_url, "SELECT 1") == 1


async def test_nothing_works_outside_the_block(home: Path) -> None:
    server = EmbeddedPostgres(home)
    with pytest.raises(EmbeddedPostgresError):
        await server.ensure_running()
    async with server:
        pass
    with pytest.raises(EmbeddedPostgresError):
        _ = server.app_url


@pytest.mark.skipif(not IS_ROOT, reason="only root needs another account")
async def test_root_without_user_namespaces_uses_the_account_nobody(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="nguon-test-") as elsewhere:
        os.chown(elsewhere, 65534, 65534)
        monkeypatch.setattr(cluster_module, "_ELSEWHERE", Path(elsewhere))
        monkeypatch.setattr(cluster_module, "_namespace_works", lambda *_: False)
        for _ in range(2):
            async with EmbeddedPostgres(home) as server:
                assert await value(server.app_url, "SELECT 1") == 1
                assert locate(home).account is Account.NOBODY
                await assert_works_as_nobody(locate(home).data)
                await server.ensure_running()
                assert await value(server.app_url, "SELECT 1") == 1
        await until(lambda: live_postmaster(locate(home).data) is None)
        await all_gone(home)


async def assert_works_as_nobody(data: Path) -> None:
    postmaster = live_postmaster(data)
    assert postmaster is not None
    assert os.stat(f"/proc/{postmaster.pid}").st_uid == 65534  # noqa: PTH116 - ASYNC240 says so
    os.kill(postmaster.pid, signal.SIGKILL)
    await until(lambda: live_postmaster(data) != postmaster)


@pytest.mark.skipif(not IS_ROOT, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_starts_it_too() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="nguon-test-") as folder:
        os.chown(folder, 65534, 65534)
        if _as_nobody("import asyncpg, db.embedded", folder).returncode != 0:
            pytest.skip("the account nobody cannot read this interpreter or this checkout")
        result = _as_nobody(USER, folder)
        assert result.returncode == 0, result.stderr
        assert result.stdout.startswith("postgresql://nguon_owner:")
        deadline = time.monotonic() + 10
        while server_processes(Path(folder)):
            assert time.monotonic() < deadline


def _as_nobody(program: str, home: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [sys.executable, "-c", program, home],
            env={"PYTHONPATH": str(SOURCE), "PATH": os.defpath},
            cwd="/",
            user=65534,
            group=65534,
            extra_groups=[],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except PermissionError as error:
        return subprocess.CompletedProcess([], 126, "", str(error))
