"""What is known of one command: how it is called, who may not, and what a rule refuses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.commands.memory import Memory

from commands.ports import Recorded
from domain.access import Role

TENANT = 2

Run = Callable[..., Awaitable[Recorded]]


Before = tuple[Run, date, dict[str, Any]]
"""A command that must have been given: its day and its own fields."""


@dataclass(frozen=True)
class Case:
    """One command: how it is called, from what day on, and what the rule refuses."""

    run: Run
    fields: dict[str, Any]
    on: date
    forbidden: Role
    wrong: dict[str, Any]
    """Other fields with which it is refused by a rule, or an `on` of its own."""
    code: str
    before: "tuple[Case, ...]" = ()
    """What must have been commanded before; its record is the subject."""
    on_the_way: "tuple[int, tuple[Before, ...]]" = (0, ())
    """How many steps of a candidate's path come before it, and what else."""

    needs: str = ""
    """The name of another of the commands that must have been given before."""
    entries: int = 1
    """How many entries that log gets, with those that follow from the command's own."""

    tenant: int = TENANT
    """The tenant in whose log the result stands."""
    today: date | None = None
    """The day on which it is commanded, when that is another one than these tests' own."""
    prepare: Callable[[Memory, dict[str, Any]], Awaitable[None]] | None = None
    """What has to be there, and fills in the fields that depend on it."""

    @property
    def name(self) -> str:
        """The command's name."""
        return str(getattr(self.run, "name", None) or getattr(self.run, "__name__", "?"))
