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
    ADMIT = "ADMIT"
    TRANSFER = "TRANSFER"
    MERGE = "MERGE"
    CORRECT = "CORRECT"
    REGISTER_TARGET = "REGISTER_TARGET"
    ASSIGN_TARGET = "ASSIGN_TARGET"
    CLOSE_FIGURES = "CLOSE_FIGURES"
    ORGANIZE = "ORGANIZE"
    ERASE = "ERASE"
    KEEP_DOCUMENTS = "KEEP_DOCUMENTS"
    ACKNOWLEDGE = "ACKNOWLEDGE"
    RECORD_ACTIVITY = "RECORD_ACTIVITY"
    NOTE_DEFECT = "NOTE_DEFECT"
    REQUEST_GUIDANCE = "REQUEST_GUIDANCE"
    GIVE_GUIDANCE = "GIVE_GUIDANCE"
    PROPOSE_REACTION = "PROPOSE_REACTION"
    RUN_CLASSES = "RUN_CLASSES"
    HOLD_MEETINGS = "HOLD_MEETINGS"
    ASSEMBLE_DOSSIERS = "ASSEMBLE_DOSSIERS"
    IMPOSE = "IMPOSE"
    URGE = "URGE"
    FULFILL = "FULFILL"
    READ_RECORDS = "READ_RECORDS"
    READ_FIGURES = "READ_FIGURES"
    READ_EVENTS = "READ_EVENTS"
    READ_PERSONS = "READ_PERSONS"
    READ_PROOFS = "READ_PROOFS"
    READ_MATCHES = "READ_MATCHES"
    READ_VETTING = "READ_VETTING"
    READ_SUBMITTED_VETTING = "READ_SUBMITTED_VETTING"


_CELL = {
    Action.RECORD_CELL_STEP,
    Action.INTRODUCE,
    Action.CORRECT,
    Action.REGISTER_TARGET,
    Action.ACKNOWLEDGE,
    Action.RECORD_ACTIVITY,
    Action.REQUEST_GUIDANCE,
    Action.HOLD_MEETINGS,
    Action.FULFILL,
}
_READ = {
    Action.READ_FIGURES,
    Action.READ_EVENTS,
    Action.READ_PERSONS,
    Action.READ_RECORDS,
}
_OUTSIDE = {
    Action.READ_FIGURES,
    Action.READ_EVENTS,
    Action.READ_PROOFS,
    Action.READ_VETTING,
}
"""Who checks or copies a whole log sees all its events, and no personal field."""
_GRASSROOTS = _CELL | {
    Action.RECORD_GRASSROOTS_STEP,
    Action.RECORD_CERTIFICATE,
    Action.ASSIGN_TARGET,
    Action.CLOSE_FIGURES,
    Action.ORGANIZE,
    Action.KEEP_DOCUMENTS,
    Action.GIVE_GUIDANCE,
    Action.PROPOSE_REACTION,
    Action.IMPOSE,
    Action.URGE,
    Action.ADMIT,
}
_BOARD = {
    Action.RUN_CLASSES,
    Action.ASSEMBLE_DOSSIERS,
    Action.DECIDE,
    Action.ERASE,
    Action.TRANSFER,
    Action.MERGE,
    Action.NOTE_DEFECT,
}

PERMITTED: dict[Role, frozenset[Action]] = {
    Role.CELL: frozenset(_CELL | _READ | {Action.READ_VETTING}),
    Role.GRASSROOTS: frozenset(_GRASSROOTS | _READ | {Action.READ_VETTING}),
    Role.BOARD: frozenset(_GRASSROOTS | _BOARD | _READ | {Action.READ_VETTING}),
    Role.STANDING: frozenset(
        {
            Action.DECIDE,
            Action.ADMIT,
            Action.ASSIGN_TARGET,
            Action.HOLD_MEETINGS,
            Action.IMPOSE,
            Action.URGE,
            Action.READ_SUBMITTED_VETTING,
        }
        | _READ
    ),
    Role.TERRITORY: frozenset({Action.READ_FIGURES, Action.READ_RECORDS, Action.URGE}),
    Role.HELPER: frozenset(),
    Role.INSPECTION: frozenset(
        {
            Action.RECORD_ACTIVITY,
            Action.NOTE_DEFECT,
            Action.PROPOSE_REACTION,
            Action.READ_PROOFS,
            Action.READ_VETTING,
        }
        | _READ
    ),
    Role.CLASSES: frozenset(
        {Action.RECORD_CERTIFICATE, Action.RUN_CLASSES, Action.RECORD_ACTIVITY} | _READ
    ),
    Role.OFFICE: frozenset(
        {
            Action.READ_FIGURES,
            Action.READ_RECORDS,
            Action.KEEP_DOCUMENTS,
            Action.ACKNOWLEDGE,
            Action.RECORD_ACTIVITY,
            Action.IMPOSE,
            Action.URGE,
            Action.FULFILL,
        }
    ),
    Role.UNION: frozenset(
        {
            Action.INTRODUCE,
            Action.RECORD_ACTIVITY,
            Action.REQUEST_GUIDANCE,
            Action.READ_FIGURES,
            Action.READ_RECORDS,
        }
    ),
    Role.PROVINCE: frozenset(
        {
            Action.ASSIGN_TARGET,
            Action.CLOSE_FIGURES,
            Action.REGISTER_TARGET,
            Action.ORGANIZE,
            Action.KEEP_DOCUMENTS,
            Action.RECORD_ACTIVITY,
            Action.GIVE_GUIDANCE,
            Action.READ_RECORDS,
            Action.MERGE,
            Action.READ_MATCHES,
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

The level above may enter on a cell's behalf; the event's actor says so. A grassroots committee may
ADMIT only where that was delegated to it on the day of the step. READ_SUBMITTED_VETTING shows the
vetting of a dossier once that is before the committee.
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
