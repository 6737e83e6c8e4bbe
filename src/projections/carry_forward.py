"""Carries sums of postings forward from day to day, and again where a late event changes them.

What a third of a month of recording posts before a day begins another row of that day, so that what
was known before stays. The rows follow from the log alone, however it was cut into batches: an
epoch begins with the last position before its first event, and reaches on in multiples of `STEP`.
However many epochs are carried at once, each row is written once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Final
from uuid import UUID

from asyncpg import Record as Row

from db.database import Connection
from domain.groups import catalogue
from projections.balance import ACCOUNTS, WHOLE, grid_day, is_of_group
from projections.balance_line import HELD, Grids, Key, Line, Sizes, Turns
from projections.projection import RecordedDay
from projections.sending import Sending

STEP: Final = 256
"""Positions between two states of the current epoch: what a question of today may have to add."""
YEARS_BACK: Final = 10
"""Balances begin so many years before a tenant's first event was recorded."""

_INDEX: Final = {account: index for index, account in enumerate(ACCOUNTS)}

# A plan that was made while the table was small would read all of it ever after.
_STATE: Final = """
SELECT epoch, position, first, last, set_config('enable_seqscan', 'off', true)
FROM balance_epoch
WHERE tenant_id = $1 ORDER BY epoch DESC LIMIT 1
"""
# Of each unit, and beside it the sums of all of them; what is apart stands in these, too.
_POSTED: Final = """
WITH posted AS MATERIALIZED (
  SELECT width_bucket(position, $2::bigint[]) AS step,
    width_bucket(effective_on, $3::date[]) AS place, unit, is_apart, account, groups,
    sum(n)::int AS n
  FROM posting
  WHERE tenant_id = $1 AND {which}
  GROUP BY step, place, unit, is_apart, account, groups
)
SELECT step, place, unit, false AS is_whole, account, groups, n FROM posted
UNION ALL
SELECT step, place, CASE WHEN is_apart THEN unit ELSE $4 END AS whole, true, account, groups,
  sum(n)::int
FROM posted GROUP BY step, place, whole, account, groups
"""
_POSTED_IN: Final = _POSTED.format(
    which="position > $5 AND position <= $6 AND effective_on < $7",
)
_POSTED_SINCE: Final = _POSTED.format(
    which="position <= $5 AND effective_on >= $6 AND effective_on < $7",
)
_CURRENT: Final = """
SELECT k.measure, k.unit, b.epoch, b.n
FROM unnest($2::smallint[], $3::uuid[], $4::date[]) AS k (measure, unit, day)
CROSS JOIN LATERAL (
  SELECT b.epoch, b.n FROM balance b
  WHERE b.tenant_id = $1 AND b.measure = k.measure AND b.day = k.day AND b.until = $5
    AND b.unit = k.unit
  LIMIT 1
) AS b
ORDER BY k.day DESC
"""
_CARRIED: Final = """
SELECT k.measure, b.unit, b.epoch, b.n FROM unnest($2::smallint[], $3::date[]) AS k (measure, day)
CROSS JOIN LATERAL (
  SELECT b.unit, b.epoch, b.n FROM balance b
  WHERE b.tenant_id = $1 AND b.measure = k.measure AND b.day = k.day AND b.until = $4
  OFFSET 0
) AS b
"""
_WRITE: Final = """
WITH k AS MATERIALIZED (
  SELECT measure, unit, epoch, until, first, last, string_to_array(n, ',')::int[] AS n
  FROM unnest($4::balance_run[])
)
INSERT INTO balance (tenant_id, measure, day, unit, epoch, until, n)
SELECT $1, k.measure,
  (CASE WHEN k.measure IN (0, -1) THEN $2::date[] ELSE $3::date[] END)[place + 1],
  k.unit, k.epoch, k.until, k.n
FROM k CROSS JOIN LATERAL generate_series(k.first, k.last) AS place
ON CONFLICT (tenant_id, measure, day, until, unit)
DO UPDATE SET epoch = excluded.epoch, n = excluded.n
"""
_ADVANCE: Final = """
INSERT INTO balance_epoch (tenant_id, epoch, position, first, last)
SELECT $1, epoch, position, $2, last
FROM unnest($3::int[], $4::bigint[], $5::date[]) AS k (epoch, position, last)
ON CONFLICT (tenant_id, epoch) DO UPDATE SET position = excluded.position, last = excluded.last
"""
_PORTION: Final = 5_000


@dataclass(frozen=True, slots=True)
class _State:
    """Which postings the balances of a tenant add up, and which days have them; None for none."""

    epoch: int
    reached: int
    last: date | None = None


async def carry_forward(
    connection: Connection, tenant_id: int, days: Sequence[RecordedDay]
) -> None:
    """Bring the balances to where the events of some days bring them, whose postings are written.

    The days follow all that came before, in order.
    """
    row = await connection.fetchrow(_STATE, tenant_id)
    if row is None:
        state, first = _State(-1, 0), date(days[0].day.year - YEARS_BACK, 1, 1)
    else:
        state, first = _State(row["epoch"], row["position"], row["last"]), row["first"]
    if steps := list(_steps(state, days)):
        await _Carrying(connection, tenant_id, first, state, steps).carry()


def _steps(state: _State, days: Sequence[RecordedDay]) -> Iterator[_State]:
    """How far the balances come in each epoch, one after the other."""
    for last, of_epoch in groupby(days, lambda each: grid_day(each.day)):
        recorded, epoch = list(of_epoch), _epoch(last)
        reached = (recorded[-1].last - 1) // STEP * STEP
        if epoch != state.epoch:
            reached = max(reached, recorded[0].first - 1)
        elif reached <= state.reached:
            continue
        state = _State(epoch, reached, last)
        yield state


class _Carrying:
    """The balances of a tenant from one state on to others, in memory until all are there."""

    def __init__(
        self,
        connection: Connection,
        tenant_id: int,
        first: date,
        state: _State,
        steps: Sequence[_State],
    ) -> None:
        assert steps[-1].last is not None
        self._connection: Final = connection
        self._tenant_id: Final = tenant_id
        self._state: Final = state
        self._steps: Final = steps
        self._grids: Final = Grids(first, steps[-1].last)
        self._lines: Final[dict[Key, Line]] = {}
        self._to_come: Final[dict[Key, Turns]] = defaultdict(dict)
        self._goes_on: Final = state.last is not None and state.last < self._grids.last

    async def carry(self) -> None:
        """Write what changes in the days there are, and the days that begin."""
        last = self._state.last
        posted = await self._posted()
        if self._goes_on:
            await self._load_last()
        for step, changes in zip(self._steps, posted, strict=True):
            sizes = self._grids.sizes(last)
            turns = self._changing(changes, sizes)
            await self._load(turns)
            for key, added in turns.items():
                self._line(key, sizes).add(added, step.epoch)
            if step.last != last:
                self._begin(step, sizes)
            last = step.last
        await self._write()

    async def _posted(self) -> list[dict[Key, Turns]]:
        """What the postings of each step add to each key, and from which day on."""
        state, steps, until = self._state, self._steps, self._grids.last
        ends = [step.reached + 1 for step in steps]
        given = (self._tenant_id, ends, self._grids.days[0], WHOLE)
        posted = [_no_turns() for _ in steps]
        span = state.reached, steps[-1].reached
        self._add_up(await self._connection.fetch(_POSTED_IN, *given, *span, until), posted)
        if self._goes_on:
            assert state.last is not None
            # What no day of a group counts yet.
            since = state.last.replace(day=1)
            rows = await self._connection.fetch(_POSTED_SINCE, *given, state.reached, since, until)
            earlier = [_no_turns() for _ in steps]
            self._add_up(rows, earlier)
            self._changing(earlier[0], self._grids.sizes(state.last))
        return posted

    def _add_up(self, rows: Iterable[Row], posted: Sequence[dict[Key, Turns]]) -> None:
        places = self._grids.places
        for step, place, unit, is_whole, account, groups, n in rows:
            added, changes = (_INDEX[account], n), posted[step]
            for measure, of_group in _measures(groups, is_whole):
                changes[measure, unit][places[of_group][place]].append(added)

    def _changing(self, changes: Mapping[Key, Turns], sizes: Sizes) -> dict[Key, Turns]:
        """What changes the days there are; the rest is put off until its days begin."""
        found: dict[Key, Turns] = {}
        for key, turns in changes.items():
            size = sizes[is_of_group(key[0])]
            for place, added in turns.items():
                if place < size:
                    found.setdefault(key, {})[place] = added
                else:
                    self._to_come[key].setdefault(place, []).extend(added)
        return found

    def _line(self, key: Key, sizes: Sizes) -> Line:
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = Line(sizes[is_of_group(key[0])])
        return line

    async def _load_last(self) -> None:
        """What holds on the last days there are, of every key that has any."""
        sizes = self._grids.sizes(self._state.last)
        days = [self._grids.days[is_of_group(each)] for each in _every_measure()]
        last = [of[sizes[is_of_group(m)] - 1] for m, of in zip(_every_measure(), days, strict=True)]
        rows = await self._connection.fetch(_CARRIED, self._tenant_id, _every_measure(), last, HELD)
        for measure, unit, epoch, sums in rows:
            self._line((measure, unit), sizes).lead(epoch, sums)

    async def _load(self, turns: Mapping[Key, Turns]) -> None:
        """What holds on the days that change, where that is not known yet."""
        if self._state.last is None:
            return
        sizes = self._grids.sizes(self._state.last)
        lacking: list[tuple[int, UUID, date]] = []
        for key, added in turns.items():
            # Whatever has a day has the last one, too.
            if key in self._lines or not self._goes_on:
                until = min(self._line(key, sizes).begins, sizes[is_of_group(key[0])])
                days = self._grids.days[is_of_group(key[0])]
                lacking += [(*key, day) for day in reversed(days[min(added) : until])]
        for start in range(0, len(lacking), _PORTION):
            columns = zip(*lacking[start : start + _PORTION], strict=True)
            rows = await self._connection.fetch(_CURRENT, self._tenant_id, *columns, HELD)
            for measure, unit, epoch, sums in rows:
                self._lines[measure, unit].lead(epoch, sums)

    def _begin(self, step: _State, before: Sizes) -> None:
        """The days after the last one, of all who were ever counted."""
        sizes = self._grids.sizes(step.last)
        for key in {*self._lines, *self._to_come}:
            of_group = is_of_group(key[0])
            if sizes[of_group] == before[of_group]:
                continue
            turns = self._to_come[key]
            if key not in self._lines and (not turns or min(turns) >= sizes[of_group]):
                continue
            if key not in self._lines:
                self._lines[key] = Line(min(turns))
            self._lines[key].grow(turns, step.epoch, sizes[of_group])

    async def _write(self) -> None:
        runs = [run for key, line in self._lines.items() for run in line.runs(key)]
        async with Sending(self._connection, _WRITE, self._tenant_id, *self._grids.days) as sending:
            for start in range(0, len(runs), _PORTION):
                await sending.begin(runs[start : start + _PORTION])
        reached = [(step.epoch, step.reached, step.last) for step in self._steps]
        await self._connection.execute(
            _ADVANCE, self._tenant_id, self._grids.first, *zip(*reached, strict=True)
        )


def _no_turns() -> dict[Key, Turns]:
    return defaultdict(lambda: defaultdict(list))


def _every_measure() -> list[int]:
    measures = [0, *(1 + group.bit for group in catalogue().values())]
    return [*measures, *(~each for each in measures)]


@lru_cache(maxsize=1_000)
def _measures(groups: int, is_whole: bool) -> list[tuple[int, bool]]:  # noqa: FBT001 (the key of the cache)
    """The measures that count some groups, each with whether it counts the people of one."""
    bits = (group.bit for group in catalogue().values())
    measures = [0, *(1 + bit for bit in bits if groups >> bit & 1)]
    return [(~each if is_whole else each, each != 0) for each in measures]


def _epoch(day: date) -> int:
    """The number of the third of a month that begins on a day: one for each day of balances."""
    return (day.year * 12 + day.month) * 3 + day.day // 10
