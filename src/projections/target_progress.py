"""Targets and what was achieved of them: the rows of targets, and the arithmetic of progress."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from asyncpg import Record as Row

from db.database import Connection
from domain.period import Period
from domain.record import Entry
from domain.target import CountingDate, TargetAdjusted, TargetBasis, TargetEntryVoided, TargetSet
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent

_INSERT: Final = """
INSERT INTO target_entry (
  tenant_id, position, target_id, version, effective_on, holder, voids, basis, period,
  period_first, period_last, target_group, counting, count, share_percent, stated_growth_percent
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""

_ROWS: Final = """
SELECT t.target_id, t.version, t.effective_on, t.holder, t.voids, t.basis, t.period,
  t.period_first, t.period_last, t.target_group, t.counting, t.count, t.share_percent,
  t.stated_growth_percent
FROM target_entry t
JOIN unnest($1::int[], $2::bigint[]) AS b (tenant_id, position) ON b.tenant_id = t.tenant_id
WHERE t.tenant_id = ANY ($1::int[]) AND t.position <= b.position
ORDER BY t.tenant_id, t.position
"""

_HELD: Final = """
SELECT DISTINCT target_id FROM target_entry
WHERE tenant_id = $1 AND holder = ANY ($2::uuid[]) ORDER BY target_id
"""


class TargetProjection:
    """Keeps `target_entry`."""

    name = "target_progress"
    version = 1
    """Raised where the same events fold to other rows, or the rows to other answers."""
    types = frozenset({TargetSet.TOPIC, TargetAdjusted.TOPIC, TargetEntryVoided.TOPIC})
    tables = ("target_entry",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row an event."""
        rows = []
        for stored in events:
            entry = self._codec.decode_clear(stored)
            rows.append(
                (
                    tenant_id,
                    stored.position,
                    stored.stream_id,
                    stored.version,
                    stored.effective_on,
                    entry.organization_id,
                    *_columns(entry),
                )
            )
        await connection.executemany(_INSERT, rows)


def _columns(entry: Entry) -> tuple[object, ...]:
    match entry:
        case TargetSet():
            return (
                None,
                entry.basis.value,
                entry.period,
                entry.period_first,
                entry.period_last,
                entry.group,
                entry.counting.value,
                entry.count,
                entry.share_percent,
                entry.stated_growth_percent,
            )
        case TargetAdjusted():
            return (*(None,) * 7, entry.count, entry.share_percent, None)
        case TargetEntryVoided():
            return (entry.voided_version, *(None,) * 9)
        case _:
            raise TypeError(type(entry).__qualname__)


@dataclass(frozen=True, slots=True)
class StatedTarget:
    """A target as it stands on a date: exactly one of `count` and `share_percent` is there."""

    id: UUID
    holder: UUID
    basis: TargetBasis
    period: Period
    group: str | None
    counting: CountingDate
    count: int | None
    share_percent: float | None
    stated_growth_percent: float | None


class Asked(NamedTuple):
    """The target and the total target of a question; what it counts in, and by which date."""

    target: StatedTarget | None
    total: StatedTarget | None
    period: Period
    counting: CountingDate


class Targets:
    """All targets that are in force on a date, as known at some positions."""

    def __init__(self, rows: Iterable[Row], on: date) -> None:
        by_target: dict[UUID, list[Row]] = {}
        for row in rows:
            by_target.setdefault(row["target_id"], []).append(row)
        self._by_key: dict[tuple[UUID, str, str | None, TargetBasis], StatedTarget] = {}
        self._by_id: dict[UUID, StatedTarget] = {}
        self._by_holder: dict[UUID, list[StatedTarget]] = {}
        for target_id, entries in by_target.items():
            stated = _stated(target_id, entries, on)
            if stated is not None:
                key = (stated.holder, stated.period.name, stated.group, stated.basis)
                self._by_key[key] = stated
                self._by_id[target_id] = stated
                self._by_holder.setdefault(stated.holder, []).append(stated)

    def find(
        self, holder: UUID, period: str, group: str | None, basis: TargetBasis
    ) -> StatedTarget | None:
        """The target of a holder for a period, group and basis."""
        return self._by_key.get((holder, period, group, basis))

    def get(self, target_id: UUID) -> StatedTarget | None:
        """The target with an id."""
        return self._by_id.get(target_id)

    def held_by(self, holder: UUID) -> list[StatedTarget]:
        """All targets of one holder, by period, basis and group."""
        held = self._by_holder.get(holder, [])
        return sorted(held, key=lambda t: (t.period.first, t.period.name, t.basis, t.group or ""))

    def period_of(self, holder: UUID, period: Period) -> Period:
        """The same period with the holder's own days, where one of its targets states them."""
        own = (target.period for target in self.held_by(holder))
        return next((found for found in own if found.name == period.name), period)


async def targets(connection: Connection, positions: Mapping[int, int], on: date) -> Targets:
    """The targets of some tenants on a date, from the entries up to the positions."""
    rows = await connection.fetch(_ROWS, list(positions), list(positions.values()))
    return Targets(rows, on)


async def target_ids(
    connection: Connection, tenant_id: int, holders: Collection[UUID]
) -> list[UUID]:
    """The targets that some organizations of a tenant ever held."""
    rows = await connection.fetch(_HELD, tenant_id, list(holders))
    return [row["target_id"] for row in rows]


def _stated(target_id: UUID, entries: list[Row], on: date) -> StatedTarget | None:
    voided = {row["voids"] for row in entries}
    live = [
        row
        for row in entries
        if row["voids"] is None and row["version"] not in voided and row["effective_on"] <= on
    ]
    live.sort(key=lambda row: (row["effective_on"], row["version"]))
    began = next((row for row in live if row["basis"] is not None), None)
    if began is None:
        return None
    amount = live[-1]
    return StatedTarget(
        id=target_id,
        holder=began["holder"],
        basis=TargetBasis(began["basis"]),
        period=Period(began["period"], began["period_first"], began["period_last"]),
        group=began["target_group"],
        counting=CountingDate(began["counting"]),
        count=amount["count"],
        share_percent=amount["share_percent"],
        stated_growth_percent=began["stated_growth_percent"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What was achieved of a target by a day.

    Percentages are 0 to 100 and more; None where there is nothing to divide.

    `computed_growth_percent` is the growth that the target means over what was really counted in
    the year before (`achieved_year_before`), to be read beside the stated one;
    `achieved_growth_percent` is the growth of what was achieved over that year. `target` of a share
    is that share of the total target, `target_of_achieved` that share of all that were admitted.
    """

    basis: TargetBasis
    period: Period
    counting: CountingDate
    target: float | None
    achieved: int
    achieved_year_before: int | None
    percent: float | None
    shortfall: float | None
    stated_growth_percent: float | None
    computed_growth_percent: float | None
    achieved_growth_percent: float | None
    pace_percent: float
    share_percent: float | None
    target_of_achieved: float | None
    allocated: float | None


def amount_of(
    target: StatedTarget | None, total: StatedTarget | None, admitted: int
) -> float | None:
    """The number that a target asks for.

    A share is taken of the total target, of all admitted where there is none.
    """
    if target is None:
        return None
    if target.count is not None:
        return float(target.count)
    assert target.share_percent is not None
    whole = total.count if total is not None and total.count is not None else admitted
    return whole * target.share_percent / 100


def percent_of(part: float, whole: float | None) -> float | None:
    """100 × part / whole, or None without a whole."""
    return None if not whole else 100 * part / whole


def growth_percent(now: float | None, before: float | None) -> float | None:
    """By how many percent `now` exceeds `before`, or None without either."""
    return None if now is None or not before else 100 * (now / before - 1)
