"""Where people count in the organizations of any day, by the rules of docs/events.md.

Imports nothing of the product. Organizations go by their raw ids, as they stand in `data`.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from tests.acceptance.recount import Event, Recount, Subject, flows, groups_of, stage_of

FAR = date(9999, 1, 1)
CELLS = ("candidate.moved", "candidate.received")


def raw(subject: str) -> str:
    """The raw id in an identifier of the feed."""
    plain = base64.urlsafe_b64decode(subject + "=" * (-len(subject) % 4)).decode()
    return str(UUID(plain.rpartition(":")[2]))


@dataclass
class Body:
    """One organization over all its time; `to` and `of` are who came after and before, by day."""

    id: str
    code: str
    first: date
    above: list[tuple[date, str | None]]
    name: str = ""
    kind: str = ""
    characteristics: frozenset[str] = frozenset()
    members: tuple[int, str] | None = None
    may_admit: bool = False
    end: date | None = None
    to: list[tuple[date, str]] = field(default_factory=list)
    of: list[tuple[date, str]] = field(default_factory=list)

    def exists(self, day: date) -> bool:
        """Whether it is there on a day."""
        return self.first <= day and (self.end is None or day < self.end)


class Flow(NamedTuple):
    """Something that counted once: when, in what and all above it, and of whom."""

    on: date
    above: list[str]
    groups: set[str]
    n: int
    account: str
    subject: Subject


class Places:
    """The organizations of a day, by what some events say."""

    def __init__(self, events: Iterable[Event], day: date, parts: dict[str, Event]) -> None:
        self.day = day
        self.parts = parts
        self.bodies: dict[str, Body] = {}
        self.never: dict[str, tuple[list[str], str | None]] = {}
        self.codes: dict[str, str] = {}
        subjects: dict[str, Subject] = {}
        for event in events:
            if event["type"].startswith("organization."):
                subjects.setdefault(event["subject"], Subject()).events.append(event)
        for name, subject in subjects.items():
            self._read(raw(name), subject.standing(FAR))
            if raw(name) not in self.bodies:
                self._read_voided(raw(name), subject)
        self.codes |= {body.code: body.id for body in self.bodies.values()}
        self._name_kin()
        self.over: dict[str, str] = {}
        self._put_below()

    def _name_kin(self) -> None:
        """Who came after whom, by raw ids and both ways."""
        for body in self.bodies.values():
            body.to = [(on, self.codes.get(to, to)) for on, to in body.to]
        for body in self.bodies.values():
            for on, to in body.to:
                if to in self.bodies:
                    self.bodies[to].of.append((on, body.id))

    def _put_below(self) -> None:
        """What is there on the day below its superior, or below who has the superior's place."""
        there = {body.id: body for body in self.bodies.values() if body.exists(self.day)}
        for direct in (True, False):
            for body in there.values():
                above = self._superior(body)
                if above is None or (above in there) is not direct:
                    continue
                at = above if direct else self.find(above, {body.id})
                if at is not None and body.id not in self.chain(at):
                    self.over[body.id] = at

    def chain(self, body: str) -> list[str]:
        """The organization and all above it, the lowest first."""
        found = [body]
        while found[-1] in self.over:
            found.append(self.over[found[-1]])
        return found

    def find(self, unit: str, seen: set[str] | None = None) -> str | None:
        """Where the people of a unit count; None where that is another tenant's."""
        seen = seen or set()
        body = self.bodies.get(unit)
        if body is not None and body.exists(self.day):
            return unit
        if unit in seen:
            return None
        seen = {*seen, unit}
        if unit in self.parts:
            part = self.parts[unit]
            came = date.fromisoformat(part["on"]) <= self.day
            return self.find(part["to"] if came else part["origin"], seen)
        if unit in self.never:
            said_of, above = self.never[unit]
            return self._shared(said_of, seen) or (above and self.find(above, seen))
        if body is None or any(self._gone(to, seen) for to in self._later(body)):
            return None
        shared = self._shared(self.heirs(body), seen)
        above = self._superior(body)
        return shared or (above and self.find(above, seen))

    def heirs(self, body: Body) -> list[str]:
        """Who has its people on a day on which it does not exist."""
        before = [of for on, of in body.of if on <= body.first]
        return before if self.day < body.first else self._later(body)

    def _shared(self, kin: list[str], seen: set[str]) -> str | None:
        """The lowest organization that has the places of all of them."""
        chains = [self.chain(at) for each in kin if (at := self.find(each, seen)) is not None]
        shared = [each for each in (chains[0] if chains else []) if all(each in c for c in chains)]
        return shared[0] if shared else None

    def _later(self, body: Body) -> list[str]:
        if self.day < body.first:
            return []
        return [to for on, to in body.to if on == body.end]

    def _gone(self, unit: str, seen: set[str]) -> bool:
        body = self.bodies.get(unit)
        if body is None:
            return True
        if body.exists(self.day) or unit in seen:
            return False
        return any(self._gone(to, {*seen, unit}) for to in self._later(body))

    def _superior(self, body: Body) -> str | None:
        first, *moves = body.above
        return [first, *(move for move in moves if move[0] <= self.day)][-1][1]

    def _read_voided(self, name: str, subject: Subject) -> None:
        """What was said of an organization that never was: whom it followed, what it was under."""
        said_of, above = [], None
        for event in subject.events:
            data = event["data"]
            above = data.get("superiorId") or data.get("parentId") or above
            if event["type"] == "organization.established":
                self.codes[data["code"]] = name
            if event["type"] == "organization.succeeded":
                said_of.append(data["predecessorId"])
        self.never[name] = said_of, above

    def _read(self, name: str, standing: list[Event]) -> None:
        began = next((e for e in standing if e["type"] == "organization.established"), None)
        if began is None:
            return
        first = date.fromisoformat(began["effectiveOn"])
        code, above = began["data"]["code"], began["data"]["parentId"]
        body = self.bodies[name] = Body(name, code, first, [(first, above)])
        for event in standing:
            on, data = date.fromisoformat(event["effectiveOn"]), event["data"]
            if on <= self.day or event is began:
                _describe(body, event)
            match event["type"]:
                case "organization.moved":
                    body.above.append((on, data["superiorId"]))
                case "organization.ended":
                    body.end = on
                    body.to += [(on, to) for to in [*data["successors"], *data["successorCodes"]]]
                case "organization.divided":
                    body.to += [(on, to) for to in data["parts"]]
                case "organization.succeeded":
                    body.of.append((on, data["predecessorId"]))
                case _:
                    pass


def _describe(body: Body, event: Event) -> None:
    """What an event says of an organization beside where it stands."""
    data = event["data"]
    body.name, body.kind = data.get("name", body.name), data.get("kind", body.kind)
    match event["type"].removeprefix("organization."):
        case "established":
            body.characteristics |= frozenset(data["characteristics"])
        case "characteristic_assigned":
            body.characteristics |= {data["characteristic"]}
        case "characteristic_removed":
            body.characteristics -= {data["characteristic"]}
        case "members_counted":
            body.members = data["officialMembers"], event["effectiveOn"]
        case "admission_delegated" | "admission_withdrawn" as said:
            body.may_admit = said == "admission_delegated"
        case _:
            pass


class Restated(Recount):
    """The figures of a day in the organizations of another one.

    `organizations` are the events by which the tree is known, those of the figures unless given.
    """

    def __init__(
        self, events: list[Event], tree: date, organizations: list[Event] | None = None
    ) -> None:
        super().__init__(events)
        self.parts: dict[str, Event] = {}
        known = events if organizations is None else organizations
        self.ids = Places(known, tree, {}).codes
        self.units = {id(s): self._units(s) for s in self.candidates()}
        self.places = Places(known, tree, self.parts)
        self._stood: dict[date, list[tuple[list[str], str, set[str], int]]] = {}
        self._flowed: dict[tuple[str, date], list[Flow]] = {}

    def stages(self, code: str, day: date, group: str | None = None) -> dict[str, int]:
        """How many people stand at each stage in an organization and all below it."""
        counts: dict[str, int] = {}
        for above, stage, groups, n in self._standing(day):
            if (group is None or group in groups) and self.ids[code] in above:
                counts[stage] = counts.get(stage, 0) + n
        return {stage: n for stage, n in counts.items() if n}

    def happened(  # noqa: PLR0913, PLR0917 - all by position from one place
        self, account: str, code: str, first: date, last: date, day: date, group: str | None = None
    ) -> int:
        """How often something counts in an account there in a period, by what is true by a day."""
        return sum(
            flow.n
            for flow in self.flowed(account, day)
            if first <= flow.on <= last
            and self.ids[code] in flow.above
            and (group is None or group in flow.groups)
        )

    def flowed(self, account: str, day: date) -> list[Flow]:
        """All that counts in an account by what is true by a day."""
        if (account, day) not in self._flowed:
            self._flowed[account, day] = list(self._flows(account, day))
        return self._flowed[account, day]

    def _flows(self, account: str, day: date) -> Iterator[Flow]:
        for subject in self.candidates():
            units = self.units[id(subject)]
            if self._is_to_come(subject, day):
                continue
            for on, event, groups, n in flows(subject, account, day):
                at = self.places.find(units.get(event.get("version", 0), ""))
                if at is not None:
                    yield Flow(on, self.places.chain(at), groups, n, account, subject)

    def _standing(self, day: date) -> list[tuple[list[str], str, set[str], int]]:
        """Who stands where on a day, with the organization and all above it."""
        if day not in self._stood:
            lines = [line for subject in self.candidates() for line in self._lines(subject, day)]
            self._stood[day] = [
                (self.places.chain(at), stage, groups, n)
                for unit, stage, groups, n in lines
                if (at := self.places.find(unit)) is not None
            ]
        return self._stood[day]

    def is_in(self, unit: str, code: str) -> bool:
        at = self.places.find(unit)
        return at is not None and self.ids[code] in self.places.chain(at)

    def _is_to_come(self, subject: Subject, day: date) -> bool:
        first = subject.events[0]
        is_received = first["type"] == "candidate.received" and subject.standing(FAR)
        return bool(is_received and date.fromisoformat(first["effectiveOn"]) > day)

    def _lines(self, subject: Subject, day: date) -> Iterator[tuple[str, str, set[str], int]]:
        people = self.taken(subject, day)
        if not people:
            return
        first = subject.events[0]["data"]
        if subject.events[0]["type"] == "candidate.received":
            groups = set(first["transitGroups"])
            yield first["provinceId"], "IN_TRANSIT", groups, -1
            if first["fromUnit"] is not None:
                yield first["fromUnit"], "TRANSFERRED_OUT", groups, -1
                yield first["provinceId"], "TRANSFERRED_OUT", groups, 1
        found = self.stands(subject, day)
        if found is None:
            return
        unit, stage, groups = found
        yield unit, stage, groups, 1
        if stage == "TRANSFERRED_OUT":
            left = [e for e in people if e["type"] == "candidate.handed_over"][-1]["data"]
            yield left["provinceId"], stage, groups, -1
            yield left["provinceId"], "IN_TRANSIT", groups, 1

    def taken(self, subject: Subject, day: date) -> list[Event]:
        """What is true of a case by a day and counts; nothing before it is received."""
        if self._is_to_come(subject, day):
            return []
        standing = subject.standing(day)
        return [e for e in standing if e["type"] != "candidate.assigned_to_part"]

    def stands(self, subject: Subject, day: date) -> tuple[str, str, set[str]] | None:
        """The unit, stage and groups of whoever has a case on a day that counts somewhere."""
        people = self.taken(subject, day)
        stage = stage_of(people, day) if people else None
        if stage is None or stage == "MERGED":
            return None
        return self.units[id(subject)][people[-1]["version"]], stage, groups_of(people)

    def _units(self, subject: Subject) -> dict[int, str]:
        """The unit of each event of a subject by its version."""
        units: dict[int, str] = {}
        span: list[int] = []
        cell = unit = ""
        for event in subject.standing(FAR):
            if event["type"] == "candidate.assigned_to_part":
                if unit and self._cell_when(event, subject) == cell:
                    to, on = self.ids.get(event["organization"], ""), event["effectiveOn"]
                    made = str(uuid5(UUID(unit), f"{to}/{on}"))
                    self.parts[made] = {"origin": unit, "to": to, "on": on}
                    unit = made
                    units.update(dict.fromkeys(span, unit))
            elif not unit or event["type"] in CELLS:
                cell = unit = self._cell_of(event)
                span = []
            span.append(event["version"])
            units[event["version"]] = unit
        return units

    def _cell_of(self, event: Event) -> str:
        own: str = event.get("organizationId") or self.ids.get(event["organization"] or "", "")
        return own

    def _cell_when(self, assigned: Event, subject: Subject) -> str | None:
        """The cell of the case on that day by the events before the assignment."""
        before = Subject([e for e in subject.events if e["version"] < assigned["version"]])
        if not before.events:
            return None
        standing = before.standing(date.fromisoformat(assigned["effectiveOn"]))
        cells = [e for n, e in enumerate(standing) if n == 0 or e["type"] in CELLS]
        return self._cell_of(cells[-1]) if cells else None
