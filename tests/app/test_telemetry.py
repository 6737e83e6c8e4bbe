"""Spans and metrics of a mutation, in one process.

Their names, who caused whom, and no personal value in any of them.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from litestar import Litestar
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.application import application
from api.authentication import claims
from api.websocket import OpenConnections
from app.development_key import development_key, sign
from app.installation import Installation, open_installation
from app.operator import add_tenant
from app.settings import read_settings
from app.web import services
from commands.ports import Actor
from domain.access import Role
from domain.organization import OrganizationKind

TENANT = "lam-dong/bao-lam"
PERSONAL = ("Nguyễn Thị Bí Mật", "1995-05-05", "Phật giáo", "012345678901", "Mạ")
POISON = """
INSERT INTO event
SELECT tenant_id, $2, gen_random_uuid(), 1, gen_random_uuid(), type, 99, organization_id,
  effective_on, now(), actor, causation_id, correlation_id, data, person_id, sealed
FROM event WHERE tenant_id = $1 AND type = 'candidate.identified' LIMIT 1
"""
BEHIND = "UPDATE checkpoint SET position = position - 1 WHERE projection = 'identity_match'"
MUTATION = """mutation ($input: IdentifyCandidateInput!) { identifyCandidate(input: $input) {
  __typename ... on CandidateRecorded { position } ... on Refusal { code } } }"""


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture(scope="module")
def reader() -> InMemoryMetricReader:
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))
    return reader


@pytest.fixture
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    settings = read_settings({"NGUON_HOME": str(tmp_path_factory.mktemp("home"))})
    day = date(2020, 1, 1)
    await add_tenant(settings, "lam-dong", "Tỉnh ủy", OrganizationKind.PROVINCE, day)
    await add_tenant(settings, TENANT, "Huyện ủy", OrganizationKind.DISTRICT, day)
    async with open_installation(settings) as opened:
        yield opened


async def _post(app: Litestar, token: str, query: str, given: dict[str, Any]) -> dict[str, Any]:
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar names the scope its own way.
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        answer = await client.post(
            "/graphql",
            json={"query": query, "variables": {"input": given}},
            headers={"Authorization": f"Bearer {token}"},
        )
    body: dict[str, Any] = answer.json()
    assert "errors" not in body, body
    return body


async def _identify(installation: Installation) -> None:
    app = application(services(installation), OpenConnections())
    said = claims(Actor("b", Role.BOARD, TENANT), timedelta(hours=1), datetime.now(UTC))
    token = sign(development_key(installation.settings.home), said)
    establish = {
        "commandId": str(uuid4()),
        "occurredOn": "2020-02-01",
        "parent": TENANT,
        "name": "Chi bộ A",
        "kind": "GRASSROOTS_CELL",
    }
    query = """mutation ($input: EstablishOrganizationInput!) {
      establishOrganization(input: $input) { __typename } }"""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_post(app, token, query, establish))
        tasks.create_task(_catch_up(installation))
    person = {
        "commandId": str(uuid4()),
        "occurredOn": "2021-03-01",
        "organization": f"{TENANT}/a",
        "fullName": PERSONAL[0],
        "birthDate": PERSONAL[1],
        "sex": "FEMALE",
        "ethnicity": PERSONAL[4],
        "religion": PERSONAL[2],
        "identityNumber": PERSONAL[3],
    }
    recorded = await _post(app, token, MUTATION, person)
    assert "CandidateRecorded" == recorded["data"]["identifyCandidate"]["__typename"], recorded
    refused = await _post(app, token, MUTATION, person | {"fullName": "Khác"})
    assert "COMMAND_ID_REUSED" == refused["data"]["identifyCandidate"]["code"]
    await installation.runner.catch_up()


async def _catch_up(installation: Installation) -> None:
    for _ in range(20):
        await installation.runner.catch_up()
        await asyncio.sleep(0.05)


def _named(spans: tuple[ReadableSpan, ...], name: str) -> list[ReadableSpan]:
    return [span for span in spans if span.name == name]


async def test_a_mutation_leaves_its_spans_and_metrics_and_no_personal_value(
    installation: Installation, exporter: InMemorySpanExporter, reader: InMemoryMetricReader
) -> None:
    """Request above command above append; the refusal is counted by its code."""
    exporter.clear()
    await _identify(installation)
    await installation.runner.progress()
    spans = exporter.get_finished_spans()
    measured = reader.get_metrics_data()
    assert measured is not None
    text = str([(s.name, dict(s.attributes or {}), s.events) for s in spans]) + measured.to_json()

    assert {"request", "command", "append", "projection batch"} <= {span.name for span in spans}
    requests = {span.context.span_id for span in _named(spans, "request") if span.context}
    commands = _named(spans, "command")
    assert len(commands) == 3
    assert all(span.parent is not None and span.parent.span_id in requests for span in commands)
    _require_appends_belong_to_commands(spans)
    assert {"nguon.refusals", "nguon.projection.lag", "nguon.log.appended"} <= {
        metric.name
        for resource in measured.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert "COMMAND_ID_REUSED" in text
    assert [] == [value for value in PERSONAL if value in text]


async def test_a_poisoned_event_is_measured_where_it_is(
    installation: Installation, reader: InMemoryMetricReader
) -> None:
    """Lag in positions and seconds, and the stop, of its projections and its tenant alone."""
    await _identify(installation)
    tenant = await installation.store.tenant_of(TENANT)
    head = (await installation.store.heads([tenant]))[tenant]
    connection = await asyncpg.connect(installation.dsns.owner_dsn)
    await connection.execute(f"SET nguon.tenant = '{tenant}'")
    assert await connection.execute(POISON, tenant, head + 1) == "INSERT 0 1"
    await connection.execute(
        "UPDATE tenant_log SET head = $2 WHERE tenant_id = $1", tenant, head + 1
    )
    await connection.close()
    await asyncio.sleep(1.1)
    await installation.runner.catch_up()
    await installation.runner.progress()
    stopped = _points(reader, "nguon.projection.stopped")
    lag = _points(reader, "nguon.projection.lag")
    waiting = _points(reader, "nguon.projection.waiting")

    keys = {each for each, value in stopped.items() if value}
    assert ("pipeline", tenant) in keys
    assert ("organization", tenant) not in keys
    assert {each for _, each in keys} == {tenant}
    assert {each: value for each, value in lag.items() if value} == dict.fromkeys(keys, 1)
    assert {each for each, value in waiting.items() if value} == keys
    assert all(1 < waiting[each] < 600 for each in keys)


async def test_whoever_follows_tells_that_what_was_behind_has_come_up(
    installation: Installation, reader: InMemoryMetricReader
) -> None:
    tenant = await installation.store.tenant_of(TENANT)
    connection = await asyncpg.connect(installation.dsns.owner_dsn)
    await connection.execute(f"SET nguon.tenant = '{tenant}'")
    assert await connection.execute(BEHIND) == "UPDATE 1"
    await connection.close()
    await installation.runner.progress()
    key = ("identity_match", tenant)
    assert _points(reader, "nguon.projection.lag")[key] == 1

    stop = asyncio.Event()
    following = asyncio.create_task(installation.runner.run(stop))
    async with asyncio.timeout(5):
        while _points(reader, "nguon.projection.lag")[key]:  # noqa: ASYNC110 (nobody tells of a metric)
            await asyncio.sleep(0.05)
    stop.set()
    await following
    assert _points(reader, "nguon.projection.waiting")[key] == 0


def _points(reader: InMemoryMetricReader, name: str) -> dict[tuple[object, object], float]:
    """The last values of a gauge by projection and tenant."""
    measured = reader.get_metrics_data()
    assert measured is not None
    return {
        (point.attributes["projection"], point.attributes["tenant"]): point.value
        for resource in measured.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == name
        for point in metric.data.data_points
        if isinstance(point, NumberDataPoint) and point.attributes is not None
    }


def _require_appends_belong_to_commands(spans: tuple[ReadableSpan, ...]) -> None:
    """One append may serve several commands, so it links to them or stands below one of them."""
    commands = {span.context.span_id for span in _named(spans, "command") if span.context}
    appends = _named(spans, "append")
    assert appends
    for append in appends:
        linked = {link.context.span_id for link in append.links}
        above = {append.parent.span_id} if append.parent else set()
        assert (linked | above) & commands
