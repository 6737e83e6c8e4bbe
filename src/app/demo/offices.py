"""Who records a step of a story: the office whose business it is, at the level it belongs to."""

from typing import Final

from app.demo.verbs import FURTHER
from commands.ports import Actor
from domain.access import Action, Role

_LEVELS: Final = {2: Role.BOARD, 3: Role.GRASSROOTS, 4: Role.CELL}
_OFFICES: Final[dict[Action, tuple[Role, int]]] = {
    Action.KEEP_DOCUMENTS: (Role.OFFICE, 2),
    Action.RUN_CLASSES: (Role.CLASSES, 2),
    Action.RECORD_CERTIFICATE: (Role.CLASSES, 2),
    Action.NOTE_DEFECT: (Role.INSPECTION, 2),
    Action.PROPOSE_REACTION: (Role.BOARD, 2),
    Action.GIVE_GUIDANCE: (Role.BOARD, 2),
    Action.IMPOSE: (Role.OFFICE, 2),
    Action.URGE: (Role.OFFICE, 2),
    Action.DECIDE: (Role.BOARD, 2),
    Action.ADMIT: (Role.BOARD, 2),
    Action.ORGANIZE: (Role.BOARD, 2),
    Action.RECORD_GRASSROOTS_STEP: (Role.GRASSROOTS, 3),
}
_OF_FUNCTIONS: Final[dict[str, tuple[Role, int]]] = {
    "allot_places": (Role.CLASSES, 2),
    "enroll_participants": (Role.CLASSES, 2),
    "withdraw_participant": (Role.CLASSES, 2),
    "record_results": (Role.CLASSES, 2),
    "revoke_certificate": (Role.CLASSES, 2),
    "lay_docket": (Role.BOARD, 2),
    "impose_obligations": (Role.OFFICE, 2),
    "move_candidate": (Role.GRASSROOTS, 3),
    "transfer_candidate": (Role.BOARD, 2),
    "accept_transfer": (Role.BOARD, 2),
    "approve_course": (Role.STANDING, 2),
    "decide_reaction": (Role.STANDING, 2),
}


def actor_of(verb: str, place: str, office: str | None = None) -> Actor:
    """The actor of a command about a place; an `office` named by its role is the tenant's own.

    What has no office of its own is done by the place itself.
    """
    action: Action | None = getattr(FURTHER[verb], "action", None)
    given = _OF_FUNCTIONS.get(verb) or (_OFFICES.get(action) if action else None)
    depth = place.count("/") + 1
    role, level = given or (_LEVELS[depth], depth)
    if office is not None:
        role, level = Role(office), 2
    code = "/".join(place.split("/")[:level])
    return Actor(f"{code.partition('/')[2]}/{role}", role, code)
