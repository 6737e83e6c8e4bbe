"""Balances give at any two dates what adding up all postings gives, however the log was cut."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from tests.databases import Log
from tests.profile import at_length

from domain.case import Stage
from domain.counting import FLOWS
from domain.groups import catalogue, mask
from eventstore.stored_event import StoredEvent
from projections import carry_forward as carrying
from projections.balance import ACCOUNTS
from projections.balances import Balances, Places
from projections.carry_forward import carry_forward
from projections.pipeline import _INSERT
from projections.projection import recorded_days

BEGUN = datetime(2021, 11, 20, 3, tzinfo=UTC)
UNITS = [UUID(int=number) for number in range(1, 6)]
ELSEWHERE = UNITS[-1]
"""A unit of another tenant, in which this one's people count, too."""
GROUPS = [0, mask(["WOMEN"]), mask(["WOMEN", "STUDENT"]), mask(["ETHNIC_MINORITY", "YOUTH_AGE"])]
ROWS = """
SELECT measure, day, unit, epoch, until, n FROM balance WHERE tenant_id = $1 ORDER BY 1, 2, 3, 5
"""
EPOCHS = "SELECT epoch, position, first, last FROM balance_epoch WHERE tenant_id = $1 ORDER BY 1"


@dataclass(frozen=True)
class Posted:
    """One row of `posting`."""

    position: int
    unit: UUID
    account: str
    groups: int
    on: date
    n: int


@dataclass(frozen=True)
class History:
    """Events of two years, with what each posts: most in time, some late, some of days to come."""

    events: list[StoredEvent]
    posted: list[Posted]

    def sums(self, position: int, day: date, group: str | None) -> Counter[tuple[UUID, str]]:
        """What stands where on a day, as known at a position: all of it added up."""
        found: Counter[tuple[UUID, str]] = Counter()
        bit = 0 if group is None else mask([group])
        for each in self.posted:
            if each.position <= position and each.on <= day and each.groups & bit == bit:
                found[each.unit, each.account] += each.n
        return Counter({key: n for key, n in found.items() if n})


def history(random: Random, tenant: int, number: int) -> History:
    """A random one."""
    events, posted = [], []
    recorded, position = BEGUN, 0
    for _ in range(number):
        position += random.choice((1, 1, 1, 2, 9))
        recorded += timedelta(hours=random.choice((0, 1, 5, 30, 200)))
        events.append(stored(tenant, position, recorded))
        for _ in range(random.randint(0, 4)):
            late = random.choice((0, 0, 3, 15, 60, 400, 1500, -90, -900))
            days = random.randint(0, late) if late > 0 else late
            posted.append(
                Posted(
                    position,
                    random.choice(UNITS),
                    random.choice(ACCOUNTS),
                    random.choice(GROUPS),
                    recorded.date() - timedelta(days=days),
                    random.choice((-1, 1, 1)),
                )
            )
    return History(events, posted)


def stored(tenant: int, position: int, recorded: datetime) -> StoredEvent:
    """An event of which only the position and the recording matter here."""
    some = UUID(int=position)
    return StoredEvent(
        tenant, position, some, 1, some, "x", 1, some, recorded.date(), recorded,
        "a", some, some, b"{}", None, None,
    )  # fmt: skip


def cuts(random: Random, events: list[StoredEvent]) -> Iterator[list[StoredEvent]]:
    """The events in batches of any size."""
    while events:
        size = random.choice((1, 2, 7, 40, 500))
        yield events[:size]
        events = events[size:]


async def fold(log: Log, tenant: int, told: History, random: Random) -> None:
    """Write the postings of each batch and carry them forward."""
    for batch in cuts(random, told.events):
        positions = {event.position for event in batch}
        rows = [each for each in told.posted if each.position in positions]
        async with log.database.tenant(tenant) as connection:
            if rows:
                postings = [
                    (tenant, p.position, number, p.unit, p.unit, *_rest(p))
                    for number, p in enumerate(rows)
                ]
                await connection.execute(_INSERT, postings)
            await carry_forward(connection, tenant, recorded_days(batch))


def _rest(posted: Posted) -> tuple[str, int, date, int, bool]:
    return posted.account, posted.groups, posted.on, posted.n, posted.unit == ELSEWHERE


async def stands(
    log: Log, tenant: int, position: int, day: date, group: str | None
) -> Counter[tuple[UUID, str]]:
    """What the balances say as known at a position."""
    return await sums(log, tenant, Balances({tenant: position}), day, group)


async def sums(
    log: Log, tenant: int, balances: Balances, day: date, group: str | None
) -> Counter[tuple[UUID, str]]:
    """What some balances say, in a transaction of its own."""
    async with log.database.rollup([tenant]) as connection:
        rows = await balances.of_units(connection, day, group)
    found: Counter[tuple[UUID, str]] = Counter()
    for unit, account, n in rows:
        found[unit, account] += n
    return Counter({key: n for key, n in found.items() if n})


async def placed(
    log: Log, position: int, day: date, group: str | None, *, whole: bool
) -> Counter[tuple[int, str]]:
    """What the balances say of one place that has all units but another tenant's."""
    numbers = {unit: 3 if unit == ELSEWHERE else 2 for unit in UNITS}
    tenant = log.tenant
    places = Places({tenant: 2} if whole else {}, numbers, (UNITS, [*numbers.values()]))
    async with log.database.rollup([tenant]) as connection:
        rows = await Balances({tenant: position}).of_places(connection, day, group, places)
    found: Counter[tuple[int, str]] = Counter()
    for place, account, n in rows:
        found[place, account] += n
    return Counter({key: n for key, n in found.items() if n})


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "STEP", 16)
    monkeypatch.setattr(carrying, "YEARS_BACK", 2)


@pytest.mark.parametrize("seed", range(at_length(3)))
async def test_any_figure_of_any_two_dates_is_the_sum(log: Log, seed: int) -> None:
    """Late entries, days to come, any position, any group; the same rows however it was cut."""
    random = Random(seed)
    told = history(random, log.tenant, 150)
    await fold(log, log.tenant, told, random)
    await fold(log, log.other, told, random)

    groups = [None, *catalogue()]
    last = told.events[-1].position
    asked = [
        (
            random.randint(0, last + 5),
            date(2021, 6, 1) + timedelta(days=random.randint(-900, 2400)),
            random.choice(groups),
        )
        for _ in range(at_length(150))
    ]
    for position, day, group in [*asked, (last, date.max, None), (last, date.min, None)]:
        expected = told.sums(position, day, group)
        assert await stands(log, log.tenant, position, day, group) == expected, (position, day)
        of_places: Counter[tuple[int, str]] = Counter()
        for (unit, account), n in expected.items():
            of_places[3 if unit == ELSEWHERE else 2, account] += n
        of_places = Counter({key: n for key, n in of_places.items() if n})
        for whole in (True, False):
            found = await placed(log, position, day, group, whole=whole)
            assert found == of_places, (position, day, whole)
    for sql in (ROWS, EPOCHS):
        async with log.database.tenant(log.tenant) as connection:
            one = await connection.fetch(sql, log.tenant)
        async with log.database.tenant(log.other) as connection:
            assert one == await connection.fetch(sql, log.other)
    assert len(one) > 5


async def test_a_question_that_lasts_is_answered_as_it_began(log: Log) -> None:
    """While the log goes on, what a question asks next is still of the positions it began at."""
    random = Random(11)
    told = history(random, log.tenant, 150)
    day = date(2022, 12, 31)
    begun: list[tuple[int, Balances]] = []
    for batch in (told.events[start : start + 10] for start in range(0, 150, 10)):
        await fold(log, log.tenant, History(batch, told.posted), random)
        begun.append((batch[-1].position, Balances({log.tenant: batch[-1].position})))
        for position, balances in begun:
            assert await sums(log, log.tenant, balances, day, None) == told.sums(
                position, day, None
            )


async def test_old_postings_are_not_read_again(log: Log) -> None:
    """What stands in a balance is not added up from its postings: they could be gone."""
    random = Random(7)
    told = history(random, log.tenant, 250)
    await fold(log, log.tenant, told, random)
    last = told.events[-1]
    day = last.recorded_at.date()
    before = await stands(log, log.tenant, last.position, day, None)

    async with log.database.tenant(log.tenant) as connection:
        await connection.execute(
            "DELETE FROM posting WHERE tenant_id = $1 AND position < $2 AND effective_on < $3",
            log.tenant,
            last.position - 40,
            day - timedelta(days=12),
        )

    assert await stands(log, log.tenant, last.position, day, None) == before


def test_every_account_has_its_place() -> None:
    """What is posted can be stored: all stages but the one that counts nowhere, and all flows."""
    assert set(ACCOUNTS) == {each.value for each in Stage if each is not Stage.MERGED} | set(FLOWS)
    assert len(ACCOUNTS) == len(set(ACCOUNTS))
