"""Steps that were recorded with findings, for the inspection commission to look at.

A row for each, and for each correction: what was voided is left out from when that was known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from db.database import Connection
from domain.candidate import CandidateEntryVoided
from domain.case import CaseEntry
from domain.events import EVENTS
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent

_INSERT: Final = """
INSERT INTO breach (
  tenant_id, position, candidate, version, organization_id, effective_on, rules, voids
)
SELECT $1, b.position, b.candidate, b.version, b.organization_id, b.effective_on,
  string_to_array(b.rules, ','), b.voids
FROM unnest(
  $2::bigint[], $3::uuid[], $4::int[], $5::uuid[], $6::date[], $7::text[], $8::int[]
) AS b (position, candidate, version, organization_id, effective_on, rules, voids)
"""

_PAGE: Final = """
SELECT b.position, b.candidate, b.organization_id, b.effective_on, b.rules
FROM breach b
WHERE b.tenant_id = $1 AND b.position > $2 AND b.position <= $3 AND b.effective_on <= $4
  AND b.organization_id = ANY ($5::uuid[]) AND b.voids IS NULL
  AND NOT EXISTS (
    SELECT FROM breach v
    WHERE v.tenant_id = b.tenant_id AND v.candidate = b.candidate AND v.voids = b.version
      AND v.position <= $3
  )
ORDER BY b.position
LIMIT $6
"""

_COUNTS: Final = """
SELECT b.organization_id, b.rules, count(*)::int AS n
FROM breach b
JOIN unnest($1::int[], $2::bigint[]) AS k (tenant_id, position) ON k.tenant_id = b.tenant_id
WHERE b.tenant_id = ANY ($1::int[]) AND b.position <= k.position
  AND b.effective_on BETWEEN $3 AND $4 AND b.voids IS NULL
  AND NOT EXISTS (
    SELECT FROM breach v
    WHERE v.tenant_id = b.tenant_id AND v.candidate = b.candidate AND v.voids = b.version
      AND v.position <= k.position
  )
GROUP BY b.organization_id, b.rules
"""


@dataclass(frozen=True, slots=True)
class Breach:
    """A step that breaks rules which do not stop it, each rule by its id."""

    position: int
    candidate: UUID
    organization_id: UUID
    effective_on: date
    rules: tuple[str, ...]


class BreachProjection:
    """Keeps `breach`."""

    name = "breach"
    version = 1
    types = frozenset(
        cls.TOPIC for cls in EVENTS if issubclass(cls, CaseEntry | CandidateEntryVoided)
    )
    tables = ("breach",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row for a step with findings, and for a correction."""
        rows = []
        for stored in events:
            entry = self._codec.decode_clear(stored)
            voids = entry.voided_version if isinstance(entry, CandidateEntryVoided) else None
            rules = ",".join(entry.findings) if isinstance(entry, CaseEntry) else ""
            if rules or voids is not None:
                rows.append(
                    (
                        stored.position,
                        stored.stream_id,
                        stored.version,
                        entry.organization_id,
                        stored.effective_on,
                        rules,
                        voids,
                    )
                )
        if rows:
            await connection.execute(_INSERT, tenant_id, *zip(*rows, strict=True))


async def breaches(
    connection: Connection,
    tenant_id: int,
    *,
    organizations: list[UUID],
    after: int,
    until: int,
    effective: date,
    limit: int,
) -> list[Breach]:
    """The steps with findings of some organizations, in the order of the log, after a position.

    As known at the position `until`, of days up to `effective`.
    """
    rows = await connection.fetch(_PAGE, tenant_id, after, until, effective, organizations, limit)
    return [
        Breach(
            row["position"],
            row["candidate"],
            row["organization_id"],
            row["effective_on"],
            tuple(row["rules"]),
        )
        for row in rows
    ]


async def breach_counts(
    connection: Connection, positions: Mapping[int, int], days: tuple[date, date]
) -> list[tuple[UUID, tuple[str, ...], int]]:
    """How many steps of a first to a last day break which rules, by organization."""
    rows = await connection.fetch(_COUNTS, list(positions), list(positions.values()), *days)
    return [(row["organization_id"], tuple(row["rules"]), row["n"]) for row in rows]
