"""The allocation grid: who below an organization was assigned how much of which group."""

from dataclasses import dataclass

from domain.groups import catalogue
from domain.period import Period
from domain.target import TargetBasis
from projections.rollup import Rollup
from projections.target_progress import Progress, StatedTarget, Targets
from projections.tree import Node


@dataclass(frozen=True, slots=True)
class Column:
    """One group of the grid; None is everybody.

    `own` is the organization's own target, `remainder` what of it is not allocated (negative when
    more is); None without a number to take it from. `without` counts the organizations below that
    have none.
    """

    group: str | None
    own: int | None
    allocated: int
    remainder: int | None
    without: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One target of the grid with what came of it; no target yet where `target` is None."""

    group: str | None
    target: StatedTarget | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class Row:
    """One organization directly below, a cell for each column."""

    node: Node
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """The grid."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


async def allocation(
    rollup: Rollup, node: Node, period: Period, basis: TargetBasis, against: TargetBasis
) -> Allocation:
    """Targets of a basis directly below a node, beside the node's own target of another basis."""
    stated = await rollup.targets()
    held = [(node, against), *((child, basis) for child in node.children)]
    named = {
        target.group
        for holder, of_basis in held
        for target in stated.held_by(holder.id)
        if (target.period.name, target.basis) == (period.name, of_basis)
    }
    groups = [group for group in (None, *catalogue()) if group in named]
    columns = tuple(_column(stated, node, period, group, basis, against) for group in groups)
    rows = []
    for child in node.children:
        cells = [
            Cell(
                group,
                stated.find(child.id, period.name, group, basis),
                await rollup.progress(child, period, group, basis),
            )
            for group in groups
        ]
        rows.append(Row(child, tuple(cells)))
    return Allocation(columns, tuple(rows))


def _column(
    stated: Targets,
    node: Node,
    period: Period,
    group: str | None,
    basis: TargetBasis,
    against: TargetBasis,
) -> Column:
    below = [stated.find(child.id, period.name, group, basis) for child in node.children]
    allocated = sum(target.count or 0 for target in below if target is not None)
    own = stated.find(node.id, period.name, group, against)
    count = own.count if own is not None else None
    return Column(
        group=group,
        own=count,
        allocated=allocated,
        remainder=None if count is None else count - allocated,
        without=sum(1 for target in below if target is None),
    )
