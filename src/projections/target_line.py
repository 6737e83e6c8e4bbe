"""The targets of one organization side by side: what was stated, by whom, and what came of it.

Read from the log, of one organization at a time; nothing in it is personal.
"""

from dataclasses import dataclass
from typing import Final

from db.database import Database
from domain.period import Period, year
from domain.record import Record
from domain.target import (
    Target,
    TargetAdjusted,
    TargetBasis,
    TargetCarried,
    TargetSet,
)
from eventstore.codec import Codec
from eventstore.reading import read_streams
from projections.rollup import Rollup
from projections.target_progress import Progress
from projections.tree import Node

_BASES: Final = list(TargetBasis)


@dataclass(frozen=True, slots=True)
class YearOfTerm:
    """One year of a term: what the same basis and group asked for in it, and its admissions."""

    year: int
    target: int | None
    achieved: int


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target as it stands on the day of the basis.

    `amounts` are what was set and every adjustment, in the order in which they count; `unassigned`
    is what no successor got, None of a share.
    """

    target: Target
    amounts: tuple[TargetSet | TargetAdjusted, ...]
    carried: tuple[TargetCarried, ...]
    unassigned: int | None
    progress: Progress
    years: tuple[YearOfTerm, ...]


class TargetLines:
    """Reads lines."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._codec = codec

    async def lines(self, rollup: Rollup, node: Node, period: Period) -> list[TargetLine]:
        """The lines of a node and period by group, the four bases of one group side by side."""
        held = (await rollup.targets()).held_by(node.id)
        ids = [target.id for target in held if target.period.name == period.name]
        async with self._database.tenant(node.tenant_id) as connection:
            streams = await read_streams(
                connection, node.tenant_id, ids, until=rollup.basis.positions[node.tenant_id]
            )
        lines = []
        for stream in streams.values():
            record = Record.of([self._codec.decode_clear(stored) for stored in stream])
            assert isinstance(record, Target)
            lines.append(await _line(rollup, node, record))
        return sorted(lines, key=_place)


async def _line(rollup: Rollup, node: Node, target: Target) -> TargetLine:
    on = rollup.basis.effective
    terms = target.terms
    live = target.live(on)
    return TargetLine(
        target=target,
        amounts=tuple(e for e in live if isinstance(e, TargetSet | TargetAdjusted)),
        carried=tuple(target.carried(on)),
        unassigned=target.unassigned(on),
        progress=await rollup.progress(node, terms.period, terms.group, terms.basis),
        years=await _years(rollup, node, target),
    )


async def _years(rollup: Rollup, node: Node, target: Target) -> tuple[YearOfTerm, ...]:
    """The calendar years of a term; of its first and last only the days inside the term count."""
    terms = target.terms
    if not terms.period.is_term:
        return ()
    stated = await rollup.targets()
    found = []
    for number in range(terms.period.first.year, terms.period.last.year + 1):
        of_year = year(number)
        inside = Period(
            of_year.name,
            max(of_year.first, terms.period.first),
            min(of_year.last, terms.period.last),
        )
        asked = stated.find(node.id, of_year.name, terms.group, terms.basis)
        achieved = await rollup.achieved(node, inside, terms.group, terms.counting)
        found.append(YearOfTerm(number, asked.count if asked is not None else None, achieved))
    return tuple(found)


def _place(line: TargetLine) -> tuple[str, int]:
    terms = line.target.terms
    return terms.group or "", _BASES.index(terms.basis)
