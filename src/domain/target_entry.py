"""What is recorded of a target: set, adjusted, carried to a successor, voided."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from domain.record import CreatedEntry, Entry, Voided

_SINCE_V2 = {"ratePercent": None, "baseCount": None, "isMinimum": False, "issuedBy": None}


class TargetBasis(StrEnum):
    """Where a target comes from.

    The four stand beside each other and never overwrite one another.
    """

    REGISTERED = "REGISTERED"
    CONGRESS = "CONGRESS"
    ASSIGNED = "ASSIGNED"
    OWN_PLAN = "OWN_PLAN"


class CountingDate(StrEnum):
    """The day on which an admission counts: the decision's or the ceremony's.

    No source decides it (domain sheet, D.4).
    """

    DECISION = "DECISION"
    CEREMONY = "CEREMONY"


class TargetSet(CreatedEntry):
    """A target was registered upward, assigned downward, or stated by a congress or an own plan.

    `count` of a rate is the number that the rate of the base comes to. `set_by` is the code of the
    organization that assigned it, `carried_from` the target of the predecessor it came from.
    """

    TOPIC = "target.set"
    class_version: ClassVar[int] = 2
    basis: TargetBasis
    period: str
    period_first: date
    period_last: date
    group: str | None
    counting: CountingDate
    count: int | None
    share_percent: float | None
    stated_growth_percent: float | None
    document: str | None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool = False
    issued_by: str | None = None
    set_by: str | None = None
    carried_from: UUID | None = None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Version 1 knew numbers and shares only, and not who set them."""
        return {**_SINCE_V2, "setBy": None, "carriedFrom": None, **state}


class TargetAdjusted(Entry):
    """The target's amount is another one from that day on."""

    TOPIC = "target.adjusted"
    class_version: ClassVar[int] = 2
    count: int | None
    share_percent: float | None
    reason: str
    document: str | None
    rate_percent: float | None = None
    base_count: int | None = None
    is_minimum: bool = False
    issued_by: str | None = None

    @staticmethod
    def upcast_v1_v2(state: Mapping[str, Any]) -> dict[str, Any]:
        """Version 1 knew numbers and shares only."""
        return {**_SINCE_V2, **state}


class TargetCarried(Entry):
    """Part of the target goes to a successor of its holder; the target itself stays as it was."""

    TOPIC = "target.carried"
    successor: str
    successor_target: UUID
    count: int
    reason: str
    document: str
    issued_by: str | None


class TargetEntryVoided(Voided):
    """An entry about the target was never true."""

    TOPIC = "target.entry_voided"
    reason: str
