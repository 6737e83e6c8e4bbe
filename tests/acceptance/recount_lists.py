"""Counts again what is told of single people and records: lists, quality, findings, the trail.

By the rules of docs/events.md; imports nothing of the product. What is asked of a list is asked of
the tenant whose log it comes from.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.acceptance.recount import Event, Recount, Subject, flat, restore_certificate, stage_of
from tests.acceptance.recount_places import FAR, Body, Flow, Restated

BEGINS = {
    "documents": "document.registered",
    "activities": "activity.held",
    "guidance": "guidance.requested",
    "obligations": "obligation.imposed",
    "defects": "defect.noted",
    "reactions": "reaction.proposed",
    "courses": "course.proposed",
    "schedules": "schedule.made",
    "meetings": "meeting.held",
}
"""The event with which a record of each list begins."""
CELLS = {"GRASSROOTS_CELL", "SUBORDINATE_CELL"}


@dataclass
class Quality:
    """The admissions of a period told apart; what comes to nothing is left out."""

    admitted: int = 0
    ages: Counter[str] = field(default_factory=Counter)
    grades: Counter[str | None] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)


class Lists(Restated):
    """What the organizations of a day show of single people and records on some day."""

    def body(self, code: str) -> Body:
        """The organization that bears a code."""
        return self.places.bodies[self.ids[code]]

    def below(self, code: str) -> dict[str, str | None]:
        """An organization and all below it, and the code that each stands directly under."""
        found = {}
        for body in self.places.bodies.values():
            chain = self.places.chain(body.id)
            if body.exists(self.places.day) and self.ids[code] in chain:
                over = self.places.over.get(body.id)
                found[body.code] = None if over is None else self.places.bodies[over].code
        return found

    def people(self, code: str, tenant: str, day: date) -> dict[str, tuple[str, set[str]]]:
        """Who of a tenant stands in an organization and all below it: stage and groups by id."""
        found = {}
        for subject in self.candidates():
            first = subject.events[0]
            stands = self.stands(subject, day) if first["tenant"] == tenant else None
            if stands is not None and self.is_in(stands[0], code):
                found[first["subject"]] = stands[1:]
        return found

    def quality(
        self, told: list[Flow], code: str, period: tuple[date, date], group: str | None, day: date
    ) -> Quality:
        """The quality of what was told of admissions, less what was taken back in the period."""
        found = Quality()
        for flow in told:
            is_asked = group is None or group in flow.groups
            if not (period[0] <= flow.on <= period[1] and is_asked and self._has(flow, code)):
                continue
            on = flow.on if flow.n > 0 else _taken_back(flow, day)
            then = flow.subject.standing(on)
            stage = stage_of(self.taken(flow.subject, day), day)
            assert stage is not None
            found.admitted += flow.n
            found.ages[_age_band(flow.subject, on, day)] += flow.n
            found.grades[grade_held(then)] += flow.n
            found.stages[stage] += flow.n
        return found

    def dry_cells(
        self, told: list[Flow], code: str, day: date, years: int
    ) -> dict[str, date | None]:
        """The cells, at least so many years old, that admitted nobody in these years."""
        since = _years_before(day, years)
        found = {}
        for each in self.below(code):
            body = self.body(each)
            if body.kind not in CELLS or body.first > since:
                continue
            days = Counter[date]()
            for flow in told:
                if flow.above[0] == body.id:
                    days[flow.on] += flow.n
            last = max((on for on, n in days.items() if n > 0), default=None)
            if last is None or last <= since:
                found[each] = last
        return found

    def findings(self, code: str, tenant: str, day: date) -> list[tuple[int, list[str]]]:
        """The steps with findings, in the order of the log."""
        found = []
        for subject in self.candidates():
            for event in subject.standing(day):
                own = event.get("tenant") == tenant and event.get("version", 0) >= 1
                if own and event["data"].get("findings") and self.concerns(event, code):
                    found.append((event["sequence"], event["data"]["findings"]))
        return sorted(found)

    def trail(self, code: str, day: date) -> dict[str, list[int]]:
        """The places in each tenant's log of all that was recorded there, corrections included."""
        found: dict[str, list[int]] = {}
        for subject in self.subjects.values():
            for event in subject.events:
                if event["effectiveOn"] <= day.isoformat() and self.concerns(event, code):
                    found.setdefault(event["tenant"], []).append(event["sequence"])
        return {tenant: sorted(sequences) for tenant, sequences in found.items()}

    def records(self, kind: str, code: str, tenant: str, day: date) -> list[str]:
        """The records of a register, the newest first."""
        found = []
        for subject in self.subjects.values():
            if subject.events[0]["tenant"] != tenant or subject.events[0]["type"] != BEGINS[kind]:
                continue
            found += [
                (event["effectiveOn"], event["sequence"], event["subject"])
                for event in subject.standing(day)
                if event["type"] == BEGINS[kind] and self.concerns(event, code)
            ]
        return [subject for _, _, subject in sorted(found, reverse=True)]

    def _has(self, flow: Flow, code: str) -> bool:
        return self.ids[code] in flow.above

    def concerns(self, event: Event, code: str) -> bool:
        """Whether it was recorded there, or of one that was said to stand there and never was."""
        at = self.ids.get(event["organization"] or "")
        if at in self.places.never:
            at = self.places.never[at][1]
        return at is not None and self.is_in(at, code)


def asked_of(
    events: list[Event],
    code: str,
    clocks: tuple[date, datetime | None, date | None],
    *,
    by_province: bool = False,
) -> Lists:
    """What can be said of an organization at three clocks (the day, what was known, the tree).

    A tree that is asked for is known now, any other as the rest; a code that nobody bears in it is
    answered in the last tree in which it stood. For the province all its logs are read.
    """
    day, known, tree = clocks
    tenants = {e["tenant"] for e in events} if by_province else logs_of(events, code)
    every = [event for event in events if event["tenant"] in tenants]
    then = [
        event
        for event in every
        if known is None or datetime.fromisoformat(event["recordedAt"]) <= known
    ]
    found = Lists(then, tree or day, None if tree is None else every)
    if code in found.ids and found.body(code).exists(tree or day):
        return found
    found = Lists(then, tree or day, every)
    body = found.body(code)
    if body.exists(tree or day):
        return found
    last = date.max if body.end is None else max(body.first, body.end - timedelta(days=1))
    return Lists(then, last, every)


def logs_of(events: list[Event], code: str) -> set[str]:
    """Whose logs are read for an organization: all of a province's, else the tenant's own.

    And those of whom it took the place, where both say so.
    """
    if "/" not in code:
        return {event["tenant"] for event in events}
    found = {"/".join(code.split("/")[:2])}
    every = Recount(event for event in events if event["type"].startswith("organization."))
    standing = [event for each in every.subjects.values() for event in each.standing(FAR)]
    while True:
        own = {e["organization"] for e in standing if e["tenant"] in found}
        named = {
            "/".join(e["data"]["predecessorCode"].split("/")[:2])
            for e in standing
            if e["type"] == "organization.succeeded" and e["tenant"] in found
        }
        more = {
            e["tenant"]
            for e in standing
            if e["type"] == "organization.ended" and own & set(e["data"]["successorCodes"])
        }
        if not (more & named) - found:
            return found
        found |= more & named


def grade_held(standing: list[Event]) -> str | None:
    """The grade of the certificate that counts by some events; None without one."""
    held: dict[str, Event] = {}
    for event in flat(standing):
        if event["type"] == "candidate.certificate_issued":
            held["certificate_issued"] = event
        if event["type"] == "candidate.certificate_revoked":
            restore_certificate(held, standing, event)
    return held["certificate_issued"]["data"]["grade"] if held else None


def _taken_back(flow: Flow, day: date) -> date:
    """The day of the admission that a merge took back."""
    [merged] = [e for e in flow.subject.standing(day) if e["type"] == "candidate.merged"]
    [on] = [e["on"] for e in merged["data"]["takenBack"] if e["account"] == flow.account]
    return date.fromisoformat(on)


def _age_band(subject: Subject, on: date, day: date) -> str:
    """The age band that the last thing told of a day or before it found the person in."""
    told = sorted(
        (e for e in _facts(subject.standing(day)) if e["effectiveOn"] <= on.isoformat()),
        key=lambda e: str(e["effectiveOn"]),
    )
    band: str = told[-1]["data"]["ageBand"]
    return band


def _facts(standing: list[Event]) -> Iterator[Event]:
    for event in flat(standing):
        if "ageBand" in event["data"]:
            yield event


def _years_before(day: date, years: int) -> date:
    """The same day some years before; the last of February for a 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
