"""What the results of development give to the ranking of organizations: figures, never a score.

Each figure is that of the read model that keeps it; what is read for all organizations of a ranking
at once is read once. Ranking itself is decided elsewhere and recorded as a reaction.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from domain.calendar import add_months
from domain.defect import Defect
from domain.duty import Duty, duties
from domain.errors import InvalidInput
from domain.obligation import Obligation, Standing
from domain.organization_kind import Level
from domain.period import Period
from domain.ranking import year_of
from domain.reaction import Reaction, ReactionKind
from domain.record import Record
from domain.target import CountingDate, TargetBasis
from domain.text import Text
from projections.breach import BreachProjection, breach_counts
from projections.figures import year_before
from projections.holder import holders
from projections.obligation import Obligations
from projections.read_models import ReadModels
from projections.register import Register
from projections.rollup import Rollup
from projections.target_progress import Progress, growth_percent
from projections.tree import Node

RECORDS_MAX: Final = 5_000
"""How many obligations, defects or reactions one ranking may read."""
_AT_ONCE: Final = 500
R = TypeVar("R", bound=Record)


class Ranked(StrEnum):
    """Which organizations are compared."""

    CHILDREN = "CHILDREN"
    GRASSROOTS = "GRASSROOTS"


@dataclass(frozen=True, slots=True)
class Admissions:
    """Admissions by a date that counts, beside those of the same days a year before.

    Without the year before, and a growth, for what is longer than a year.
    """

    counting: CountingDate
    admitted: int
    admitted_year_before: int | None
    growth_percent: float | None


@dataclass(slots=True)
class DutyCounts:
    """The duties whose last day lies in the period and has passed by the day of the basis.

    `missing` is not handed in, or went back and did not come again; `released` was excused,
    withdrawn, or has nothing to report.
    """

    on_time: int = 0
    late: int = 0
    missing: int = 0
    released: int = 0


@dataclass(slots=True)
class DefectCounts:
    """Defects noted in the period, and how many of these are not closed."""

    noted: int = 0
    open: int = 0


@dataclass(slots=True)
class ReactionCounts:
    """Reactions agreed to, by kind; `own` are those to the organization, not to one below it."""

    every: Counter[ReactionKind] = field(default_factory=Counter)
    own: Counter[ReactionKind] = field(default_factory=Counter)


def ranked(node: Node, which: Ranked) -> list[Node]:
    """The organizations that are compared: directly below, or all grassroots ones below."""
    if which is Ranked.CHILDREN:
        return node.children
    return [each for each in node.subtree() if each.level is Level.GRASSROOTS and each is not node]


async def progress(rollup: Rollup, node: Node, period: Period) -> list[Progress]:
    """What a node achieved of its target of each basis.

    A part of a year is measured by the year's target, as of the end of that part.
    """
    whole = year_of(period)
    is_part = (whole.first, whole.last) != (period.first, period.last)
    if is_part and period.last < rollup.basis.effective:
        rollup = rollup.as_of(period.last)
    return [await rollup.progress(node, whole, None, basis) for basis in TargetBasis]


async def admissions(
    rollup: Rollup, node: Node, period: Period, counting: CountingDate
) -> Admissions:
    """Admissions of a period, and their growth."""
    days = _days(rollup, period)
    now = await rollup.admitted(node, *days, None, counting)
    if days[1] < days[0] or period.last >= add_months(period.first, 12):
        return Admissions(counting, now, None, None)
    before = await rollup.admitted(node, *year_before(days), None, counting)
    return Admissions(counting, now, before, growth_percent(now, before))


class Readers(NamedTuple):
    """Where records are found; `spend` counts those that are read and may refuse to go on."""

    read_models: ReadModels
    register: Register
    obligations: Obligations
    spend: Callable[[int], None]


class Ranking:
    """What is read for all organizations of one ranking at once, when it is first asked for."""

    def __init__(
        self, rollup: Rollup, nodes: Iterable[Node], period: Period, readers: Readers
    ) -> None:
        self.rollup = rollup
        self.period = period
        self._readers = readers
        self._lock = asyncio.Lock()
        self._holders = {
            holder: node.id
            for node in nodes
            for some in holders(rollup.tree, node).values()
            for holder in some
        }
        self._duties: dict[UUID, DutyCounts] | None = None
        self._defects: dict[UUID, DefectCounts] | None = None
        self._reactions: dict[UUID, ReactionCounts] | None = None

    async def duties(self, node: Node) -> DutyCounts:
        """How an organization and those below it met their duties. Raises InvalidInput."""
        async with self._lock:
            if self._duties is None:
                self._duties = await self._read_duties()
        return self._duties.get(node.id, DutyCounts())

    async def defects(self, node: Node) -> DefectCounts:
        """What inspections found at an organization and below it. Raises InvalidInput."""
        async with self._lock:
            if self._defects is None:
                self._defects = await self._read_defects()
        return self._defects.get(node.id, DefectCounts())

    async def reactions(self, node: Node) -> ReactionCounts:
        """Which reactions to the period were decided. Raises InvalidInput."""
        async with self._lock:
            if self._reactions is None:
                self._reactions = await self._read_reactions()
        return self._reactions.get(node.id, ReactionCounts())

    async def findings(self, node: Node) -> Mapping[tuple[str, ...], int]:
        """How many steps of an organization and those below it break which rules."""
        days = _days(self.rollup, self.period)
        await self._readers.read_models.caught_up(self.rollup.basis, BreachProjection.name)
        sums = await self.rollup.sums(
            ("breaches", days),
            lambda connection: breach_counts(connection, self.rollup.basis.positions, days),
        )
        return sums.get(node.id, {})

    async def _read_duties(self) -> dict[UUID, DutyCounts]:
        basis = self.rollup.basis
        found = await self._readers.obligations.of_every_tenant(self.rollup, RECORDS_MAX)
        if sum(len(ids) for ids in found.values()) > RECORDS_MAX:
            raise _too_many()
        self._readers.spend(sum(len(ids) for ids in found.values()))
        counts: dict[UUID, DutyCounts] = {}
        for tenant, ids in found.items():
            for at in range(0, len(ids), _AT_ONCE):
                for record in await self._readers.register.records(
                    tenant,
                    Obligation,
                    ids[at : at + _AT_ONCE],
                    basis.positions[tenant],
                    personal=False,
                ):
                    owner = self._holders.get(record.organization_id)
                    if owner is not None:
                        _count_duties(counts.setdefault(owner, DutyCounts()), self._due(record))
        return counts

    def _due(self, record: Obligation) -> Iterator[Duty]:
        first, last = _days(self.rollup, self.period)
        for each in duties(record, self.rollup.basis.effective):
            if each.due is not None and first <= each.due.last_day <= last:
                yield each

    async def _read_defects(self) -> dict[UUID, DefectCounts]:
        days, effective = _days(self.rollup, self.period), self.rollup.basis.effective
        counts: dict[UUID, DefectCounts] = {}
        found = await self._readers.register.begun(self.rollup, Defect, days, RECORDS_MAX)
        for record in self._few(found):
            owner = self._holders.get(record.organization_id)
            if owner is not None:
                count = counts.setdefault(owner, DefectCounts())
                count.noted += 1
                count.open += record.closed(effective) is None
        return counts

    async def _read_reactions(self) -> dict[UUID, ReactionCounts]:
        """Of those proposed since the year before the period."""
        effective = self.rollup.basis.effective
        since = date(self.period.first.year - 1, 1, 1)
        found = await self._readers.register.begun(
            self.rollup, Reaction, (since, effective), RECORDS_MAX
        )
        counts: dict[UUID, ReactionCounts] = {}
        for record in self._few(found):
            owner = self._holders.get(record.organization_id)
            if owner is not None and _answers(record, self.period, effective):
                count = counts.setdefault(owner, ReactionCounts())
                count.every[record.proposed.kind] += 1
                count.own[record.proposed.kind] += self._is_own(record, owner)
        return counts

    def _few(self, found: list[R]) -> list[R]:
        """The records themselves. Raises InvalidInput for too many."""
        if len(found) > RECORDS_MAX:
            raise _too_many()
        self._readers.spend(len(found))
        return found

    def _is_own(self, record: Reaction, owner: UUID) -> bool:
        at = self.rollup.tree.place(record.organization_id)
        return at is not None and at.id == owner


def _count_duties(count: DutyCounts, due: Iterable[Duty]) -> None:
    for each in due:
        if each.standing in {Standing.EXCUSED, Standing.NONE_REPORTED, Standing.WITHDRAWN}:
            count.released += 1
        elif each.standing.is_open:
            count.missing += each.is_late
        elif each.is_late:
            count.late += 1
        else:
            count.on_time += 1


def _answers(record: Reaction, period: Period, effective: date) -> bool:
    """Whether a reaction was agreed to and is one to the period.

    It names the period; one that names none was decided in it.
    """
    decided = record.decided(effective)
    if decided is None or not decided.agreed:
        return False
    if record.proposed.period is not None:
        return record.proposed.period == period.name
    return period.first <= decided.effective_on <= period.last


def _days(rollup: Rollup, period: Period) -> tuple[date, date]:
    return period.first, min(period.last, rollup.basis.effective)


def _too_many() -> InvalidInput:
    return InvalidInput(
        "TOO_MANY_RECORDS",
        Text(
            f"Câu hỏi này liên quan hơn {RECORDS_MAX} hồ sơ; hãy hỏi tổ chức nhỏ hơn.",
            f"This concerns more than {RECORDS_MAX} records; ask for a smaller organization.",
        ),
        field="organization",
    )
