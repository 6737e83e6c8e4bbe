"""What is due of the cases of some units, and how much of it: one question each, at any date."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from db.database import Connection
from domain.due_kind import OF_CASES, DueKind, horizon
from projections.rollup import Rollup
from projections.tree import Node

# The last day that is listed stands where the kind does; a kind that is not asked for has none.
_PAGE: Final = """
SELECT d.due_on, d.kind, coalesce(d.paper, '') AS detail, d.person, d.unit, d.raised_on
FROM due d
WHERE d.tenant_id = $1 AND d.position <= $2 AND d.superseded > $2
  AND d.until > $3 AND d.since <= $3 AND d.unit = ANY ($4::uuid[])
  AND d.due_on <= ($6::date[])[array_position($5::text[], d.kind)]
  AND (d.paper IS NULL OR d.paper <> ALL ($7::text[]))
  AND ($8::date IS NULL
    OR (d.due_on, d.kind COLLATE "C", coalesce(d.paper, '') COLLATE "C", d.person)
      > ($8, $9, $10, $11::uuid))
ORDER BY d.due_on, d.kind COLLATE "C", coalesce(d.paper, '') COLLATE "C", d.person
LIMIT $12
"""
_COUNTS: Final = """
SELECT d.unit, d.kind, d.due_on < $3 AS late, count(*) AS n
FROM due d
JOIN unnest($1::int[], $2::bigint[]) AS b (tenant_id, position) ON b.tenant_id = d.tenant_id
WHERE d.tenant_id = ANY ($1::int[]) AND d.position <= b.position AND d.superseded > b.position
  AND d.until > $3 AND d.since <= $3
  AND d.due_on <= ($5::date[])[array_position($4::text[], d.kind)]
  AND (d.paper IS NULL OR d.paper <> ALL ($6::text[]))
GROUP BY d.unit, d.kind, d.due_on < $3
"""


_Key: TypeAlias = tuple[DueKind, bool]
"""A kind, and whether it is late."""
_Counted: TypeAlias = tuple[UUID, _Key, int]
Cursor: TypeAlias = tuple[date, str, str, UUID]
"""The day, kind, detail and subject of the last one seen."""


class Owed(NamedTuple):
    """One thing that is due, in the order of a list.

    `detail` is the code of a paper, or the name of an interval or a period. The subject is a
    person, an obligation or an organization; `place` is the unit of the person, or the owner.
    `raised_on` is the day from which it counts.
    """

    due_on: date
    kind: DueKind
    detail: str
    subject: UUID
    place: UUID
    raised_on: date


class Asked(NamedTuple):
    """Which dues are asked for: of each kind those whose last day is not after a day."""

    horizons: Mapping[DueKind, date]
    hidden_papers: frozenset[str]

    def some(self, kinds: Collection[DueKind]) -> "Asked":
        """The same of some kinds only."""
        horizons = {kind: last for kind, last in self.horizons.items() if kind in kinds}
        return Asked(horizons, self.hidden_papers)

    def takes(self, owed: Owed) -> bool:
        """Whether something that is due on the asked day is asked for."""
        last = self.horizons.get(owed.kind)
        return last is not None and owed.due_on <= last


def asked(
    kinds: Collection[DueKind],
    day: date,
    *,
    within_days: int | None = None,
    late_only: bool = False,
    hidden_papers: frozenset[str] = frozenset(),
) -> Asked:
    """Those of some kinds that are late on a day or are so within some days.

    Without a number, from the first reminder on.
    """
    before = day - timedelta(days=1)
    horizons = {kind: horizon(kind, day, within_days) for kind in kinds}
    if late_only:
        horizons = dict.fromkeys(kinds, before)
    return Asked(horizons, hidden_papers)


async def dues_of_cases(
    connection: Connection,
    tenant_id: int,
    position: int,
    day: date,
    units: Sequence[UUID],
    wanted: Asked,
    *,
    after: Cursor | None = None,
    limit: int,
) -> list[Owed]:
    """What is due of the cases of some units on a day, as known at a position, first due first."""
    rows = await connection.fetch(
        _PAGE,
        tenant_id,
        position,
        day,
        units,
        list(wanted.horizons),
        list(wanted.horizons.values()),
        list(wanted.hidden_papers),
        *(after or (None, None, None, None)),
        limit,
    )
    return [
        Owed(
            row["due_on"],
            DueKind(row["kind"]),
            row["detail"],
            row["person"],
            row["unit"],
            row["raised_on"],
        )
        for row in rows
    ]


class Count(NamedTuple):
    """How much of a kind is late, and how much is still to come."""

    kind: DueKind
    late: int
    coming: int


async def due_counts(rollup: Rollup, node: Node, within_days: int | None) -> list[Count]:
    """What is due of the cases of a node's whole subtree, by kind; asked once for the whole tree.

    Without a number of days, from the first reminder of each kind on.
    """
    basis = rollup.basis
    wanted = asked(OF_CASES, basis.effective, within_days=within_days)

    async def fetch(connection: Connection) -> list[_Counted]:
        return await _counted(connection, basis.positions, basis.effective, wanted)

    sums = (await rollup.sums(("dues", within_days), fetch)).get(node.id, {})
    return _counts(sums)


async def counts_of_cases(
    connection: Connection,
    tenant_id: int,
    position: int,
    day: date,
    units: Collection[UUID],
    wanted: Asked,
) -> list[Count]:
    """How much is due of the cases of some units on a day, as known at a position, by kind."""
    among, sums = set(units), Counter[_Key]()
    for unit, key, n in await _counted(connection, {tenant_id: position}, day, wanted):
        if unit in among:
            sums[key] += n
    return _counts(sums)


async def _counted(
    connection: Connection, positions: Mapping[int, int], day: date, wanted: Asked
) -> list[_Counted]:
    rows = await connection.fetch(
        _COUNTS,
        list(positions),
        list(positions.values()),
        day,
        list(wanted.horizons),
        list(wanted.horizons.values()),
        list(wanted.hidden_papers),
    )
    return [(row["unit"], (DueKind(row["kind"]), row["late"]), row["n"]) for row in rows]


def _counts(sums: Mapping[_Key, int]) -> list[Count]:
    counts = [
        Count(kind, sums.get((kind, True), 0), sums.get((kind, False), 0)) for kind in DueKind
    ]
    return [each for each in counts if each.late or each.coming]
