"""Folds of people: from the record, or gone on with; what they have taken is the same."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from tests.databases import Log, command
from tests.domain.steps import CELL, PERSON, on, path, recognized

from domain.candidate import Candidate
from eventstore.reading import read_streams
from eventstore.stored_event import StoredEvent
from projections import people as module
from projections.people import People

WAY = path(recognized)


class Seen:
    """The versions that it has taken."""

    def __init__(self, person: UUID) -> None:
        self.person = person
        self.version = 0
        self.versions: list[int] = []


async def events(log: Log, steps: int, number: int = 1) -> list[StoredEvent]:
    """Those of so many people, one after the other."""
    recorded = []
    for _ in range(number):
        candidate = Candidate.identify(uuid4(), on(date(2023, 3, 1)), CELL, PERSON)
        for step in WAY[:steps]:
            step(candidate)
        await log.records.save(log.tenant, command(), candidate, subject=candidate.id)
        async with log.database.tenant(log.tenant) as connection:
            read = await read_streams(connection, log.tenant, [candidate.id])
        recorded += read[candidate.id]
    return recorded


async def fold(log: Log, people: People[Seen], told: list[StoredEvent]) -> list[tuple[Seen, int]]:
    """The folds that have taken some events, each with how many it still had to take."""
    async with log.database.tenant(log.tenant) as connection:
        found = await people.concerned(connection, log.tenant, told, told[-1].position)
    for seen, stream in found:
        for stored in stream:
            seen.version = stored.version
            seen.versions.append(stored.version)
        people.keep(log.tenant, seen)
    return [(seen, len(stream)) for seen, stream in found]


@pytest.fixture
def people() -> Iterator[People[Seen]]:
    found = People("pipeline", Seen)
    with found.remembering():
        yield found


async def test_who_was_folded_is_gone_on_with(log: Log, people: People[Seen]) -> None:
    told = await events(log, 5)

    for first, last in ((0, 2), (2, 3), (3, 6)):
        [(seen, taken)] = await fold(log, people, told[first:last])
        assert taken == last - first
        assert seen.versions == list(range(1, last + 1))


async def test_who_was_not_folded_up_to_there_is_folded_anew(
    log: Log, people: People[Seen]
) -> None:
    """Given a fold that has come further, or not as far, then it is not gone on with."""
    told = await events(log, 5)

    for first, last in ((0, 4), (2, 3), (5, 6)):
        [(seen, _)] = await fold(log, people, told[first:last])
        assert seen.versions == list(range(1, last + 1))


async def test_nobody_is_remembered_afterwards_or_without(log: Log) -> None:
    people = People("pipeline", Seen)
    told = await events(log, 5)
    with people.remembering():
        await fold(log, people, told[:2])

    for first, last in ((2, 4), (4, 6)):
        [(_, taken)] = await fold(log, people, told[first:last])
        assert taken == last


async def test_who_was_gone_on_with_least_lately_is_forgotten(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given room for the events of two people of three."""
    monkeypatch.setattr(module, "KEPT_MAX", 7)
    people = People("pipeline", Seen)
    told = await events(log, 3, 3)
    one, two, three = told[:4], told[4:8], told[8:]
    with people.remembering():
        for some in (one[:3], two[:3], one[3:], three[:3]):
            await fold(log, people, some)
        taken = [(await fold(log, people, some))[0][1] for some in (one[3:], three[3:], two[3:])]

    assert taken == [4, 1, 4]


async def test_what_an_operator_had_skipped_is_not_read(
    log: Log, people: People[Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await events(log, 5)

    async def skipped(*_: object) -> frozenset[int]:
        return frozenset({told[1].position})

    monkeypatch.setattr(module, "skipped_positions", skipped)
    [(seen, _)] = await fold(log, people, told[3:4])

    assert seen.versions == [1, 3, 4]
