"""The hand-over of a case to another tenant, as the province's log tells it, from start to end.

What each of the two tenants records of it stands in `placement`. Each step is recorded here after
it was taken there, so whoever finds a transfer in a state knows what is to be done next.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.errors import Conflict
from domain.judgment import out_of_range
from domain.personal import SEALED
from domain.record import CreatedEntry, Entry, Record, optional_words, require_words
from domain.text import Text


class TransferState(StrEnum):
    """How far a hand-over has come."""

    DECIDED = "DECIDED"
    IN_TRANSIT = "IN_TRANSIT"
    ACCEPTED = "ACCEPTED"
    TURNED_BACK = "TURNED_BACK"
    RECEIVED = "RECEIVED"
    RETURNED = "RETURNED"


class TransferDecided(CreatedEntry):
    """A tenant decided to hand a case over to a cell of another one, from that day on."""

    TOPIC = "transfer.decided"
    candidate_id: UUID
    from_tenant: str
    to_tenant: str
    cell_id: UUID
    decided_by: str
    document: str | None


class TransferDeparted(Entry):
    """The case is closed in the tenant that handed it over, and in transit."""

    TOPIC = "transfer.departed"


class TransferAccepted(Entry):
    """The receiving committee took the file for one of its cells, on that day."""

    TOPIC = "transfer.accepted"
    cell_id: UUID
    accepted_by: str


class TransferTurnedBack(Entry):
    """The case is not received: the committee declined it, or `code` says what forbade it."""

    TOPIC = "transfer.turned_back"
    code: str
    declined_by: str | None
    reason: Annotated[str | None, SEALED]


class TransferCompleted(Entry):
    """The receiving tenant goes on with the case as `receivedId`; without one, it is back."""

    TOPIC = "transfer.completed"
    received_id: UUID | None


DECLINED = "DECLINED"


class Transfer(Record):
    """One hand-over of one case."""

    missing: ClassVar[Text] = Text(
        "Không tìm thấy việc chuyển hồ sơ.", "There is no such transfer."
    )

    @classmethod
    def decide(
        cls,
        transfer_id: UUID,
        province_id: UUID,
        *,
        on: date,
        candidate_id: UUID,
        from_tenant: str,
        to_tenant: str,
        cell_id: UUID,
        decided_by: str,
        document: str | None = None,
    ) -> Self:
        """Begin a hand-over. Raises InvalidInput."""
        return cls._create(
            TransferDecided,
            id=transfer_id,
            effective_on=on,
            organization_id=province_id,
            candidate_id=candidate_id,
            from_tenant=from_tenant,
            to_tenant=to_tenant,
            cell_id=cell_id,
            decided_by=decided_by,
            document=optional_words("document", document),
        )

    @property
    def decided(self) -> TransferDecided:
        """How it began."""
        first = self.entries[0]
        assert isinstance(first, TransferDecided)
        return first

    @property
    def state(self) -> TransferState:
        """What happened last."""
        last = self.entries[-1]
        if isinstance(last, TransferCompleted):
            is_received = last.received_id is not None
            return TransferState.RECEIVED if is_received else TransferState.RETURNED
        return _STATES[type(last)]

    @property
    def turned_back(self) -> TransferTurnedBack | None:
        """Why it was not received."""
        return next((e for e in self.entries if isinstance(e, TransferTurnedBack)), None)

    @property
    def received_id(self) -> UUID | None:
        """The case in the tenant that received it."""
        last = self.entries[-1]
        return last.received_id if isinstance(last, TransferCompleted) else None

    def depart(self) -> None:
        """The case is closed where it was."""
        self._record(TransferDeparted, self.decided.effective_on)

    def accept(self, on: date, *, cell_id: UUID, by: str) -> None:
        """The receiving committee takes it. Raises Conflict when it is not in transit."""
        self._require_in_transit(on)
        self._record(TransferAccepted, on, cell_id=cell_id, accepted_by=by)

    def decline(self, on: date, *, reason: str, by: str) -> None:
        """The receiving committee does not take it. Raises Conflict when it is not in transit."""
        self._require_in_transit(on)
        words = require_words("reason", reason, 2000)
        self._record(TransferTurnedBack, on, code=DECLINED, declined_by=by, reason=words)

    def turn_back(self, code: str) -> None:
        """A step is forbidden by what the tenants' logs hold, as a refusal's code says."""
        on = self.entries[-1].effective_on
        self._record(TransferTurnedBack, on, code=code, declined_by=None, reason=None)

    def complete(self, received_id: UUID | None = None) -> None:
        """Both tenants have recorded what there was to record."""
        self._record(TransferCompleted, self.entries[-1].effective_on, received_id=received_id)

    def _require_in_transit(self, on: date) -> None:
        if self.state is not TransferState.IN_TRANSIT:
            raise Conflict(
                "NOT_IN_TRANSIT",
                Text("Hồ sơ không ở trạng thái đang chuyển.", "The case is not in transit."),
                field="transfer",
            )
        if on < self.decided.effective_on:
            raise out_of_range("occurredOn", self.decided.effective_on, date.max)

    def _record(self, entry: type[Entry], on: date, **values: object) -> None:
        self.trigger_event(
            entry, effective_on=on, organization_id=self.decided.organization_id, **values
        )


_STATES = {
    TransferDecided: TransferState.DECIDED,
    TransferDeparted: TransferState.IN_TRANSIT,
    TransferAccepted: TransferState.ACCEPTED,
    TransferTurnedBack: TransferState.TURNED_BACK,
}
