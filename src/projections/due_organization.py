"""What is due of organizations themselves: meetings and reconciliations that return, and targets.

Nothing of it is kept: it follows from the last one that was held, and from figures.
"""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from db.database import Connection
from domain.due_kind import DueKind, due_kinds
from domain.limits import cell_meeting_due_on, reconciliation_due_on
from domain.procedure import RuleBook
from domain.target import TargetBasis
from projections.due_list import Owed
from projections.figures import SOURCE
from projections.rollup import Rollup
from projections.target_progress import StatedTarget
from projections.tree import Node

_LAST: Final = """
SELECT r.organization_id, r.kind, max(r.effective_on) AS last_on
FROM recurring r
WHERE r.tenant_id = $1 AND r.position <= $2 AND r.effective_on <= $3 AND r.voids IS NULL
  AND NOT EXISTS (
    SELECT FROM recurring v
    WHERE v.tenant_id = r.tenant_id AND v.record_id = r.record_id AND v.voids = r.version
      AND v.position <= $2
  )
GROUP BY r.organization_id, r.kind
"""
_DUE_ON: Final = {
    DueKind.CELL_MEETING: cell_meeting_due_on,
    DueKind.RECONCILIATION: reconciliation_due_on,
}
RECURRING: Final = tuple(_DUE_ON)


async def recurring_dues(
    connection: Connection, rollup: Rollup, tenant_id: int, rules: RuleBook
) -> list[Owed]:
    """The next cell meeting (T20) and reconciliation (T21) of each organization that held one.

    Who never recorded any is not told to: nothing says that such records are kept here. The
    successor goes on where its predecessor's last one was.
    """
    basis = rollup.basis
    position = basis.positions[tenant_id]
    last: dict[tuple[UUID, DueKind], date] = {}
    for row in await connection.fetch(_LAST, tenant_id, position, basis.effective):
        node = rollup.tree.place(row["organization_id"])
        kind = DueKind(row["kind"])
        if node is not None and (node.kind.is_cell or kind is not DueKind.CELL_MEETING):
            key = (node.id, kind)
            last[key] = max(row["last_on"], last.get(key, date.min))
    return [
        Owed(_DUE_ON[kind](last_on, rules), kind, "", organization, organization, last_on)
        for (organization, kind), last_on in last.items()
    ]


async def dues_of_figures(
    rollup: Rollup, nodes: Collection[Node], kinds: Collection[DueKind]
) -> list[Owed]:
    """What the targets of some organizations for the time of the asked day lack, by any basis.

    Less than half of a term's target, less than the time that has passed, or nobody left who may
    still be admitted. Targets of everybody only, not those of groups.
    """
    day, stated = rollup.basis.effective, await rollup.targets()
    found: list[Owed] = []
    for node in nodes:
        held = [each for each in stated.held_by(node.id) if each.group is None]
        current = [each for each in held if each.period.first <= day <= each.period.last]
        for target in current:
            for kind in await _lacking(rollup, node, target):
                period = target.period
                detail = f"{period.name} {target.basis.value}"
                found.append(Owed(period.last, kind, detail, node.id, node.id, period.first))
    return [each for each in found if each.kind in kinds]


async def _lacking(rollup: Rollup, node: Node, target: StatedTarget) -> list[DueKind]:
    progress = await rollup.progress(node, target.period, None, TargetBasis(target.basis))
    if not progress.shortfall or progress.percent is None:
        return []
    found = []
    notice = due_kinds()[DueKind.BELOW_TARGET].notice(rollup.basis.effective)
    assert notice is not None
    assert notice.percent is not None
    if target.period.is_term and progress.percent < notice.percent:
        found.append(DueKind.BELOW_TARGET)
    if progress.percent < progress.pace_percent:
        found.append(DueKind.BELOW_PACE)
    if not await _source(rollup, node):
        found.append(DueKind.NO_SOURCE)
    return found


async def _source(rollup: Rollup, node: Node) -> int:
    counts = await rollup.stage_counts(node)
    return sum(counts.get(stage, 0) for stage in SOURCE)
