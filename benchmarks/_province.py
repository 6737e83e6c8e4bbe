"""A province of any size and age: real events, written past the application and folded by it.

Two hundred cases are decided by the domain's own functions in one year; a log repeats them in other
cells and in other years. One entry in ten is recorded late, by up to a year.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from heapq import merge
from random import Random
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import asyncpg

from _server import Server
from app.installation import Installation
from commands.ports import Actor, Command
from domain import (
    admission,
    assessment,
    awareness_class,
    certificate,
    dossier,
    probation,
    recognition,
    sympathizer,
    trial_task,
    vetting,
)
from domain.access import Role
from domain.assessment import Quality
from domain.candidate import Candidate, Cell, Person
from domain.case import VettingConclusion
from domain.errors import Refusal
from domain.events import CREATED, EVENTS
from domain.groups import Sex
from domain.judgment import Day
from domain.organization import Organization, OrganizationKind, Place, organization_id
from domain.procedure import rule_book
from eventstore.codec import Codec
from eventstore.registry import Registry
from eventstore.stored_event import COLUMNS
from eventstore.tenants import add_tenant

TEMPLATES: Final = 200
BASE_YEAR: Final = 2015
FOUNDED: Final = date(2010, 1, 4)
COMMUNES: Final = 8
CELLS: Final = 63
_LATE: Final = 0.1
_SEALED: Final = bytes(64)
_DATE: Final = re.compile(rb'"(\d{4})-(\d\d-\d\d)"')
_GRADES: Final[dict[str, Any]] = {
    "study_or_work": Quality.GOOD,
    "character": Quality.EXCELLENT,
    "motive": Quality.GOOD,
}
_HEAD: Final = "SELECT head FROM tenant_log WHERE tenant_id = $1"
_BEGIN: Final = "UPDATE event SET recorded_at = $2 WHERE tenant_id = $1"
_RAISE: Final = "UPDATE tenant_log SET head = $2, recorded_at = $3 WHERE tenant_id = $1"


class Told(NamedTuple):
    """One event of a case that a log repeats."""

    type: str
    schema_version: int
    effective_on: date
    late: timedelta
    data: bytes


Template = list[Told]


def _path(random: Random) -> Iterator[tuple[timedelta, Callable[..., object], dict[str, Any]]]:
    """Steps of a case with the days between them; most people do not come to the end."""

    def after(days: int) -> timedelta:
        return timedelta(days=random.randint(1, days))

    helped = {"helper_name": "Trần Văn Giúp", "helper_official_since": date(2001, 1, 1)}
    yield after(10), sympathizer.assign_helper, helped
    for _ in range(2):
        yield after(20), trial_task.assign_trial_task, {"description": "Tuyên truyền"}
    yield after(40), sympathizer.list_sympathizer, {"resolution_number": "3-NQ/CB"}
    yield after(10), sympathizer.confirm_sympathizer, {"document_number": "5-TB/ĐU"}
    for month in range(1, 7):
        period = f"{BASE_YEAR}-{month:02}"
        yield after(10), assessment.assess_progress, {"period": period, **_GRADES}
    yield after(20), awareness_class.propose_for_class, {}
    yield after(10), awareness_class.agree_to_class, {}
    yield after(20), awareness_class.enroll_in_class, {"class_name": "Lớp bồi dưỡng"}
    yield after(20), certificate.record_certificate, {"number": "12", "grade": "Khá"}
    yield after(60), dossier.open_dossier, {}
    yield after(60), vetting.conclude_vetting, {"conclusion": VettingConclusion.ELIGIBLE}
    yield after(10), admission.record_cell_vote, {"official_members": 9, "in_favor": 9}
    yield after(20), admission.submit_dossier, {}
    yield after(40), admission.decide_admission, {"decision_number": "45-QĐ/HU"}
    yield after(20), probation.hold_ceremony, {"consent_number": "7-CV/HU"}
    recognized = {"decision_number": "60-QĐ", "official_members": 9, "in_favor": 9}
    yield timedelta(days=380), recognition.recognize_full_member, recognized


@cache
def templates() -> list[Template]:
    """The cases, in the order of their beginning."""
    codec = Codec(Registry(EVENTS, CREATED))
    random = Random(1)
    found = []
    for _ in range(TEMPLATES):
        case = _case(random, uuid4())
        told = []
        for entry in case.entries:
            encoded = codec.encode(entry)
            late = random.randint(1, 365) if random.random() < _LATE else random.randint(0, 2)
            told.append(
                Told(
                    encoded.type,
                    encoded.schema_version,
                    entry.effective_on,
                    timedelta(days=late),
                    encoded.data,
                )
            )
        found.append(told)
    return found


def _case(random: Random, place: UUID) -> Candidate:
    on = date(BASE_YEAR, 1, 1) + timedelta(days=random.randint(0, 360))
    person = Person(
        full_name="Nguyễn Thị Mẫu",
        birth_date=date(BASE_YEAR - random.randint(20, 45), 5, 20),
        sex=random.choice((Sex.FEMALE, Sex.MALE)),
    )
    cell = Cell(place, grassroots=False, characteristics=frozenset())
    case = Candidate.identify(uuid4(), Day(on, rule_book()), cell, person)
    for days, step, fields in _path(random):
        on += days
        if random.random() < 0.02:
            break
        if step is recognition.recognize_full_member:
            fields["cell_vote_on"] = on
        with suppress(Refusal):
            step(case, Day(on, rule_book()), **fields)
    return case


@dataclass(frozen=True)
class Province:
    """Its office, and its tenants with their cells."""

    code: str
    tenants: dict[int, list[UUID]]
    office: int

    @property
    def all_tenants(self) -> list[int]:
        """The office, and the tenants under it."""
        return [self.office, *self.tenants]


async def found_province(
    server: Server, installation: Installation, code: str, tenants: int
) -> Province:
    """A province with so many tenants of 72 organizations each, and no people."""
    office = await add_tenant(server.owner_url, code)
    await _establish(installation, office, None, code, OrganizationKind.PROVINCE)
    found: dict[int, list[UUID]] = {}
    for number in range(tenants):
        own = f"{code}/huyen-{number}"
        tenant = await add_tenant(server.owner_url, own)
        above = Place(organization_id(code), code, OrganizationKind.PROVINCE)
        await _establish(installation, tenant, above, own, OrganizationKind.DISTRICT)
        below = Place(organization_id(own), own, OrganizationKind.DISTRICT)
        communes = [f"{own}/xa-{each}" for each in range(COMMUNES)]
        for each in communes:
            kind = OrganizationKind.GRASSROOTS_COMMITTEE
            await _establish(installation, tenant, below, each, kind)
        cells = [f"{communes[each % COMMUNES]}/thon-{each}" for each in range(CELLS)]
        found[tenant] = [organization_id(cell) for cell in cells]
        await asyncio.gather(*(_cell(installation, tenant, cell) for cell in cells))
    return Province(code, found, office)


async def _cell(installation: Installation, tenant: int, code: str) -> None:
    commune = code.rpartition("/")[0]
    place = Place(organization_id(commune), commune, OrganizationKind.GRASSROOTS_COMMITTEE)
    await _establish(installation, tenant, place, code, OrganizationKind.SUBORDINATE_CELL)


async def _establish(
    installation: Installation,
    tenant: int,
    place: Place | None,
    code: str,
    kind: OrganizationKind,
) -> None:
    segment = code.rpartition("/")[2]
    made = Organization.establish(
        place or Place(), on=FOUNDED, name=segment, kind=kind, segment=segment, document="1-QĐ"
    )
    actor = Actor("benchmark", Role.OPERATOR, code)
    key = uuid5(NAMESPACE_URL, code)
    command = Command(id=key, actor=actor, occurred_on=FOUNDED, input_hash=key.bytes * 2)
    await installation.desk.log.save(tenant, command, made, subject=made.id)


async def record_cases(installation: Installation, tenant: int, cells: list[UUID], n: int) -> None:
    """So many cases through the log itself: sealed with keys of their own, in one append each."""
    random = Random(tenant)
    room = asyncio.Semaphore(32)

    async def one(number: int) -> None:
        case = _case(random, random.choice(cells))
        actor = Actor("benchmark", Role.BOARD, "tinh")
        key = uuid5(NAMESPACE_URL, f"{tenant}/{number}")
        day = case.entries[-1].effective_on
        command = Command(id=key, actor=actor, occurred_on=day, input_hash=key.bytes * 2)
        async with room:
            await installation.desk.log.save(tenant, command, case, subject=case.id)

    await asyncio.gather(*(one(number) for number in range(n)))


async def grow(server: Server, province: Province, events: int, first: int, years: int) -> None:
    """Add so many events to each tenant, spread evenly over people who begin in these years."""
    length = sum(map(len, templates()))
    rounds = max(1, round(events / length / years))
    connection = await asyncpg.connect(server.superuser_of_product())
    try:
        for tenant, cells in province.tenants.items():
            await connection.execute("SET session_replication_role = replica")
            head = await connection.fetchval(_HEAD, tenant)
            # Its organizations came first.
            await connection.execute(_BEGIN, tenant, datetime(first, 1, 1, tzinfo=UTC))
            rows = list(_rows(tenant, cells, first, years, rounds))
            numbered = [
                (tenant, head + number, *row[1:]) for number, row in enumerate(rows, start=1)
            ]
            columns = COLUMNS.replace(" ", "").split(",")
            await connection.copy_records_to_table("event", records=numbered, columns=columns)
            await connection.execute(_RAISE, tenant, head + len(rows), rows[-1][0])
        await connection.execute("VACUUM ANALYZE event")
    finally:
        await connection.close()


def _rows(
    tenant: int, cells: list[UUID], first: int, years: int, rounds: int
) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of their recording, each led by that moment and without a position."""
    random = Random(tenant)
    yearly = [_of_year(tenant, cells, first + year, rounds, random) for year in range(years)]
    versions: dict[UUID, int] = {}
    for moment, stream, told, cell, effective_on, data in merge(*yearly, key=lambda row: row[0]):
        versions[stream] = versions.get(stream, 0) + 1
        yield (
            moment, stream, versions[stream], uuid4(), told.type, told.schema_version, cell,
            effective_on, moment, "a", stream, stream, data, stream, _SEALED,
        )  # fmt: skip


def _of_year(
    tenant: int, cells: list[UUID], year: int, rounds: int, random: Random
) -> list[tuple[datetime, UUID, Told, UUID, date, bytes]]:
    rows = []
    for turn in range(rounds):
        for number, template in enumerate(templates()):
            stream = uuid5(NAMESPACE_URL, f"{tenant}/{year}/{turn}/{number}")
            cell = random.choice(cells)
            recorded = datetime.min.replace(tzinfo=UTC)
            for place, told in enumerate(template):
                on, data = _shifted(number, place, year)
                # Of one person each event is recorded after the one before.
                moment = datetime.combine(on + told.late, time(3, tzinfo=UTC))
                recorded = max(recorded, moment) + timedelta(milliseconds=1)
                rows.append((recorded, stream, told, cell, on, data))
    return sorted(rows, key=lambda row: row[0])


@cache
def _shifted(number: int, place: int, year: int) -> tuple[date, bytes]:
    """The day and the data of an event of a case that began in another year."""
    told = templates()[number][place]
    years = year - BASE_YEAR

    def move(found: re.Match[bytes]) -> bytes:
        return b'"%04d-%s"' % (int(found[1]) + years, found[2].replace(b"02-29", b"02-28"))

    on = told.effective_on
    moved = on.replace(year=on.year + years, day=min(on.day, 28) if on.month == 2 else on.day)
    return moved, _DATE.sub(move, told.data)
