"""Guidance (hướng dẫn, tháo gỡ vướng mắc): what a unit asks the boards above, and their answers."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.document import Document
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.record import CreatedEntry, Entry, Record, Voided, require_words
from domain.text import Text


class GuidanceRequested(CreatedEntry):
    """A unit met a difficulty and asks; `lead` is the board that leads the answer."""

    TOPIC = "guidance.requested"
    question: str
    lead: str


class GuidanceGiven(Entry):
    """A board answered; the last answer counts."""

    TOPIC = "guidance.given"
    by: str
    answer: str
    document: UUID | None


class GuidanceEntryVoided(Voided):
    """An entry about the guidance was never true."""

    TOPIC = "guidance.entry_voided"
    reason: str


class Guidance(Record):
    """One question and its answers; `organization_id` is the unit that asks."""

    voided_entry: ClassVar[type[Voided]] = GuidanceEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy vướng mắc.", "There is no such question.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def request(
        cls, record_id: UUID, day: Day, place: OrganizationRef, *, question: str, lead: str
    ) -> Self:
        """Ask the boards above, or record what they tell unasked as a question of theirs."""
        return cls._create(
            GuidanceRequested,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            question=require_words("question", question, 4000),
            lead=require_words("lead", lead, 300),
        )

    @property
    def requested(self) -> GuidanceRequested:
        """What was asked."""
        return self.latest(GuidanceRequested)


def give_guidance(
    guidance: Guidance,
    day: Day,
    *,
    by: str,
    answer: str,
    document: Annotated[UUID, Document] | None = None,
) -> None:
    """Answer, by a board; the document is the one that guides, if there is one."""
    guidance.enter(
        GuidanceGiven,
        day.on,
        by=require_words("by", by, 300),
        answer=require_words("answer", answer, 4000),
        document=document,
    )
