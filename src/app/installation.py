"""Everything a process of this installation works with.

Opened in order and closed in the opposite one.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from app.clock import Clock
from app.courier import Courier
from app.failure import Mendable
from app.keys import open_tenant_keys
from app.log_keys import LogKeys, open_log_keys
from app.settings import ExternalDatabase, Settings
from app.telemetry import Telemetry
from commands.ports import Desk
from db.database import Database
from db.embedded import EmbeddedPostgres
from db.migrate import migrate, pending
from domain.events import CREATED, EVENTS
from eventstore.codec import Codec
from eventstore.notary import Notary
from eventstore.proofs import Proofs
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.store import EventStore
from eventstore.tenant_keys import TenantKeys
from eventstore.tenant_rules import TenantRules
from projections.breach import BreachProjection
from projections.candidate_card import CandidateCards
from projections.class_result import ClassResultProjection
from projections.counted_figures import CountedFigures
from projections.directory import OrganizationDirectory
from projections.dossier_return import DossierReturnProjection
from projections.due import DueProjection
from projections.held_cases import HeldCases
from projections.identity_match import IdentityMatchProjection
from projections.obligation import ObligationProjection, Obligations
from projections.organization import OrganizationProjection
from projections.pipeline import PipelineProjection
from projections.projection import Projection
from projections.quality import Qualities
from projections.read_models import ReadModels
from projections.register import Register, RegisterProjection
from projections.runner import Runner
from projections.structure_record import StructureRecordProjection, StructureRecords
from projections.target_line import TargetLines
from projections.target_progress import TargetProjection
from projections.transfer import TransferProjection, Transfers

logger = logging.getLogger("nguon.app")
GUARD_EVERY_S = 1.0


class PendingMigrations(Mendable):
    """The database is older than this program, and it is not ours to change unasked."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The parts that every process composes alike."""

    settings: Settings
    dsns: ExternalDatabase
    clock: Clock
    database: Database
    store: EventStore
    keys: TenantKeys
    read_models: ReadModels
    cards: CandidateCards
    target_lines: TargetLines
    qualities: Qualities
    structure_records: StructureRecords
    desk: Desk
    codec: Codec
    runner: Runner
    courier: Courier
    projections: tuple[str, ...]
    log_keys: LogKeys
    notary: Notary
    proofs: Proofs
    register: Register
    obligations: Obligations


@asynccontextmanager
async def open_installation(settings: Settings) -> AsyncIterator[Installation]:
    """A database that is migrated, and all that stands on it.

    Raises PendingMigrations for a database that is not ours and is older than this program.
    """
    async with AsyncExitStack() as stack:
        telemetry = Telemetry(settings.otlp_endpoint)
        stack.push_async_callback(asyncio.to_thread, telemetry.close)
        dsns = await stack.enter_async_context(open_dsns(settings))
        await _bring_up_to_date(settings, dsns)
        yield await _compose(settings, dsns, stack)


@asynccontextmanager
async def open_dsns(settings: Settings) -> AsyncIterator[ExternalDatabase]:
    """The two ways into the database.

    As given, or into the embedded server, which runs as long as the block.
    """
    if settings.database is not None:
        yield settings.database
        return
    async with EmbeddedPostgres(settings.home) as server:
        guard = asyncio.create_task(_guard(server))
        try:
            yield ExternalDatabase(server.owner_url, server.app_url)
        finally:
            while not guard.done():  # One cancellation can be lost in a wait that just ended.
                guard.cancel()
                await asyncio.wait({guard}, timeout=1)


async def _guard(server: EmbeddedPostgres) -> None:
    """The server's guardian restarts it; this restarts the guardian."""
    while True:
        await asyncio.sleep(GUARD_EVERY_S)
        try:
            await server.ensure_running()
        except Exception:
            logger.exception("the embedded PostgreSQL does not start")


async def _bring_up_to_date(settings: Settings, dsns: ExternalDatabase) -> None:
    if settings.database is None:
        await migrate(dsns.owner_dsn)
    elif waiting := await pending(dsns.owner_dsn):
        names = ", ".join(f"{migration.number:04}_{migration.name}" for migration in waiting)
        raise PendingMigrations(
            f"The database lacks the migrations {names}: run `nguon migrate` first."
        )


async def _compose(
    settings: Settings, dsns: ExternalDatabase, stack: AsyncExitStack
) -> Installation:
    clock = Clock(settings.now)
    codec = Codec(Registry(EVENTS, CREATED))
    database = await stack.enter_async_context(await Database.connect(dsns.app_dsn))
    store = await stack.enter_async_context(EventStore(database, clock.now))
    keys = open_tenant_keys(settings)
    records = Records(store, codec, keys)
    projections = _projections(codec)
    read_models = ReadModels(database, store, clock, projections)
    directory = OrganizationDirectory(database, read_models, store, clock)
    desk = Desk(
        log=records,
        directory=directory,
        cases=HeldCases(database, read_models, store),
        clock=clock,
        rules=TenantRules(store, records),
        figures=CountedFigures(database, read_models, store),
    )
    structure_records = StructureRecords(database, store, records, codec)
    log_keys = open_log_keys(settings)
    return Installation(
        settings=settings,
        dsns=dsns,
        clock=clock,
        database=database,
        store=store,
        keys=keys,
        read_models=read_models,
        cards=CandidateCards(database, store, records, codec),
        target_lines=TargetLines(database, codec),
        qualities=Qualities(database, codec),
        structure_records=structure_records,
        desk=desk,
        codec=codec,
        runner=Runner(database, store, projections),
        courier=Courier(desk, Transfers(database), structure_records, store),
        projections=tuple(projection.name for projection in projections),
        log_keys=log_keys,
        notary=Notary(database, store, log_keys.signer, log_keys.memory, clock.now),
        register=Register(database, read_models, store, records, codec),
        obligations=Obligations(database, read_models),
        proofs=Proofs(database, log_keys.verifiers),
    )


def _projections(codec: Codec) -> tuple[Projection, ...]:
    return (
        OrganizationProjection(codec),
        PipelineProjection(codec),
        TargetProjection(codec),
        RegisterProjection(codec),
        TransferProjection(codec),
        IdentityMatchProjection(codec),
        ObligationProjection(codec),
        BreachProjection(codec),
        DossierReturnProjection(codec),
        ClassResultProjection(codec),
        DueProjection(codec),
        StructureRecordProjection(),
    )
