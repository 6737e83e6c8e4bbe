"""What the accounts of units stand at on any day, as known at any positions.

It is a balance, the postings from its day on, and those before it that were recorded since its
epoch ended.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import compress
from typing import Any, Final, NamedTuple
from uuid import UUID

from asyncpg import Record as Row

from db.database import Connection
from domain.groups import catalogue, mask
from projections.balance import ACCOUNTS, WHOLE, grid_day

_ONE: Final = timedelta(days=1)
_NO_DAY: Final = date(1900, 1, 1)
"""Stands for no balance: postings before it are read by position, the others by day."""

_EPOCHS: Final = """
SELECT e.* FROM unnest($1::int[], $2::bigint[]) AS b (tenant_id, position)
CROSS JOIN LATERAL (
  SELECT e.tenant_id, e.epoch, e.position, e.first, e.last FROM balance_epoch e
  WHERE e.tenant_id = b.tenant_id AND e.position <= b.position
  ORDER BY e.position DESC LIMIT 1
) AS e
"""
_BALANCES: Final = """
FROM unnest($1::int[], $2::int[], $3::date[]) AS a (tenant_id, epoch, day)
JOIN balance c ON c.tenant_id = a.tenant_id AND c.day = a.day AND c.until > a.epoch
{places}
WHERE c.tenant_id = ANY ($1::int[]) AND c.measure = {measure} AND c.epoch <= a.epoch
"""
# Tenant by tenant, and the late ones by position: the index by day has all columns and lures, but
# there a difference of days cannot be looked up, and the ordinal is only in the key.
_SINCE: Final = """
SELECT a.tenant_id, p.* FROM unnest($1::int[], $2::date[], $4::bigint[])
  AS a (tenant_id, day, position)
CROSS JOIN LATERAL (
  SELECT {columns} FROM posting p
  WHERE p.tenant_id = a.tenant_id AND p.effective_on >= a.day AND p.effective_on < $5
    AND p.position <= a.position AND p.groups & $6 = $6
  {grouped}
) AS p
UNION ALL
SELECT a.tenant_id, p.* FROM unnest($1::int[], $2::date[], $3::bigint[], $4::bigint[])
  AS a (tenant_id, day, reached, position)
CROSS JOIN LATERAL (
  SELECT {columns} FROM posting p
  WHERE p.tenant_id = a.tenant_id AND p.position > a.reached AND p.position <= a.position
    AND p.effective_on - a.day < 0 AND p.groups & $6 = $6 AND p.ordinal >= 0
  {grouped}
) AS p
"""
_ADDED_UP: Final = """
SELECT {{of}}, c.account, sum(c.n)::int FROM ({since}) AS c {{places}}
GROUP BY 1, 2 HAVING sum(c.n) <> 0
"""
_SUMS: Final = ", ".join(f"sum(c.n[{number}])::int" for number in range(1, len(ACCOUNTS) + 1))


def _place_of(number: int) -> dict[str, str]:
    """Where a unit counts: the parameters from this number on are units in order, and their places.

    A unit is searched for among them by halves; a join was planned as one loop inside another.
    """
    units, places = f"${number}::uuid[]", f"${number + 1}::int[]"
    found = (
        f"JOIN LATERAL (SELECT width_bucket(c.unit, {units}) AS at OFFSET 0) AS k"
        f" ON ({units})[k.at] = c.unit"
    )
    return {"of": f"({places})[k.at]", "places": found}


_BY_UNIT: Final = {"of": "c.unit", "places": ""}
_OF_ALL: Final = "SELECT {of}, " + _SUMS + _BALANCES.replace("{measure}", "$4") + "GROUP BY 1"
_BALANCES_OF_UNITS: Final = _OF_ALL.format(**_BY_UNIT)
_BALANCES_OF_PLACES: Final = _OF_ALL.format(**_place_of(5))
_BALANCES_OF_TENANTS: Final = "SELECT c.tenant_id, c.unit, c.n" + _BALANCES.format(
    places="", measure="~($4::smallint)"
)
_EACH: Final = _ADDED_UP.format(
    since=_SINCE.format(columns="p.unit, p.account, p.n", grouped="OFFSET 0")
)
_SINCE_OF_UNITS: Final = _EACH.format(**_BY_UNIT)
_SINCE_OF_PLACES: Final = _EACH.format(**_place_of(7))
_SINCE_OF_TENANTS: Final = _SINCE.format(
    columns=f"CASE WHEN p.is_apart THEN p.unit ELSE '{WHOLE}' END, p.account, sum(p.n)::int",
    grouped="GROUP BY 1, 2",
)


class Places(NamedTuple):
    """Numbers of places: of `tenants` that have all their units in one, and of each unit."""

    tenants: Mapping[int, int]
    units: Mapping[UUID, int]
    listed: tuple[list[UUID], list[int]]
    """The units in order, each beside its place's number."""

    def of(self, tenant: int, unit: UUID) -> int | None:
        """Where a unit counts, or a whole tenant; None for nowhere."""
        return self.tenants[tenant] if unit == WHOLE else self.units.get(unit)


class Balances:
    """What the accounts of every unit stand at on any day, as known at some positions.

    Each question is to be asked in a transaction of one snapshot.
    """

    def __init__(self, positions: Mapping[int, int]) -> None:
        self._positions = positions

    async def of_units(
        self, connection: Connection, day: date, group: str | None
    ) -> list[tuple[UUID, str, int]]:
        """The sums of all postings up to a day, of everybody or of the people of a group.

        (unit, account, sum) in any order; what there is of one account of a unit adds up.
        """
        asked = await self._asked(connection, day, group)
        carried = await connection.fetch(_BALANCES_OF_UNITS, *asked.of_balances)
        since = await connection.fetch(_SINCE_OF_UNITS, *asked.since)
        return _found(carried, since)

    async def of_places(
        self, connection: Connection, day: date, group: str | None, places: Places
    ) -> list[tuple[int, str, int]]:
        """As `of_units`, added up by the numbers of places; units that have none are left out.

        The database adds up, so few rows come back: of tenants whole where one place has them.
        """
        asked = await self._asked(connection, day, group)
        found: list[tuple[int, str, int]] = []
        whole, rest = asked.of(places.tenants), asked.without(places.tenants)
        if whole.tenants:
            carried = await connection.fetch(_BALANCES_OF_TENANTS, *whole.of_balances)
            since = await connection.fetch(_SINCE_OF_TENANTS, *whole.since)
            for row in carried:
                found += _at(places.of(row[0], row[1]), zip(ACCOUNTS, row[2], strict=False))
            for row in since:
                found += _at(places.of(row[0], row[1]), [(row[2], row[3])])
        if rest.tenants:
            listed = places.listed
            carried = await connection.fetch(_BALANCES_OF_PLACES, *rest.of_balances, *listed)
            since = await connection.fetch(_SINCE_OF_PLACES, *rest.since, *listed)
            found += _found(carried, since)
        return found

    async def _asked(self, connection: Connection, day: date, group: str | None) -> "_Asked":
        """Where to begin, by what the connection's snapshot has.

        Balances of the current epoch are changed in their place, so none of it may be kept.
        """
        tenants, positions = list(self._positions), list(self._positions.values())
        rows = await connection.fetch(_EPOCHS, tenants, positions)
        reached = {row["tenant_id"]: row for row in rows}
        before = min(day, date.max - _ONE) + _ONE
        measure = 0 if group is None else 1 + catalogue()[group].bit
        starts = [_start(reached.get(tenant), before, measure) for tenant in tenants]
        epochs, days, ends = map(list, zip(*starts, strict=True))
        groups = 0 if group is None else mask([group])
        return _Asked(tenants, epochs, days, ends, positions, before, groups, measure)


def _start(reached: Row | None, before: date, measure: int) -> tuple[int, date, int]:
    """The epoch, the day and the last position of the balance to begin with."""
    if reached is not None:
        day = grid_day(min(before, reached["last"]), measure)
        if day >= reached["first"]:
            return reached["epoch"], day, reached["position"]
    return 0, _NO_DAY, 0


class _Asked(NamedTuple):
    """Of each tenant the epoch and the day of the balance, and the positions to be added."""

    tenants: list[int]
    epochs: list[int]
    days: list[date]
    reached: list[int]
    positions: list[int]
    before: date
    groups: int
    measure: int

    def of(self, tenants: Container[int]) -> "_Asked":
        """The same of some tenants."""
        return self._those([tenant in tenants for tenant in self.tenants])

    def without(self, tenants: Container[int]) -> "_Asked":
        """The same of all but some tenants."""
        return self._those([tenant not in tenants for tenant in self.tenants])

    def _those(self, chosen: list[bool]) -> "_Asked":
        return self._replace(
            tenants=list(compress(self.tenants, chosen)),
            epochs=list(compress(self.epochs, chosen)),
            days=list(compress(self.days, chosen)),
            reached=list(compress(self.reached, chosen)),
            positions=list(compress(self.positions, chosen)),
        )

    @property
    def of_balances(self) -> tuple[object, ...]:
        """The parameters of the balances."""
        return (self.tenants, self.epochs, self.days, self.measure)

    @property
    def since(self) -> tuple[object, ...]:
        """The parameters of the postings that are to be added."""
        reached = (self.days, self.reached, self.positions)
        return (self.tenants, *reached, self.before, self.groups)


def _at(place: int | None, counts: Iterable[tuple[str, int]]) -> Iterator[tuple[int, str, int]]:
    if place is not None:
        yield from ((place, account, n) for account, n in counts if n)


def _found(carried: Iterable[Row], since: Iterable[Row]) -> list[tuple[Any, str, int]]:
    found = [
        (row[0], account, n)
        for row in carried
        for account, n in zip(ACCOUNTS, row[1:], strict=True)
        if n
    ]
    found += [(row[0], row[1], row[2]) for row in since]
    return found
