"""The server process.

Composes the API over an installation and serves it with Granian, in this one process.
"""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from api.application import application
from api.authentication import TokenReader
from api.codes import Codes
from api.context import Services
from api.websocket import OpenConnections
from app.development_key import development_key, public_key
from app.failure import Mendable
from app.installation import Installation, open_installation
from app.key_store import finish_renewals
from app.readiness import Check, Checks
from app.rule_book import adopt_everywhere
from app.settings import Settings
from app.worker import running, stop_on_signal
from db.durability import read_durability
from db.migrate import pending
from projections.identity_match import IdentityMatches
from projections.transfer import Transfers

SHUTDOWN_S: Final = 10.0


class PortBusy(Mendable):
    """Another process listens where this one should."""


async def serve(settings: Settings, *, worker: bool) -> None:
    """Serve until SIGTERM or SIGINT.

    Requests under way are finished, subscriptions closed with a frame.

    Raises PortBusy before anything is started.
    """
    require_free(settings.host, settings.port)
    stop = stop_on_signal()
    async with open_installation(settings) as installation, _worker(installation, worker=worker):
        connections = OpenConnections()
        server = Server(
            application(services(installation), connections),
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            log_enabled=False,
            http1_settings=HTTP1Settings(header_read_timeout=10_000),
        )
        serving = asyncio.create_task(server.serve())
        await _announce(installation)
        await _until(stop, serving)
        await connections.close()
        server.stop()  # type: ignore[no-untyped-call]  # Granian leaves it untyped.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, SHUTDOWN_S)


def require_free(host: str, port: int) -> None:
    """Raises PortBusy unless nobody listens there; Granian itself would silently share the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as busy:
            raise PortBusy(f"{host}:{port} cannot be listened on: {busy.strerror}.") from None


def services(installation: Installation) -> Services:
    """What the API works with."""
    settings = installation.settings
    key = (
        public_key(settings.token_public_key)
        if settings.token_public_key is not None
        else development_key(settings.home).public_key()
    )
    return Services(
        desk=installation.desk,
        store=installation.store,
        database=installation.database,
        read_models=installation.read_models,
        cards=installation.cards,
        target_lines=installation.target_lines,
        qualities=installation.qualities,
        structure_records=installation.structure_records,
        codes=Codes(installation.desk.directory, installation.store),
        tokens=TokenReader(key),
        readiness=Checks(_checks(installation), installation.runner, installation.store),
        proofs=installation.proofs,
        register=installation.register,
        transfers=Transfers(installation.database),
        matches=IdentityMatches(installation.database),
        obligations=installation.obligations,
    )


def _checks(installation: Installation) -> dict[str, Check]:
    async def migrated() -> bool:
        return not await pending(installation.dsns.app_dsn)

    async def loaded() -> bool:
        return not await installation.store.has_simulated_clock()

    return {
        "migrations": migrated,
        "demo still loading": loaded,
        "projections behind": installation.runner.has_caught_up,
    }


@asynccontextmanager
async def _worker(installation: Installation, *, worker: bool) -> AsyncIterator[None]:
    if not worker:
        yield
        return
    await finish_renewals(installation)
    await adopt_everywhere(installation)
    async with running(installation.runner, installation.notary, installation.courier):
        yield


async def _announce(installation: Installation) -> None:
    settings = installation.settings
    durability = await read_durability(installation.dsns.app_dsn)
    sys.stdout.write(f"{durability}\nhttp://{settings.host}:{settings.port}\n")
    sys.stdout.flush()


async def _until(stop: asyncio.Event, serving: "asyncio.Task[None]") -> None:
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({stopped, serving}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if serving.done():
        serving.result()
