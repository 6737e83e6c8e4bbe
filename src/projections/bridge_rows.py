"""What the log says about the difference between two figures, of one tenant at a time.

A posting is in a figure when it was known, its day is one of the figure's, and its unit counts in
the asked organization. What is in one figure only explains a part of the difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from asyncpg import Record as Row

from db.database import Connection
from domain.candidate import CandidateEntryVoided
from domain.organization_entry import (
    Divided,
    Ended,
    Established,
    Moved,
    OrganizationEntryVoided,
    Succeeded,
)
from domain.part import AssignedToPart
from domain.placement import HandedOver, Received

TREE_TYPES: Final = [
    each.TOPIC for each in (Established, Moved, Ended, Divided, Succeeded, OrganizationEntryVoided)
]
"""The events that change where people count."""

# A person who goes over with the whole cell has moved as little as one assigned to a part.
_POSTED: Final = """
WITH counted AS (
  SELECT p.position, p.effective_on AS day,
    p.n * (
      (p.position <= $6 AND p.effective_on <= $7 AND p.unit = ANY ($10::uuid[]))::int
      - (p.position <= $4 AND p.effective_on <= $5 AND p.unit = ANY ($9::uuid[]))::int
    ) AS n
  FROM posting p
  WHERE p.tenant_id = $1 AND p.account = $2 AND p.groups & $3 = $3
    AND p.position <= greatest($4, $6)
    AND p.effective_on BETWEEN $8 AND greatest($5::date, $7::date)
    AND NOT (p.position <= least($4, $6) AND p.effective_on <= least($5::date, $7::date))
), judged AS (
  SELECT r.n, e.*,
    CASE
      WHEN e.type = $11
        OR e.type = $12 AND convert_from(e.data, 'UTF8')::jsonb ->> 'toCell' IS NOT NULL
        OR e.type = $13 AND convert_from(e.data, 'UTF8')::jsonb ->> 'fromUnit' IS NOT NULL
      THEN 'MOVED_ORGANIZATIONS'
      WHEN r.position > least($4, $6) AND (
        e.type = $14 OR EXISTS (
          SELECT FROM event v
          WHERE v.tenant_id = $1 AND v.stream_id = e.stream_id AND v.type = $14
            AND v.causation_id = e.causation_id
        )
      ) THEN 'CORRECTIONS'
      WHEN r.day > least($5::date, $7::date) THEN 'NEW_FACTS'
      ELSE 'LATE_FACTS'
    END AS kind
  FROM counted r JOIN event e ON e.tenant_id = $1 AND e.position = r.position
  WHERE r.n <> 0
), told AS (
  SELECT kind, tenant_id, position, type, stream_id, organization_id, effective_on, recorded_at,
    sum(n)::int AS n
  FROM judged
  GROUP BY kind, tenant_id, position, type, stream_id, organization_id, effective_on, recorded_at
  HAVING sum(n) <> 0
), placed AS (
  SELECT *, sum(n) OVER of_kind AS whole, count(*) OVER of_kind AS events,
    row_number() OVER (PARTITION BY kind ORDER BY position) AS place
  FROM told WINDOW of_kind AS (PARTITION BY kind)
)
SELECT * FROM placed WHERE place <= $15 ORDER BY kind, position
"""
_SAID: Final = """
SELECT tenant_id, position, type, stream_id, organization_id, effective_on, recorded_at,
  count(*) OVER () AS events
FROM event
WHERE tenant_id = $1 AND stream_id = ANY ($2::uuid[]) AND (type = ANY ($3::text[]) OR $3 IS NULL)
  AND position <= greatest($4::bigint, $6::bigint)
  AND effective_on <= greatest($5::date, $7::date)
  AND NOT (
    position <= least($4::bigint, $6::bigint) AND effective_on <= least($5::date, $7::date)
  )
ORDER BY position LIMIT $8
"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something recorded that explains a part of a difference; `n` where it does so by itself."""

    tenant_id: int
    position: int
    type: str
    subject: UUID
    organization_id: UUID | None
    effective_on: date
    recorded_at: datetime
    n: float | None


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the figures knew of a tenant, up to which day, and which units counted."""

    position: int
    last: date
    units: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Told:
    """How much some events add up to, how many they are, and the first of them."""

    n: int
    events: int
    first: list[Event]


async def posted(
    connection: Connection,
    tenant_id: int,
    sides: tuple[Side, Side],
    account: str,
    groups: int,
    begin: date,
    limit: int,
) -> dict[str, Told]:
    """What postings of days from `begin` on say that are in one figure only, by kind."""
    one, two = sides
    rows = await connection.fetch(
        _POSTED,
        *(tenant_id, account, groups, one.position, one.last, two.position, two.last, begin),
        *(list(one.units), list(two.units)),
        *(each.TOPIC for each in (AssignedToPart, HandedOver, Received, CandidateEntryVoided)),
        limit,
    )
    found: dict[str, Told] = {}
    for row in rows:
        told = found.setdefault(row["kind"], Told(row["whole"], row["events"], []))
        told.first.append(_event(row, row["n"]))
    return found


async def said(
    connection: Connection,
    tenant_id: int,
    streams: Iterable[UUID],
    types: list[str] | None,
    known: tuple[int, int],
    days: tuple[date, date],
    limit: int,
) -> Told:
    """The events of some records that only one of two days, as known at a position each, shows."""
    rows = await connection.fetch(
        _SAID, tenant_id, list(streams), types, known[0], days[0], known[1], days[1], limit
    )
    events = rows[0]["events"] if rows else 0
    return Told(0, events, [_event(row, None) for row in rows])


def _event(row: Row, n: float | None) -> Event:
    return Event(
        row["tenant_id"],
        row["position"],
        row["type"],
        row["stream_id"],
        row["organization_id"],
        row["effective_on"],
        row["recorded_at"],
        n,
    )
