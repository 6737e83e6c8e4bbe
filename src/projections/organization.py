"""The rows that the organization tree of any date is folded from, and the trees kept of them.

How rows fold into a tree stands in `tree`; figures are not here.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from asyncpg import Record as Row

from db.database import Connection
from domain.events import EVENTS
from domain.organization_entry import (
    AdmissionDelegated,
    AdmissionWithdrawn,
    CharacteristicAssigned,
    CharacteristicRemoved,
    Divided,
    Ended,
    Established,
    MembersCounted,
    Moved,
    OrganizationEntry,
    OrganizationEntryVoided,
    Renamed,
    Retyped,
    Succeeded,
)
from domain.part import Unit
from domain.record import Entry
from eventstore.codec import Codec
from eventstore.stored_event import StoredEvent
from projections.lifetime import Row as AnyRow
from projections.tree import Node, Tree, build_tree

__all__ = ["Node", "OrganizationProjection", "Tree", "Trees", "build_tree", "row_of"]

_COLUMNS: Final = (
    "voids",
    "code",
    "name",
    "kind",
    "parent_id",
    "characteristics",
    "characteristics_lost",
    "official_members",
    "admits",
    "ends",
    "successors",
    "successor_codes",
    "predecessor_id",
    "predecessor_code",
)
_INSERT: Final = """
INSERT INTO organization_entry (
  tenant_id, position, organization_id, version, effective_on, voids, code, name, kind, parent_id,
  characteristics, characteristics_lost, official_members, admits, ends, successors,
  successor_codes, predecessor_id, predecessor_code
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
"""

_LAST: Final = """
SELECT t.tenant_id, o.position AS last,
  (SELECT count(*) FROM unit u WHERE u.tenant_id = t.tenant_id) AS units
FROM unnest($1::int[]) AS t (tenant_id)
CROSS JOIN LATERAL (
  SELECT o.position FROM organization_entry o WHERE o.tenant_id = t.tenant_id
  ORDER BY o.position DESC LIMIT 1
) AS o
"""

_ROWS: Final = """
SELECT tenant_id, position, organization_id, version, effective_on, voids, code, name, kind,
  parent_id, characteristics, characteristics_lost, official_members, admits, ends, successors,
  successor_codes, predecessor_id, predecessor_code
FROM organization_entry WHERE tenant_id = $1 ORDER BY position
"""

_UNITS: Final = """
SELECT unit, origin, organization_id, effective_on FROM unit WHERE tenant_id = $1
"""


class OrganizationProjection:
    """Keeps `organization_entry`."""

    name = "organization"
    version = 1
    """Raised where the same events fold to other rows, or the rows to other answers."""
    types = frozenset(
        cls.TOPIC for cls in EVENTS if issubclass(cls, OrganizationEntry | OrganizationEntryVoided)
    )
    tables = ("organization_entry",)

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def apply(
        self, connection: Connection, tenant_id: int, events: list[StoredEvent]
    ) -> None:
        """One row an event."""
        rows = []
        for stored in events:
            said = columns(self._codec.decode_clear(stored))
            place = (tenant_id, stored.position, stored.stream_id, stored.version)
            rows.append((*place, stored.effective_on, *(said.get(name) for name in _COLUMNS)))
        await connection.executemany(_INSERT, rows)


_SAID: Final[dict[type[Entry], Callable[[Any], dict[str, object]]]] = {
    Established: lambda entry: {
        "code": entry.code,
        "name": entry.name,
        "kind": entry.kind.value,
        "parent_id": entry.parent_id,
        "characteristics": list(entry.characteristics),
    },
    Renamed: lambda entry: {"name": entry.name},
    Retyped: lambda entry: {"kind": entry.kind.value},
    Moved: lambda entry: {"parent_id": entry.superior_id},
    CharacteristicAssigned: lambda entry: {"characteristics": [entry.characteristic]},
    CharacteristicRemoved: lambda entry: {"characteristics_lost": [entry.characteristic]},
    MembersCounted: lambda entry: {"official_members": entry.official_members},
    AdmissionDelegated: lambda _: {"admits": True},
    AdmissionWithdrawn: lambda _: {"admits": False},
    Ended: lambda entry: {
        "ends": True,
        "successors": list(entry.successors),
        "successor_codes": list(entry.successor_codes),
    },
    Divided: lambda entry: {"successors": list(entry.parts)},
    Succeeded: lambda entry: {
        "predecessor_id": entry.predecessor_id,
        "predecessor_code": entry.predecessor_code,
    },
    OrganizationEntryVoided: lambda entry: {"voids": entry.voided_version},
}


def columns(entry: Entry) -> dict[str, object]:
    """The columns of an entry's row that say something."""
    return _SAID[type(entry)](entry)


def row_of(tenant_id: int, position: int, entry: Entry) -> dict[str, object]:
    """The whole row of an entry that stands, or might stand, at a position."""
    return {
        **dict.fromkeys(_COLUMNS),
        **columns(entry),
        "tenant_id": tenant_id,
        "position": position,
        "organization_id": entry.originator_id,
        "version": entry.originator_version,
        "effective_on": entry.effective_on,
    }


class Trees:
    """Builds trees from the rows.

    Keeps the rows of a tenant until it has new ones, and the last trees.
    """

    KEPT_MAX: Final = 64

    def __init__(self) -> None:
        self._rows: dict[int, tuple[tuple[int, int], list[Row], list[Row]]] = {}
        self._trees: dict[tuple[object, ...], Tree] = {}

    async def tree(self, connection: Connection, positions: Mapping[int, int], on: date) -> Tree:
        """The tree of a date from the entries up to the positions.

        The connection must see all the tenants.
        """
        ends = await self._ends(connection, positions)
        # Nothing changes between two days on which something happened.
        on = max((day for day in self._days(ends) if day <= on), default=date.min)
        key = (on, *sorted((tenant, end, self._rows[tenant][0]) for tenant, end in ends.items()))
        if key not in self._trees:
            while len(self._trees) >= self.KEPT_MAX:
                self._trees.pop(next(iter(self._trees)))
            self._trees[key] = build_tree(self._entries(ends), on, self._units(ends))
        return self._trees[key]

    async def predecessors(self, connection: Connection, tenants: list[int]) -> frozenset[str]:
        """The codes of the tenants in whose place organizations of some tenants say they stand.

        The connection must see all the tenants.
        """
        await self._load(connection, tenants)
        rows = (row for tenant in tenants if tenant in self._rows for row in self._rows[tenant][1])
        codes = {row["predecessor_code"] for row in rows if row["predecessor_code"] is not None}
        return frozenset("/".join(code.split("/")[:2]) for code in codes)

    async def handed_on(self, connection: Connection, tenant: int) -> bool:
        """Whether organizations of other tenants ever took the place of some of a tenant.

        The connection must see the tenant.
        """
        await self._load(connection, [tenant])
        return any(row["successor_codes"] for row in self._rows.get(tenant, ((0, 0), [], []))[1])

    def hands_on(self, predecessor: int, tenants: Collection[int]) -> bool:
        """Whether a tenant says as well that organizations of some tenants took a place in it."""
        heirs = {
            row["code"]
            for tenant in tenants
            if tenant in self._rows
            for row in self._rows[tenant][1]
            if row["code"] is not None
        }
        return any(
            not heirs.isdisjoint(row["successor_codes"] or ())
            for row in self._rows.get(predecessor, ((0, 0), [], []))[1]
        )

    async def planned(
        self,
        connection: Connection,
        positions: Mapping[int, int],
        on: date,
        planned: Iterable[AnyRow],
    ) -> Tree:
        """The tree of a date as it were with some more entries."""
        ends = await self._ends(connection, positions)
        return build_tree([*self._entries(ends), *planned], on, self._units(ends))

    async def _ends(self, connection: Connection, positions: Mapping[int, int]) -> dict[int, int]:
        """How many of each tenant's entries there are up to its position."""
        await self._load(connection, list(positions))
        return {
            tenant: bisect_right(self._rows[tenant][1], position, key=lambda row: row["position"])
            for tenant, position in positions.items()
            if tenant in self._rows
        }

    def _entries(self, ends: Mapping[int, int]) -> list[AnyRow]:
        return [row for tenant, end in ends.items() for row in self._rows[tenant][1][:end]]

    def _days(self, ends: Mapping[int, int]) -> Iterator[date]:
        for tenant, end in ends.items():
            _, rows, units = self._rows[tenant]
            yield from (row["effective_on"] for row in rows[:end])
            yield from (unit["effective_on"] for unit in units)

    def _units(self, tenants: Iterable[int]) -> list[Unit]:
        return [Unit(*row) for tenant in tenants for row in self._rows[tenant][2]]

    async def _load(self, connection: Connection, tenants: list[int]) -> None:
        for row in await connection.fetch(_LAST, tenants):
            tenant, newest = row["tenant_id"], (row["last"], row["units"])
            if tenant not in self._rows or self._rows[tenant][0] != newest:
                self._rows[tenant] = (
                    newest,
                    await connection.fetch(_ROWS, tenant),
                    await connection.fetch(_UNITS, tenant),
                )
