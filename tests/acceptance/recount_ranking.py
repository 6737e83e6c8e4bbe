"""Counts again what the results of a period give to the ranking of one organization.

By the events alone; imports nothing of the product.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.acceptance.recount import Event, Subject
from tests.acceptance.recount_boards import Span
from tests.acceptance.recount_duties import OPEN, RELEASED, duties
from tests.acceptance.recount_lists import CELLS, Lists
from tests.acceptance.recount_territories import later

SOURCE = (
    *("IDENTIFIED", "SYMPATHIZER", "CLASS_PROPOSED", "CLASS_ATTENDING", "CERTIFIED"),
    *("CERTIFICATE_EXPIRED", "DOSSIER_OPEN", "VETTING", "OPINIONS", "CELL_REVIEW"),
    *("GRASSROOTS_REVIEW", "SUBMITTED"),
)
"""The stages of those who may still be admitted."""
RULES = ((date(2023, 10, 4), "124-QĐ/TW", {"YEAR"}),
         (date(2025, 8, 30), "366-QĐ/TW", {"QUARTER", "YEAR", "TERM"}))  # fmt: skip
"""Which rules rank organizations from when on, and what they review."""


@dataclass
class Line:
    """What is counted of an organization and all below it."""

    duties: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    noted: int = 0
    open: int = 0
    reactions: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)


def line(  # noqa: PLR0913, PLR0917 - all by position from one place
    counted: Lists, code: str, name: str, period: Span, day: date, hidden: set[str]
) -> Line:
    """The records of a period; what breaks `hidden` rules only is left out."""
    found = Line()
    span = period[0], min(period[1], day)
    for subject in counted.subjects.values():
        standing = [event for event in subject.standing(day) if event.get("version", 0) >= 1]
        if standing:
            _count(found, counted, code, standing, (name, period, span, day), hidden, subject)
    return found


def _count(  # noqa: PLR0913, PLR0917 - all by position from one place
    found: Line,
    counted: Lists,
    code: str,
    standing: list[Event],
    asked: tuple[str, Span, Span, date],
    hidden: set[str],
    subject: Subject,
) -> None:
    name, period, span, day = asked
    first = standing[0]
    match subject.events[0]["type"].partition(".")[0]:
        case "candidate":
            steps = [e for e in standing if is_in(e, span) and counted.concerns(e, code)]
            broken = [set(e["data"].get("findings") or ()) - hidden for e in steps]
            found.steps += sum(map(bool, broken))
            for rules in broken:
                found.rules.update(rules)
        case "obligation" if counted.concerns(first, code):
            _count_duties(found, standing, span, day)
        case "defect" if is_in(first, span) and counted.concerns(first, code):
            found.noted += 1
            found.open += not any(e["type"] == "defect.closed" for e in standing)
        case "reaction" if counted.concerns(first, code) and _answers(standing, name, period):
            found.reactions[first["data"]["kind"]] += 1
            is_own = counted.places.find(counted.ids[first["organization"]]) == counted.ids[code]
            found.own[first["data"]["kind"]] += is_own
        case _:
            pass


def _count_duties(found: Line, standing: list[Event], span: Span, day: date) -> None:
    for each in duties(standing, day):
        if each.last is None or not span[0] <= each.last <= span[1]:
            continue
        if each.standing in RELEASED:
            found.duties["released"] += 1
        elif each.standing in OPEN:
            found.duties["missing"] += each.is_late
        else:
            found.duties["late" if each.is_late else "onTime"] += 1


def _answers(standing: list[Event], name: str, period: Span) -> bool:
    """Whether it was agreed to and names the period, or names none and was decided in it.

    Who looks at a period asks for what was proposed since the year before it.
    """
    decided = [e for e in standing if e["type"] == "reaction.decided"]
    if not decided or not decided[-1]["data"]["agreed"]:
        return False
    proposed = standing[0]
    if date.fromisoformat(proposed["effectiveOn"]) < date(period[0].year - 1, 1, 1):
        return False
    named = proposed["data"]["period"]
    return bool(named == name if named is not None else is_in(decided[-1], period))


def is_in(event: Event, span: Span) -> bool:
    """Whether it was true from one of some days on."""
    return span[0] <= date.fromisoformat(event["effectiveOn"]) <= span[1]


def admissions(
    counted: Lists, code: str, counting: str, period: Span, day: date
) -> tuple[int, int | None]:
    """The admissions of a period, and those of the same days a year before.

    None for those of what is longer than a year or has not begun.
    """
    account, first, last = f"ADMITTED_BY_{counting}", period[0], min(period[1], day)
    now = counted.happened(account, code, first, last, day)
    if last < first or period[1] >= later(first, 12):
        return now, None
    before = later(first, -12), later(last + timedelta(days=1), -12) - timedelta(days=1)
    return now, counted.happened(account, code, *before, day)


def cells(counted: Lists, code: str) -> int:
    """How many cells are there."""
    return sum(counted.body(each).kind in CELLS for each in counted.below(code))


def is_grassroots(counted: Lists, code: str) -> bool:
    """Whether it stands on the level of grassroots organizations."""
    return counted.body(code).kind in {"GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL"}


def review(name: str, period: Span) -> str | None:
    """What is reviewed with a period."""
    first, last = period
    if "/" not in name and not name.isdigit():
        return "TERM"
    if (first.day, last + timedelta(days=1)) == (1, later(first, 12)) and first.month == 1:
        return "YEAR"
    quarter = first.day == 1 and first.month in {1, 4, 7, 10}
    return "QUARTER" if quarter and last + timedelta(days=1) == later(first, 3) else None
