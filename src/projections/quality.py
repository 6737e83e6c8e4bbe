"""The quality of admissions beside their number: age, certificate, and what became of the people.

Read from the log, person by person, for a bounded number of people; only counts leave this module.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

from db.database import Database
from domain.case import CaseEntry, Stage, fold, stage
from domain.counting import ADMITTED
from domain.errors import InvalidInput
from domain.groups import AGE_BANDS, mask, require_group
from domain.merging import Merged
from domain.period import Period
from domain.record import Entry, live_entries
from domain.target import CountingDate
from domain.text import Text
from eventstore.codec import Codec
from eventstore.reading import read_streams
from projections import admissions
from projections.rollup import Rollup
from projections.tree import Node

PEOPLE_MAX: Final = 10_000
"""People whose cases one question may read: some ten thousand events for each thousand."""
_BANDS: Final = (*(band for _, band in AGE_BANDS), "over-60")
_BY_DAY: Final = attrgetter("effective_on")


@dataclass(slots=True)
class Quality:
    """The admissions of a period told apart: `admitted` is the same number as everywhere.

    `ages` by band on the day that counts, youngest first. `grades` by the words of the awareness
    class's certificate that was held then, None without one. `stages` by where the people stand on
    the day of the basis: who was struck off later is there.
    """

    admitted: int = 0
    ages: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_BANDS, 0))
    grades: Counter[str | None] = field(default_factory=Counter)
    stages: Counter[Stage] = field(default_factory=Counter)


class Qualities:
    """Counts them."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._codec = codec

    async def of(
        self, rollup: Rollup, node: Node, period: Period, group: str | None, counting: CountingDate
    ) -> Quality:
        """The quality of a node's whole subtree.

        Raises InvalidInput for an unknown group, and for more than `PEOPLE_MAX` people.
        """
        require_group(group)
        days = (period.first, min(period.last, rollup.basis.effective))
        units = rollup.tree.units(node)
        quality = Quality()
        left = PEOPLE_MAX
        for tenant_id in sorted(rollup.basis.positions):
            left -= await self._count(
                quality, rollup, tenant_id, units, days, group, counting, left
            )
        return quality

    async def _count(
        self,
        quality: Quality,
        rollup: Rollup,
        tenant_id: int,
        units: list[UUID],
        days: tuple[date, date],
        group: str | None,
        counting: CountingDate,
        left: int,
    ) -> int:
        position = rollup.basis.positions[tenant_id]
        groups = 0 if group is None else mask([group])
        async with self._database.tenant(tenant_id) as connection:
            admitted = await admissions.admitted_persons(
                connection, tenant_id, position, days, units, groups, counting, left + 1
            )
            if len(admitted) > left:
                raise _too_many()
            people = {person for person, _, _ in admitted}
            streams = await read_streams(connection, tenant_id, people, until=position)
        for person, on, n in admitted:
            entries = [self._codec.decode_clear(stored) for stored in streams[person]]
            _take(quality, entries, (on, n, counting), rollup.basis.effective)
        return len(admitted)


def _take(
    quality: Quality, entries: list[Entry], told: tuple[date, int, CountingDate], effective: date
) -> None:
    """Count what one person's record counts on a day, by what is true on the day of the basis."""
    on, n, counting = told
    live = live_entries(entries, effective)
    if n < 0:
        on = _taken_back(live, on, ADMITTED[counting])
    reached = stage(fold(live), effective)
    assert reached is not None, "who was admitted was identified"
    held = fold(live_entries(entries, on)).certificate
    facts = [each for entry in live if isinstance(entry, CaseEntry) for each in entry.told()]
    by_then = sorted((fact for fact in facts if fact.effective_on <= on), key=_BY_DAY)
    quality.admitted += n
    quality.ages[by_then[-1].age_band] += n
    quality.grades[held.grade if held is not None else None] += n
    quality.stages[reached] += n


def _taken_back(live: list[Entry], on: date, account: str) -> date:
    """The day of the admission that a merge took back on a day."""
    taken = (
        each.on
        for entry in live
        if isinstance(entry, Merged) and entry.effective_on == on
        for each in entry.taken_back
        if each.account == account
    )
    return next(taken, on)


def _too_many() -> InvalidInput:
    return InvalidInput(
        "TOO_MANY_PEOPLE",
        Text(
            f"Câu hỏi này liên quan hơn {PEOPLE_MAX} người; hãy hỏi kỳ hoặc tổ chức nhỏ hơn.",
            f"This concerns more than {PEOPLE_MAX} people; ask a shorter period or a smaller part.",
        ),
        field="period",
    )
