"""The stories of the documents and of the particular cases, told through the commands.

The data files in `stories/` say what happened on which day; who records it, under which command id
and which record a name stands for follows here.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import count
from random import Random
from typing import Any, Final, TypedDict, cast
from uuid import UUID, uuid5

from app.demo.arguments import arguments
from app.demo.names import Circumstances, person
from app.demo.offices import actor_of
from app.demo.organizations import PlannedOrganization, organizations
from app.demo.reform import BLOCS_END
from app.demo.steps import Step, command_id
from app.demo.verbs import FURTHER
from commands.step import Creation, JointStep
from domain.candidate import Person
from domain.organization import organization_id

_STORIES: Final = ("bao_lam", "binh_dinh", "lam_dong_bloc", "cases", "hand_over")
_TOGETHER: Final = "hand_over"
"""The story of several tenants."""
_ENTRY_WEEKDAYS: Final = (0, 2, 3)
"""Other weekdays than those on which the people of the demo are entered: no day has both."""
_BEGUN_AS: Final = {
    "identify_candidate": "candidate",
    "hold_meeting": "meeting",
    "lay_docket": "docket",
    "transfer_candidate": "transfer",
}
"""What the functions among the commands begin."""
_AT_HOME: Final = {"impose_obligations", "hold_meeting", "lay_docket"}
"""Functions that a story's own organization is given to."""
_ADULT: Final = timedelta(days=200)


class _Part(TypedDict, total=False):
    """Steps one after the other: `[day, command, fields]`.

    Of the fields, `key` names the record that a step begins, `of` the record or records it is
    about (else the one begun last), `tenant` whose log it is in, `role` which office of the tenant
    records it, and `late` by how many days.
    """

    tenant: str
    cell: str
    steps: list[list[Any]]


def chapters(seed: int) -> list[Step]:
    """All steps that concern one tenant each, story by story in the order of their recording."""
    told = _Teller(seed)
    steps = [step for story in _STORIES if story != _TOGETHER for step in told.story(story)]
    return sorted(steps, key=lambda step: step.recorded_on)


def hand_overs(seed: int, until: date) -> tuple[Step, ...]:
    """What concerns several tenants; nothing if the demo ends before it happened.

    Recorded when every tenant has lived through its days: on the last one, or before the reform.
    """
    recorded_on = min(until, BLOCS_END - timedelta(days=1))
    told = _Teller(seed)
    steps = [step for story in _STORIES for step in told.story(story) if story == _TOGETHER]
    return tuple(
        replace(step, recorded_on=recorded_on)
        for step in steps
        if max(each.occurred_on for each in steps) <= until
    )


@cache
def _parts(story: str) -> list[_Part]:
    text = files("app.demo").joinpath("stories", f"{story}.toml").read_text("utf-8")
    return cast("list[_Part]", tomllib.loads(text)["part"])


@cache
def _places() -> Mapping[str, PlannedOrganization]:
    return {each.code: each for each in organizations()}


@dataclass(slots=True)
class _Teller:
    """Tells stories in turn; a name that one of them gives is known to those after it."""

    seed: int
    records: dict[str, UUID] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def story(self, name: str) -> Iterator[Step]:
        """The steps of a story in the order of its parts."""
        numbers = count(1)
        for part in _parts(name):
            last = ""
            for on, verb, said in part["steps"]:
                fields = dict(said)
                key = fields.pop("key", None) or f"{name}/{next(numbers)}"
                if _begins(verb):
                    last = key
                    self.cells[key] = fields.get("organization") or part.get("cell", "")
                yield self._step(part, (key, last), on, verb, fields)

    def _step(
        self, part: _Part, keys: tuple[str, str], on: date, verb: str, said: dict[str, Any]
    ) -> Step:
        key, last = keys
        tenant = said.pop("tenant", None) or part.get("tenant") or _tenant(part["cell"])
        late, role = said.pop("late", 0), said.pop("role", None)
        about = said.pop("of", last)
        name = f"story/{key}"
        self._begin(key, name, verb)
        fields = self._fields(part, key, on, verb, said)
        fields |= self._about(verb, about)
        place = self._place(about) or part.get("cell") or tenant
        if verb != "transfer_candidate":
            place = said.get("organization") or place
            self._moved(verb, about, place)
        return Step(
            key=name,
            subject=f"story/{tenant}",
            tenant=tenant,
            verb=verb,
            occurred_on=on,
            recorded_on=_entry_day(on + timedelta(days=late)),
            actor=actor_of(verb, place, role),
            fields=fields,
        )

    def _moved(self, verb: str, about: str | list[str], to: str) -> None:
        """Keep where a person's case is from now on."""
        if verb == "move_candidate":
            self.cells[str(about)] = to
        if verb == "accept_transfer":
            self.cells[f"{about}>"] = to

    def _begin(self, key: str, name: str, verb: str) -> None:
        command = command_id(f"{self.seed}/{name}")
        made = FURTHER[verb]
        if isinstance(made, Creation):
            self.records[key] = uuid5(command, made.kind.__name__.lower())
        elif verb in _BEGUN_AS:
            self.records[key] = uuid5(command, _BEGUN_AS[verb])
        elif verb == "impose_obligations":
            self.records[key] = command

    def _fields(
        self, part: _Part, key: str, on: date, verb: str, said: dict[str, Any]
    ) -> dict[str, object]:
        made = FURTHER[verb]
        if verb == "identify_candidate":
            said.setdefault("organization", part["cell"])
            said["person"] = self._person(key, said["organization"], on, said.get("person", {}))
        elif isinstance(made, Creation) or verb in _AT_HOME:
            said.setdefault("organization", part.get("cell") or part["tenant"])
        return arguments(made, said, self._known)

    def _about(self, verb: str, about: str | list[str]) -> dict[str, object]:
        if _begins(verb):
            return {} if verb != "transfer_candidate" else {"subject": self._known(str(about))}
        made = FURTHER[verb]
        if isinstance(made, JointStep):
            names = [about] if isinstance(about, str) else about
            subjects = [each for name in names for each in _each_of(name)]
            return {"subjects": tuple(self._known(each) for each in subjects)}
        return {"subject": self._known(str(about))}

    def _known(self, name: str) -> UUID:
        """The id of a record that has a name, or of an organization by its code.

        `duty@code` is the duty of an organization, `duty@code#body` that of a body of it, and
        `transfer>` the case that a transfer brought to its new tenant.
        """
        if name in self.records:
            return self.records[name]
        if name.endswith(">"):
            return uuid5(self.records[name[:-1]], "candidate")
        if "@" not in name:
            return _organization(name)
        duty, _, owner = name.partition("@")
        code, _, body = owner.partition("#")
        return uuid5(self.records[duty], f"obligation/{_organization(code)}/{body}")

    def _place(self, about: str | list[str]) -> str:
        """Where the record lies that a step is about, if its name says so."""
        name = about if isinstance(about, str) else about[0]
        if "@" in name:
            code = name.partition("@")[2].partition("#")[0]
            return code.removesuffix("/*")
        return self.cells.get(name) or (name if name in _places() else "")

    def _person(self, key: str, cell: str, on: date, said: Mapping[str, bool]) -> Person:
        place = _places()[cell]
        circumstances = Circumstances(
            place.setting,
            cell.split("/")[1],
            said.get("minority", False),
            said.get("youth_union", False),
            religious_area=False,
        )
        random = Random(f"{self.seed}/story/{key}")  # noqa: S311 - nothing here is secret
        return person(random, circumstances, on + _ADULT)


def _begins(verb: str) -> bool:
    """Whether a command begins a record that a name stands for."""
    return isinstance(FURTHER[verb], Creation) or verb in {*_BEGUN_AS, "impose_obligations"}


def _each_of(name: str) -> Iterator[str]:
    """The duties of all organizations directly below one, for `duty@code/*`."""
    duty, _, above = name.partition("@")
    if not above.endswith("/*"):
        yield name
        return
    for each in organizations():
        if each.parent == above.removesuffix("/*"):
            yield f"{duty}@{each.code}"


def _organization(code: str) -> UUID:
    if code not in _places():
        raise KeyError(code)
    return organization_id(code)


def _tenant(code: str) -> str:
    return "/".join(code.split("/")[:2])


def _entry_day(day: date) -> date:
    while day.weekday() not in _ENTRY_WEEKDAYS:
        day += timedelta(days=1)
    return day
