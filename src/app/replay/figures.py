"""The figures of an organization and all below it at three clocks, counted from the logs alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from app.replay.log import OF_ORGANIZATIONS, OF_TARGETS, Reader
from app.replay.organizations import Life, Organizations, Tree
from app.replay.person import Tally
from app.replay.targets import TargetInForce, in_force
from domain.case import Stage
from domain.errors import organization_not_found
from eventstore.store import EventStore

K = TypeVar("K")


class Clocks(NamedTuple):
    """The day, what was known of it, and the tree; None means the head, and the tree of the day."""

    effective: date
    known: datetime | None = None
    tree: date | None = None


@dataclass(slots=True)
class Figures:
    """What the logs of some tenants add up to."""

    clocks: Clocks
    positions: Mapping[int, int]
    tree: Tree
    root: UUID
    tally: Tally
    targets: list[TargetInForce]
    _standing: dict[str | None, dict[UUID, Counter[Stage]]] = field(default_factory=dict)
    _flowed: dict[str | None, dict[UUID, Counter[tuple[str, date]]]] = field(default_factory=dict)

    def organizations(self) -> Iterator[Life]:
        """The root and all below it."""
        return self.tree.below(self.root)

    def stages(self, node: UUID, group: str | None = None) -> dict[Stage, int]:
        """How many people of a node and all below it stand at each stage."""
        if group not in self._standing:
            self._standing[group] = self._summed(
                (unit, stage, n)
                for (unit, stage, groups), n in self.tally.standing.items()
                if group is None or group in groups
            )
        counts = self._standing[group].get(node, Counter[Stage]())
        return {stage: counts[stage] for stage in Stage if counts[stage]}

    def total(
        self, node: UUID, what: str, first: date, last: date, group: str | None = None
    ) -> int:
        """How often something happened in a node and all below it from a day to another."""
        found = self._happened(node, group).items()
        return sum(n for (kind, on), n in found if kind == what and first <= on <= last)

    def years(self, node: UUID, what: str, group: str | None = None) -> dict[int, int]:
        """How often something happened there in each year, up to the day."""
        counts: Counter[int] = Counter()
        for (kind, on), n in self._happened(node, group).items():
            if kind == what:
                counts[on.year] += n
        return {year: counts[year] for year in sorted(counts) if counts[year]}

    def achieved(self, target: TargetInForce) -> int:
        """How many admissions count for a target, up to the day."""
        what = f"ADMITTED_BY_{target.counting.value}"
        period = target.period
        return self.total(target.holder, what, period.first, period.last, target.group)

    def _happened(self, node: UUID, group: str | None) -> Counter[tuple[str, date]]:
        if group not in self._flowed:
            self._flowed[group] = self._summed(
                (unit, (what, on), n)
                for (unit, what, groups, on), n in self.tally.happened.items()
                if group is None or group in groups
            )
        return self._flowed[group].get(node, Counter())

    def _summed(self, counts: Iterable[tuple[UUID, K, int]]) -> dict[UUID, Counter[K]]:
        """The counts of units in each node and all below it."""
        sums: dict[UUID, Counter[K]] = {}
        for unit, key, n in counts:
            at = self.tree.place(unit)
            for node in self.tree.path(at) if at is not None else ():
                sums.setdefault(node, Counter())[key] += n
        return sums


async def figures(reader: Reader, store: EventStore, code: str, clocks: Clocks) -> Figures:
    """The figures of an organization; of a province with those of all its tenants.

    A code that nobody bears in the asked tree is answered for its last bearer, in the last tree in
    which it stands. Raises NotFound for a code that nobody ever bore.
    """
    tenants = await _tenants(reader, store, code)
    heads = dict(await store.heads(tenants))
    positions = heads
    if clocks.known is not None:
        positions = dict(await store.positions_known_at(tenants, clocks.known))
    tally = Tally()
    async for entries in reader.people(positions):
        tally.add(entries, clocks.effective)
    tree, root = await _tree(reader, code, clocks, positions, heads, tally)
    streams = await reader.streams(positions, OF_TARGETS)
    targets = in_force((entries for _, entries in streams), clocks.effective)
    return Figures(clocks, positions, tree, root, tally, targets)


async def _tree(  # noqa: PLR0913, PLR0917 - all by position from one place
    reader: Reader,
    code: str,
    clocks: Clocks,
    positions: Mapping[int, int],
    heads: Mapping[int, int],
    tally: Tally,
) -> tuple[Tree, UUID]:
    """The asked tree, as known at the head where its day was given."""
    day = clocks.tree or clocks.effective
    known = positions if clocks.tree is None else heads
    found = Organizations(await reader.streams(known, OF_ORGANIZATIONS))
    bearer = found.bearer(code)
    if bearer is None or not bearer.stands(day):
        found = Organizations(await reader.streams(heads, OF_ORGANIZATIONS))
        bearer = found.bearer(code)
        if bearer is None:
            raise organization_not_found(code)
        if not bearer.stands(day):
            day = bearer.last_day()
    return Tree(found, day, tally.units), bearer.id


async def _tenants(reader: Reader, store: EventStore, code: str) -> list[int]:
    """Whose logs the figures come from.

    The tenant's or those of all of the province's, and those whose organizations went over to them
    as both sides say.
    """
    first = await store.tenant_of(code)
    tenants = [first] if "/" in code else list(await store.tenants_of_province(first))
    while True:
        heads = dict(await store.heads(tenants))
        own = Organizations(await reader.streams(heads, OF_ORGANIZATIONS)).lives.values()
        codes = {life.began.code for life in own}
        named = {"/".join(outside.split("/")[:2]) for life in own for outside in life.outside}
        others = {await store.tenant_of(each) for each in named} - set(tenants)
        more = [each for each in sorted(others) if await _hands_on(reader, store, each, codes)]
        if not more:
            return tenants
        tenants += more


async def _hands_on(reader: Reader, store: EventStore, tenant: int, codes: set[str]) -> bool:
    heads = dict(await store.heads([tenant]))
    lives = Organizations(await reader.streams(heads, OF_ORGANIZATIONS)).lives.values()
    return any(codes & life.outside_heirs for life in lives)
