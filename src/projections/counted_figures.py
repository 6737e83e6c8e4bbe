"""What a closing keeps, counted from the read models as far as the logs go."""

from datetime import date

from domain.closing import Counted, Seen
from domain.period import Period
from eventstore.position import Position
from eventstore.store import EventStore
from projections.basis import At
from projections.figures import closed_figures
from projections.read_models import ReadModels


class CountedFigures:
    """Implements `commands.ports.Figures`."""

    def __init__(self, read_models: ReadModels, store: EventStore) -> None:
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
