"""How much is due, by kind."""

import strawberry

from api.context import Info
from api.scalars import DueKind
from domain.due_kind import WITHIN_DAYS_MAX
from domain.errors import InvalidInput
from domain.text import Text
from eventstore.position import Position
from projections import due_list
from projections.due import DueProjection
from projections.rollup import Rollup
from projections.tree import Node


@strawberry.type(description="How much of a kind is due.")
class DueCount:
    kind: DueKind
    late: int
    coming: int


async def due_counts_of(
    info: Info, figures: Rollup, node: Node, within_days: int | None
) -> list[DueCount]:
    """What is due of the cases of a whole subtree. Raises InvalidInput, ReadModelBehind."""
    days = require_days(within_days)
    await caught_up(info, figures)
    found = await due_list.due_counts(figures, node, days)
    return [DueCount(kind=each.kind, late=each.late, coming=each.coming) for each in found]


async def caught_up(info: Info, figures: Rollup) -> None:
    """Return when all dues are known up to the basis of the figures. Raises ReadModelBehind."""
    positions, read_models = figures.basis.positions, info.context.services.read_models

    async def wait() -> None:
        await read_models.wait_for(Position.of(positions), list(positions), [DueProjection.name])

    await figures.once(DueProjection.name, wait)


def require_days(within_days: int | None) -> int | None:
    """The number itself. Raises InvalidInput outside 0 to `WITHIN_DAYS_MAX`."""
    if within_days is not None and not 0 <= within_days <= WITHIN_DAYS_MAX:
        raise InvalidInput(
            "DAYS_OUT_OF_RANGE",
            Text(
                f"“withinDays” từ 0 đến {WITHIN_DAYS_MAX}.",
                f"“withinDays” must be 0 to {WITHIN_DAYS_MAX}.",
            ),
            field="withinDays",
        )
    return within_days
