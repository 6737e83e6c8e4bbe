"""Which entries can be corrected, and how each is recorded again.

Those that cannot stand in `domain/uncorrectable.py`, each with what is done instead.
"""

from collections.abc import Collection
from typing import Any, Final, get_type_hints

from commands import (
    activity,
    awareness_class,
    body,
    candidate,
    condition,
    course,
    course_correction,
    defect,
    document,
    dossier,
    erasure,
    guidance,
    meeting,
    meeting_correction,
    membership,
    obligation,
    organization_attribute,
    reaction,
    review,
    structure_correction,
    sympathizer,
    target_correction,
    territory,
    territory_correction,
)
from commands.correctable import (
    Correctable,
    Values,
    of_creation,
    of_step,
    recorded_by,
)
from commands.obligation import require_imposer
from commands.step import Creation, commands_of
from domain import organization_entry
from domain.access import Action
from domain.activity import ActivityReplicated
from domain.candidate import Identified, Person
from domain.distribution import DocumentAcknowledged
from domain.errors import InvalidInput
from domain.obligation import Obligation, ObligationImposed
from domain.placement import Moved
from domain.record import Entry
from domain.text import Text
from domain.uncorrectable import instead_of

COMMANDS: Final = commands_of(
    candidate,
    sympathizer,
    awareness_class,
    dossier,
    review,
    condition,
    membership,
    erasure,
    document,
    activity,
    defect,
    guidance,
    reaction,
    course,
    meeting,
    obligation,
    organization_attribute,
    body,
    territory,
)


def _stated_groups(entry: Entry, given: Collection[str]) -> Values:
    """The groups stated before, without those that follow from a particular that now changes."""
    assert isinstance(entry, Identified)
    follows = {"sex": "WOMEN", "ethnicity": "ETHNIC_MINORITY", "religion": "RELIGIOUS"}
    dropped = {group for name, group in follows.items() if name in given}
    return {"groups": frozenset(entry.own_groups) - dropped}


_RENAMED: Final[dict[str, Any]] = {"name": str, "document": str | None}
CORRECTABLE: Final[dict[type[Entry], Correctable]] = {
    **{
        each.entry: of_creation(each) if isinstance(each, Creation) else of_step(each)
        for each in COMMANDS
        if each.entry is not None
    },
    ObligationImposed: of_creation(
        Creation("", Action.IMPOSE, Obligation, Obligation.impose, ObligationImposed),
        require_imposer,
    ),
    Identified: Correctable(
        Action.CORRECT,
        get_type_hints(Person),
        recorded_by(lambda record, day, values: record.restate(day, Person(**values))),
        stated=_stated_groups,
    ),
    Moved: Correctable(Action.RECORD_GRASSROOTS_STEP),
    organization_entry.Renamed: Correctable(
        Action.ORGANIZE,
        _RENAMED,
        recorded_by(lambda record, day, values: record.rename(on=day.on, **values)),
    ),
    DocumentAcknowledged: Correctable(Action.ACKNOWLEDGE),
    ActivityReplicated: Correctable(Action.RECORD_ACTIVITY),
    **dict.fromkeys(
        (
            organization_entry.Retyped,
            organization_entry.Moved,
            organization_entry.Succeeded,
        ),
        Correctable(Action.ORGANIZE),
    ),
    **structure_correction.CORRECTABLE,
    **target_correction.CORRECTABLE,
    **territory_correction.CORRECTABLE,
    **course_correction.CORRECTABLE,
    **meeting_correction.CORRECTABLE,
}


def correctable_of(entry_kind: type[Entry]) -> Correctable:
    """How an event is corrected. Raises InvalidInput, which says what to do instead."""
    instead = instead_of(entry_kind)
    if instead is not None:
        raise InvalidInput(
            "EVENT_NOT_CORRECTABLE",
            Text(
                f"Sự kiện loại này không đính chính được. {instead.vi}",
                f"An event of this type cannot be corrected. {instead.en}",
            ),
            field="event",
        )
    return CORRECTABLE[entry_kind]
