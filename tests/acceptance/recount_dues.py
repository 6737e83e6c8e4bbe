"""Counts again what is due of the cases and of the organizations on a day.

The limits are those of the rules (domain sheet, C.2 to C.4 and E.4), as data. By the events alone;
imports nothing of the product.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tests.acceptance.recount import ENDINGS, Event, Subject, flat
from tests.acceptance.recount_calendar import after_working_days
from tests.acceptance.recount_duties import OPEN, duties
from tests.acceptance.recount_facts import GONE, Facts
from tests.acceptance.recount_lists import CELLS, Lists
from tests.acceptance.recount_ranking import SOURCE
from tests.acceptance.recount_territories import Measure, later, reached

WORKING_DAYS = {
    "VETTING": 30,  # T22
    "DECISION": 60,  # T9
    "CEREMONY": 30,  # T10
    "HISTORY_FILE": 30,  # T16
    "RECOGNITION_REVIEW": 30,  # T12
    "RECOGNITION_DECISION": 30,  # T13
}
PAPER_MONTHS = 12
"""T5: how long a paper of the dossier is good."""
MEETING_MONTHS, RECONCILIATION_MONTHS = 1, 3
"""T20 and T21: how often a cell meets, and the register is reconciled; to the end of the month."""
REMINDED_MONTHS = {"CERTIFICATE": 6, "PAPER": 1}
REMINDED_DAYS = {
    "PROBATION_END": 30,
    "CELL_MEETING": 10,
    **dict.fromkeys(("RECONCILIATION", "PLAN", "REPORT", "OBLIGATION"), 15),
}
REMINDED_WORKING_DAYS = {
    "DECISION": 15,
    "CEREMONY": 10,
    "HISTORY_FILE": 10,
    "RECOGNITION_REVIEW": 30,
    "RECOGNITION_DECISION": 10,
}
OF_FIGURES = {"BELOW_TARGET", "BELOW_PACE", "NO_SOURCE"}
FAR_BELOW = 50
"""The percent of a term's target below which an organization is far below it."""
BASES = ("REGISTERED", "CONGRESS", "ASSIGNED", "OWN_PLAN")


class Due(NamedTuple):
    """Something to be done by a day, and the code of the organization whose it is."""

    due_on: date
    kind: str
    detail: str | None
    organization: str
    subject: str
    raised_on: date


def dues_of_case(standing: list[Event]) -> Iterator[tuple[str, str | None, date, date]]:
    """What is due of a case with the facts of a day: kind, paper, from when on, until when."""
    facts = Facts()
    for event in flat(standing):
        facts.take(event)
    if (GONE | set(ENDINGS)) & facts.last.keys():
        return
    if "ceremony_held" in facts.last or "admission_decided" in facts.last:
        yield from _of_member(facts)
        return
    vote = facts.last.get("cell_vote_held")
    if vote is not None and vote["data"]["passed"]:
        extended = facts.last.get("decision_term_extended")
        more = extended["data"]["workingDays"] if extended else 0
        yield _within("DECISION", date.fromisoformat(vote["effectiveOn"]), more)
        return
    if facts.certificates and not {"class_proposed", "class_enrolled"} & facts.last.keys():
        held = facts.certificates[-1]
        until = date.fromisoformat(held["data"]["validUntil"])
        yield "CERTIFICATE", None, date.fromisoformat(held["effectiveOn"]), until
    young = "YOUTH_AGE" in standing[-1]["data"]["groups"]
    if {"dossier_opened", "readmission_opened"} & facts.last.keys():
        for paper, on in _papers(facts, young=young):
            yield "PAPER", paper, on, later(on, PAPER_MONTHS)
    moved_on = _vetting_moved_on(facts)
    if moved_on is not None:
        yield _within("VETTING", moved_on)


def _of_member(facts: Facts) -> Iterator[tuple[str, str | None, date, date]]:
    held = facts.on("ceremony_held")
    if held is None:
        received = facts.on("decision_received") or facts.on("admission_decided")
        assert received is not None
        yield _within("CEREMONY", received)
        return
    if "history_file_completed" not in facts.last:
        yield _within("HISTORY_FILE", held)
    if "full_member_recognized" in facts.last:
        return
    ends = date.fromisoformat(facts.last["ceremony_held"]["data"]["probationEndsOn"])
    yield "PROBATION_END", None, held, ends
    vote = facts.last.get("recognition_vote_held")
    if vote is not None and vote["data"]["passed"]:
        yield _within("RECOGNITION_DECISION", date.fromisoformat(vote["effectiveOn"]))
    else:
        yield _within("RECOGNITION_REVIEW", ends)


def _within(kind: str, on: date, more: int = 0) -> tuple[str, str | None, date, date]:
    return kind, None, on, after_working_days(on, WORKING_DAYS[kind] + more)


def _papers(facts: Facts, *, young: bool) -> Iterator[tuple[str, date]]:
    """Those that go out of date and are there: of those in youth age one introduction, else two."""
    for paper, name in (("APPLICATION", "application_submitted"), ("HISTORY", "history_declared")):
        if name in facts.last:
            yield paper, date.fromisoformat(facts.last[name]["data"]["writtenOn"])
    needed = 1 if young else 2
    if len(facts.introductions) >= needed:
        last = facts.introductions[-needed:]
        yield "INTRODUCTION", min(date.fromisoformat(each["effectiveOn"]) for each in last)
    if (on := facts.on("union_resolution_given")) is not None:
        yield "UNION_RESOLUTION", on
    for source, event in facts.opinions.items():
        yield f"OPINIONS_{source}", date.fromisoformat(event["effectiveOn"])


def _vetting_moved_on(facts: Facts) -> date | None:
    """The last day on which anything happened in a vetting that is not concluded."""
    concluded = facts.last.get("vetting_concluded")
    if concluded is not None and concluded["data"]["conclusion"] != "SUPPLEMENT_NEEDED":
        return None
    days = [date.fromisoformat(each["effectiveOn"]) for each in facts.vetting]
    days += [on for n in ("vetting_concluded", "vetting_reopened") if (on := facts.on(n))]
    return max(days, default=None)


class Asked(NamedTuple):
    """Whose dues are asked for, on which day, and how long before their last day."""

    code: str
    day: date
    within: int | None


def horizon(kind: str, day: date, within: int | None) -> date:
    """The latest last day that is told of: within some days, else from the first reminder on."""
    if kind in OF_FIGURES:
        return date.max
    if within is not None:
        return day + timedelta(days=within)
    if kind in REMINDED_WORKING_DAYS:
        return after_working_days(day, REMINDED_WORKING_DAYS[kind])
    if kind in REMINDED_MONTHS:
        return later(day, REMINDED_MONTHS[kind])
    return day + timedelta(days=REMINDED_DAYS.get(kind, -1))


def of_cases(counted: Lists, asked: Asked, tenant: str | None = None) -> Iterator[Due]:
    """What is due of the cases of an organization and all below it, or of those of one tenant."""
    day = asked.day
    for subject in counted.candidates():
        stands = counted.stands(subject, day)
        is_asked = tenant in {None, subject.events[0]["tenant"]}
        if stands is None or not is_asked or not counted.is_in(stands[0], asked.code):
            continue
        place = counted.places.bodies[counted.places.find(stands[0]) or ""].code
        for kind, paper, raised_on, due_on in dues_of_case(counted.taken(subject, day)):
            has_lapsed = kind == "PROBATION_END" and due_on <= day
            if raised_on <= day and not has_lapsed and due_on <= horizon(kind, day, asked.within):
                name = subject.events[0]["subject"]
                yield Due(due_on, kind, paper, place, name, raised_on)


def of_organizations(counted: Lists, asked: Asked, tenant: str) -> Iterator[Due]:
    """What is due of duties with a last day, of meetings and registers, and of targets."""
    every = [
        *_of_duties(counted, asked, tenant),
        *_of_meetings(counted, asked, tenant),
        *_of_targets(counted, asked, tenant),
    ]
    for each in every:
        if each.due_on <= horizon(each.kind, asked.day, asked.within):
            yield each


def _of_duties(counted: Lists, asked: Asked, tenant: str) -> Iterator[Due]:
    kinds = {"PLAN": "PLAN", "REPORT": "REPORT"}
    ahead = horizon("OBLIGATION", asked.day, asked.within) - asked.day
    for subject in _of(counted, "obligation", asked, tenant):
        standing = subject.standing(asked.day)
        imposed = next(e for e in standing if e["type"] == "obligation.imposed")
        kind = kinds.get(imposed["data"]["kind"], "OBLIGATION")
        for each in duties(standing, asked.day, ahead=ahead.days):
            if each.standing in OPEN and each.last is not None:
                since = each.first or date.fromisoformat(imposed["effectiveOn"])
                place = _place(counted, imposed)
                yield Due(each.last, kind, each.occurrence, place, imposed["subject"], since)


def _of_meetings(counted: Lists, asked: Asked, tenant: str) -> Iterator[Due]:
    """The next meeting of each cell that held one, and the next reconciliation."""
    held: dict[tuple[str, str], date] = {}
    for subject in [
        *_of(counted, "meeting", asked, tenant),
        *_of(counted, "activity", asked, tenant),
    ]:
        for event in subject.standing(asked.day):
            kind = event["data"].get("kind")
            place = _place(counted, event)
            is_cell = counted.body(place).kind in CELLS
            if kind == "RECONCILIATION" or (kind == "CELL_MEETING" and is_cell):
                on = date.fromisoformat(event["effectiveOn"])
                held[place, kind] = max(on, held.get((place, kind), on))
    for (place, kind), on in held.items():
        months = MEETING_MONTHS if kind == "CELL_MEETING" else RECONCILIATION_MONTHS
        due = later(on, months)
        due = due.replace(day=calendar.monthrange(due.year, due.month)[1])
        yield Due(due, kind, None, place, "", on)


def _of(counted: Lists, noun: str, asked: Asked, tenant: str) -> Iterator[Subject]:
    """The records of a kind of a tenant that stand in the asked part of the tree."""
    for subject in counted.subjects.values():
        first = subject.events[0]
        if first["type"].startswith(f"{noun}.") and first["tenant"] == tenant:
            standing = subject.standing(asked.day)
            if standing and counted.concerns(standing[0], asked.code):
                yield subject


def _place(counted: Lists, event: Event) -> str:
    at = counted.places.find(counted.ids[event["organization"]])
    return counted.places.bodies[at or ""].code


def _of_targets(counted: Lists, asked: Asked, tenant: str) -> Iterator[Due]:
    """What the targets of everybody lack that the organization and those directly below have."""
    over = counted.below(asked.code)
    near = [code for code in over if code == asked.code or over[code] == asked.code]
    for subject in counted.subjects.values():
        began = [e for e in subject.standing(asked.day) if e["type"] == "target.set"]
        if not began or began[-1]["organization"] not in near:
            continue
        code, data = began[-1]["organization"], began[-1]["data"]
        first, last = (date.fromisoformat(data[end]) for end in ("periodFirst", "periodLast"))
        is_ours = "/".join(code.split("/")[:2]) == tenant
        if data["group"] is None and first <= asked.day <= last and is_ours:
            measure = Measure(data["period"], (first, last), data["basis"])
            detail = f"{data['period']} {data['basis']}"
            for kind in _lacking(counted, code, measure, asked.day):
                yield Due(last, kind, detail, code, "", first)


def _lacking(counted: Lists, code: str, measure: Measure, day: date) -> Iterator[str]:
    made = reached(counted, code, measure, day, None)
    if made.percent is None or made.percent >= 100:
        return
    if "-" in measure.name and "/" not in measure.name and made.percent < FAR_BELOW:
        yield "BELOW_TARGET"
    if made.percent < made.pace:
        yield "BELOW_PACE"
    if not sum(counted.stages(code, day).get(stage, 0) for stage in SOURCE):
        yield "NO_SOURCE"
