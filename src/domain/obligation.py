"""Obligations: what an organization or a body of it owes, to whom, since when.

How a deadline is understood, what is handed in and where a duty stands have modules of their own.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.document import Document
from domain.errors import Conflict
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.period import optional_period
from domain.record import (
    CreatedEntry,
    Entry,
    Record,
    Voided,
    optional_words,
    record_not_found,
    require_words,
)
from domain.recurrence import Recurrence
from domain.text import Text
from domain.words import words_of


class ObligationKind(StrEnum):
    """What is owed; the title says it in words."""

    PLAN = "PLAN"
    REPORT = "REPORT"
    PROGRAM = "PROGRAM"
    TASK = "TASK"
    EVALUATION = "EVALUATION"
    MEETING = "MEETING"
    OTHER = "OTHER"


class Part(StrEnum):
    """What a submission may have to contain."""

    SITUATION = "SITUATION"
    PARENT = "PARENT"
    TASKS = "TASKS"
    MEASURES = "MEASURES"
    MILESTONES = "MILESTONES"
    FIGURES = "FIGURES"
    YEAR_TARGET = "YEAR_TARGET"
    TERM_TARGET = "TERM_TARGET"
    CELLS = "CELLS"
    RESULTS = "RESULTS"
    LESSONS = "LESSONS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is asked of everybody alike.

    `deadline` is the text as written, also an impossible one; none is possible. `condition` says
    who owes it at all (“organizations that still have a source”); `period` is a year or a term.
    """

    kind: ObligationKind
    title: str
    document: Annotated[UUID, Document] | None = None
    addressee: str | None = None
    via: str | None = None
    lead: str | None = None
    coworkers: tuple[str, ...] = ()
    period: str | None = None
    condition: str | None = None
    deadline: str | None = None
    recurrence: Recurrence | None = None
    required: frozenset[Part] = frozenset()


class ObligationImposed(CreatedEntry):
    """A duty was imposed. `organization_id` owes it, or its `body`.

    `directive` is the same for all that were imposed together.
    """

    TOPIC = "obligation.imposed"
    imposed_by: UUID
    directive: UUID
    body: str | None
    kind: ObligationKind
    title: str
    document: UUID | None
    addressee: str | None
    via: str | None
    lead: str | None
    coworkers: tuple[str, ...]
    period: str | None
    condition: str | None
    deadline: str | None
    recurrence: Recurrence | None
    required: frozenset[Part]


class Standing(StrEnum):
    """Where a duty stands. Lateness is beside it."""

    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    NONE_REPORTED = "NONE_REPORTED"
    EXCUSED = "EXCUSED"
    WITHDRAWN = "WITHDRAWN"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self in (Standing.OPEN, Standing.RETURNED)


class DutyEntry(Entry):
    """A step that changes where the duty stands.

    `occurrence` is the interval of a duty that returns, None else.
    """

    FROM: ClassVar[frozenset[Standing]]
    BECOMES: ClassVar[Standing]
    occurrence: str | None


class ObligationEntryVoided(Voided):
    """An entry about the obligation was never true."""

    TOPIC = "obligation.entry_voided"
    reason: str


class Obligation(Record):
    """One duty of one organization or body."""

    voided_entry: ClassVar[type[Voided]] = ObligationEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy nhiệm vụ.", "There is no such obligation.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def impose(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        imposed_by: UUID,
        directive: UUID,
        kind: ObligationKind,
        title: str,
        document: Annotated[UUID, Document] | None = None,
        body: str | None = None,
        addressee: str | None = None,
        via: str | None = None,
        lead: str | None = None,
        coworkers: tuple[str, ...] = (),
        period: str | None = None,
        condition: str | None = None,
        deadline: str | None = None,
        recurrence: Recurrence | None = None,
        required: frozenset[Part] = frozenset(),
    ) -> Self:
        """Impose a duty on one organization, or on a body of it; see `Demand` for the fields."""
        return cls._create(
            ObligationImposed,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            imposed_by=imposed_by,
            directive=directive,
            body=optional_words("body", body, 300),
            kind=kind,
            title=require_words("title", title, 500),
            document=document,
            addressee=optional_words("addressee", addressee, 300),
            via=optional_words("via", via, 300),
            lead=optional_words("lead", lead, 300),
            coworkers=words_of("coworkers", coworkers, 300),
            period=optional_period("period", period),
            condition=optional_words("condition", condition, 500),
            deadline=optional_words("deadline", deadline, 300),
            recurrence=recurrence,
            required=required,
        )

    @property
    def imposed(self) -> ObligationImposed:
        """How it was imposed. Raises NotFound when that was voided without another."""
        found = [each for each in self.live() if isinstance(each, ObligationImposed)]
        if not found:
            raise record_not_found(Obligation)
        return found[-1]

    def standings(self, until: date | None = None) -> dict[str | None, Standing]:
        """Where each occurrence stands that anything was recorded of by a day.

        What returns without an interval may be handed in again and again; a withdrawn duty stands
        under None for all occurrences. Raises Conflict for a step that does not fit the one before.
        """
        free = self.imposed.recurrence is not None
        found: dict[str | None, Standing] = {}
        for entry in self.live(until):
            if not isinstance(entry, DutyEntry):
                continue
            before = found.get(entry.occurrence, Standing.OPEN)
            ended = found.get(None) is Standing.WITHDRAWN
            if ended or (before not in entry.FROM and not (free and entry.occurrence is None)):
                raise _out_of_order(entry, Standing.WITHDRAWN if ended else before)
            found[entry.occurrence] = entry.BECOMES
        return found

    def require_sound(self) -> None:
        """Raises Conflict when a step does not fit the one before it."""
        if self.live():
            self.standings()

    def take(self, kind: type[DutyEntry], day: Day, /, **values: object) -> None:
        """Record a step that fits those before it and after it. Raises Conflict."""
        self.enter(kind, day.on, **values)
        self.require_sound()


def _out_of_order(entry: DutyEntry, before: Standing) -> Conflict:
    return Conflict(
        "DUTY_OUT_OF_ORDER",
        Text(
            f"Nhiệm vụ đang ở trạng thái {before}, không thể chuyển sang {entry.BECOMES}.",
            f"The duty is {before} and cannot become {entry.BECOMES}.",
        ),
        field="obligation",
    )
