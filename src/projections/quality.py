"""The quality of admissions beside their number: age, certificate, and what became of the people.

Read from the log, person by person, for a bounded number of people; only counts leave this module.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from db.database import Database
from domain.admission import AdmissionDecided
from domain.case import CaseEntry, Stage, fold, stage
from domain.certificate import CertificateIssued
from domain.errors import InvalidInput
from domain.groups import AGE_BANDS, mask, require_group
from domain.period import Period
from domain.probation import CeremonyHeld
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
_COUNTED: Final[dict[CountingDate, type[CaseEntry]]] = {
    CountingDate.DECISION: AdmissionDecided,
    CountingDate.CEREMONY: CeremonyHeld,
}


@dataclass(slots=True)
class Quality:
    """The admissions of a period told apart.

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
            admitted = await admissions.each_admission(
                connection, tenant_id, position, days, units, groups, counting, left + 1
            )
            if len(admitted) > left:
                raise _too_many()
            people = {person for person, _ in admitted}
            streams = await read_streams(connection, tenant_id, people, until=position)
        effective = rollup.basis.effective
        live = {
            person: live_entries([self._codec.decode_clear(each) for each in stream], effective)
            for person, stream in streams.items()
        }
        for person, day in admitted:
            _take(quality, _admission(live[person], day, counting), live[person], effective)
        return len(admitted)


def _admission(live: list[Entry], day: date, counting: CountingDate) -> CaseEntry:
    """The entry of a person that counts on a day."""
    return next(
        entry
        for entry in live
        if isinstance(entry, _COUNTED[counting]) and entry.effective_on == day
    )


def _take(quality: Quality, admitted: CaseEntry, live: list[Entry], effective: date) -> None:
    held = [
        entry.grade
        for entry in live
        if isinstance(entry, CertificateIssued) and entry.effective_on <= admitted.effective_on
    ]
    reached = stage(fold(live), effective)
    assert reached is not None, "who was admitted was identified"
    quality.admitted += 1
    quality.ages[admitted.age_band] += 1
    quality.grades[held[-1] if held else None] += 1
    quality.stages[reached] += 1


def _too_many() -> InvalidInput:
    return InvalidInput(
        "TOO_MANY_PEOPLE",
        Text(
            f"Câu hỏi này liên quan hơn {PEOPLE_MAX} người; hãy hỏi kỳ hoặc tổ chức nhỏ hơn.",
            f"This concerns more than {PEOPLE_MAX} people; ask a shorter period or a smaller part.",
        ),
        field="period",
    )
