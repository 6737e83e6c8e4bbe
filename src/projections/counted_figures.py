"""What a closing keeps, counted from the read models as far as the logs go."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from db.database import Database
from domain.closing import Counted, Seen
from domain.period import Period
from eventstore.position import Position
from eventstore.store import EventStore
from projections.basis import At
from projections.figures import closed_figures
from projections.read_models import ReadModels
from projections.target_progress import target_ids


class CountedFigures:
    """Implements `commands.ports.Figures`."""

    def __init__(self, database: Database, read_models: ReadModels, store: EventStore) -> None:
        self._database = database
        self._read_models = read_models
        self._store = store

    async def counted(self, code: str, period: Period, on: date) -> Counted:
        """The admissions of a period up to a day, by all that is recorded.

        Raises NotFound, and ReadModelBehind when the read models do not catch up in time.
        """
        at = At(effective=on)
        rollup = await self._read_models.rollup(code, at)
        heads = await self._store.heads(rollup.basis.positions.keys())
        at = At(effective=on, after=Position.of(heads))
        rollup = await self._read_models.rollup(code, at)
        own = (await rollup.targets()).period_of(rollup.root.id, period)
        return Counted(
            first=own.first,
            last=own.last,
            figures=await closed_figures(rollup, rollup.root, own),
            seen=tuple(Seen(*each) for each in sorted(rollup.basis.positions.items())),
        )

    async def targets(self, tenant_id: int, holders: Collection[UUID]) -> list[UUID]:
        """The targets of some holders. Raises ReadModelBehind."""
        heads = await self._store.heads([tenant_id])
        await self._read_models.wait_for(Position.of(heads), [tenant_id])
        async with self._database.tenant(tenant_id) as connection:
            return await target_ids(connection, tenant_id, holders)
