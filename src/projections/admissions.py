"""Admissions told apart by month, by group and by cell, as sums of postings."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from db.database import Connection
from domain.target import CountingDate
from domain.timeline import ADMITTED

_BY_MONTH: Final = """
SELECT p.unit, date_trunc('month', p.effective_on)::date AS month, sum(p.n)::int AS n
FROM posting p
JOIN unnest($1::int[], $2::bigint[]) AS b (tenant_id, position) ON b.tenant_id = p.tenant_id
WHERE p.tenant_id = ANY ($1::int[]) AND p.effective_on BETWEEN $3 AND $4
  AND p.position <= b.position AND p.groups & $5 = $5 AND p.account = $6
GROUP BY p.unit, month
HAVING sum(p.n) <> 0
"""

_BY_GROUPS: Final = """
SELECT p.unit, p.groups, sum(p.n)::int AS n
FROM posting p
JOIN unnest($1::int[], $2::bigint[]) AS b (tenant_id, position) ON b.tenant_id = p.tenant_id
WHERE p.tenant_id = ANY ($1::int[]) AND p.effective_on BETWEEN $3 AND $4
  AND p.position <= b.position AND p.account = $5
GROUP BY p.unit, p.groups
HAVING sum(p.n) <> 0
"""

_LAST: Final = """
SELECT d.unit, max(d.effective_on) AS last
FROM (
  SELECT p.unit, p.effective_on
  FROM posting p
  JOIN unnest($1::int[], $2::bigint[]) AS b (tenant_id, position) ON b.tenant_id = p.tenant_id
  WHERE p.tenant_id = ANY ($1::int[]) AND p.effective_on <= $3
    AND p.position <= b.position AND p.account = $4
  GROUP BY p.unit, p.effective_on
  HAVING sum(p.n) > 0
) AS d
GROUP BY d.unit
"""

# What a merger took back in the same days is counted nowhere.
_EACH: Final = """
SELECT person, effective_on FROM (
  SELECT p.person, p.effective_on, sum(p.n) AS n,
    sum(sum(p.n)) OVER (PARTITION BY p.person) AS of_person
  FROM posting p
  WHERE p.tenant_id = $1 AND p.position <= $2 AND p.effective_on BETWEEN $3 AND $4
    AND p.unit = ANY ($5::uuid[]) AND p.groups & $6 = $6 AND p.account = $7
  GROUP BY p.person, p.effective_on
) AS admitted
WHERE n > 0 AND of_person > 0
LIMIT $8
"""


async def by_month(
    connection: Connection,
    positions: Mapping[int, int],
    days: tuple[date, date],
    groups: int,
    counting: CountingDate,
) -> list[tuple[UUID, date, int]]:
    """Admissions of all the `groups` from a first to a last day, by the first day of the month."""
    rows = await connection.fetch(
        _BY_MONTH, list(positions), list(positions.values()), *days, groups, ADMITTED[counting]
    )
    return [(row["unit"], row["month"], row["n"]) for row in rows]


async def by_groups(
    connection: Connection,
    positions: Mapping[int, int],
    days: tuple[date, date],
    counting: CountingDate,
) -> list[tuple[UUID, int, int]]:
    """Admissions from a first to a last day, by the mask of the people's groups."""
    rows = await connection.fetch(
        _BY_GROUPS, list(positions), list(positions.values()), *days, ADMITTED[counting]
    )
    return [(row["unit"], row["groups"], row["n"]) for row in rows]


async def last_days(
    connection: Connection, positions: Mapping[int, int], until: date, counting: CountingDate
) -> list[tuple[UUID, date, int]]:
    """The last day up to `until` on which each unit admitted somebody, once; no other units."""
    rows = await connection.fetch(
        _LAST, list(positions), list(positions.values()), until, ADMITTED[counting]
    )
    return [(row["unit"], row["last"], 1) for row in rows]


async def each_admission(
    connection: Connection,
    tenant_id: int,
    position: int,
    days: tuple[date, date],
    units: list[UUID],
    groups: int,
    counting: CountingDate,
    limit: int,
) -> list[tuple[UUID, date]]:
    """Who of one tenant was admitted in some units and on which day, at most `limit`, unordered."""
    rows = await connection.fetch(
        _EACH, tenant_id, position, *days, units, groups, ADMITTED[counting], limit
    )
    return [(row["person"], row["effective_on"]) for row in rows]
