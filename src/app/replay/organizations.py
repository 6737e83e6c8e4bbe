"""Organizations over all their time, folded from their entries, and where each stands on a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from domain.organization_code import organization_id
from domain.organization_entry import Divided, Ended, Established, Moved, Renamed, Succeeded
from domain.part import Unit
from domain.record import Entry, live_entries


class Heir(NamedTuple):
    """Who took an organization's place, or whose place it took, and from what day on."""

    id: UUID
    on: date


@dataclass(slots=True, eq=False)
class Life:
    """One organization: all of its entries that stand, in the order in which they count."""

    tenant_id: int
    began: Established
    entries: list[Entry]
    heirs: list[Heir] = field(default_factory=list)
    forebears: list[Heir] = field(default_factory=list)
    outside: frozenset[str] = frozenset()
    """Codes of other tenants' organizations that came before it."""
    outside_heirs: frozenset[str] = frozenset()
    """Codes of those that took its place."""

    @property
    def id(self) -> UUID:
        """Its identity."""
        return self.began.originator_id

    @property
    def first_day(self) -> date:
        """The day from which it exists."""
        return self.began.effective_on

    @property
    def ended_on(self) -> date | None:
        """The first day on which it exists no more."""
        ends = [entry.effective_on for entry in self.entries if isinstance(entry, Ended)]
        return ends[-1] if ends else None

    def stands(self, day: date) -> bool:
        """Whether it exists on a day."""
        return self.first_day <= day and (self.ended_on is None or day < self.ended_on)

    def superior(self, day: date) -> UUID | None:
        """What it stood under: at the beginning, or by the last move up to the day."""
        moves = [e for e in self.entries if isinstance(e, Moved) and e.effective_on <= day]
        return moves[-1].superior_id if moves else self.began.parent_id

    def last_day(self) -> date:
        """The last day on which it exists, `date.max` while it has no end."""
        if self.ended_on is None:
            return date.max
        return max(self.first_day, self.ended_on - timedelta(days=1))

    def name(self, day: date) -> str:
        """What it was called."""
        names = [e for e in self.entries if isinstance(e, Renamed) and e.effective_on <= day]
        return names[-1].name if names else self.began.name


class Never(NamedTuple):
    """An organization whose founding was voided: what was said of its place."""

    forebears: list[UUID]
    superior: UUID | None

    @classmethod
    def told(cls, entries: Iterable[Entry]) -> "Never":
        """By all entries about it, voided or not."""
        forebears, superior = [], None
        for entry in entries:
            match entry:
                case Established():
                    superior = entry.parent_id or superior
                case Moved():
                    superior = entry.superior_id
                case Succeeded():
                    forebears.append(entry.predecessor_id)
                case _:
                    pass
        return cls(forebears, superior)


class Organizations:
    """All organizations of some tenants."""

    def __init__(self, streams: Iterable[tuple[int, list[Entry]]]) -> None:
        """`streams` are a tenant and the entries of one organization, as far as they are known."""
        self.lives: dict[UUID, Life] = {}
        self.never: dict[UUID, Never] = {}
        for tenant_id, entries in streams:
            live = live_entries(entries)
            began = next((entry for entry in live if isinstance(entry, Established)), None)
            if began is not None:
                self.lives[began.originator_id] = Life(tenant_id, began, live)
            else:
                self.never[entries[0].originator_id] = Never.told(entries)
        for life in self.lives.values():
            self._link(life)

    def _link(self, life: Life) -> None:
        for entry in life.entries:
            on = entry.effective_on
            match entry:
                case Ended():
                    outside = [organization_id(code) for code in entry.successor_codes]
                    found = [*entry.successors, *outside]
                    life.outside_heirs |= set(entry.successor_codes)
                case Divided():
                    found = list(entry.parts)
                case Succeeded():
                    life.forebears.append(Heir(entry.predecessor_id, on))
                    life.outside |= {entry.predecessor_code}
                    found = []
                case _:
                    found = []
            for heir in found:
                life.heirs.append(Heir(heir, on))
                if heir in self.lives:
                    self.lives[heir].forebears.append(Heir(life.id, on))

    def bearer(self, code: str) -> Life | None:
        """The organization that ever bore a code."""
        return next((life for life in self.lives.values() if life.began.code == code), None)


class Tree:
    """The organizations of a day. Each has a path of ids, from the top down to itself."""

    def __init__(self, all_of_them: Organizations, day: date, units: dict[UUID, Unit]) -> None:
        self.day = day
        self._lives = all_of_them.lives
        self._never = all_of_them.never
        self._units = units
        self._superiors: dict[UUID, UUID | None] = {}
        self._places: dict[UUID, UUID | None] = {}
        self.nodes = {life.id: life for life in self._lives.values() if life.stands(day)}
        for direct in (True, False):
            for life in self.nodes.values():
                superior = life.superior(day)
                if superior is not None and (superior in self.nodes) is direct:
                    self._put(life.id, superior)

    def _put(self, below: UUID, superior: UUID) -> None:
        """Put one below its superior, or below who has its place; never below itself."""
        at = superior if superior in self.nodes else self._place(superior, frozenset({below}))
        if at is not None and below not in self.path(at):
            self._superiors[below] = at

    def path(self, node: UUID) -> list[UUID]:
        """The ids from the top to the node itself."""
        above = self._superiors.get(node)
        return [*(self.path(above) if above is not None else ()), node]

    def superior(self, node: UUID) -> UUID | None:
        """What a node stands under."""
        return self._superiors.get(node)

    def below(self, node: UUID) -> Iterator[Life]:
        """The node and all below it, those above first, by their codes."""
        found = [life for each, life in self.nodes.items() if node in self.path(each)]
        yield from sorted(found, key=lambda life: (len(self.path(life.id)), life.began.code))

    def place(self, unit: UUID) -> UUID | None:
        """The node at which the people of a unit count; None where they are another tenant's."""
        if unit not in self._places:
            self._places[unit] = self._place(unit, frozenset())
        return self._places[unit]

    def _place(self, unit: UUID, passed: frozenset[UUID]) -> UUID | None:
        if unit in self.nodes:
            return unit
        if unit in passed:
            return None
        passed |= {unit}
        if (part := self._units.get(unit)) is not None:
            divided = self.day >= part.effective_on
            return self._place(part.organization_id if divided else part.origin, passed)
        if (never := self._never.get(unit)) is not None:
            return self._shared(never.forebears, never.superior, passed)
        life = self._lives.get(unit)
        if life is None or any(self._leaves(heir, passed) for heir in self._after(life)):
            return None
        heirs = self._before(life) if self.day < life.first_day else self._after(life)
        return self._shared(heirs, life.superior(self.day), passed)

    def _shared(
        self, heirs: Iterable[UUID], superior: UUID | None, passed: frozenset[UUID]
    ) -> UUID | None:
        """The lowest that has, or stands above, the places of all heirs, else the superior's."""
        paths = [self.path(at) for heir in heirs if (at := self._place(heir, passed)) is not None]
        shared: list[UUID] = [ids[0] for ids in zip(*paths, strict=False) if len(set(ids)) == 1]
        if shared:
            return shared[-1]
        return None if superior is None else self._place(superior, passed)

    def _after(self, life: Life) -> list[UUID]:
        """Who took the place of one that has ended."""
        if self.day < life.first_day:
            return []
        return [heir.id for heir in life.heirs if heir.on == life.ended_on]

    def _before(self, life: Life) -> list[UUID]:
        """In whose place one stands that did not exist yet."""
        return [each.id for each in life.forebears if each.on <= life.first_day]

    def _leaves(self, unit: UUID, passed: frozenset[UUID]) -> bool:
        """Whether its people went, at least some of them, to what is not known here."""
        if unit in self.nodes or unit in passed:
            return False
        life = self._lives.get(unit)
        passed |= {unit}
        return life is None or any(self._leaves(heir, passed) for heir in self._after(life))
