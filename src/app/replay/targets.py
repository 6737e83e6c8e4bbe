"""Targets, folded from their entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.period import Period
from domain.record import Entry, live_entries
from domain.target_entry import CountingDate, TargetAdjusted, TargetBasis, TargetSet


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetInForce:
    """A target as it stands on a day: a count, or a share of the total one."""

    holder: UUID
    basis: TargetBasis
    period: Period
    group: str | None
    counting: CountingDate
    count: int | None
    share_percent: float | None


def in_force(streams: Iterable[list[Entry]], day: date) -> list[TargetInForce]:
    """The targets that stand on a day; each stream has the known entries of one."""
    found = []
    for entries in streams:
        live = live_entries(entries, day)
        stated = next((entry for entry in live if isinstance(entry, TargetSet)), None)
        if stated is None:
            continue
        amount = [e for e in live if isinstance(e, TargetSet | TargetAdjusted)][-1]
        found.append(
            TargetInForce(
                holder=stated.organization_id,
                basis=stated.basis,
                period=Period(stated.period, stated.period_first, stated.period_last),
                group=stated.group,
                counting=stated.counting,
                count=amount.count,
                share_percent=amount.share_percent,
            )
        )
    return sorted(found, key=lambda t: (t.period.first, t.period.name, t.basis, t.group or ""))
