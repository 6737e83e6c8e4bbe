"""Where the duties of an obligation stand on a day: due, handed in, late.

Everything here is derived from the entries, the calendar and the day; nothing is ever stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.deadline import DeadlineInterpreted, Due, interpretations
from domain.errors import InvalidInput
from domain.obligation import DutyEntry, Obligation, Standing
from domain.period import Period, term, year
from domain.recurrence import Interval, Recurrence, intervals
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to be done: the obligation itself, or one interval of a duty that returns.

    `is_late`: it came after its last day, or is still to come after it. The first submission
    counts, unless it was returned and nothing has come since.
    """

    interval: Interval | None
    standing: Standing
    due: Due | None
    received_on: date | None
    is_late: bool

    @property
    def occurrence(self) -> str | None:
        """The name of the interval."""
        return None if self.interval is None else self.interval.name


def duties(obligation: Obligation, on: date, *, ahead: int = 0) -> list[Duty]:
    """The duties of an obligation as of a day, those included that begin within `ahead` days.

    Of a duty that returns for ever only the next one is. Empty before it was imposed.
    """
    if obligation.imposed.effective_on > on:
        return []
    known = _Known(
        obligation.standings(on),
        interpretations(obligation, on),
        {each.occurrence: each for each in reversed(_steps(obligation, on, Standing.SUBMITTED))},
    )
    return [
        _duty(known, interval, on)
        for interval in _occurrences(obligation, on, on + timedelta(days=ahead))
    ]


def require_occurrence(obligation: Obligation, on: date, occurrence: str | None) -> str | None:
    """The occurrence itself. Raises InvalidInput for one that the duty does not have by a day."""
    known = [each and each.name for each in _occurrences(obligation, on, on)]
    if occurrence not in known:
        raise InvalidInput(
            "UNKNOWN_OCCURRENCE",
            Text(
                f"Không có kỳ “{occurrence}” tính đến ngày {on:%d/%m/%Y}.",
                f"There is no occurrence “{occurrence}” by {on}.",
            ),
            field="occurrence",
        )
    return occurrence


def _occurrences(obligation: Obligation, on: date, until: date) -> Iterator[Interval | None]:
    """None for a duty without intervals; else those of the obligation's period.

    Without a period those from its first day to the asked one, and at most the next one.
    """
    imposed = obligation.imposed
    rule = _rule(obligation, on)
    if rule in {None, Recurrence.PERIODIC}:
        yield None
        return
    assert rule is not None
    within = _period(imposed.period)
    ends = [each.effective_on for each in _steps(obligation, on, Standing.WITHDRAWN)]
    first = imposed.effective_on if within is None else max(imposed.effective_on, within.first)
    last = min([until, *ends, *([] if within is None else [within.last])])
    for interval in intervals(rule, first, last):
        if within is None or interval.last <= within.last:
            yield interval
        if within is None and interval.first > on:
            return


@dataclass(frozen=True, slots=True)
class _Known:
    """What the entries by a day say: standings, interpretations, first submissions."""

    standings: dict[str | None, Standing]
    interpreted: list[DeadlineInterpreted]
    received: dict[str | None, DutyEntry]


def _duty(known: _Known, interval: Interval | None, on: date) -> Duty:
    name = None if interval is None else interval.name
    standing = known.standings.get(name, Standing.OPEN)
    if known.standings.get(None) is Standing.WITHDRAWN and standing.is_open:
        standing = Standing.WITHDRAWN
    due = _due(known.interpreted, interval)
    received_on = known.received[name].effective_on if name in known.received else None
    judged_on = on if standing.is_open else received_on
    late = due is not None and judged_on is not None and judged_on > due.last_day
    released = standing in {Standing.EXCUSED, Standing.NONE_REPORTED, Standing.WITHDRAWN}
    return Duty(interval, standing, due, received_on, is_late=late and not released)


def _due(said: list[DeadlineInterpreted], interval: Interval | None) -> Due | None:
    """Until when, by the last interpretation; an interval ends by itself where it is dated."""
    name = None if interval is None else interval.name
    for each in reversed(said):
        if each.due is not None and each.occurrence == name:
            return Due(each.due, each.inclusive)
    if interval is None:
        return None
    days = next((each.days for each in reversed(said) if each.days is not None), None)
    if days is None and not interval.is_dated:
        return None
    return Due(interval.last + timedelta(days=days or 0), inclusive=True)


def _rule(obligation: Obligation, on: date) -> Recurrence | None:
    said = [each.every for each in interpretations(obligation, on) if each.every is not None]
    return said[-1] if said else obligation.imposed.recurrence


def _period(name: str | None) -> Period | None:
    if name is None:
        return None
    return year(int(name)) if name.isdigit() else term(name)


def _steps(obligation: Obligation, on: date, to: Standing) -> list[DutyEntry]:
    """The steps by a day after which a duty stood somewhere."""
    return [
        each for each in obligation.live(on) if isinstance(each, DutyEntry) and each.BECOMES is to
    ]
