"""A stand-in for a vault's KV secrets engine of version 2, and a real OpenBao where there is one.

The stand-in answers as OpenBao 2.7 was seen to answer; the contract suite runs against both.
"""

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

TOKEN: Final = "a-token-for-tests"
MISMATCH: Final = "check-and-set parameter did not match the current version"
Answer = tuple[int, object]
Body = dict[str, Any]


@dataclass
class Stored:
    """One secret's versions, the first of which is number 1; None is destroyed."""

    versions: list[dict[str, Any] | None] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)


class StandIn(ThreadingHTTPServer):
    """One mount, `secret`, in memory."""

    daemon_threads = False

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.secrets: dict[str, Stored] = {}
        self.lock = threading.Lock()
        self.sealed = False
        self.asked: list[str] = []
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away, as one that refuses the certificate does, is no news."""

    def answer(self, method: str, path: str, body: Body) -> Answer:
        _, _, mount, operation, name = path.split("/", 4)
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if mount != "secret":
            return 404, {"errors": [f'no handler for route "{path}". route entry not found.']}
        match method, operation:
            case "GET", "data":
                return self.read(name)
            case "POST", "data":
                return self.write(name, body)
            case "GET", "metadata":
                return self.listed(name)
            case _:
                return self.destroy(name, body)

    def read(self, name: str) -> Answer:
        stored = self.secrets.get(name)
        if stored is None:
            return 404, {"errors": []}
        data = None if 1 in stored.deleted else stored.versions[0]
        metadata = {
            "created_time": "2026-11-21T06:38:03.249145096Z",
            "custom_metadata": None,
            "deletion_time": "2026-11-21T06:38:03.290915888Z" if 1 in stored.deleted else "",
            "destroyed": stored.versions[0] is None,
            "version": 1,
        }
        return 200 if data else 404, {"data": {"data": data, "metadata": metadata}}

    def write(self, name: str, body: Body) -> Answer:
        current = self.secrets.get(name, Stored())
        if body["options"]["cas"] != len(current.versions):
            return 400, {"errors": [MISMATCH]}
        current.versions.append(body["data"])
        self.secrets[name] = current
        return 200, {"data": {"destroyed": False, "version": len(current.versions)}}

    def listed(self, name: str) -> Answer:
        below = sorted(
            key.removeprefix(f"{name}/") for key in self.secrets if key.startswith(f"{name}/")
        )
        return (200, {"data": {"keys": below}}) if below else (404, {"errors": []})

    def destroy(self, name: str, body: Body) -> Answer:
        stored = self.secrets.get(name, Stored())
        for version in body["versions"]:
            stored.versions[version - 1 : version] = [None] if stored.versions else []
        return 204, None


class Handler(BaseHTTPRequestHandler):
    """HTTP around the stand-in; a wrong token is refused."""

    server: StandIn
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        self.respond({})

    def do_POST(self) -> None:
        self.respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def respond(self, body: Body) -> None:
        if self.headers["X-Vault-Token"] != TOKEN:
            status: int = 403
            answer: object = {"errors": ["1 error occurred:\n\t* permission denied\n\n"]}
        else:
            with self.server.lock:
                self.server.asked.append(f"{self.command} {self.path}")
                path = urlsplit(self.path).path
                status, answer = self.server.answer(self.command, path, body)
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@contextmanager
def stand_in(tls: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """A stand-in that serves as long as the block."""
    with StandIn(tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def openbao() -> str | None:
    """The program, where it is installed."""
    return shutil.which("bao")


@contextmanager
def real_vault(folder: Path) -> Iterator[str]:
    """The URL of an OpenBao in memory, with the mount `secret` and TOKEN as its root token."""
    program = openbao()
    assert program is not None
    url = f"http://127.0.0.1:{free_port()}"
    command = [program, "server", "-dev", "-dev-no-store-token", f"-dev-root-token-id={TOKEN}"]
    with (
        (folder / "bao.log").open("wb") as log,
        subprocess.Popen(
            [*command, f"-dev-listen-address={urlsplit(url).netloc}"],
            stdout=log,
            stderr=log,
            env={"HOME": str(folder)},
        ) as process,
    ):
        try:
            await_mount(url)
            yield url
        finally:
            process.terminate()


def await_mount(url: str) -> None:
    """The development server mounts `secret` a moment after it listens."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            ask(url, "GET", "secret/config")
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no vault answers at {url}")


def ask(
    url: str, method: str, path: str, body: object = None, token: str = TOKEN
) -> httpx.Response:
    """What the vault's operator does with it, unless it is somebody else's token."""
    answer = httpx.request(method, f"{url}/v1/{path}", json=body, headers={"X-Vault-Token": token})
    return answer.raise_for_status()


def empty_vault(url: str) -> None:
    """The mount `secret`, made anew."""
    ask(url, "DELETE", "sys/mounts/secret")
    ask(url, "POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}})
    await_mount(url)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
