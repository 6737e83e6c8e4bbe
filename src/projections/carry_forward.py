"""Carries sums of postings forward from day to day, and again where a late event changes them.

What a third of a month of recording posts before a day begins another row of that day, so that what
was known before stays. The rows follow from the log alone, however it was cut into batches: an
epoch begins with the last position before its first event, and reaches on in multiples of `STEP`.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby, zip_longest
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from asyncpg import Record as Row

from db.database import Connection
from domain.calendar import VIETNAM
from domain.groups import catalogue
from projections.balance import ACCOUNTS, WHOLE, grid, grid_day, is_of_group, next_day
from projections.projection import Recorded
from projections.sending import Sending

STEP: Final = 256
"""Positions between two states of the current epoch: what a question of today may have to add."""
YEARS_BACK: Final = 10
"""Balances begin so many years before a tenant's first event was recorded."""

_INDEX: Final = {account: index for index, account in enumerate(ACCOUNTS)}
_HELD: Final = 2**31 - 1
_ONE: Final = timedelta(days=1)

# A plan that was made while the table was small would read all of it ever after.
_STATE: Final = """
SELECT epoch, position, first, last, set_config('enable_seqscan', 'off', true)
FROM balance_epoch
WHERE tenant_id = $1 ORDER BY epoch DESC LIMIT 1
"""
_POSTED: Final = """
SELECT unit, is_apart, account, groups, effective_on, sum(n)::int AS n FROM posting
WHERE tenant_id = $1 AND position > $2 AND position <= $3 AND effective_on < $4
GROUP BY unit, is_apart, account, groups, effective_on
"""
_POSTED_SINCE: Final = """
SELECT unit, is_apart, account, groups, effective_on, sum(n)::int AS n FROM posting
WHERE tenant_id = $1 AND effective_on >= $2 AND effective_on < $3 AND position <= $4
GROUP BY unit, is_apart, account, groups, effective_on
"""
_CURRENT: Final = """
SELECT k.measure, k.day, k.unit, b.epoch, b.n
FROM unnest($2::smallint[], $3::date[], $4::uuid[]) AS k (measure, day, unit)
CROSS JOIN LATERAL (
  SELECT b.epoch, b.n FROM balance b
  WHERE b.tenant_id = $1 AND b.measure = k.measure AND b.day = k.day AND b.until = $5
    AND b.unit = k.unit
  LIMIT 1
) AS b
"""
_CARRIED: Final = """
SELECT k.measure, b.unit, b.n FROM unnest($2::smallint[], $3::date[]) AS k (measure, day)
CROSS JOIN LATERAL (
  SELECT b.unit, b.n FROM balance b
  WHERE b.tenant_id = $1 AND b.measure = k.measure AND b.day = k.day AND b.until = $4
  OFFSET 0
) AS b
"""
_WRITE: Final = """
INSERT INTO balance (tenant_id, measure, day, unit, epoch, until, n)
SELECT $1, k.measure, k.day, k.unit, k.epoch, $7, string_to_array(k.n, ',')::int[]
FROM unnest($2::smallint[], $3::date[], $4::uuid[], $5::int[], $6::text[])
  AS k (measure, day, unit, epoch, n)
ON CONFLICT (tenant_id, measure, day, until, unit)
DO UPDATE SET epoch = excluded.epoch, n = excluded.n
"""
_BEGIN: Final = """
WITH k AS MATERIALIZED (
  SELECT r.measure, r.unit, r.first, r.last, string_to_array(r.n, ',')::int[] AS n
  FROM unnest($6::smallint[], $7::uuid[], $8::int[], $9::int[], $10::text[])
    AS r (measure, unit, first, last, n)
)
INSERT INTO balance (tenant_id, measure, day, unit, epoch, until, n)
SELECT $1, k.measure,
  (CASE WHEN k.measure IN (0, -1) THEN $4::date[] ELSE $5::date[] END)[place + 1],
  k.unit, $2, $3, k.n
FROM k CROSS JOIN LATERAL generate_series(k.first, k.last) AS place
"""
_ADVANCE: Final = """
INSERT INTO balance_epoch (tenant_id, epoch, position, first, last) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, epoch) DO UPDATE SET position = excluded.position, last = excluded.last
"""
_Key: TypeAlias = tuple[int, UUID]
"""A measure and a unit."""
_Changes: TypeAlias = dict[_Key, dict[date, list[tuple[int, int]]]]
_Cell: TypeAlias = tuple[int, date, UUID]
_Balance: TypeAlias = tuple[int, date, UUID, int, list[int]]
_T = TypeVar("_T")
_PORTION: Final = 5_000


@dataclass(frozen=True, slots=True)
class _State:
    """Which postings the balances of a tenant add up, and which days have them; None for none."""

    epoch: int
    reached: int
    first: date
    last: date | None = None


async def carry_forward(connection: Connection, tenant_id: int, events: Sequence[Recorded]) -> None:
    """Bring the balances to where the events bring them, whose postings have been written.

    The events follow all that came before, in order.
    """
    state = await _state(connection, tenant_id, events[0])
    for epoch, of_month in groupby(events, _epoch):
        month = list(of_month)
        reached = (month[-1].position - 1) // STEP * STEP
        if epoch != state.epoch:
            reached = max(reached, month[0].position - 1)
        elif reached <= state.reached:
            continue
        following = next(each for each in month if each.position > reached)
        after = _State(epoch, reached, state.first, grid_day(_recorded_on(following)))
        await _carry(connection, tenant_id, state, after)
        state = after


async def _state(connection: Connection, tenant_id: int, following: Recorded) -> _State:
    row = await connection.fetchrow(_STATE, tenant_id)
    if row is not None:
        return _State(row["epoch"], row["position"], row["first"], row["last"])
    return _State(-1, 0, date(_recorded_on(following).year - YEARS_BACK, 1, 1))


async def _carry(connection: Connection, tenant_id: int, state: _State, after: _State) -> None:
    """Write what changes in the days there are, then the days that begin."""
    assert after.last is not None
    if state.last is not None:
        posted = await connection.fetch(
            _POSTED, tenant_id, state.reached, after.reached, state.last
        )
        await _change(connection, tenant_id, state.last, after, _changes(posted, state.first))
    if state.last is None or after.last > state.last:
        await _begin(connection, tenant_id, state.last, after)
    await connection.execute(
        _ADVANCE, tenant_id, after.epoch, after.reached, after.first, after.last
    )


def _changes(rows: Iterable[Row], first: date) -> _Changes:
    """What postings add to each key, by the first of its days that counts them."""
    changes: _Changes = defaultdict(lambda: defaultdict(list))
    for unit, is_apart, account, groups, effective_on, n in rows:
        added = (_INDEX[account], n)
        for measure in _measures(groups):
            day = max(first, _next_day(effective_on, is_of_group(measure)))
            key = measure, unit if measure >= 0 or is_apart else WHOLE
            changes[key][day].append(added)
    return changes


async def _change(
    connection: Connection, tenant_id: int, last: date, after: _State, changes: _Changes
) -> None:
    """Add to the balances up to the last day; whatever is touched has a row of the epoch then."""
    every = _grids(after.first, last)
    days = {}
    for key, by_day in changes.items():
        of_measure = every[is_of_group(key[0])]
        days[key] = of_measure[bisect_left(of_measure, min(by_day)) :]
    touched = [(measure, day, unit) for measure, unit in changes for day in days[measure, unit]]
    held: dict[_Cell, Row] = {}
    for some in _portions(touched):
        rows = await connection.fetch(_CURRENT, tenant_id, *_columns(some), _HELD)
        held.update({(row["measure"], row["day"], row["unit"]): row for row in rows})
    # What held until now is written again with its end, the row that holds is changed in its place.
    ended = [
        (*cell, row["epoch"], row["n"]) for cell, row in held.items() if row["epoch"] < after.epoch
    ]
    await _write(connection, tenant_id, ended, after.epoch)
    written = []
    for (measure, unit), by_day in changes.items():
        added = _none()
        for day in days[measure, unit]:
            _add(added, by_day.get(day, ()))
            row = held.get((measure, day, unit))
            old = () if row is None else row["n"]
            sums = [a + b for a, b in zip_longest(added, old, fillvalue=0)]
            written.append((measure, day, unit, after.epoch, sums))
    await _write(connection, tenant_id, written, _HELD)


async def _begin(connection: Connection, tenant_id: int, last: date | None, after: _State) -> None:
    """Write the balances of the days after the last one: of all who were ever counted before."""
    assert after.last is not None
    carried: dict[_Key, list[int]] = {}
    since = date.min
    if last is not None:
        since = last.replace(day=1)
        by_measure = {measure: grid_day(last, measure) for measure in _every_measure()}
        rows = await connection.fetch(
            _CARRIED, tenant_id, list(by_measure), list(by_measure.values()), _HELD
        )
        carried = {(row["measure"], row["unit"]): row["n"] for row in rows}
    posted = await connection.fetch(_POSTED_SINCE, tenant_id, since, after.last, after.reached)
    changes = _changes(posted, after.first)
    begun = _grids(after.first if last is None else last + _ONE, after.last)
    places = [{day: place for place, day in enumerate(days)} for days in begun]
    runs = []
    for key in {*carried, *changes}:
        days, by_day = places[is_of_group(key[0])], changes.get(key, {})
        sums = [*carried.get(key, ()), *_none()][: len(ACCOUNTS)]
        turns = {days[day]: added for day, added in by_day.items() if day in days}
        if key in carried and days:
            turns.setdefault(0, [])
        starts = sorted(turns)
        # All days until the next one that changes them have the same sums.
        for start, end in zip(starts, [*starts[1:], len(days)], strict=False):
            _add(sums, turns[start])
            runs.append((*key, start, end - 1, ",".join(map(str, sums))))
    async with Sending(connection, _BEGIN, tenant_id, after.epoch, _HELD, *begun) as sending:
        for some in _portions(runs):
            await sending.begin(some)


async def _write(
    connection: Connection, tenant_id: int, rows: Sequence[_Balance], until: int
) -> None:
    for some in _portions(rows):
        *keys, sums = _columns(some)
        await connection.execute(_WRITE, tenant_id, *keys, _texts(sums), until)


def _portions(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(rows), _PORTION):
        yield rows[start : start + _PORTION]


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True))


def _texts(sums: Iterable[list[int]]) -> list[str]:
    """Each as PostgreSQL splits it; what follows itself, as on days without a change, once."""
    texts: list[str] = []
    last = None
    for each in sums:
        texts.append(texts[-1] if each is last else ",".join(map(str, each)))
        last = each
    return texts


def _grids(first: date, last: date) -> tuple[list[date], list[date]]:
    """The days of balances from a first to a last one: of everybody, and of a group."""
    return list(grid(first, last, 0)), list(grid(first, last, 1))


@lru_cache(maxsize=20_000)
def _next_day(day: date, of_group: bool) -> date:  # noqa: FBT001 (the key of the cache)
    return next_day(day, int(of_group))


def _none() -> list[int]:
    return [0] * len(ACCOUNTS)


def _add(sums: list[int], added: Iterable[tuple[int, int]]) -> None:
    for account, n in added:
        sums[account] += n


def _every_measure() -> list[int]:
    return _with_whole([0, *(1 + group.bit for group in catalogue().values())])


@lru_cache(maxsize=1_000)
def _measures(groups: int) -> list[int]:
    bits = (group.bit for group in catalogue().values())
    return _with_whole([0, *(1 + bit for bit in bits if groups >> bit & 1)])


def _with_whole(measures: list[int]) -> list[int]:
    return [*measures, *(~each for each in measures)]


def _epoch(stored: Recorded) -> int:
    """The number of its third of a month: another one for each day that has balances."""
    day = grid_day(_recorded_on(stored))
    return (day.year * 12 + day.month) * 3 + day.day // 10


def _recorded_on(stored: Recorded) -> date:
    return stored.recorded_at.astimezone(VIETNAM).date()
