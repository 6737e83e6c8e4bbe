"""One person, one case in a province: who keeps the identity number, as the province's log tells.

The number itself is never in an event: it is a claim of the log, sealed with the province's key.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from domain.record import CreatedEntry, Entry, Record, Taken
from domain.text import Text

Claimed = frozenset[tuple[str, str]]
"""An identity number as records claim it; empty for none."""


class IdentityReason(StrEnum):
    """Why an identity number passed to another case, or was given free."""

    HANDED_OVER = "HANDED_OVER"
    ABANDONED = "ABANDONED"
    REFUSED = "REFUSED"
    GIVEN_UP = "GIVEN_UP"


class IdentityReserved(CreatedEntry):
    """A tenant keeps the person, or is about to: the case may follow this entry, or never come."""

    TOPIC = "identity.reserved"
    tenant: str
    candidate_id: UUID


class IdentityPassed(Entry):
    """Another tenant, or another case, keeps the person from now on."""

    TOPIC = "identity.passed"
    tenant: str
    candidate_id: UUID
    reason: IdentityReason


class IdentityReleased(Entry):
    """Nobody keeps the person any more."""

    TOPIC = "identity.released"
    reason: IdentityReason


class IdentityMatched(Entry):
    """Another tenant was about to record the person, and was refused."""

    TOPIC = "identity.matched"
    tenant: str
    candidate_id: UUID
    asking_tenant: str
    asked_as: UUID


class IdentityMatchRead(Entry):
    """The province's board looked at a match."""

    TOPIC = "identity.match_read"


@dataclass(frozen=True, slots=True)
class Keeper:
    """A case by its tenant's code and its id."""

    tenant: str
    candidate_id: UUID


ABANDONED_AFTER = timedelta(days=2)
"""A reservation without its case is nobody's from the second day after it: a full day at least."""


class Identity(Record):
    """The person behind one identity number."""

    claimed: Claimed = frozenset()
    """The number where whoever works with the record knows it."""
    held_elsewhere: ClassVar[Taken] = Taken(
        "IDENTITY_HELD", Text("Số định danh đã có người giữ.", "It is reserved."), "identityNumber"
    )

    @classmethod
    def reserve(
        cls, identity_id: UUID, province_id: UUID, claimed: Claimed, keeper: Keeper, *, on: date
    ) -> Self:
        """Reserve a number for a case."""
        made = cls._create(
            IdentityReserved,
            id=identity_id,
            effective_on=on,
            organization_id=province_id,
            tenant=keeper.tenant,
            candidate_id=keeper.candidate_id,
        )
        made.claimed = claimed
        return made

    def exclusive(self) -> Claimed:
        """The number while somebody keeps it."""
        return frozenset() if self.keeper is None else self.claimed

    @property
    def keeper(self) -> Keeper | None:
        """Who keeps the person now."""
        last = self._last
        if isinstance(last, IdentityReleased):
            return None
        return Keeper(last.tenant, last.candidate_id)

    def is_abandoned(self, today: date) -> bool:
        """Whether a case that is not there by now will not come."""
        return today - self._last.effective_on >= ABANDONED_AFTER

    def pass_to(self, keeper: Keeper, reason: IdentityReason, *, on: date) -> None:
        """Let another case keep it."""
        self._record(
            IdentityPassed,
            on,
            tenant=keeper.tenant,
            candidate_id=keeper.candidate_id,
            reason=reason,
        )

    def release(self, claimed: Claimed, reason: IdentityReason, *, on: date) -> None:
        """Give the number free."""
        self.claimed = self.held = claimed
        self._record(IdentityReleased, on, reason=reason)

    def match(self, asking: Keeper, *, on: date) -> bool:
        """Take down that somebody else was refused; False when that is taken down already."""
        keeper = self.keeper
        assert keeper is not None
        for entry in reversed(self.entries):
            if isinstance(entry, IdentityMatched) and entry.asked_as == asking.candidate_id:
                return False
        self._record(
            IdentityMatched,
            on,
            tenant=keeper.tenant,
            candidate_id=keeper.candidate_id,
            asking_tenant=asking.tenant,
            asked_as=asking.candidate_id,
        )
        return True

    def read(self, *, on: date) -> None:
        """Take down that the match was looked at; who did is the event's actor."""
        self._record(IdentityMatchRead, on)

    @property
    def _last(self) -> IdentityReserved | IdentityPassed | IdentityReleased:
        return next(
            entry
            for entry in reversed(self.entries)
            if isinstance(entry, IdentityReserved | IdentityPassed | IdentityReleased)
        )

    def _record(self, entry: type[Entry], on: date, **values: object) -> None:
        place = self.entries[0].organization_id
        self.trigger_event(entry, effective_on=on, organization_id=place, **values)
