"""Defects (khuyết điểm, sai sót) that an inspection finds: noted, reminded of, closed."""

from datetime import date
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.candidate import Candidate
from domain.document import Document
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.record import CreatedEntry, Entry, Record, Voided, optional_words, require_words
from domain.text import Text


class DefectNoted(CreatedEntry):
    """A body found a defect at an organization, perhaps in one case."""

    TOPIC = "defect.noted"
    found_by: str
    what: str
    candidate: UUID | None
    rule: str | None
    remedy_until: date | None


class DefectReminded(Entry):
    """The organization was reminded of it."""

    TOPIC = "defect.reminded"
    by: str
    document: UUID | None
    note: str | None


class DefectClosed(Entry):
    """The defect is mended, or was none."""

    TOPIC = "defect.closed"
    outcome: str


class DefectEntryVoided(Voided):
    """An entry about the defect was never true."""

    TOPIC = "defect.entry_voided"
    reason: str


class Defect(Record):
    """One defect; `organization_id` is where it was found."""

    voided_entry: ClassVar[type[Voided]] = DefectEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy khuyết điểm.", "There is no such defect.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def note(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        found_by: str,
        what: str,
        candidate: Annotated[UUID, Candidate] | None = None,
        rule: str | None = None,
        remedy_until: date | None = None,
    ) -> Self:
        """Note a defect at an organization, by the body that found it. `what` names no person.

        `rule` is the id of a rule of procedure. Raises InvalidInput for an unknown one.
        """
        if rule is not None and rule not in day.rules.versions:
            raise InvalidInput(
                "UNKNOWN_RULE",
                Text(f"Không có quy tắc “{rule[:20]}”.", f"There is no rule “{rule[:20]}”."),
                field="rule",
            )
        return cls._create(
            DefectNoted,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            found_by=require_words("foundBy", found_by, 300),
            what=require_words("what", what, 2000),
            candidate=candidate,
            rule=rule,
            remedy_until=remedy_until,
        )

    @property
    def noted(self) -> DefectNoted:
        """How it was noted."""
        return self.latest(DefectNoted)

    def closed(self, on: date | None = None) -> DefectClosed | None:
        """How it was closed by a day, if it was."""
        entries = [each for each in self.live(on) if isinstance(each, DefectClosed)]
        return entries[-1] if entries else None


def remind_of_defect(
    defect: Defect,
    day: Day,
    *,
    by: str,
    document: Annotated[UUID, Document] | None = None,
    note: str | None = None,
) -> None:
    """Remind the organization of a defect that is still open. Raises Conflict for a closed one."""
    _require_open(defect)
    defect.enter(
        DefectReminded,
        day.on,
        by=require_words("by", by, 300),
        document=document,
        note=optional_words("note", note, 1000),
    )


def close_defect(defect: Defect, day: Day, *, outcome: str) -> None:
    """Record how the defect was mended, or that it was none. Raises Conflict for a closed one."""
    _require_open(defect)
    defect.enter(DefectClosed, day.on, outcome=require_words("outcome", outcome, 2000))


def _require_open(defect: Defect) -> None:
    closed = defect.closed()
    if closed is not None:
        raise Conflict(
            "DEFECT_CLOSED",
            Text(
                f"Khuyết điểm này đã xử lý xong ngày {closed.effective_on:%d/%m/%Y}.",
                f"The defect was closed on {closed.effective_on}.",
            ),
            field="defect",
        )
