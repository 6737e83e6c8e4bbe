"""`nguon replay`: counts and tells from the logs alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from api.node import decode_id
from app.failure import Mendable
from app.installation import Installation, open_installation
from app.replay.figures import Clocks, Figures, figures
from app.replay.log import OF_ORGANIZATIONS, OF_PEOPLE, Reader
from app.replay.organizations import Life, Organizations
from app.replay.person import Person
from app.replay.story import story
from app.settings import Settings
from commands.scope import tenant_code, within
from domain.errors import NotFound
from domain.events import CREATED, EVENTS
from domain.target_entry import CountingDate
from eventstore.codec import Codec
from eventstore.registry import Registry

ADMITTED: Final = {by: f"ADMITTED_BY_{by.value}" for by in CountingDate}


class CannotReplay(Mendable):
    """What is asked for is not in this log."""


@dataclass(frozen=True, slots=True)
class Question:
    """What `nguon replay` is asked; without `effective` it is about today."""

    tenant: str
    effective: date | None = None
    known: datetime | None = None
    tree: date | None = None
    organization: str | None = None
    group: str | None = None
    person: str | None = None
    as_json: bool = False


async def replay(settings: Settings, asked: Question) -> list[str]:
    """What to print. Raises CannotReplay, and NotFound for a code that nobody ever bore."""
    async with open_installation(settings) as installation:
        tenant = await installation.store.tenant_of(asked.tenant)
        day = asked.effective or installation.clock.today(tenant)
        clocks = Clocks(day, asked.known, asked.tree)
        reader = reader_of(installation)
        if asked.person is not None:
            return await _person(installation, reader, asked, clocks)
        code = asked.organization or asked.tenant
        if tenant_code(asked.tenant) != asked.tenant or not within(asked.tenant, code):
            raise CannotReplay(f"{code} is no organization of a tenant {asked.tenant}.")
        found = await figures(reader, installation.store, code, clocks)
        lines = list(_told(found, asked, await _codes(installation)))
        if asked.organization is None or asked.as_json:
            return lines
        return [*lines, *await _story_of(reader, found)]


def reader_of(installation: Installation) -> Reader:
    """A reader with a codec of its own."""
    codec = Codec(Registry(EVENTS, CREATED))
    return Reader(installation.database, installation.store, codec)


def as_object(found: Figures, group: str | None, codes: dict[int, str]) -> dict[str, object]:
    """The figures as one JSON object."""
    return {
        "effective": found.clocks.effective,
        "tree": found.tree.day,
        "positions": {codes[tenant]: n for tenant, n in sorted(found.positions.items())},
        "group": group,
        "organizations": [_line(found, life, group) for life in found.organizations()],
    }


def _line(found: Figures, life: Life, group: str | None) -> dict[str, object]:
    superior = found.tree.superior(life.id)
    above = None if superior is None else found.tree.nodes[superior].began.code
    return {
        "code": life.began.code,
        "name": life.name(found.tree.day),
        "superior": above,
        "stages": found.stages(life.id, group),
        "admitted": {by: found.years(life.id, what, group) for by, what in ADMITTED.items()},
        "targets": [
            {
                "period": target.period.name,
                "basis": target.basis,
                "group": target.group,
                "counting": target.counting,
                "count": target.count,
                "sharePercent": target.share_percent,
                "achieved": found.achieved(target),
            }
            for target in found.targets
            if target.holder == life.id
        ],
    }


def _told(found: Figures, asked: Question, codes: dict[int, str]) -> Iterator[str]:
    if asked.as_json:
        yield msgspec.json.encode(as_object(found, asked.group, codes)).decode()
        return
    yield f"on {found.clocks.effective}, in the tree of {found.tree.day}"
    known = ", ".join(f"{codes[tenant]} {n}" for tenant, n in sorted(found.positions.items()))
    yield f"known up to: {known}"
    for life in found.organizations():
        yield f"{life.began.code}\t{life.name(found.tree.day)}"
        yield from _figures_of(found, life, asked.group)


def _figures_of(found: Figures, life: Life, group: str | None) -> Iterator[str]:
    stages = found.stages(life.id, group)
    if stages:
        yield "  " + ", ".join(f"{stage} {n}" for stage, n in stages.items())
    for by, what in ADMITTED.items():
        years = found.years(life.id, what, group)
        if years:
            told = ", ".join(f"{year}: {n}" for year, n in years.items())
            yield f"  admitted by {by}: {told}"
    for target in found.targets:
        if target.holder == life.id:
            amount = f"{target.share_percent} %" if target.count is None else target.count
            yield (
                f"  target {target.period.name} {target.basis} {target.group or 'all'}: "
                f"{amount}, achieved {found.achieved(target)} by {target.counting}"
            )


async def _story_of(reader: Reader, found: Figures) -> list[str]:
    """The story of the root."""
    life = found.tree.nodes[found.root]
    events = await reader.stream(life.tenant_id, life.id, found.positions[life.tenant_id])
    return list(story(events))


async def _person(
    installation: Installation, reader: Reader, asked: Question, clocks: Clocks
) -> list[str]:
    """The state of one person on the day and the story up to what was known."""
    tenant_id, stream_id = await _address(installation, asked)
    positions = await installation.store.heads([tenant_id])
    if clocks.known is not None:
        positions = await installation.store.positions_known_at([tenant_id], clocks.known)
    stored = await reader.stream(tenant_id, stream_id, positions[tenant_id])
    if not stored or stored[0].type not in OF_PEOPLE:
        raise CannotReplay(f"There is no person {asked.person} in {asked.tenant}.")
    person = Person(reader.decode(stored, OF_PEOPLE), clocks.effective)
    lines = [f"on {clocks.effective}: {person.stage or 'not known yet'}"]
    if person.stage is not None:
        groups = ", ".join(sorted(person.groups)) or "none"
        lines.append(f"in: {await _cell(reader, positions, person)}, groups: {groups}")
    return [*lines, *story(stored)]


async def _cell(reader: Reader, positions: Mapping[int, int], person: Person) -> str:
    """The code of the cell, or of the part of it, that the person counts in."""
    found = Organizations(await reader.streams(positions, OF_ORGANIZATIONS))
    units = {unit.id: unit for unit in person.parts}
    at = person.unit
    while at in units:
        at = units[at].organization_id
    return found.lives[at].began.code if at in found.lives else str(at)


async def _address(installation: Installation, asked: Question) -> tuple[int, UUID]:
    """Tenant and stream of a person, by the id of the feed or the plain one."""
    tenant_id = await installation.store.tenant_of(asked.tenant)
    assert asked.person is not None
    try:
        return tenant_id, UUID(asked.person)
    except ValueError:
        pass
    try:
        found = decode_id(asked.person, kind="Candidate")
    except NotFound:
        raise CannotReplay(f"{asked.person!r} is no id of a person.") from None
    tenants = await installation.store.tenants_of_province(tenant_id)
    if found.tenant_id != tenant_id and found.tenant_id not in tenants:
        raise CannotReplay(f"The person {asked.person} is not one of {asked.tenant}.")
    return found.tenant_id, found.id


async def _codes(installation: Installation) -> dict[int, str]:
    return {each.tenant_id: each.code for each in await installation.store.tenants()}
