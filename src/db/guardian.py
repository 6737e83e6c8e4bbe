"""The process that keeps one embedded postmaster while somebody uses it, and stops it afterwards.

Started detached by `db.embedded`, not by hand. It knows nothing of roles, schemas or passwords.

The kernel tells it what happens: a user holds a shared lock on users.lock until it ends, however it
ends, so the exclusive lock arrives exactly when nobody is left; a pidfd tells that the postmaster
has died. So nothing is polled while all is well.
"""

import contextlib
import fcntl
import logging
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from db.cluster import (
    Account,
    Cluster,
    live_postmaster,
    open_lock,
    try_lock,
    was_ready,
    write_private,
)

_STOP_TIMEOUTS_S = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
_STOP_REPEAT_S = 0.5
_LOCK_TIMEOUT_S = 2.0
_FAILURES_MAX = 6
_BACKOFF_S, _BACKOFF_MAX_S = 0.05, 2.0
_FIRST_DESCRIPTOR, _DESCRIPTORS_END = 3, 65_536
# Below the range from which the kernel takes the ports of outgoing connections.
_PORTS = range(20_000, 32_000)
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}
_log = logging.getLogger("guardian")


class Guardian:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._woken, self._wake = os.pipe()
        self._guardian_lock = open_lock(cluster.directory, "guardian.lock")
        self._users_lock = open_lock(cluster.directory, "users.lock")

    def run(self) -> int:
        """Serve until nobody is left; 1 if the server does not start, 0 otherwise."""
        if not self._became_the_only_one():
            return 0
        signal.signal(signal.SIGTERM, lambda *_: self._leave())
        threading.Thread(target=self._await_last_user, daemon=True).start()
        try:
            return self._keep_serving()
        finally:
            # In this order: whoever gets the users' lock next must not take us for alive.
            os.close(self._guardian_lock)
            os.close(self._users_lock)

    def _became_the_only_one(self) -> bool:
        # Users probe this lock for an instant, so one refusal means nothing.
        deadline = time.monotonic() + _LOCK_TIMEOUT_S
        while not try_lock(self._guardian_lock, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def _await_last_user(self) -> None:
        fcntl.flock(self._users_lock, fcntl.LOCK_EX)
        self._leave()

    def _leave(self) -> None:
        os.write(self._wake, b"x")

    def _keep_serving(self) -> int:
        failures = 0
        while True:
            process = None
            pid = self._adopt()
            if pid is None:
                process = self._launch()
                pid = process.pid
            leaving = self._watch(pid)
            if process is not None:
                process.wait()
            if leaving:
                return 0
            failures = 0 if was_ready(self._cluster.data, pid) else failures + 1
            _log.warning("postmaster %d has ended, failed starts: %d", pid, failures)
            if failures == _FAILURES_MAX:
                return 1
            if self._is_woken(min(_BACKOFF_S * 2**failures, _BACKOFF_MAX_S)):
                return 0

    def _adopt(self) -> int | None:
        postmaster = live_postmaster(self._cluster.data)
        if postmaster is None:
            return None
        _log.info("adopting postmaster %d", postmaster.pid)
        return postmaster.pid

    def _launch(self) -> subprocess.Popen[bytes]:
        cluster = self._cluster
        _end_orphans(cluster.data)
        # PostgreSQL itself takes any process with the old number, be it a stranger or a zombie that
        # nobody reaps, for the server. We know better, and no other guardian is about.
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        settings = _SETTINGS | {"port": str(_kept_port(cluster))}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return subprocess.Popen(  # noqa: S603 - fixed program, our own paths
            cluster.command("postgres", "-D", str(cluster.data), *options),
            cwd=cluster.data.parent if cluster.account is Account.NOBODY else cluster.directory,
            env=cluster.environment(),
            stdin=subprocess.DEVNULL,
            user=cluster.uid,
            group=cluster.uid,
            extra_groups=cluster.groups,
            start_new_session=True,
        )

    def _watch(self, pid: int) -> bool:
        """Block until the postmaster dies (False), or stop it because nobody is left (True)."""
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return False
        try:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            poll.register(self._woken, select.POLLIN)
            if self._woken not in dict(poll.poll()):
                return False
            _log.info("nobody is left, or told to stop: stopping postmaster %d", pid)
            _stop(descriptor)
            return True
        finally:
            os.close(descriptor)

    def _is_woken(self, timeout_s: float) -> bool:
        return bool(select.select([self._woken], [], [], timeout_s)[0])


def _stop(process_descriptor: int) -> None:
    """A fast shutdown, which rolls back and writes a checkpoint; rougher only when that hangs."""
    for number, timeout_s in _STOP_TIMEOUTS_S:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            # Again and again: one that is just starting loses a signal.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(process_descriptor, number)
            if select.select([process_descriptor], [], [], _STOP_REPEAT_S)[0]:
                return
        _log.error("the postmaster ignored %s for %s s", number.name, timeout_s)


def _end_orphans(data: Path) -> None:
    """Kill the backends of a dead postmaster: they hold the shared memory that a start needs.

    Their transactions are lost already, and crash recovery follows in any case.
    """
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            title = (process / "cmdline").read_bytes()
            if title.startswith(b"postgres: ") and (process / "cwd").readlink() == data:
                os.kill(int(process.name), signal.SIGKILL)


def _kept_port(cluster: Cluster) -> int:
    """The port of the last start, unless a stranger took it since."""
    with contextlib.suppress(OSError, ValueError):
        port = int(cluster.port_file.read_text())
        if _is_free(port):
            return port
    while not _is_free(port := secrets.choice(_PORTS)):
        pass
    write_private(cluster.port_file, str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def main(directory: str, data: str, programs: str, account: str) -> int:
    # What the starter's parents left open (a shell's pipe, a job server) must not live on in us.
    os.closerange(_FIRST_DESCRIPTOR, _DESCRIPTORS_END)
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGHUP):
        # Not SIG_IGN, which the server would inherit and then not stop.
        signal.signal(number, lambda *_: None)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s guardian %(process)d: %(message)s")
    return Guardian(Cluster(Path(directory), Path(data), Path(programs), Account(account))).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
