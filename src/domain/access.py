"""Who may do what.

The scope of an actor is the part of the tree below the organization that the token names.
"""

from enum import StrEnum

from domain.errors import NotPermitted
from domain.text import Text


class Role(StrEnum):
    """The roles of the domain sheet, F.1."""

    CELL = "cell"
    GRASSROOTS = "grassroots"
    BOARD = "board"
    STANDING = "standing"
    TERRITORY = "territory"
    HELPER = "helper"
    INSPECTION = "inspection"
    CLASSES = "classes"
    OFFICE = "office"
    UNION = "union"
    PROVINCE = "province"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"


class Action(StrEnum):
    """What can be permitted."""

    RECORD_CELL_STEP = "RECORD_CELL_STEP"
    RECORD_GRASSROOTS_STEP = "RECORD_GRASSROOTS_STEP"
    RECORD_CERTIFICATE = "RECORD_CERTIFICATE"
    INTRODUCE = "INTRODUCE"
    DECIDE = "DECIDE"
    CORRECT = "CORRECT"
    REGISTER_TARGET = "REGISTER_TARGET"
    ASSIGN_TARGET = "ASSIGN_TARGET"
    ORGANIZE = "ORGANIZE"
    ERASE = "ERASE"
    KEEP_DOCUMENTS = "KEEP_DOCUMENTS"
    ACKNOWLEDGE = "ACKNOWLEDGE"
    IMPOSE = "IMPOSE"
    FULFILL = "FULFILL"
    READ_RECORDS = "READ_RECORDS"
    READ_FIGURES = "READ_FIGURES"
    READ_EVENTS = "READ_EVENTS"
    READ_PERSONS = "READ_PERSONS"
    READ_PROOFS = "READ_PROOFS"


_CELL = {
    Action.RECORD_CELL_STEP,
    Action.INTRODUCE,
    Action.CORRECT,
    Action.REGISTER_TARGET,
    Action.ACKNOWLEDGE,
    Action.FULFILL,
}
_READ = {
    Action.READ_FIGURES,
    Action.READ_EVENTS,
    Action.READ_PERSONS,
    Action.READ_RECORDS,
}
_OUTSIDE = {Action.READ_FIGURES, Action.READ_EVENTS, Action.READ_PROOFS}
_GRASSROOTS = _CELL | {
    Action.RECORD_GRASSROOTS_STEP,
    Action.RECORD_CERTIFICATE,
    Action.ASSIGN_TARGET,
    Action.ORGANIZE,
    Action.KEEP_DOCUMENTS,
    Action.IMPOSE,
}

PERMITTED: dict[Role, frozenset[Action]] = {
    Role.CELL: frozenset(_CELL | _READ),
    Role.GRASSROOTS: frozenset(_GRASSROOTS | _READ),
    Role.BOARD: frozenset(_GRASSROOTS | {Action.DECIDE, Action.ERASE} | _READ),
    Role.STANDING: frozenset({Action.DECIDE, Action.ASSIGN_TARGET, Action.IMPOSE} | _READ),
    Role.TERRITORY: frozenset({Action.READ_FIGURES, Action.READ_RECORDS}),
    Role.HELPER: frozenset(),
    Role.INSPECTION: frozenset(_READ | {Action.READ_PROOFS}),
    Role.CLASSES: frozenset({Action.RECORD_CERTIFICATE} | _READ),
    Role.OFFICE: frozenset(
        {
            Action.READ_FIGURES,
            Action.READ_RECORDS,
            Action.KEEP_DOCUMENTS,
            Action.ACKNOWLEDGE,
            Action.IMPOSE,
            Action.FULFILL,
        }
    ),
    Role.UNION: frozenset({Action.INTRODUCE, Action.READ_FIGURES, Action.READ_RECORDS}),
    Role.PROVINCE: frozenset(
        {
            Action.ASSIGN_TARGET,
            Action.REGISTER_TARGET,
            Action.ORGANIZE,
            Action.KEEP_DOCUMENTS,
            Action.READ_RECORDS,
            Action.READ_FIGURES,
            Action.READ_EVENTS,
            Action.READ_PROOFS,
        }
    ),
    Role.AUDITOR: frozenset(_OUTSIDE),
    Role.INTEGRATOR: frozenset(_OUTSIDE),
    Role.OPERATOR: frozenset(),
}
"""What each role may do inside its scope.

The level above may enter on a cell's behalf; the event's actor says so.
"""


def require(role: Role, action: Action) -> None:
    """Raises NotPermitted unless the role may do it."""
    if action not in PERMITTED[role]:
        raise NotPermitted(
            "NOT_PERMITTED",
            Text(
                f"Vai trò “{role}” không được làm việc này.",
                f"The role “{role}” may not do this.",
            ),
        )
