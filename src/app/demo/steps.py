"""One step of the demo: what is done, when it happened, when it is recorded and by whom.

Nothing is carried out here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from commands.ports import Actor
from domain.access import Role

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "nguon:demo")


class Verb(StrEnum):
    """The commands of the core path, by the names of their functions."""

    ESTABLISH_ORGANIZATION = "establish_organization"
    REGISTER_TARGET = "register_target"
    ASSIGN_TARGET = "assign_target"
    IDENTIFY_CANDIDATE = "identify_candidate"
    ASSIGN_HELPER = "assign_helper"
    LIST_SYMPATHIZER = "list_sympathizer"
    REMOVE_SYMPATHIZER = "remove_sympathizer"
    RECORD_CERTIFICATE = "record_certificate"
    OPEN_DOSSIER = "open_dossier"
    CONCLUDE_VETTING = "conclude_vetting"
    RECORD_CELL_VOTE = "record_cell_vote"
    SUBMIT_DOSSIER = "submit_dossier"
    DECIDE_ADMISSION = "decide_admission"
    HOLD_CEREMONY = "hold_ceremony"
    RECOGNIZE_FULL_MEMBER = "recognize_full_member"
    CORRECT_EVENT = "correct_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command, by the name of its function: a `Verb`, or one of the stories' further ones.

    `fields` are its arguments beside what only the log tells: the case, the tenant, the position.
    Steps of one `subject` are carried out in their order; different subjects may run together.
    """

    key: str
    subject: str
    tenant: str
    verb: str
    occurred_on: date
    recorded_on: date
    actor: Actor
    fields: Mapping[str, object]
    corrects: str | None = None
    """The key of the step whose event a correction voids."""


_OFFICES = {
    Verb.RECORD_CERTIFICATE: (Role.CLASSES, 2, "classes"),
    Verb.CONCLUDE_VETTING: (Role.GRASSROOTS, 3, "officer"),
    Verb.SUBMIT_DOSSIER: (Role.GRASSROOTS, 3, "officer"),
    Verb.DECIDE_ADMISSION: (Role.BOARD, 2, "board"),
    Verb.RECOGNIZE_FULL_MEMBER: (Role.BOARD, 2, "board"),
    Verb.ESTABLISH_ORGANIZATION: (Role.BOARD, 2, "board"),
    Verb.REGISTER_TARGET: (Role.BOARD, 2, "board"),
    Verb.ASSIGN_TARGET: (Role.STANDING, 2, "standing"),
}


def actor_for(verb: Verb, code: str) -> Actor:
    """Who records a step: the cell, its grassroots organization or the tenant's board."""
    role, depth, office = _OFFICES.get(verb, (Role.CELL, 9, "officer"))
    organization = "/".join(code.split("/")[:depth])
    if "/" not in organization:
        role, office = Role.PROVINCE, "office"
    _, _, below_province = organization.partition("/")
    return Actor(f"{below_province or organization}/{office}", role, organization)


def command_id(name: str) -> UUID:
    """The id of a demo's command: the same in every run, so that it happens once."""
    return uuid5(_NAMESPACE, name)
