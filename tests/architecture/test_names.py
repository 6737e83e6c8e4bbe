"""What is named in one place is named in the others: events, actions, mutations, commands."""

import re
import string
import tomllib
from typing import get_type_hints

import click
import pytest
from tests.architecture.sources import ROOT, SRC, modules
from tests.commands.test_authorization import TABLE

from api.schema import schema
from app.command_line import cli
from domain.access import Action
from domain.attendance import OfPeople
from domain.case import CaseEntry
from domain.events import CREATED, EVENTS
from domain.introduction import Introduced
from domain.obligation import DutyEntry
from domain.organization_entry import OrganizationEntry
from domain.personal import SEALED
from domain.record import CreatedEntry, Entry, Voided
from domain.review import Refused
from eventstore.registry import read_names

ABSTRACT = {
    CaseEntry,
    CreatedEntry,
    DutyEntry,
    Introduced,
    OfPeople,
    OrganizationEntry,
    Refused,
    Voided,
}
OF_THE_TRAIL = {"organization", "group", "amount"}
"""Placeholders that the trail fills in itself, beside the event's own fields."""


def every_event(kind: type[Entry] = Entry) -> set[type[Entry]]:
    """All event classes there are below a class."""
    found = {cls for below in kind.__subclasses__() for cls in {below, *every_event(below)}}
    return {cls for cls in found if cls.__module__.startswith("domain.")} - ABSTRACT


def camel(name: str) -> str:
    """The name as it stands in stored data and in the API."""
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def test_every_event_is_listed() -> None:
    """An event class that is not in EVENTS could not be stored."""
    assert every_event() == set(EVENTS)
    assert len(EVENTS) == len(set(EVENTS))
    assert set(CREATED) == {cls for cls in EVENTS if issubclass(cls, CreatedEntry)}


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__qualname__)
def test_every_event_has_a_name_of_its_own(cls: type[Entry]) -> None:
    """The stored name is the class's own and stands in the list of names that only grows."""
    topic = vars(cls).get("TOPIC")

    assert isinstance(topic, str)
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", topic)
    assert topic in read_names()
    assert [other.TOPIC for other in EVENTS].count(topic) == 1


def sentences() -> dict[str, dict[str, str]]:
    """The sentences of the trail by stored name."""
    text = (SRC / "projections" / "audit_texts.toml").read_text(encoding="utf-8")
    return {
        f"{record}.{event}": told
        for record, events in tomllib.loads(text).items()
        for event, told in events.items()
    }


def test_no_sentence_without_its_event() -> None:
    """There is a sentence for each stored name and for nothing else."""
    assert set(sentences()) == {str(cls.TOPIC) for cls in EVENTS}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__qualname__)
def test_every_event_is_told(cls: type[Entry], language: str) -> None:
    """The sentence names only fields of the event, none that is personal, and can be filled."""
    sentence = sentences()[str(cls.TOPIC)][language]
    hints = get_type_hints(cls, include_extras=True)
    personal = {
        camel(name) for name, hint in hints.items() if SEALED in getattr(hint, "__metadata__", ())
    }
    named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}

    assert named <= {camel(name) for name in hints} | OF_THE_TRAIL
    assert not named & personal
    assert "{" not in sentence.format_map({name: f"<{name}>" for name in named})


def test_every_action_is_asked_for() -> None:
    """An action that no command and no entrance of the API asks for permits nothing."""
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (*modules("commands"), *modules("api"))
    )

    assert [action for action in Action if f"Action.{action.name}" not in sources] == []


def test_every_mutation_is_in_the_authorization_table() -> None:
    """A mutation of the schema is a command whose roles are tried, and the other way about."""
    mutation = schema.get_type_by_name("Mutation")
    assert mutation is not None
    fields = {field.name for field in mutation.fields}  # type: ignore[union-attr]

    assert {camel(name) for name in TABLE} == {camel(name) for name in fields}


def commands(group: click.Group, before: str) -> set[str]:
    """The commands of the line as they are typed."""
    found = set()
    for name, made in group.commands.items():
        typed = f"{before} {name}"
        found |= commands(made, typed) if isinstance(made, click.Group) else {typed}
    return found


def test_every_command_of_the_line_is_in_the_readme() -> None:
    """Who reads the README knows every command there is."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert isinstance(cli, click.Group)
    assert [typed for typed in sorted(commands(cli, "nguon")) if typed not in readme] == []
