"""Screening beside admissions: what was counted in a period, what of it came to nothing since.

Both views of the same sums (domain sheet, D.4): as counted then, and net of the negative events.
"""

from dataclasses import dataclass

from domain.groups import require_group
from domain.period import Period
from domain.target import CountingDate
from domain.timeline import ADMITTED, READMITTED, STRUCK_OFF, UNCOUNTED
from projections.organization import Node
from projections.rollup import Rollup


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The figures of one organization's whole subtree in a period, up to the day of the basis.

    `uncounted` are admissions, of whatever period, that came to nothing in this one.
    """

    period: Period
    counting: CountingDate
    admitted: int
    uncounted: int
    readmitted: int
    struck_off: int

    @property
    def net(self) -> int:
        """Admissions of the period less those of any period that came to nothing in it."""
        return self.admitted - self.uncounted


async def screening(
    rollup: Rollup, node: Node, period: Period, group: str | None, counting: CountingDate
) -> Screening:
    """What a period added and took away. Raises InvalidInput for an unknown group."""
    require_group(group)

    async def grown(account: str) -> int:
        return await rollup.flow(node, account, period, group)

    return Screening(
        period=period,
        counting=counting,
        admitted=await grown(ADMITTED[counting]),
        uncounted=await grown(UNCOUNTED[counting]),
        readmitted=await grown(READMITTED[counting]),
        struck_off=await grown(STRUCK_OFF),
    )
