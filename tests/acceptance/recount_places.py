"""Where people count in the organizations of any day, by the rules of docs/events.md.

Imports nothing of the product. Organizations go by their raw ids, as they stand in `data`.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
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
    end: date | None = None
    to: list[tuple[date, str]] = field(default_factory=list)
    of: list[tuple[date, str]] = field(default_factory=list)

    def exists(self, day: date) -> bool:
        """Whether it is there on a day."""
        return self.first <= day and (self.end is None or day < self.end)


class Places:
    """The organizations of a day, by what some events say."""

    def __init__(self, events: Iterable[Event], day: date, parts: dict[str, Event]) -> None:
        self.day = day
        self.parts = parts
        self.bodies: dict[str, Body] = {}
        subjects: dict[str, Subject] = {}
        for event in events:
            if event["type"].startswith("organization."):
                subjects.setdefault(event["subject"], Subject()).events.append(event)
        for name, subject in subjects.items():
            self._read(raw(name), subject.standing(FAR))
        self.codes = {body.code: body.id for body in self.bodies.values()}
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
        if body is None or any(self._gone(to, seen) for to in self._later(body)):
            return None
        kin = [of for on, of in body.of if on <= body.first]
        kin = kin if self.day < body.first else self._later(body)
        chains = [self.chain(at) for each in kin if (at := self.find(each, seen)) is not None]
        shared = [each for each in (chains[0] if chains else []) if all(each in c for c in chains)]
        if shared:
            return shared[0]
        above = self._superior(body)
        return None if above is None else self.find(above, seen)

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

    def _read(self, name: str, standing: list[Event]) -> None:
        began = next((e for e in standing if e["type"] == "organization.established"), None)
        if began is None:
            return
        first = date.fromisoformat(began["effectiveOn"])
        code, above = began["data"]["code"], began["data"]["parentId"]
        body = self.bodies[name] = Body(name, code, first, [(first, above)])
        for event in standing:
            on, data = date.fromisoformat(event["effectiveOn"]), event["data"]
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
        self.units = {id(s): self._units(s) for s in self._candidates()}
        self.places = Places(known, tree, self.parts)

    def stages(self, code: str, day: date, group: str | None = None) -> dict[str, int]:
        """How many people stand at each stage in an organization and all below it."""
        counts: dict[str, int] = {}
        for subject in self._candidates():
            for unit, stage, groups, n in self._lines(subject, day):
                if (group is None or group in groups) and self._is_in(unit, code):
                    counts[stage] = counts.get(stage, 0) + n
        return {stage: n for stage, n in counts.items() if n}

    def happened(  # noqa: PLR0913, PLR0917 - all by position from one place
        self, account: str, code: str, first: date, last: date, day: date, group: str | None = None
    ) -> int:
        """How often something counts in an account there in a period, by what is true by a day."""
        found = 0
        for subject in self._candidates():
            if self._is_to_come(subject, day):
                continue
            units = self.units[id(subject)]
            for on, event, groups, n in flows(subject, account, day):
                unit = units.get(event.get("version", 0))
                inside = unit is not None and self._is_in(unit, code)
                if first <= on <= last and inside and (group is None or group in groups):
                    found += n
        return found

    def _is_in(self, unit: str, code: str) -> bool:
        at = self.places.find(unit)
        return at is not None and self.ids[code] in self.places.chain(at)

    def _is_to_come(self, subject: Subject, day: date) -> bool:
        first = subject.events[0]
        is_received = first["type"] == "candidate.received" and subject.standing(FAR)
        return bool(is_received and date.fromisoformat(first["effectiveOn"]) > day)

    def _lines(self, subject: Subject, day: date) -> Iterator[tuple[str, str, set[str], int]]:
        standing = subject.standing(day)
        people = [e for e in standing if e["type"] != "candidate.assigned_to_part"]
        if self._is_to_come(subject, day) or not people:
            return
        first = subject.events[0]["data"]
        if subject.events[0]["type"] == "candidate.received":
            groups = set(first["transitGroups"])
            yield first["provinceId"], "IN_TRANSIT", groups, -1
            if first["fromUnit"] is not None:
                yield first["fromUnit"], "TRANSFERRED_OUT", groups, -1
                yield first["provinceId"], "TRANSFERRED_OUT", groups, 1
        stage = stage_of(people, day)
        if stage in {None, "MERGED"}:
            return
        assert stage is not None
        unit, groups = self.units[id(subject)][people[-1]["version"]], groups_of(people)
        yield unit, stage, groups, 1
        if stage == "TRANSFERRED_OUT":
            left = [e for e in people if e["type"] == "candidate.handed_over"][-1]["data"]
            yield left["provinceId"], stage, groups, -1
            yield left["provinceId"], "IN_TRANSIT", groups, 1

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
