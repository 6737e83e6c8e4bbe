"""The figures that a committee reads beside its targets: by month, by group, source, dry cells.

All are sums of postings; what they mean is said here, how they are summed in `admissions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Final

from domain.calendar import add_months
from domain.case import Stage
from domain.closing import ClosedFigure
from domain.errors import InvalidInput
from domain.groups import catalogue, mask, require_group
from domain.period import Period
from domain.target import CountingDate, TargetBasis
from domain.text import Text
from projections import admissions
from projections.rollup import Rollup
from projections.target_progress import percent_of
from projections.tree import Node

YEARS_MAX: Final = 100
_DAY: Final = timedelta(days=1)
SOURCE: Final = tuple(Stage)[: tuple(Stage).index(Stage.DECIDED)]
"""The stages of people who may still be admitted."""
SYMPATHIZERS: Final = SOURCE[1:]
"""Those of people on the list of sympathizers: all of the source but who was only identified."""


@dataclass(frozen=True, slots=True)
class Month:
    """Admissions of one month of a period, and from its first day on (lũy kế).

    `_year_before` is of the same days a year earlier (cùng kỳ).
    """

    first: date
    admitted: int
    running: int
    admitted_year_before: int
    running_year_before: int


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """What one group had of the admissions of a period, and how many of it may still be admitted.

    People may be in several groups, so these never add up.
    """

    group: str
    admitted: int
    percent_of_admitted: float | None
    source: int


class SourceWarning(StrEnum):
    """Nobody may be admitted, or fewer than the target still needs."""

    NO_SOURCE = "NO_SOURCE"
    LOW_SOURCE = "LOW_SOURCE"


@dataclass(frozen=True, slots=True)
class Source:
    """Who may still be admitted, against what is left of a target.

    `needed` is None without a target; stages of nobody are left out.
    """

    people: int
    stages: Mapping[Stage, int]
    sympathizers: int
    needed: float | None
    admitted: int
    admitted_per_100_sympathizers: float | None
    warning: SourceWarning | None


@dataclass(frozen=True, slots=True)
class DryCell:
    """A cell that has not admitted anybody for years; `last_on` is None for never."""

    cell: Node
    last_on: date | None


async def months(
    rollup: Rollup, node: Node, period: Period, group: str | None, counting: CountingDate
) -> list[Month]:
    """The months of a period up to the day of the basis, the last one up to that day.

    Raises InvalidInput for an unknown group.
    """
    require_group(group)
    days = _days(rollup, period)
    if days is None:
        return []
    groups = 0 if group is None else mask([group])
    before = year_before(days)
    now = await _monthly(rollup, node, days, groups, counting)
    then = await _monthly(rollup, node, before, groups, counting)
    firsts = [days[0].replace(day=1)]
    while (following := add_months(firsts[-1], 1)) <= days[1]:
        firsts.append(following)
    admitted = [now.get(first, 0) for first in firsts]
    earlier = [then.get(add_months(first, -12), 0) for first in firsts]
    rows = zip(firsts, admitted, accumulate(admitted), earlier, accumulate(earlier), strict=True)
    return [Month(*row) for row in rows]


async def group_figures(
    rollup: Rollup, node: Node, period: Period, counting: CountingDate
) -> list[GroupFigure]:
    """One figure for each group of the catalogue, in its order."""
    admitted = await _by_groups(rollup, node, period, counting)
    everybody = sum(admitted.values())
    found = []
    for code in catalogue():
        count = _of(admitted, code)
        stages = await rollup.stage_counts(node, code)
        waiting = sum(stages.get(stage, 0) for stage in SOURCE)
        found.append(GroupFigure(code, count, percent_of(count, everybody), waiting))
    return found


async def source(rollup: Rollup, node: Node, period: Period, basis: TargetBasis) -> Source:
    """The source of a node's whole subtree against its own target of a basis."""
    progress = await rollup.progress(node, period, None, basis)
    counts = await rollup.stage_counts(node)
    stages = {stage: counts[stage] for stage in SOURCE if counts.get(stage)}
    people = sum(stages.values())
    listed = sum(counts.get(stage, 0) for stage in SYMPATHIZERS)
    return Source(
        people=people,
        stages=stages,
        sympathizers=listed,
        needed=progress.shortfall,
        admitted=progress.achieved,
        admitted_per_100_sympathizers=percent_of(progress.achieved, listed),
        warning=_warning(people, progress.shortfall),
    )


async def dry_cells(rollup: Rollup, node: Node, years: int) -> list[DryCell]:
    """The cells of a subtree, at least so many years old, without an admission in these years.

    Admissions count by the day of the decision. Raises InvalidInput.
    """
    effective = rollup.basis.effective
    if not 1 <= years <= YEARS_MAX or effective.year <= YEARS_MAX:
        raise InvalidInput(
            "INVALID_YEARS",
            Text(f"“years” phải từ 1 đến {YEARS_MAX}.", f"“years” must be 1 to {YEARS_MAX}."),
            field="years",
        )
    since = add_months(effective, -12 * years)
    days = await rollup.sums(
        "last admission",
        lambda connection: admissions.last_days(
            connection, rollup.basis.positions, effective, CountingDate.DECISION
        ),
    )
    cells = [
        DryCell(cell, max(days.get(cell.id, {}), default=None))
        for cell in node.subtree()
        if cell.kind.is_cell and cell.established_on <= since
    ]
    return [dry for dry in cells if dry.last_on is None or dry.last_on <= since]


async def closed_figures(rollup: Rollup, node: Node, period: Period) -> tuple[ClosedFigure, ...]:
    """What a closing keeps: admissions of everybody and of each group, by both days that count."""
    by_decision = await _by_groups(rollup, node, period, CountingDate.DECISION)
    by_ceremony = await _by_groups(rollup, node, period, CountingDate.CEREMONY)
    return tuple(
        ClosedFigure(code, _of(by_decision, code), _of(by_ceremony, code))
        for code in (None, *catalogue())
    )


def _days(rollup: Rollup, period: Period) -> tuple[date, date] | None:
    last = min(period.last, rollup.basis.effective)
    return None if last < period.first else (period.first, last)


def year_before(days: tuple[date, date]) -> tuple[date, date]:
    """The same days a year earlier; the end of a month stays the end of the month."""
    return add_months(days[0], -12), add_months(days[1] + _DAY, -12) - _DAY


async def _monthly(
    rollup: Rollup, node: Node, days: tuple[date, date], groups: int, counting: CountingDate
) -> Mapping[date, int]:
    sums = await rollup.sums(
        ("by month", days, groups, counting),
        lambda connection: admissions.by_month(
            connection, rollup.basis.positions, days, groups, counting
        ),
    )
    return sums.get(node.id, {})


async def _by_groups(
    rollup: Rollup, node: Node, period: Period, counting: CountingDate
) -> Mapping[int, int]:
    days = _days(rollup, period)
    if days is None:
        return {}
    sums = await rollup.sums(
        ("by groups", days, counting),
        lambda connection: admissions.by_groups(connection, rollup.basis.positions, days, counting),
    )
    return sums.get(node.id, {})


def _warning(people: int, needed: float | None) -> SourceWarning | None:
    if not people:
        return SourceWarning.NO_SOURCE
    return SourceWarning.LOW_SOURCE if needed is not None and people < needed else None


def _of(masks: Mapping[int, int], code: str | None) -> int:
    """How many of a count by mask are of a group; all of them for None."""
    bit = 0 if code is None else mask([code])
    return sum(n for groups, n in masks.items() if groups & bit == bit)
