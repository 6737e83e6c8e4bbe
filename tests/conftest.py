"""One PostgreSQL a session, shared by all test processes; each test has its own database."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.databases import Log, Urls, now

from db.database import Database
from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from domain.events import CREATED, EVENTS
from eventstore.codec import Codec
from eventstore.key_directory import KeyDirectory
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.store import EventStore
from eventstore.tenant_keys import TenantKeys
from eventstore.tenants import add_tenant


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """The server of NGUON_DATABASE_URL (whose role needs CREATEDB), else the embedded one."""
    owner, app = (os.environ.get(f"NGUON_{name}DATABASE_URL") for name in ("", "APP_"))
    if owner and app:
        yield Urls(owner, app, owner)
        return
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    # A loop in a thread of its own: the fixture lives beside the loops of the tests.
    with ThreadPoolExecutor(1) as thread, asyncio.Runner() as runner:

        def wait(work: Coroutine[Any, Any, object]) -> None:
            thread.submit(runner.run, work).result()

        embedded = EmbeddedPostgres(folder / "postgres")
        wait(embedded.__aenter__())
        try:
            yield Urls(embedded.owner_url, embedded.app_url, embedded.superuser_url)
        finally:
            wait(embedded.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def template(server: Urls) -> Iterator[str]:
    """The name of a migrated, empty database."""
    name = f"nguon_template_{os.getpid()}_{secrets.token_hex(4)}"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _make_template(server, name)).result()
        yield name
        thread.submit(asyncio.run, _drop(server, name)).result()


@pytest.fixture
async def urls(server: Urls, template: str) -> AsyncIterator[Urls]:
    """A migrated, empty database, dropped afterwards whoever is still connected."""
    name = f"nguon_test_{os.getpid()}_{secrets.token_hex(6)}"
    made = f'CREATE DATABASE "{name}" OWNER nguon_owner TEMPLATE "{template}"'
    await _execute(server.maker, made)
    try:
        yield server.of(name)
    finally:
        await _drop(server, name)


@pytest.fixture
async def empty_urls(server: Urls) -> AsyncIterator[Urls]:
    """A database without any migration."""
    name = f"nguon_empty_{os.getpid()}_{secrets.token_hex(6)}"
    await _create_empty(server, name)
    try:
        yield server.of(name)
    finally:
        await _drop(server, name)


@pytest.fixture
async def database(urls: Urls) -> AsyncIterator[Database]:
    async with await Database.connect(urls.app) as database:
        yield database


@pytest.fixture
def registry() -> Registry:
    return Registry(EVENTS, CREATED)


@pytest.fixture
def keys(tmp_path: Path) -> TenantKeys:
    return KeyDirectory(tmp_path / "keys")


@pytest.fixture
async def log(
    urls: Urls, database: Database, registry: Registry, keys: TenantKeys
) -> AsyncIterator[Log]:
    codes = ("lam-dong", "lam-dong/bao-lam", "lam-dong/di-linh")
    province, tenant, other = [await add_tenant(urls.owner, code) for code in codes]
    async with EventStore(database, now) as store:
        records = Records(store, Codec(registry), keys)
        yield Log(urls, database, store, records, province, tenant, other)


async def _make_template(server: Urls, name: str) -> None:
    await _create_empty(server, name)
    await migrate(server.of(name).owner)


async def _create_empty(server: Urls, name: str) -> None:
    await _execute(server.maker, f'CREATE DATABASE "{name}" OWNER nguon_owner')


async def _drop(server: Urls, name: str) -> None:
    await _execute(server.maker, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
