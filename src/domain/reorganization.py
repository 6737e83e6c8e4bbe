"""A reorganization: one plan of changes to organizations, carried out as a whole or not at all.

What each change does stands in `restructuring`. A province's plan is carried out tenant by tenant;
how far that has come, the plan's own record tells.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Final, Self
from uuid import UUID

from domain.candidate import Candidate
from domain.change import Change, ChangeKind, require_several
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.record import Entry, Record, optional_words, require_words
from domain.reorganization_entry import (
    Executed,
    Leg,
    ReorganizationAdvanced,
    ReorganizationDecided,
    ReorganizationDrafted,
    ReorganizationExecuted,
    ReorganizationReversalDecided,
    ReorganizationReversed,
    ReorganizationRevised,
    ReorganizationState,
)
from domain.text import Text

__all__ = [
    "Executed",
    "Leg",
    "ReorganizationDrafted",
    "ReorganizationState",
]
CHANGES_MAX: Final = 2_000


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
        return next(
            (_STATES[type(entry)] for entry in reversed(self.entries) if type(entry) in _STATES),
            ReorganizationState.DRAFT,
        )

    @property
    def decided(self) -> ReorganizationDecided | None:
        """That the province decided it, of a plan for several tenants."""
        return next((e for e in self.entries if isinstance(e, ReorganizationDecided)), None)

    def done(self, leg: Leg) -> frozenset[str]:
        """The tenants that a leg was taken in, since the last decision."""
        found: set[str] = set()
        for entry in self.entries:
            if isinstance(entry, ReorganizationDecided | ReorganizationReversalDecided):
                found = set()
            elif isinstance(entry, ReorganizationAdvanced) and entry.leg is leg:
                found.add(entry.tenant)
        return frozenset(found)

    def advance(self, tenant: str, leg: Leg) -> None:
        """A leg was taken in a tenant."""
        self.enter(ReorganizationAdvanced, self.plan.planned_on, tenant=tenant, leg=leg)

    def complete(self) -> None:
        """Every tenant has recorded what there was to record."""
        if self.state is ReorganizationState.UNDER_WAY:
            document = self.latest(ReorganizationDecided).document
            self.enter(ReorganizationExecuted, self.plan.planned_on, recorded=(), document=document)
            return
        decided = self.latest(ReorganizationReversalDecided)
        self.enter(ReorganizationReversed, decided.effective_on, reason=decided.reason)

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
    _require_planned_day(reorganization, day)
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


def decide_reorganization(reorganization: Reorganization, day: Day, *, document: str) -> None:
    """Decide a plan that concerns several tenants."""
    reorganization.require_state(ReorganizationState.DRAFT)
    _require_planned_day(reorganization, day)
    reorganization.enter(
        ReorganizationDecided,
        day.on,
        document=require_words("document", document, 200),
        decided_by=day.actor,
    )


def decide_reversal(reorganization: Reorganization, day: Day, *, reason: str) -> None:
    """Decide to take a plan for several tenants back, even before all of them carried it out."""
    if reorganization.state is not ReorganizationState.UNDER_WAY:
        reorganization.require_state(ReorganizationState.EXECUTED)
    reorganization.enter(
        ReorganizationReversalDecided,
        day.on,
        reason=require_words("reason", reason, 2000),
        decided_by=day.actor,
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


def _require_planned_day(reorganization: Reorganization, day: Day) -> None:
    if day.on != reorganization.plan.planned_on:
        raise InvalidInput(
            "NOT_THE_PLANNED_DAY",
            Text(
                f"Đề án có hiệu lực ngày {reorganization.plan.planned_on:%d/%m/%Y}.",
                f"The plan takes effect on {reorganization.plan.planned_on}.",
            ),
            field="occurredOn",
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
        if change.kind is ChangeKind.HAND_OVER:
            change.destination()
    return {
        "title": require_words("title", title, 300),
        "planned_on": planned_on,
        "changes": changes,
        "document": optional_words("document", document),
    }


_STATES: Final[dict[type[Entry], ReorganizationState]] = {
    ReorganizationDecided: ReorganizationState.UNDER_WAY,
    ReorganizationExecuted: ReorganizationState.EXECUTED,
    ReorganizationReversalDecided: ReorganizationState.REVERSING,
    ReorganizationReversed: ReorganizationState.REVERSED,
}
