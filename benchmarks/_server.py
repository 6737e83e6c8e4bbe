"""The PostgreSQL of one run: the embedded one, or a throw-away cluster of another version."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from db.cluster import Account, Cluster
from db.embedded import EmbeddedPostgres

CONNECTIONS: Final = 10
"""How many connections each of those compared has."""

_START_S: Final = 30.0
_STOP_S: Final = 60
_ROLES: Final = """
CREATE ROLE nguon_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{0}';
CREATE ROLE nguon_app LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT PASSWORD '{0}';
"""


@dataclass(frozen=True, slots=True)
class Server:
    """The ways into the product's database, and for the superuser into `postgres`."""

    folder: Path
    owner_url: str
    app_url: str
    superuser_url: str

    async def create_database(self, name: str) -> str:
        """A new empty database of its own; its owner's address."""
        await _execute(self.superuser_url, f"CREATE DATABASE {name} OWNER nguon_owner")
        return self.address_of(name)

    def address_of(self, name: str) -> str:
        """The owner's way into a database that was created."""
        return urlsplit(self.owner_url)._replace(path=f"/{name}").geturl()

    def superuser_of_product(self) -> str:
        """The superuser's way into the product's database."""
        path = urlsplit(self.owner_url).path
        return urlsplit(self.superuser_url)._replace(path=path).geturl()


@asynccontextmanager
async def open_server(programs: Path | None) -> AsyncIterator[Server]:
    """A server with default durability, gone afterwards with its data.

    `programs` holds `initdb` and `postgres` of the wanted version; None means the embedded server.
    TMPDIR says on which disk the data lies.
    """
    with tempfile.TemporaryDirectory(prefix="nguon-bench-") as name:
        folder = Path(name)
        if programs is None:
            async with EmbeddedPostgres(folder) as embedded:
                yield Server(folder, embedded.owner_url, embedded.app_url, embedded.superuser_url)
        else:
            # PostgreSQL does not work as root; in a user namespace it is nobody there.
            account = Account.MAPPED if os.geteuid() == 0 else Account.SELF
            cluster = Cluster(folder, folder / "data", programs, account)
            async with _throw_away(cluster) as server:
                yield server


@asynccontextmanager
async def _throw_away(cluster: Cluster) -> AsyncIterator[Server]:
    password = secrets.token_hex(16)
    secret = cluster.directory / "password"
    secret.write_text(password, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    made = ("-D", str(cluster.data), "--username=postgres", f"--pwfile={secret}")
    await asyncio.to_thread(
        subprocess.run,
        cluster.command("initdb", *made, "--auth=scram-sha-256", "--no-locale", "--encoding=UTF8"),
        env=cluster.environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    settings = ("listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=")
    options = [word for setting in settings for word in ("-c", setting)]
    with cluster.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
            cluster.command("postgres", "-D", str(cluster.data), *options),
            env=cluster.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield await _furnish(f"{password}@127.0.0.1:{port}", password, cluster)
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.to_thread(process.wait, _STOP_S)


async def _furnish(place: str, password: str, cluster: Cluster) -> Server:
    superuser = f"postgresql://postgres:{place}/postgres"
    await _ready(superuser, cluster)
    await _execute(superuser, _ROLES.format(password))
    await _execute(superuser, "CREATE DATABASE nguon OWNER nguon_owner")
    return Server(
        cluster.directory,
        f"postgresql://nguon_owner:{place}/nguon",
        f"postgresql://nguon_app:{place}/nguon",
        superuser,
    )


async def _ready(url: str, cluster: Cluster) -> None:
    try:
        async with asyncio.timeout(_START_S):
            while True:
                try:
                    await _execute(url, "SELECT 1")
                except (OSError, asyncpg.CannotConnectNowError):
                    await asyncio.sleep(0.1)
                else:
                    return
    except TimeoutError as late:
        raise cluster.error("the throw-away server does not start") from late


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
