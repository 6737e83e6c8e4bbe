"""An installation in a folder of its own, run as an operator would.

And clients that speak to its server.
"""

# ruff: noqa: ANN401 - JSON goes in and comes out.

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

COMMAND_TIMEOUT_S = 60
COMMAND = (sys.executable, "-c", "from app.command_line import main; main()")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Installation:
    """A home of its own; commands run as an operator would run them."""

    home: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def variables(self) -> dict[str, str]:
        source = str(Path(__file__).parents[2] / "src")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NGUON_", "OTEL_"))}
        own = {"NGUON_HOME": str(self.home), "PYTHONPATH": source, "PORT": str(self.port)}
        return inherited | own | self.environment

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """What a command printed. One that takes too long is made to show where it stands."""
        with subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.variables() | {"PYTHONFAULTHANDLER": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                out, error = process.communicate(timeout=COMMAND_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)
                out, error = process.communicate(timeout=COMMAND_TIMEOUT_S)
        assert process.returncode == code, (arguments, process.returncode, error)
        return subprocess.CompletedProcess(arguments, process.returncode, out, error)

    def start(self, *arguments: str) -> None:
        with (self.home / "out.log").open("a") as out, (self.home / "error.log").open("a") as err:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", *arguments],
                env=self.variables(),
                stdout=out,
                stderr=err,
                text=True,
                start_new_session=True,
            )
        self.wait_until_ready()

    def wait_until_ready(self, timeout_s: float = 60) -> None:
        assert self.process is not None
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log()
            try:
                if httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(self.log())

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def log(self) -> str:
        return (self.home / "error.log").read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, role: str, organization: str, ttl: int = 3_600) -> str:
        given = ("--role", role, "--organization", organization, "--ttl", str(ttl))
        return self.run("token", *given, "--actor", f"{role}-1").stdout.strip()

    def caller(self, role: str, organization: str) -> "Caller":
        return Caller(self, self.token(role, organization))


@dataclass
class Caller:
    """Somebody with a token."""

    installation: Installation
    token: str

    def post(self, body: object, **headers: str) -> httpx.Response:
        return httpx.post(
            f"{self.installation.url}/graphql",
            json=body,
            headers={"Authorization": f"Bearer {self.token}", **headers},
            timeout=30,
        )

    def ask(self, query: str, language: str = "en", **variables: Any) -> dict[str, Any]:
        """The whole answer, errors included."""
        body = {"query": query, "variables": variables}
        answer: dict[str, Any] = self.post(body, **{"Accept-Language": language}).json()
        return answer

    def get(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = self.ask(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def do(self, mutation: str, language: str = "en", **given: Any) -> dict[str, Any]:
        """The result of a mutation, success or refusal.

        With a fresh commandId unless one is given.
        """
        name = mutation[0].upper() + mutation[1:]
        given.setdefault("commandId", str(uuid4()))
        call = f"result: {mutation}(input: $input) {{ {_shown(mutation)} }}"
        query = f"mutation ($input: {name}Input!) {{ {call} }}"
        answer = self.ask(query, language, input=given)
        assert "errors" not in answer, answer["errors"]
        result: dict[str, Any] = answer["data"]["result"]
        return result

    def cell(self, tenant: str = "lam-dong/bao-lam") -> str:
        """The code of a new grassroots cell."""
        segment = f"cell-{uuid4().hex[:12]}"
        result = self.do(
            "establishOrganization",
            occurredOn="2020-02-01",
            parent=tenant,
            name=f"Chi bộ {segment}",
            kind="GRASSROOTS_CELL",
            codeSegment=segment,
        )
        assert result["__typename"] == "OrganizationRecorded", result
        return f"{tenant}/{segment}"

    def candidate(self, cell: str, **given: Any) -> dict[str, Any]:
        """The result of identifying a person there."""
        person: dict[str, Any] = {
            "occurredOn": "2021-03-01",
            "fullName": "Nguyễn Thị Hoa",
            "birthDate": "1995-05-05",
            "sex": "FEMALE",
            "ethnicity": "Kinh",
        }
        return self.do("identifyCandidate", organization=cell, **(person | given))

    def socket(self) -> AbstractContextManager["Socket"]:
        """A connection of this caller, waiting for its acknowledgement."""
        return Socket.open(self.installation, self.token)


_REFUSAL = "... on Refusal { code message field rule source }"
_SHOWN = {
    "Organization": "OrganizationRecorded { position organization { id code name } }",
    "Target": "TargetRecorded { position target { id organization count sharePercent period } }",
    "Event": "CorrectionRecorded { position event { type sequence } }",
}
_CANDIDATE = "CandidateRecorded { position candidate { id stage fullName } findings { rule code } }"


def _shown(mutation: str) -> str:
    success = next((s for noun, s in _SHOWN.items() if mutation.endswith(noun)), _CANDIDATE)
    return f"__typename ... on {success} {_REFUSAL}"


class Socket:
    """A graphql-transport-ws client that shows every message."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    @classmethod
    @contextmanager
    def open(cls, installation: Installation, token: str) -> Iterator["Socket"]:
        """A connection that has sent its token, as the handshake's payload."""
        with cls.connect(installation) as socket:
            given = {"Authorization": f"Bearer {token}"}
            socket.send({"type": "connection_init", "payload": given})
            yield socket

    @classmethod
    @contextmanager
    def connect(cls, installation: Installation, **headers: str) -> Iterator["Socket"]:
        """A connection that has said nothing yet."""
        url = installation.url.replace("http", "ws") + "/graphql"
        protocol = Subprotocol("graphql-transport-ws")
        with connect(url, subprotocols=[protocol], additional_headers=headers) as connection:
            yield cls(connection)

    def send(self, message: object) -> None:
        self.connection.send(json.dumps(message))

    def receive(self, timeout_s: float = 15) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(timeout=timeout_s))
        return message

    def subscribe(self, query: str, **variables: object) -> None:
        assert self.receive()["type"] == "connection_ack"
        payload = {"query": query, "variables": variables}
        self.send({"id": "1", "type": "subscribe", "payload": payload})

    def cut(self) -> None:
        """Go away without a word, as a broken network does."""
        self.connection.socket.shutdown(socket.SHUT_RDWR)
