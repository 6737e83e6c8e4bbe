"""An organization over all its time: from when to when, whence its people came, where they went."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.organization_code import organization_id as id_of
from domain.organization_kind import OrganizationKind


class Row(Protocol):
    """A row of `organization_entry`."""

    def __getitem__(self, column: str, /) -> Any: ...  # noqa: ANN401 - whatever the column holds


class Link(NamedTuple):
    """Another organization that came before or after, and from what day on.

    `code` where it stands outside the tenant.
    """

    id: UUID
    code: str | None
    on: date


@dataclass(slots=True, eq=False)
class Lifetime:
    """One organization. `live` are its rows in the order in which they count."""

    id: UUID
    code: str
    began: Row
    live: list[Row]
    ended_on: date | None = None
    successors: list[Link] = field(default_factory=list)
    predecessors: list[Link] = field(default_factory=list)

    @property
    def established_on(self) -> date:
        """Its first day."""
        on: date = self.began["effective_on"]
        return on

    def stands(self, on: date) -> bool:
        """Whether it exists on a day."""
        return self.established_on <= on and (self.ended_on is None or on < self.ended_on)

    def last_day(self) -> date:
        """The last day on which it exists, `date.max` while it has no end."""
        if self.ended_on is None:
            return date.max
        return max(self.established_on, self.ended_on - timedelta(days=1))

    def heirs(self, on: date) -> list[UUID]:
        """Who has its people on a day on which it does not exist."""
        if on < self.established_on:
            return [link.id for link in self.predecessors if link.on <= self.established_on]
        return [link.id for link in self.successors if link.on == self.ended_on]

    @property
    def tenant_id(self) -> int:
        """Whose log tells of it."""
        tenant: int = self.began["tenant_id"]
        return tenant

    def name_on(self, on: date) -> str:
        """Its name on a day; the first one before it began, the last one after it ended."""
        name: str = self.began["name"]
        for row in self.live:
            if row["effective_on"] <= on and row["name"] is not None:
                name = row["name"]
        return name

    def kind_on(self, on: date) -> OrganizationKind:
        """Its kind on a day; the first one before it began, the last one after it ended."""
        kind: str = self.began["kind"]
        for row in self.live:
            if row["effective_on"] <= on and row["kind"] is not None:
                kind = row["kind"]
        return OrganizationKind(kind)

    def superior_on(self, on: date) -> UUID | None:
        """Its superior on a day; the first one before it began, the last one after it ended."""
        superior: UUID | None = self.began["parent_id"]
        for row in self.live:
            if row["effective_on"] <= on and row["parent_id"] is not None:
                superior = row["parent_id"]
        return superior


def lifetimes(rows: Iterable[Row]) -> dict[UUID, Lifetime]:
    """All organizations that the rows tell of; those whose beginning was voided are left out."""
    by_organization: dict[UUID, list[Row]] = {}
    for row in rows:
        by_organization.setdefault(row["organization_id"], []).append(row)
    lives: dict[UUID, Lifetime] = {}
    for organization_id, entries in by_organization.items():
        voided = {row["voids"] for row in entries}
        live = [row for row in entries if row["voids"] is None and row["version"] not in voided]
        live.sort(key=lambda row: (row["effective_on"], row["version"]))
        began = next((row for row in live if row["code"] is not None), None)
        if began is not None:
            lives[organization_id] = _life(organization_id, began, live)
    for life in lives.values():
        for link in life.successors:
            heir = lives.get(link.id)
            if heir is not None and life.id not in {known.id for known in heir.predecessors}:
                heir.predecessors.append(Link(life.id, None, link.on))
    return lives


@dataclass(slots=True)
class Voided:
    """An organization that was said to be there and never was; what was said of its place."""

    tenant_id: int
    predecessors: list[UUID] = field(default_factory=list)
    superior: UUID | None = None


def never_were(rows: Iterable[Row], lives: Container[UUID]) -> dict[UUID, Voided]:
    """The organizations of the rows that are not among the `lives`: their beginning was voided."""
    found: dict[UUID, Voided] = {}
    for row in rows:
        if row["organization_id"] in lives:
            continue
        told = found.setdefault(row["organization_id"], Voided(row["tenant_id"]))
        told.superior = row["parent_id"] or told.superior
        if row["predecessor_id"] is not None:
            told.predecessors.append(row["predecessor_id"])
    return found


def _life(organization_id: UUID, began: Row, live: list[Row]) -> Lifetime:
    life = Lifetime(organization_id, began["code"], began, live)
    for row in live:
        on = row["effective_on"]
        if row["ends"]:
            life.ended_on = on
        life.successors += [Link(heir, None, on) for heir in row["successors"] or ()]
        outside = row["successor_codes"] or ()
        life.successors += [Link(id_of(code), code, on) for code in outside]
        before = row["predecessor_id"]
        if before is not None and before not in {link.id for link in life.predecessors}:
            # Both the operator and the plan say so of a province that takes another one's place.
            life.predecessors.append(Link(before, row["predecessor_code"], on))
    return life
