"""What is recorded of a reorganization: planned, decided, carried out, taken back."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.change import Change
from domain.record import CreatedEntry, Entry


class ReorganizationState(StrEnum):
    """How far a plan has come."""

    DRAFT = "DRAFT"
    UNDER_WAY = "UNDER_WAY"
    EXECUTED = "EXECUTED"
    REVERSING = "REVERSING"
    REVERSED = "REVERSED"


class Leg(StrEnum):
    """What is done in one tenant of several, in one append: organizations leave it, or arrive."""

    DEPARTURE = "DEPARTURE"
    ARRIVAL = "ARRIVAL"


@dataclass(frozen=True, slots=True)
class Executed:
    """One entry that the execution recorded, of an organization or of a case."""

    record_id: UUID
    version: int
    is_case: bool


class ReorganizationDrafted(CreatedEntry):
    """Some changes were planned, to take effect together on a day."""

    TOPIC = "reorganization.drafted"
    title: str
    planned_on: date
    changes: tuple[Change, ...]
    document: str | None


class ReorganizationRevised(Entry):
    """The plan is another one from now on."""

    TOPIC = "reorganization.revised"
    title: str
    planned_on: date
    changes: tuple[Change, ...]
    document: str | None


class ReorganizationDecided(Entry):
    """The province decided the plan; from now on it is carried out in each tenant concerned."""

    TOPIC = "reorganization.decided"
    document: str
    decided_by: str


class ReorganizationAdvanced(Entry):
    """One tenant recorded all that the plan, or its reversal, asks of it in one leg."""

    TOPIC = "reorganization.advanced"
    tenant: str
    leg: Leg


class ReorganizationReversalDecided(Entry):
    """The province decided that none of it was ever true; each tenant voids what it recorded."""

    TOPIC = "reorganization.reversal_decided"
    reason: str
    decided_by: str


class ReorganizationExecuted(Entry):
    """All changes of the plan were recorded together, to be true from that day on.

    What several tenants recorded, their own logs tell: `recorded` is empty then.
    """

    TOPIC = "reorganization.executed"
    recorded: tuple[Executed, ...]
    document: str | None


class ReorganizationReversed(Entry):
    """None of it was ever true; what the execution recorded was voided."""

    TOPIC = "reorganization.reversed"
    reason: str
