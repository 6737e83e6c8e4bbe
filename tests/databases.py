"""What tests of the log work with: a database with three tenants, and small records."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg

from commands.ports import Actor, Command, Recorded
from db.database import Database
from domain.access import Role
from domain.organization import Organization, OrganizationKind, Place
from eventstore.records import Records
from eventstore.store import EventStore


@dataclass(frozen=True)
class Urls:
    """The ways into one database; `maker` may create and drop databases."""

    owner: str
    app: str
    maker: str

    def of(self, database: str) -> "Urls":
        owner, app = [
            urlsplit(url)._replace(path=f"/{database}").geturl() for url in (self.owner, self.app)
        ]
        return Urls(owner, app, self.maker)

    @property
    def name(self) -> str:
        return urlsplit(self.owner).path.removeprefix("/")


@dataclass(frozen=True)
class Log:
    """A store over a fresh database with one province and two of its districts."""

    urls: Urls
    database: Database
    store: EventStore
    records: Records
    province: int
    tenant: int
    other: int


ACTOR = Actor("operator-1", Role.OPERATOR, "lam-dong")
FOUNDED = date(2015, 1, 1)
_HOME = Place(uuid4(), "lam-dong/bao-lam", OrganizationKind.DISTRICT)


def now() -> datetime:
    return datetime.now(UTC)


def command(
    command_id: UUID | None = None,
    *,
    actor: Actor = ACTOR,
    input_hash: bytes = b"input",
    correlation_id: UUID | None = None,
) -> Command:
    """A command of an id of its own, unless told otherwise."""
    return Command(
        id=command_id or uuid4(),
        actor=actor,
        occurred_on=FOUNDED,
        input_hash=input_hash,
        correlation_id=correlation_id,
    )


def organization(segment: str | None = None, *, renamed: int = 0) -> Organization:
    """A new grassroots cell, with as many further events as it is renamed."""
    made = Organization.establish(
        _HOME,
        on=FOUNDED,
        name="Chi bộ thử nghiệm",
        kind=OrganizationKind.GRASSROOTS_CELL,
        segment=segment or f"thu-{uuid4()}",
    )
    for number in range(renamed):
        made.rename(f"Chi bộ {number}", on=FOUNDED)
    return made


async def establish(
    records: Records, tenant_id: int, sent: Command | None = None, *, renamed: int = 0
) -> Recorded:
    """Record a new organization by a command of its own, unless told otherwise."""
    new = organization(renamed=renamed)
    return await records.save(tenant_id, sent or command(), new, subject=new.id)


async def change_event(urls: Urls, tenant_id: int, position: int, **columns: object) -> None:
    """Let a row of the log hold something else, which only its owner can do to it."""
    connection = await asyncpg.connect(urls.owner)
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL nguon.tenant = '{tenant_id}'")
            for column, value in columns.items():
                changed = await connection.execute(
                    f"UPDATE event SET {column} = $3 WHERE tenant_id = $1 AND position = $2",  # noqa: S608
                    tenant_id,
                    position,
                    value,
                )
                assert changed == "UPDATE 1"
    finally:
        await connection.close()
