"""A reorganization: one plan of changes to organizations, carried out as a whole or not at all.

What each change does stands in `structure`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, Self
from uuid import UUID

from domain.candidate import Candidate
from domain.change import Change, require_several
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.record import CreatedEntry, Entry, Record, optional_words, require_words
from domain.text import Text

CHANGES_MAX: Final = 500


class ReorganizationState(StrEnum):
    """How far a plan has come."""

    DRAFT = "DRAFT"
    EXECUTED = "EXECUTED"
    REVERSED = "REVERSED"


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


class ReorganizationExecuted(Entry):
    """All changes of the plan were recorded together, to be true from that day on."""

    TOPIC = "reorganization.executed"
    recorded: tuple[Executed, ...]
    document: str | None


class ReorganizationReversed(Entry):
    """None of it was ever true; what the execution recorded was voided."""

    TOPIC = "reorganization.reversed"
    reason: str


class Reorganization(Record):
    """One plan."""

    missing: ClassVar[Text] = Text("Không tìm thấy đề án.", "There is no such reorganization.")

    @classmethod
    def begin(cls, reorganization_id: UUID, holder: UUID, on: date, **plan: object) -> Self:
        """A new draft."""
        return cls._create(
            ReorganizationDrafted,
            id=reorganization_id,
            effective_on=on,
            organization_id=holder,
            **plan,
        )

    @property
    def plan(self) -> ReorganizationDrafted | ReorganizationRevised:
        """The plan as it stands."""
        return next(
            entry
            for entry in reversed(self.entries)
            if isinstance(entry, ReorganizationDrafted | ReorganizationRevised)
        )

    @property
    def executed(self) -> ReorganizationExecuted | None:
        """That it was carried out."""
        return next((e for e in self.entries if isinstance(e, ReorganizationExecuted)), None)

    @property
    def reversed(self) -> ReorganizationReversed | None:
        """That it was taken back."""
        return next((e for e in self.entries if isinstance(e, ReorganizationReversed)), None)

    @property
    def state(self) -> ReorganizationState:
        """How far it has come."""
        if self.reversed is not None:
            return ReorganizationState.REVERSED
        if self.executed is not None:
            return ReorganizationState.EXECUTED
        return ReorganizationState.DRAFT

    def require_state(self, state: ReorganizationState) -> None:
        """Passes in one state. Raises Conflict."""
        if self.state is not state:
            raise Conflict(
                "REORGANIZATION_STATE",
                Text(
                    f"Đề án đang ở trạng thái {self.state}, không phải {state}.",
                    f"The reorganization is {self.state}, not {state}.",
                ),
                field="reorganization",
            )


def draft_reorganization(
    reorganization_id: UUID,
    day: Day,
    organization: OrganizationRef,
    *,
    title: str,
    planned_on: date,
    changes: tuple[Change, ...],
    document: str | None = None,
) -> Reorganization:
    """Plan changes that are to take effect together on a day; nothing is changed yet."""
    plan = _plan(title, planned_on, changes, document)
    return Reorganization.begin(reorganization_id, organization.id, day.on, **plan)


def revise_reorganization(
    reorganization: Reorganization,
    day: Day,
    *,
    title: str,
    planned_on: date,
    changes: tuple[Change, ...],
    document: str | None = None,
) -> None:
    """Replace a plan that was not carried out yet."""
    reorganization.require_state(ReorganizationState.DRAFT)
    reorganization.trigger_event(
        ReorganizationRevised,
        effective_on=day.on,
        organization_id=reorganization.organization_id,
        **_plan(title, planned_on, changes, document),
    )


def execute_reorganization(
    reorganization: Reorganization,
    day: Day,
    recorded: Iterable[Record],
    *,
    document: str,
) -> None:
    """Carry the plan out: all its changes together, or none when one of them is refused.

    `recorded` are the records with what the changes have added to them.
    """
    reorganization.require_state(ReorganizationState.DRAFT)
    if day.on != reorganization.plan.planned_on:
        raise InvalidInput(
            "NOT_THE_PLANNED_DAY",
            Text(
                f"Đề án có hiệu lực ngày {reorganization.plan.planned_on:%d/%m/%Y}.",
                f"The plan takes effect on {reorganization.plan.planned_on}.",
            ),
            field="occurredOn",
        )
    reorganization.trigger_event(
        ReorganizationExecuted,
        effective_on=day.on,
        organization_id=reorganization.organization_id,
        document=require_words("document", document, 200),
        recorded=tuple(
            Executed(record.id, entry.originator_version, isinstance(record, Candidate))
            for record in recorded
            for entry in record.pending_events
        ),
    )


def reverse_reorganization(reorganization: Reorganization, day: Day, *, reason: str) -> None:
    """Take the execution back: nothing of it was ever true, and every figure is as it was."""
    reorganization.require_state(ReorganizationState.EXECUTED)
    reorganization.trigger_event(
        ReorganizationReversed,
        effective_on=day.on,
        organization_id=reorganization.organization_id,
        reason=require_words("reason", reason, 2000),
    )


def _plan(
    title: str, planned_on: date, changes: tuple[Change, ...], document: str | None
) -> dict[str, object]:
    require_several(len(changes), 1, "changes")
    if len(changes) > CHANGES_MAX:
        raise InvalidInput(
            "TOO_MANY_CHANGES",
            Text(
                f"Một đề án có nhiều nhất {CHANGES_MAX} thay đổi.",
                f"A plan has at most {CHANGES_MAX} changes.",
            ),
            field="changes",
        )
    for change in changes:
        list(change.founded())
    return {
        "title": require_words("title", title, 300),
        "planned_on": planned_on,
        "changes": changes,
        "document": optional_words("document", document),
    }
