"""How a docket is laid again: with dossiers that are ready on its day."""

from typing import Final

from commands.correctable import Correctable, Correction, Values, types_of
from commands.meeting import require_dossiers
from domain.access import Action
from domain.docket import Docket, DocketLaid
from domain.judgment import Day
from domain.record import Entry


async def _laid_again(correction: Correction, day: Day, values: Values) -> None:
    place = correction.holder
    made = Docket.lay(correction.record.id, day, place, **values)
    await require_dossiers(correction.desk, correction.command.actor, (day, place), made.laid)
    correction.record.begin_again(made)


CORRECTABLE: Final[dict[type[Entry], Correctable]] = {
    DocketLaid: Correctable(Action.ASSEMBLE_DOSSIERS, types_of(Docket.lay), _laid_again),
}
