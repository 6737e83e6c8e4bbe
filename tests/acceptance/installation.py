"""An installation of its own for a test: the real command, the real server, the real database.

Imports nothing of the product.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NGUON = str(Path(sys.executable).parent / "nguon")
START_S = 60.0


@dataclass
class Installation:
    """A home folder, and a server on a free port while one runs."""

    home: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    tokens: dict[tuple[str, ...], str] = field(default_factory=dict)

    def run(self, *arguments: str, timeout_s: float = 300) -> str:
        """What a `nguon` command prints; fails when it fails."""
        done = subprocess.run(
            [NGUON, *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def serve(self, *arguments: str) -> None:
        """Start the server and wait until it is ready."""
        self.start(*arguments)
        self.wait_until_ready()

    def start(self, *arguments: str) -> None:
        """Start the server."""
        self.port = self.port or _free_port()
        log = self._log.open("ab")
        self.process = subprocess.Popen(
            [NGUON, "serve", "--port", str(self.port), *arguments],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()

    def wait_until_ready(self) -> None:
        """Return when the server that was started answers fully."""
        assert self.process is not None
        deadline = time.monotonic() + START_S
        while not self._is_ready():
            assert self.process.poll() is None, self._log.read_text("utf-8")
            assert time.monotonic() < deadline, self._log.read_text("utf-8")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server as an operator would."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def kill(self) -> None:
        """Kill -9 the server."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)
        self.process = None

    def token(self, role: str, organization: str, *arguments: str) -> str:
        """A token from the command line."""
        given = ("token", "--role", role, "--organization", organization, *arguments)
        if given not in self.tokens:
            self.tokens[given] = self.run(*given).strip()
        return self.tokens[given]

    def ask(
        self,
        query: str,
        token: str,
        variables: dict[str, Any] | None = None,
        *,
        language: str = "en",
    ) -> dict[str, Any]:
        """The `data` of an answer that has no errors."""
        answer = self.answer(query, token, variables, language=language)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def answer(
        self,
        query: str,
        token: str,
        variables: dict[str, Any] | None = None,
        *,
        language: str = "en",
    ) -> dict[str, Any]:
        """A whole GraphQL answer, whatever its HTTP status."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            data=json.dumps({"query": query, "variables": variables or {}}).encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Accept-Language": language,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 (as above)
                body = response.read()
        except urllib.error.HTTPError as refused:
            body = refused.read()
        answer: dict[str, Any] = json.loads(body)
        return answer

    @property
    def _log(self) -> Path:
        return self.home.parent / f"serve-{self.port}.log"

    def _is_ready(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.port}/health/ready"
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("NGUON_")}
        return {**kept, "NGUON_HOME": str(self.home), **self.environment}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
