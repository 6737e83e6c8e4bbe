"""Counts every figure again from exported events, by the rules of docs/events.md.

Imports nothing of the product.

An event is a dict as `nguon export` writes it. Slow and plain on purpose.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

Event = dict[str, Any]

CLASS = ("class_proposed", "class_agreed", "class_enrolled")
AREA_GROUPS = {"ETHNIC_MINORITY_AREA": "MINORITY_AREA", "RELIGIOUS_AREA": "RELIGIOUS_AREA"}
AREAS = set(AREA_GROUPS.values())
ENDINGS = {
    "sympathizer_removed": "REMOVED",
    "withdrawn": "WITHDRAWN",
    "proposal_refused": "REFUSED",
    "grassroots_resolution_refused": "REFUSED",
    "admission_refused": "REFUSED",
    "decision_revoked": "DECISION_REVOKED",
}
PURSUIT = (
    *("sympathizer_listed", *CLASS, "dossier_opened", "vetting_requested", "vetting_concluded"),
    *("vetting_reopened", "cell_vote_held", "dossier_submitted", "dossier_returned"),
    *("admission_decided", *ENDINGS),
)
KEPT = ("identified", "certificate_issued")
"""What a re-admission does not forget."""
FORGETS = {
    **dict.fromkeys(ENDINGS, PURSUIT),
    "sympathizer_listed": tuple(ENDINGS),
    "certificate_issued": CLASS,
    "class_not_passed": CLASS,
    "vetting_requested": ("vetting_concluded", "vetting_reopened"),
    "vetting_reopened": ("vetting_concluded",),
    "vetting_concluded": ("vetting_reopened",),
    "dossier_returned": ("dossier_submitted",),
    "taken_back": ("handed_over",),
}
"""What an event forgets of those before it."""


def read_events(path: Path) -> list[Event]:
    """The events of an export."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@dataclass
class Subject:
    """All that is known of one candidate, target or organization."""

    events: list[Event] = field(default_factory=list)

    def standing(self, day: date) -> list[Event]:
        """Its events that were never voided, up to a day, in the order in which they count."""
        voided = {e["data"]["voidedVersion"] for e in self.events if e["type"].endswith("_voided")}
        brought = [] if 1 in voided else self.events[0]["data"].get("history", [])
        history = [
            {**e, "version": place - len(brought), "organization": None}
            for place, e in enumerate(brought)
        ]
        kept = [
            e
            for e in [*history, *self.events]
            if not e["type"].endswith("_voided")
            and e["version"] not in voided
            and date.fromisoformat(e["effectiveOn"]) <= day
        ]
        return sorted(kept, key=lambda e: (e["effectiveOn"], e["version"]))


class Recount:
    """The figures of a set of events as known at a time (None: all of them)."""

    def __init__(self, events: Iterable[Event], known: datetime | None = None) -> None:
        self.subjects: dict[str, Subject] = {}
        for event in events:
            if known is None or datetime.fromisoformat(event["recordedAt"]) <= known:
                self.subjects.setdefault(event["subject"], Subject()).events.append(event)

    def pipeline(self, code: str, day: date, group: str | None = None) -> dict[str, int]:
        """How many people stand at each stage in an organization and all below it."""
        counts: Counter[str] = Counter()
        for subject in self.candidates():
            standing = subject.standing(day)
            if begins_later(subject, day):
                continue
            first = subject.events[0]
            is_received = "/" not in code and first["type"] == "candidate.received"
            if is_received and (group is None or group in first["data"]["transitGroups"]):
                counts["IN_TRANSIT"] -= 1
            stage = stage_of(standing, day)
            if stage in {None, "MERGED"} or not self._inside(placed(standing), code, day):
                continue
            if stage == "TRANSFERRED_OUT" and "/" not in code:
                stage = "IN_TRANSIT"
            if group is None or group in groups_of(standing):
                counts[stage or ""] += 1
        return {stage: n for stage, n in counts.items() if n}

    def admitted(
        self,
        code: str,
        first: date,
        last: date,
        group: str | None = None,
        counting: str = "DECISION",
    ) -> int:
        """How many admissions of an organization and all below it fall into a period."""
        return self.counted(f"ADMITTED_BY_{counting}", code, first, last, group)

    def counted(
        self, account: str, code: str, first: date, last: date, group: str | None = None
    ) -> int:
        """How often something counts in an account in an organization, all below it and a period.

        Accounts are those of what happened to people, not the stages: `ADMITTED_BY_DECISION`.
        """
        return sum(
            n
            for subject in self.candidates()
            for day, event, groups, n in flows(subject, account, last)
            if first <= day <= last
            and self._inside(event, code, last)
            and (group is None or group in groups)
        )

    def target(
        self, code: str, period: str, day: date, group: str | None = None, basis: str = "ASSIGNED"
    ) -> Event | None:
        """The data of the target that stands on a day.

        The set target with the amount of its last adjustment.
        """
        for subject in self.subjects.values():
            amounts = ("target.set", "target.adjusted")
            standing = [e for e in subject.standing(day) if e["type"] in amounts]
            began = next((e for e in standing if e["type"] == "target.set"), None)
            if began is None or began["organization"] != code:
                continue
            data = began["data"]
            if (data["period"], data["group"], data["basis"]) == (period, group, basis):
                last = standing[-1]["data"]
                return {**data, "count": last["count"], "sharePercent": last["sharePercent"]}
        return None

    def organizations(self, day: date) -> dict[str, str | None]:
        """Each organization's code and the id of its superior, of those that exist on a day."""
        found = {}
        for subject in self.subjects.values():
            for event in subject.standing(day):
                if event["type"] == "organization.established":
                    found[event["data"]["code"]] = event["data"]["parentId"]
        return found

    def candidates(self) -> Iterator[Subject]:
        for subject in self.subjects.values():
            if subject.events[0]["type"].startswith("candidate."):
                yield subject

    def _inside(self, event: Event, code: str, _day: date) -> bool:
        at: str = event["organization"]
        return at == code or at.startswith(f"{code}/")


def begins_later(subject: Subject, day: date) -> bool:
    """Whether a case that another tenant handed over is not yet received on a day."""
    first = subject.events[0]
    received = first["type"] == "candidate.received"
    return bool(received and date.fromisoformat(first["effectiveOn"]) > day)


def flows(
    subject: Subject, account: str, last: date
) -> Iterator[tuple[date, Event, set[str], int]]:
    """What a subject counts in an account: the day, the event whose place counts, the groups."""
    told: dict[str, tuple[Event, set[str]]] = {}
    state: dict[str, bool] = {}
    standing = subject.standing(last)
    for outer in standing:
        on = date.fromisoformat(outer["effectiveOn"])
        adopted = outer["type"] == "candidate.facts_adopted"
        for event in outer["data"]["history"] if adopted else [outer]:
            if account not in accounts_of(event["type"], state):
                continue
            same_day = [e for e in subject.standing(on) if e is not outer and e != outer]
            groups = groups_of([*same_day, outer]) - AREAS | areas_of(subject, account, event)
            told[event["effectiveOn"]] = (event, groups)
            if not adopted and event["organization"] is not None:
                yield on, event, groups, 1
        if outer["type"] == "candidate.merged":
            for each in outer["data"]["takenBack"]:
                if each["account"] == account:
                    event, groups = told[each["on"]]
                    place = event if event.get("organization") else outer
                    yield on, place, groups, -1


def areas_of(subject: Subject, account: str, event: Event) -> set[str]:
    """The area groups of what counts: of its own day, or of the admission that it undoes."""
    kinds = {"UNCOUNTED_BY_DECISION": "admission_decided", "UNCOUNTED_BY_CEREMONY": "ceremony_held"}
    told = [event]
    if account in kinds:
        standing = subject.standing(date.fromisoformat(event["effectiveOn"]))
        every = [e for each in standing for e in each["data"].get("history") or [each]]
        told += [e for e in every if e["type"] == f"candidate.{kinds[account]}"]
    return AREAS & set(told[-1]["data"]["groups"])


def accounts_of(kind: str, state: dict[str, bool]) -> list[str]:
    """The accounts in which an event counts; `state` is what the events before it left."""
    name = kind.removeprefix("candidate.")
    decided, again = state.get("decided", False), state.get("again", False)
    on_probation = state.get("ceremony", False) and not state.get("recognized", False)
    if name in ENDINGS:
        state["decided"] = False
    match name:
        case "readmission_opened":
            state.clear()
            state["again"] = True
        case "admission_decided" | "ceremony_held":
            by = "DECISION" if name == "admission_decided" else "CEREMONY"
            state["decided" if by == "DECISION" else "ceremony"] = True
            return [f"{'READMITTED' if again else 'ADMITTED'}_BY_{by}"]
        case "full_member_recognized":
            state["recognized"] = True
        case "decision_revoked" | "withdrawn" if decided and not again:
            return ["UNCOUNTED_BY_DECISION"]
        case "struck_off":
            both = ["UNCOUNTED_BY_DECISION", "UNCOUNTED_BY_CEREMONY"]
            return [*(both if on_probation and not again else []), "STRIKINGS_OFF"]
        case _:
            pass
    return []


def placed(standing: list[Event]) -> Event:
    """The event that says which cell handles the case."""
    cells = ("candidate.identified", "candidate.moved", "candidate.received")
    came = [e for e in standing if e["type"] in cells]
    later = [e for e in came if e["type"] != "candidate.identified"]
    return (later or came)[-1]


def flat(standing: list[Event]) -> Iterator[Event]:
    """The events with those that a survivor adopted from a duplicate in their place."""
    for event in standing:
        yield event
        if event["type"] == "candidate.facts_adopted":
            yield from event["data"]["history"]


def stage_of(standing: list[Event], day: date) -> str | None:
    """The stage by the table of docs/events.md."""
    last: dict[str, Event] = {}
    for event in flat(standing):
        name = event["type"].removeprefix("candidate.")
        for forgotten in FORGETS.get(name, ()):
            last.pop(forgotten, None)
        if name == "readmission_opened":
            last = {kept: last[kept] for kept in KEPT if kept in last}
        if name == "dossier_returned" and event["data"]["to"] == "CELL":
            last.pop("cell_vote_held", None)
        last[name] = event
        if name == "certificate_revoked":
            restore_certificate(last, standing, event)
    if "identified" not in last:
        return None
    last["cell"] = placed(standing)
    return _gone(last) or _membership(last, day) or _dossier(last) or _before_dossier(last, day)


def restore_certificate(last: dict[str, Event], standing: list[Event], revoked: Event) -> None:
    """Forget a revoked certificate; the last one before it that is not revoked stands again."""
    before = [*flat(standing)][: [*flat(standing)].index(revoked) + 1]
    gone = {e["data"]["number"] for e in before if e["type"] == "candidate.certificate_revoked"}
    last.pop("certificate_issued", None)
    for event in before:
        if event["type"] == "candidate.certificate_issued" and event["data"]["number"] not in gone:
            last["certificate_issued"] = event


def _gone(last: dict[str, Event]) -> str | None:
    gone = {
        "merged": "MERGED",
        "handed_over": "TRANSFERRED_OUT",
        "person_died": "DECEASED",
        "struck_off": "STRUCK_OFF",
    }
    return next((stage for name, stage in gone.items() if name in last), None)


def _membership(last: dict[str, Event], day: date) -> str | None:
    if "full_member_recognized" in last:
        return "FULL_MEMBER"
    if "ceremony_held" in last:
        ends = date.fromisoformat(last["ceremony_held"]["data"]["probationEndsOn"])
        return "RECOGNITION_DUE" if day >= ends else "PROBATIONARY"
    if "admission_decided" in last:
        return "DECIDED"
    return next((stage for name, stage in ENDINGS.items() if name in last), None)


def _dossier(last: dict[str, Event]) -> str | None:
    if "dossier_submitted" in last:
        return "SUBMITTED"
    if "cell_vote_held" in last:
        goes_on = last["cell_vote_held"]["data"]["passed"]
        alone = last["cell"]["data"]["grassrootsCell"]
        return "GRASSROOTS_REVIEW" if goes_on and not alone else "CELL_REVIEW"
    if "dossier_returned" in last:
        return "CELL_REVIEW"
    concluded = last.get("vetting_concluded")
    if concluded is not None and concluded["data"]["conclusion"] == "ELIGIBLE":
        return "OPINIONS"
    if concluded or "vetting_requested" in last or "vetting_reopened" in last:
        return "VETTING"
    return "DOSSIER_OPEN" if {"dossier_opened", "readmission_opened"} & last.keys() else None


def _before_dossier(last: dict[str, Event], day: date) -> str:
    certificate = last.get("certificate_issued")
    if certificate and day <= date.fromisoformat(certificate["data"]["validUntil"]):
        return "CERTIFIED"
    if "class_enrolled" in last:
        return "CLASS_ATTENDING"
    agreed = "class_agreed" in last or last["cell"]["data"]["grassrootsCell"]
    if "class_proposed" in last and agreed:
        return "CLASS_PROPOSED"
    if certificate:
        return "CERTIFICATE_EXPIRED"
    return "SYMPATHIZER" if "sympathizer_listed" in last else "IDENTIFIED"


def groups_of(standing: list[Event]) -> set[str]:
    """The groups that a person is counted in: the identification that stands, the last event."""
    left = [e for e in standing if e["type"] == "candidate.handed_over"]
    if left and stage_of(standing, date.max) == "TRANSFERRED_OUT":
        return set(left[-1]["data"]["groups"])
    first = [e for e in standing if e["type"] == "candidate.identified"][-1]["data"]
    groups = set(first["ownGroups"])
    placed_in = placed(standing)["data"]["characteristics"]
    groups |= {AREA_GROUPS[c] for c in placed_in if c in AREA_GROUPS}
    taken = [e for e in standing if e["type"] != "candidate.assigned_to_part"]
    if "YOUTH_AGE" in taken[-1]["data"]["groups"]:
        groups.add("YOUTH_AGE")
    return groups
