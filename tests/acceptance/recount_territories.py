"""Counts again what organizations achieved of their targets, and what each territory adds up to.

By the events alone; imports nothing of the product.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tests.acceptance.recount import Subject
from tests.acceptance.recount_boards import Span, share_of
from tests.acceptance.recount_lists import Lists
from tests.acceptance.recount_places import FAR, Flow

AREAS = ("ETHNIC_MINORITY_AREA", "RELIGIOUS_AREA", "MINORITY_INHABITANTS")


class Measure(NamedTuple):
    """What targets are asked for: the name and the days of a period, and a basis."""

    name: str
    period: Span
    basis: str


class Reached(NamedTuple):
    """What an organization achieved of a target, and what the time that has passed asks for."""

    target: float | None
    achieved: int
    percent: float | None
    pace: float
    before: int | None
    """Of the whole year before a year, if that has passed."""

    @property
    def shortfall(self) -> float | None:
        """What is left of the target."""
        return None if self.target is None else max(0.0, self.target - self.achieved)


def reached(counted: Lists, code: str, asked: Measure, day: date, group: str | None) -> Reached:
    """What an organization and all below it achieved of its target by a day."""
    own = counted.target(code, asked.name, day, group, asked.basis)
    total = counted.target(code, asked.name, day, None, asked.basis)
    first, last = asked.period
    account = f"ADMITTED_BY_{(own or total or {'counting': 'DECISION'})['counting']}"
    achieved = counted.happened(account, code, first, min(last, day), day, group)
    pace, before = elapsed_percent(asked.period, day), None
    if asked.name.isdigit() and date(first.year - 1, 12, 31) <= day:
        year = date(first.year - 1, 1, 1), date(first.year - 1, 12, 31)
        before = counted.happened(account, code, *year, day, group)
    if own is None:
        return Reached(None, achieved, None, pace, before)
    amount = own["count"]
    if amount is None:
        whole = total and total["count"]
        if whole is None:
            whole = counted.happened(account, code, first, min(last, day), day)
        amount = whole * own["sharePercent"] / 100
    return Reached(amount, achieved, share_of(achieved, amount), pace, before)


def elapsed_percent(period: Span, day: date) -> float:
    """The share of a period's months that has passed at the end of a day."""
    first, last = period
    if day < first:
        return 0.0
    return 100.0 if day >= last else 100 * _months(first, day) / _months(first, last)


def _months(first: date, last: date) -> float:
    """Whole months, and of the one that has begun its days over all of its days."""
    after, whole = last + timedelta(days=1), 0
    while later(first, whole + 1) <= after:
        whole += 1
    begun = later(first, whole)
    return whole + (after - begun).days / (later(first, whole + 1) - begun).days


def later(day: date, months: int) -> date:
    """The same day of a month some months later or earlier; its last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass
class Territory:
    """What one member answers for on a day: ids of organizations."""

    member: str
    held: set[str]


def territories(counted: Lists, code: str, day: date) -> list[Territory]:
    """Those of a committee and of those whose place it took."""
    found = []
    for subject in counted.subjects.values():
        if subject.events[0]["type"].startswith("territory."):
            at = counted.places.find(counted.ids.get(subject.events[0]["organization"], ""))
            held = held_on(subject, day)
            if at == counted.ids[code] and held:
                found.append(Territory(subject.events[0]["data"]["member"], held))
    return found


def in_charge(counted: Lists, code: str, tenant: str, day: date) -> list[str]:
    """Which members of a tenant answer for an organization, or for what it stands under."""
    above = {counted.places.bodies[each].code for each in counted.places.chain(counted.ids[code])}
    return sorted(
        str(subject.events[0]["data"]["member"])
        for subject in counted.subjects.values()
        if subject.events[0]["type"].startswith("territory.")
        and subject.events[0]["tenant"] == tenant
        and above & set(standing_for(counted, held_on(subject, day)))
    )


class Charge(NamedTuple):
    """An organization that somebody answered for from a day on, until the day before another."""

    since: date
    until: date | None
    code: str


def ever_charged(counted: Lists, code: str) -> dict[str, list[Charge]]:
    """What each member answered for to whom a committee ever gave a territory."""
    return {
        str(subject.events[0]["data"]["member"]): list(_charges(counted, subject))
        for subject in counted.subjects.values()
        if subject.events[0]["type"].startswith("territory.")
        and counted.ids.get(subject.events[0]["organization"]) == counted.ids[code]
        and subject.standing(FAR)
    }


def _charges(counted: Lists, subject: Subject) -> Iterator[Charge]:
    """Those of who stands for each organization in the tree."""
    since: dict[str, date] = {}
    spans: list[tuple[str, date, date | None]] = []
    for event in subject.standing(FAR):
        on, held = date.fromisoformat(event["effectiveOn"]), event["data"].get("organizations", ())
        spans += [(each, since.pop(each), on) for each in list(since) if each not in held]
        since |= {each: on for each in held if each not in since}
    for each, first, until in [*spans, *((each, first, None) for each, first in since.items())]:
        for code in standing_for(counted, [each]):
            yield Charge(first, until, code)


def admitted_in(counted: Lists, told: list[Flow], charges: list[Charge]) -> int:
    """How many of some admissions fall to any of them while it was charged, each once."""
    return sum(
        flow.n
        for flow in told
        if any(
            each.since <= flow.on < (each.until or date.max)
            and counted.ids[each.code] in flow.above
            for each in charges
        )
    )


def held_on(subject: Subject, day: date) -> set[str]:
    """Nothing before the beginning, after the end, and where the beginning was never true."""
    standing = subject.standing(day)
    return set(standing[-1]["data"].get("organizations", ())) if standing else set()


def standing_for(counted: Lists, organizations: Iterable[str]) -> list[str]:
    """Themselves or who has their people in the tree; without those that are below another one."""
    found: set[str] = set()
    waiting, seen = list(organizations), set[str]()
    while waiting:
        each = waiting.pop()
        body = counted.places.bodies.get(each)
        if body is None or each in seen:
            continue
        seen.add(each)
        if body.exists(counted.places.day):
            found.add(each)
        else:
            waiting += counted.places.heirs(body)
    return topmost(counted, found)


def topmost(counted: Lists, nodes: set[str]) -> list[str]:
    """The codes of those that are not below another one."""
    chains = {each: counted.places.chain(each) for each in nodes}
    top = [each for each, (_, *above) in chains.items() if not nodes & set(above)]
    return sorted(counted.places.bodies[each].code for each in top)


def in_area(counted: Lists, codes: Iterable[str], characteristic: str) -> list[str]:
    """Who has a characteristic, of some organizations and all below them; the topmost."""
    every = {below for code in codes for below in counted.below(code)}
    having = {each for each in every if characteristic in counted.body(each).characteristics}
    return topmost(counted, {counted.ids[each] for each in having})


def in_nobodys_charge(counted: Lists, code: str, held: Iterable[str]) -> list[str]:
    """Who is directly below, without being held, in part or as part of what is held."""
    charged = {counted.ids[each] for each in held}
    chains = [set(counted.places.chain(each)) for each in charged]
    return sorted(
        each
        for each, over in counted.below(code).items()
        if over == code
        and not any(counted.ids[each] in chain for chain in chains)
        and not charged & set(counted.places.chain(counted.ids[each]))
    )


@dataclass
class Score:
    """Figures of several organizations, none below another."""

    organizations: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    admitted: int = 0
    target: float | None = None
    achieved: int = 0
    without: int = 0
    due: float = 0

    @property
    def percent(self) -> float | None:
        """What was achieved of the targets that there are."""
        return share_of(self.achieved, self.target)

    @property
    def pace(self) -> float | None:
        """What the time that has passed asks for."""
        return share_of(self.due, self.target)


def score(  # noqa: PLR0913, PLR0917 - all by position from one place
    counted: Lists, codes: list[str], asked: Measure, counting: str, day: date, group: str | None
) -> Score:
    """The figures of some organizations, each measured by its own target."""
    found = Score(organizations=len(codes))
    first, last = asked.period
    for code in codes:
        found.stages.update(counted.stages(code, day, group))
        account = f"ADMITTED_BY_{counting}"
        found.admitted += counted.happened(account, code, first, min(last, day), day, group)
        made = reached(counted, code, asked, day, group)
        if made.target is None:
            found.without += 1
            continue
        found.target = (found.target or 0) + made.target
        found.achieved += made.achieved
        found.due += made.pace * made.target / 100
    return found
