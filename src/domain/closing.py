"""Closing the figures of a period (chốt số liệu): one record an organization and period.

Closed figures are what was counted on a day, as known then; a fact that comes later changes what is
counted now, never them. Counting itself is not here.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.errors import Conflict
from domain.period import Period
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Taken,
    optional_words,
    require_words,
)
from domain.text import Text

_NAMESPACE = uuid5(NAMESPACE_URL, "nguon:closing")


class ClosingStatus(StrEnum):
    """Where the figures of a period stand."""

    CLOSED = "CLOSED"
    SUBMITTED = "SUBMITTED"
    REOPENED = "REOPENED"


@dataclass(frozen=True, slots=True)
class ClosedFigure:
    """Admissions of everybody (no group) or of one group, by either day that counts."""

    group: str | None
    decisions: int
    ceremonies: int


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the log of one tenant was counted."""

    tenant: int
    position: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a period, the days that were counted, and what they rest on."""

    first: date
    last: date
    figures: tuple[ClosedFigure, ...]
    seen: tuple[Seen, ...]


class FiguresClosed(CreatedEntry):
    """The figures of the period were closed as counted on that day.

    `period_first` and `period_last` are the days of the period for this organization, whose own
    congress begins its term. `figures` has a `group` (null for everybody) and its admissions by
    `decisions` and by `ceremonies`; `seen` says by `tenant` up to which `position` was counted.
    """

    TOPIC = "closing.closed"
    period: str
    period_first: date
    period_last: date
    figures: tuple[ClosedFigure, ...]
    seen: tuple[Seen, ...]
    document: str | None


class FiguresSubmitted(Entry):
    """The closed figures went to the level above."""

    TOPIC = "closing.submitted"
    superior: str
    document: str


class FiguresReopened(Entry):
    """The figures are open again; what was closed stays readable."""

    TOPIC = "closing.reopened"
    reopened_by: str
    reason: str
    document: str | None


class Closing(Record):
    """The closing of one organization's figures of one period, however often."""

    missing: ClassVar[Text] = Text(
        "Số liệu kỳ này chưa chốt.", "The figures of this period are not closed."
    )
    taken: ClassVar[Taken] = Taken(
        "FIGURES_ALREADY_CLOSED",
        Text("Số liệu kỳ này đã chốt.", "The figures of this period are closed already."),
        "period",
    )

    @classmethod
    def close(
        cls,
        organization: UUID,
        period: Period,
        counted: Counted,
        *,
        on: date,
        document: str | None = None,
    ) -> Self:
        """The first closing of a period."""
        return cls._create(
            FiguresClosed,
            id=closing_id(organization, period),
            effective_on=on,
            organization_id=organization,
            **_closed(period, counted, document),
        )

    def close_again(
        self, period: Period, counted: Counted, *, on: date, document: str | None = None
    ) -> None:
        """Close figures that were reopened. Raises Conflict for others, and for a day before."""
        if self.status is not ClosingStatus.REOPENED:
            raise Conflict(self.taken.code, self.taken.text, field=self.taken.field)
        self._require_after(on)
        first = self.entries[0]
        assert isinstance(first, FiguresClosed)
        self.trigger_event(
            FiguresClosed,
            originator_topic=first.originator_topic,
            effective_on=on,
            organization_id=first.organization_id,
            **_closed(period, counted, document),
        )

    def submit(self, superior: str, *, on: date, document: str) -> None:
        """Submit closed figures to the level above, by its code. Raises Conflict."""
        if self.status is not ClosingStatus.CLOSED:
            raise _conflict(
                "FIGURES_NOT_CLOSED",
                "Số liệu chưa chốt hoặc đã nộp.",
                "The figures are not closed, or submitted already.",
            )
        self._require_after(on)
        self.trigger_event(
            FiguresSubmitted,
            effective_on=on,
            organization_id=self.organization_id,
            superior=superior,
            document=require_words("document", document, 200),
        )

    def reopen(
        self, reopened_by: str, *, on: date, reason: str, document: str | None = None
    ) -> None:
        """Open the figures again, by the organization of a code. Raises Conflict."""
        if self.status is ClosingStatus.REOPENED:
            raise _conflict(
                "FIGURES_NOT_CLOSED", "Số liệu đang mở.", "The figures are open already."
            )
        self._require_after(on)
        self.trigger_event(
            FiguresReopened,
            effective_on=on,
            organization_id=self.organization_id,
            reopened_by=reopened_by,
            reason=require_words("reason", reason, 2000),
            document=optional_words("document", document),
        )

    @property
    def status(self) -> ClosingStatus:
        """Where it stands."""
        match self.live()[-1]:
            case FiguresSubmitted():
                return ClosingStatus.SUBMITTED
            case FiguresReopened():
                return ClosingStatus.REOPENED
            case _:
                return ClosingStatus.CLOSED

    @property
    def is_submitted(self) -> bool:
        """Whether the level above has them."""
        return self.status is ClosingStatus.SUBMITTED

    @property
    def closed(self) -> FiguresClosed:
        """The last closing."""
        return self.latest(FiguresClosed)

    def _require_after(self, on: date) -> None:
        if on < self.live()[-1].effective_on:
            raise _conflict(
                "CLOSING_OUT_OF_ORDER",
                "Trước bước gần nhất của kỳ này.",
                "This is before the last step about the period.",
                field="occurredOn",
            )


def closing_id(organization: UUID, period: Period) -> UUID:
    """The identity of the closing of a period."""
    return uuid5(_NAMESPACE, f"{organization}/{period.name}")


def _closed(period: Period, counted: Counted, document: str | None) -> dict[str, object]:
    return {
        "period": period.name,
        "period_first": counted.first,
        "period_last": counted.last,
        "figures": counted.figures,
        "seen": counted.seen,
        "document": optional_words("document", document),
    }


def _conflict(code: str, vi: str, en: str, field: str = "period") -> Conflict:
    return Conflict(code, Text(vi, en), field=field)
