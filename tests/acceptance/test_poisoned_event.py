"""One event of one tenant cannot be read: everybody else's figures go on, and an operator decides.

The event is written past the application, as by a newer program or a damaged disk.
"""

import asyncio
import json
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from tests.acceptance.commune import Commune, served_province
from tests.acceptance.installation import NGUON, Installation

POISONED, SOUND = "lam-dong/bao-lam", "lam-dong/di-linh"
REASON = "Ghi từ phiên bản mới hơn, đã lập lại bằng tay"
WAIT_S = 60.0
INSERT = """
INSERT INTO event
SELECT tenant_id, $2, gen_random_uuid(), 1, gen_random_uuid(), type, 99, organization_id,
  effective_on, now(), actor, causation_id, correlation_id, data, person_id, sealed
FROM event WHERE tenant_id = $1 AND type = 'candidate.identified' LIMIT 1
"""
PIPELINE = """query Q($code: String!) { organization(code: $code) { pipeline { stage count } } }"""
TRAIL = """query Q($code: String!, $after: String) {
  auditTrail(organization: $code, first: 500, after: $after) {
    nodes { type text actor } pageInfo { hasNextPage endCursor } } }"""


class Collector(ThreadingHTTPServer):
    """Takes what an OpenTelemetry exporter sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.bodies: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def last(self, name: str) -> dict[str, float]:
        """The last value of a gauge by projection, of those that are not 0."""
        found: dict[tuple[str, int], float] = {}
        for body in self.bodies:
            request = ExportMetricsServiceRequest.FromString(body)
            for resource in request.resource_metrics:
                for scope in resource.scope_metrics:
                    for metric in (each for each in scope.metrics if each.name == name):
                        for point in metric.gauge.data_points:
                            keys = {each.key: each.value for each in point.attributes}
                            whose = keys["projection"].string_value, keys["tenant"].int_value
                            found[whose] = point.as_int or point.as_double
        assert found
        return {f"{each} of {tenant}": value for (each, tenant), value in found.items() if value}


class _Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/v1/metrics"):
            self.server.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


@contextmanager
def collecting() -> Iterator[Collector]:
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        yield collector
        collector.shutdown()
        thread.join()


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture
def installation(tmp_path: Path, collector: Collector) -> Iterator[Installation]:
    """A served province of its own, because nobody else can use it afterwards."""
    with served_province(tmp_path / "home") as made:
        made.stop()
        made.environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
        made.serve()
        yield made


def test_a_poisoned_event_stops_its_tenants_projection_alone_until_it_is_skipped(
    installation: Installation, collector: Collector
) -> None:
    """Health and metrics say so, also after a restart; the skip is in the audit trail."""
    here, there = (Commune.establish(installation, code) for code in (POISONED, SOUND))
    here.identify()
    there.identify()
    tenant, position = asyncio.run(poison(installation, POISONED))
    wait_until(lambda: {each["projection"] for each in standing(installation)} >= {"pipeline"})
    told = standing(installation)
    assert {(each["tenant"], each["position"]) for each in told} == {(POISONED, position - 1)}
    assert all(f"event {position} of tenant {tenant}" in each["reason"] for each in told)
    names = {each["projection"] for each in told}
    assert "organization" not in names

    here.identify()
    there.identify()
    wait_until(lambda: there.stages() == {"IDENTIFIED": 2})
    assert progress(installation, POISONED, "organization")[4] == "0"
    assert figures(installation, POISONED) == {"IDENTIFIED": 1}
    installation.stop()
    stopped = collector.last("nguon.projection.stopped")
    assert stopped == {f"{name} of {tenant}": 1 for name in names}
    for gauge in ("nguon.projection.lag", "nguon.projection.waiting"):
        assert collector.last(gauge).keys() == stopped.keys()

    installation.serve()
    assert standing(installation) != []
    refused = subprocess.run(
        [NGUON, *skipping("pipeline", position + 1)],
        env=installation._environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"stopped before event {position}, not {position + 1}" in refused.stderr
    for name in names:
        assert progress(installation, POISONED, name)[6]
        installation.run(*skipping(name, position))
    wait_until(lambda: standing(installation) == [])
    wait_until(lambda: figures(installation, POISONED) == {"IDENTIFIED": 2})
    found = [e for e in trail(installation) if e["type"] == "projection.event_skipped"]
    assert len(found) == len(names)
    assert all(each["actor"] == "operator" and REASON in each["text"] for each in found)
    assert all(f"event {position}" in each["text"] for each in found)


async def poison(installation: Installation, code: str) -> tuple[int, int]:
    """Append an event of a version that nobody knows; its tenant and position."""
    dsn = await asyncio.to_thread(installation.run, "database-url", "--role", "owner")
    connection = await asyncpg.connect(dsn.strip())
    try:
        async with connection.transaction():
            tenant = await connection.fetchval("SELECT tenant_id FROM tenant WHERE code = $1", code)
            await connection.execute(f"SET LOCAL nguon.tenant = '{tenant}'")
            position = await connection.fetchval(
                "UPDATE tenant_log SET head = head + 1 WHERE tenant_id = $1 RETURNING head", tenant
            )
            assert await connection.execute(INSERT, tenant, position) == "INSERT 0 1"
    finally:
        await connection.close()
    return tenant, position


def skipping(name: str, position: int) -> tuple[str, ...]:
    """The command line of an operator who has it skipped."""
    where = ("--tenant", POISONED, "--position", str(position))
    return ("projection", "skip", name, *where, "--reason", REASON)


def progress(installation: Installation, code: str, name: str) -> list[str]:
    """The columns of a projection's line."""
    lines = [line.split("\t") for line in installation.run("projection", "list").splitlines()]
    [found] = [line for line in lines if line[:2] == [code, name]]
    return found


def standing(installation: Installation) -> list[dict[str, Any]]:
    """What health says stands still; it is ready all the same."""
    url = f"http://127.0.0.1:{installation.port}/health/ready"
    with urllib.request.urlopen(url, timeout=30) as response:
        found: dict[str, Any] = json.load(response)
    assert found["status"] == "ready"
    told: list[dict[str, Any]] = found["standing"]
    return told


def figures(installation: Installation, code: str) -> dict[str, int]:
    """How many people stand where in a tenant."""
    token = installation.token("board", code)
    stages = installation.ask(PIPELINE, token, {"code": code})["organization"]["pipeline"]
    return {each["stage"]: each["count"] for each in stages if each["count"]}


def trail(installation: Installation) -> list[dict[str, Any]]:
    """The whole audit trail of the poisoned tenant, as its auditor reads it."""
    token = installation.token("auditor", POISONED)
    found: list[dict[str, Any]] = []
    after = None
    while True:
        given = {"code": POISONED, "after": after}
        page = installation.ask(TRAIL, token, given)["auditTrail"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def wait_until(holds: Any) -> None:  # noqa: ANN401 (any question without arguments)
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
