"""Counts again what came of dossiers and of classes, by who submitted them and who sent the people.

By the events alone; imports nothing of the product.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any, NamedTuple

from tests.acceptance.recount import ENDINGS, Event, Subject
from tests.acceptance.recount_lists import Lists

Span = tuple[date, date]
CLOSES = {*ENDINGS, "struck_off", "readmission_opened"}
"""What is submitted after one of these is another dossier."""


class Told(NamedTuple):
    """Something that counts of a dossier, in a unit, by the day of its first submission."""

    unit: str
    first: date
    what: str
    about: Any
    n: int = 1


@dataclass
class Dossiers:
    """Of the dossiers first submitted in a period: what came back."""

    submitted: int = 0
    returned: int = 0
    times: int = 0
    papers: Counter[str | None] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    @property
    def percent(self) -> float | None:
        """What came back at least once, of all."""
        return share_of(self.returned, self.submitted)

    @property
    def median(self) -> float | None:
        """The days from a return to the next submission."""
        return float(median(self.days.elements())) if +self.days else None


def dossiers(counted: Lists, code: str, period: Span, day: date) -> Dossiers:
    """What came back by a day of what an organization and all below it submitted in a period."""
    found = Dossiers()
    for subject in counted.candidates():
        for each in _told(counted, subject, day):
            if not (period[0] <= each.first <= period[1] and counted.is_in(each.unit, code)):
                continue
            match each.what:
                case "submitted":
                    found.submitted += each.n
                case "returned":
                    found.times += each.n
                    found.returned += each.n if each.about == 1 else 0
                case "paper":
                    found.papers[each.about] += each.n
                case _:
                    found.days[each.about] += each.n
    return found


def _told(counted: Lists, subject: Subject, day: date) -> Iterator[Told]:
    """What counts of a person's dossiers: of each where and when it was first submitted.

    What a case brought along counts where it was recorded; only what came of it here counts here.
    """
    units, told = counted.units[id(subject)], list[Told]()
    first: tuple[date, str | None] | None = None
    back: date | None = None
    number = 0
    for event in counted.taken(subject, day):
        name, on = (
            event["type"].removeprefix("candidate."),
            date.fromisoformat(event["effectiveOn"]),
        )
        is_own, facts = event["version"] >= 1, list[tuple[str, Any]]()
        unit = units[event["version"]]
        match name:
            case "dossier_submitted":
                facts = [("resubmitted", (on - back).days)] if back is not None else []
                if first is None:
                    first, number, facts = (on, unit if is_own else None), 0, [("submitted", None)]
                back = None
            case "dossier_returned":
                back, number = on, number + 1
                facts = [("returned", number)]
                facts += [("paper", paper) for paper in event["data"]["papers"] or [None]]
            case "merged" if event["data"]["takenBack"]:
                yield from [each._replace(n=-each.n) for each in told]
            case _ if name in CLOSES:
                first = back = None
            case _:
                pass
        if is_own and first is not None:
            new = [Told(first[1] or unit, first[0], *fact) for fact in facts]
            told += new
            yield from new


@dataclass
class Classes:
    """What came of classes for the people of an organization and all below it."""

    held: int = 0
    classes: int = 0
    places: int = 0
    sent: int = 0
    enrolled: int = 0
    attended: int = 0
    passed: int = 0
    failed: int = 0
    retakes: int = 0
    revoked: int = 0
    grades: Counter[str] = field(default_factory=Counter)

    @property
    def percent(self) -> float | None:
        """Who passed, of those who were assessed."""
        return share_of(self.passed, self.passed + self.failed)


class Wanted(NamedTuple):
    """Which classes and which of their people are asked for."""

    period: Span
    kind: str | None
    characteristic: str | None
    groups: set[str]


def classes(counted: Lists, code: str, wanted: Wanted, day: date) -> Classes:
    """What came by a day of the classes that begin in a period."""
    found = Classes()
    for subject in counted.subjects.values():
        standing = subject.standing(day)
        if not subject.events[0]["type"].startswith("course.") or not _is_wanted(standing, wanted):
            continue
        found.held += counted.concerns(standing[0], code)
        places = _places(counted, code, standing, wanted)
        people = _sent(counted, code, standing, wanted)
        found.classes += bool(places or people)
        found.places += places
        found.sent += len(people)
        _take_results(found, standing, people)
    return found


def _is_wanted(standing: list[Event], wanted: Wanted) -> bool:
    begins = [e["data"]["startsOn"] for e in standing if e["type"] == "course.opened"]
    kinds = [e["data"]["kind"] for e in standing if e["type"] == "course.proposed"]
    first, last = wanted.period
    is_then = any(first <= date.fromisoformat(on) <= last for on in begins)
    return is_then and wanted.kind in {None, *kinds}


def _places(counted: Lists, code: str, standing: list[Event], wanted: Wanted) -> int:
    shared = [e["data"]["allotments"] for e in standing if e["type"] == "course.places_allotted"]
    lines = shared[-1] if shared else []
    return sum(each["places"] for each in lines if _sends(counted, code, each["unit"], wanted))


def _sent(counted: Lists, code: str, standing: list[Event], wanted: Wanted) -> set[str]:
    """Who is on the call-up list for the organization, and in all the groups.

    By the groups of the last result, before it those of the proposal.
    """
    listed: dict[str, Event] = {}
    groups: dict[str, set[str]] = {}
    for event in standing:
        data = event["data"]
        match event["type"].removeprefix("course."):
            case "participants_proposed":
                listed |= {each["candidate"]: each for each in data["people"]}
            case "participant_withdrawn":
                listed.pop(data["candidate"], None)
            case "result_recorded":
                groups[data["candidate"]] = set(data["groups"])
            case _:
                pass
    return {
        person
        for person, line in listed.items()
        if wanted.groups <= groups.get(person, set(line["groups"]))
        and _sends(counted, code, line["unit"], wanted)
    }


def _sends(counted: Lists, code: str, unit: str, wanted: Wanted) -> bool:
    """Whether a unit is, or counts in, the organization or one below it, and is of the kind."""
    at = counted.places.find(counted.ids.get(unit, ""))
    if at is None or counted.ids[code] not in counted.places.chain(at):
        return False
    return wanted.characteristic in {None, *counted.places.bodies[at].characteristics}


def _take_results(found: Classes, standing: list[Event], people: set[str]) -> None:
    attending: set[str] = set()
    present: set[str] = set()
    revoked: set[str] = set()
    results: dict[str, list[Event]] = {}
    for event in standing:
        data = event["data"]
        match event["type"].removeprefix("course."):
            case "participants_enrolled":
                attending |= set(data["people"])
            case "participant_withdrawn":
                attending.discard(data["candidate"])
            case "session_held":
                present |= set(data["present"])
            case "result_recorded":
                results.setdefault(data["candidate"], []).append(data)
            case "certificate_revoked":
                revoked.add(data["candidate"])
            case _:
                pass
    attending &= people
    found.enrolled += len(attending)
    found.attended += len(attending & present)
    found.revoked += len(attending & revoked)
    for person in attending & results.keys():
        last = results[person][-1]
        found.passed += last["passed"]
        found.failed += not last["passed"]
        found.retakes += len(results[person]) - 1
        found.grades.update([last["grade"]] if last["passed"] else [])


def share_of(part: float, whole: float | None) -> float | None:
    """100 × part / whole; None without a whole."""
    return 100 * part / whole if whole else None
