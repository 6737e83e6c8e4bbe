"""The product's side: everything here that knows its store, its commands or its schema."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from _clerk import Clerk
from _compare import Contender, Run, drive
from _server import Server
from _snapshots import NoSnapshots, taken
from app.installation import Installation, open_installation
from app.operator import add_tenant
from app.settings import Directory, ExternalDatabase, Settings
from app.worker import running
from commands import candidate as steps
from commands.organization import establish_organization
from commands.perform import perform
from commands.ports import Actor, Command, Desk, Recorded
from db.migrate import migrate
from domain.access import Role
from domain.candidate import Candidate, Cell, Person
from domain.case import VettingConclusion
from domain.certificate import record_certificate
from domain.events import CREATED, EVENTS
from domain.groups import Sex
from domain.judgment import Day
from domain.organization import OrganizationKind
from domain.procedure import rule_book
from domain.sympathizer import assign_helper
from eventstore.codec import Codec
from eventstore.follow import follow
from eventstore.key_directory import KeyDirectory
from eventstore.position import Position
from eventstore.records import Records
from eventstore.registry import Registry
from eventstore.warm import Warm

TENANTS: Final = 8
PERSON: Final = Person(full_name="Nguyễn Thị Mẫu", birth_date=date(2000, 5, 20), sex=Sex.FEMALE)
FOUNDED: Final = date(2015, 1, 5)
IDENTIFIED: Final = date(2023, 3, 1)

Step = tuple[Callable[..., Awaitable[Recorded]], date, dict[str, Any]]
PATH: Final[tuple[Step, ...]] = (
    (
        steps.assign_helper,
        date(2023, 3, 10),
        {"helper_name": "Trần Văn Giúp", "helper_official_since": date(2015, 1, 1)},
    ),
    (steps.list_sympathizer, date(2023, 3, 15), {"resolution_number": "3-NQ/CB"}),
    (steps.record_certificate, date(2023, 4, 3), {"number": "12/2023", "grade": "Khá"}),
    (steps.open_dossier, date(2023, 5, 4), {}),
    (steps.conclude_vetting, date(2023, 6, 1), {"conclusion": VettingConclusion.ELIGIBLE}),
    (steps.record_cell_vote, date(2023, 6, 5), {"official_members": 9, "in_favor": 9}),
    (steps.submit_dossier, date(2023, 6, 20), {}),
    (steps.decide_admission, date(2023, 7, 3), {"decision_number": "45-QĐ/HU"}),
    (steps.hold_ceremony, date(2023, 7, 20), {}),
    (
        steps.recognize_full_member,
        date(2024, 8, 20),
        {
            "decision_number": "60-QĐ/HU",
            "cell_vote_on": date(2024, 8, 1),
            "official_members": 9,
            "in_favor": 9,
        },
    ),
)
"""The core path of one candidate, after the first step that identifies the person."""


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant with one cell."""

    tenant_id: int
    code: str

    @property
    def cell(self) -> str:
        """The code of the cell."""
        return f"{self.code}/xa/thon-1"

    def command(self, on: date) -> Command:
        """A command of the district's board with an id of its own."""
        command_id = uuid4()
        actor = Actor("board", Role.BOARD, self.code)
        return Command(id=command_id, actor=actor, occurred_on=on, input_hash=command_id.bytes * 2)


class Ours:
    """One installation with some tenants, whose logs are signed; no projection runs."""

    def __init__(self, installation: Installation, places: list[Place]) -> None:
        self.installation = installation
        self._places = places
        self._codec = Codec(Registry(EVENTS, CREATED))
        self._keys = KeyDirectory(installation.settings.home / "keys")

    def append(self, writers: int, events: int, tenants: int) -> Contender:
        """The store alone: encoded events of a new stream, each with a sealed field."""
        clerks = self._clerks(writers, tenants)

        async def step(writer: int) -> None:
            clerk = clerks[writer]
            await self.installation.store.append(clerk.tenant_id, clerk.append(events))

        return lambda seconds: drive(writers, events, step, seconds=seconds)

    def bulk(self, writers: int, events: int, commands: int) -> Contender:
        """The same for so many commands a writer, which are ready before the clock starts."""

        async def run(_seconds: float) -> Run:
            clerks = self._clerks(writers, TENANTS)
            ready = [[clerk.append(events) for _ in range(commands)] for clerk in clerks]

            async def step(writer: int) -> None:
                tenant = clerks[writer].tenant_id
                await self.installation.store.append(tenant, ready[writer].pop())

            return await drive(writers, events, step, commands=commands)

        return run

    def command(self, writers: int) -> Contender:
        """The whole command, access check to append: candidates on the core path, step by step.

        The candidate of a step is the one that the writer's last command left.
        """
        return self._walks(writers, lambda: self.installation.desk)

    def cold_command(self, writers: int) -> Contender:
        """The same in a process that has not seen the candidate: each step reads it first."""
        records = Records(self.installation.store, self._codec, self._keys)
        desk = replace(self.installation.desk, log=records)

        def forgetful() -> Desk:
            records._warm = Warm()  # noqa: SLF001 - what another process would not have either
            return desk

        return self._walks(writers, forgetful)

    def _walks(self, writers: int, desk: Callable[[], Desk]) -> Contender:
        async def run(seconds: float) -> Run:
            walks = [_walk(self._places[writer % TENANTS], desk) for writer in range(writers)]
            return await drive(writers, 1, lambda writer: anext(walks[writer]), seconds=seconds)

        return run

    def _clerks(self, writers: int, tenants: int) -> "list[Clerk]":
        return [
            Clerk(f"writer-{writer}", self._places[writer % tenants].tenant_id)
            for writer in range(writers)
        ]

    async def load(self, events: int, *, snapshots: bool) -> Contender:
        """Reading a candidate of so many events, a quarter of them with a personal field.

        With `snapshots` from the one that the first reading took.
        """
        place = self._places[0]
        case = self._new_case()
        day = Day(date(2023, 3, 10), rule_book())
        for number in range(1, events):
            if number % 4:
                record_certificate(case, day, number=f"{number}/2023", grade="Khá")
            else:
                assign_helper(
                    case, day, helper_name="Trần Văn Giúp", helper_official_since=date(2015, 1, 1)
                )
        desk, store = self.installation.desk, copy(self.installation.store)
        if not snapshots:
            store.snapshots = NoSnapshots(self.installation.database)
        await desk.log.save(place.tenant_id, place.command(IDENTIFIED), case, subject=case.id)
        log = Records(store, self._codec, self._keys)

        async def step(_writer: int) -> None:
            loaded = await log.load(place.tenant_id, Candidate, case.id)
            assert loaded.version == events

        await step(0)
        if snapshots:
            await taken(store.snapshots, place.tenant_id, case.id)
        return lambda seconds: drive(1, 1, step, seconds=seconds)

    @property
    def followed(self) -> int:
        """The tenant that `send` writes to."""
        return self._places[0].tenant_id

    async def send(self, _number: int) -> int:
        """One event, through the store; its position."""
        place = self._places[0]
        case = self._new_case()
        log = self.installation.desk.log
        command = place.command(IDENTIFIED)
        recorded = await log.save(place.tenant_id, command, case, subject=case.id)
        return recorded.first_position

    def _new_case(self) -> Candidate:
        cell = Cell(uuid4(), grassroots=False, characteristics=frozenset())
        day = Day(IDENTIFIED, rule_book())
        return Candidate.identify(uuid4(), day, cell, PERSON)


@asynccontextmanager
async def open_ours(server: Server) -> AsyncIterator[Ours]:
    """A migrated database with a province and its districts, each with one cell."""
    settings = settings_of(server.folder, server.owner_url, server.app_url)
    await migrate(server.owner_url)
    await add_tenant(settings, "tinh", "Tỉnh", OrganizationKind.PROVINCE, FOUNDED)
    places = []
    for number in range(TENANTS):
        code = f"tinh/huyen-{number}"
        added = await add_tenant(settings, code, "Huyện", OrganizationKind.DISTRICT, FOUNDED)
        places.append(Place(int(added.split()[0]), code))
    async with open_installation(settings) as installation:
        for place in places:
            await _furnish(installation, place)
        async with running(installation.notary):
            yield Ours(installation, places)


@asynccontextmanager
async def followers(  # noqa: PLR0913, PLR0917 - the fields of one question, by keyword
    home: str, owner_url: str, app_url: str, tenant: int, count: int, arrived: Callable[[int], None]
) -> AsyncIterator[None]:
    """So many followers of a tenant's log from its head on; `arrived` is told each position."""
    async with open_installation(settings_of(Path(home), owner_url, app_url)) as installation:
        head = Position.of(await installation.store.heads([tenant]))

        async def read() -> None:
            async for followed in follow(installation.store, [tenant], head):
                arrived(followed.event.position)

        tasks = [asyncio.create_task(read()) for _ in range(count)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def settings_of(home: Path, owner_url: str, app_url: str) -> Settings:
    """An installation in that folder and that database, with nothing else."""
    return Settings(
        host="127.0.0.1",
        port=0,
        home=home,
        keys=Directory(home / "keys", None),
        database=ExternalDatabase(owner_url, app_url),
        now=None,
        token_public_key=None,
        otlp_endpoint=None,
    )


async def _walk(place: Place, new_desk: Callable[[], Desk]) -> AsyncIterator[Recorded]:
    """One command after the other, without end: a new person after each recognized one."""
    while True:
        command, desk = place.command(IDENTIFIED), new_desk()
        identify = partial(
            steps.identify_candidate, desk, command, organization=place.cell, person=PERSON
        )
        identified = await perform(desk, place.tenant_id, command, identify)
        yield identified
        case = {"tenant_id": place.tenant_id, "subject": identified.subject}
        for run, on, fields in PATH:
            command, desk = place.command(on), new_desk()
            step = partial(run, desk, command, **case, **fields)
            yield await perform(desk, place.tenant_id, command, step)


async def _furnish(installation: Installation, place: Place) -> None:
    for parent, segment, kind in (
        (place.code, "xa", OrganizationKind.GRASSROOTS_COMMITTEE),
        (f"{place.code}/xa", "thon-1", OrganizationKind.SUBORDINATE_CELL),
    ):
        await establish_organization(
            installation.desk,
            place.command(FOUNDED),
            parent=parent,
            name=segment,
            kind=kind,
            code_segment=segment,
        )
        await asyncio.wait_for(installation.runner.catch_up(), 30)
    # A tree that was kept is read anew here; later the runner stands still and none could be.
    await installation.desk.directory.organization(place.cell)
