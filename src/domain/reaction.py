"""Reactions to results: commendation, reward, criticism, rectification, and ranking in emulation.

A board proposes, the standing committee decides.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.activity import Activity
from domain.document import Document
from domain.errors import Conflict
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.period import optional_period
from domain.personal import SEALED
from domain.record import CreatedEntry, Entry, Record, Voided, optional_words, require_words
from domain.text import Text


class ReactionKind(StrEnum):
    """What is done about a result (domain sheet, E.4)."""

    COMMENDATION = "COMMENDATION"
    REWARD = "REWARD"
    CRITICISM = "CRITICISM"
    RECTIFICATION = "RECTIFICATION"
    RANKING = "RANKING"


class Occasion(StrEnum):
    """When: at the end of a year, or at any time by a theme."""

    YEARLY = "YEARLY"
    AD_HOC = "AD_HOC"


class ReactionProposed(CreatedEntry):
    """A board proposes a reaction to an organization, or to a person of it (`person`, `office`)."""

    TOPIC = "reaction.proposed"
    kind: ReactionKind
    occasion: Occasion
    proposed_by: str
    ground: str
    period: str | None
    theme: str | None
    rank: str | None
    office: str | None
    activity: UUID | None
    person: Annotated[str | None, SEALED]


class ReactionDecided(Entry):
    """The standing committee agreed, or did not."""

    TOPIC = "reaction.decided"
    agreed: bool
    decided_by: str
    document: UUID | None
    decision_number: str | None
    rank: str | None


class ReactionEntryVoided(Voided):
    """An entry about the reaction was never true."""

    TOPIC = "reaction.entry_voided"
    reason: Annotated[str, SEALED]


class Reaction(Record):
    """One reaction; `organization_id` is whose result it answers."""

    voided_entry: ClassVar[type[Voided]] = ReactionEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy đề nghị này.", "There is no such reaction.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def propose(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        kind: ReactionKind,
        occasion: Occasion,
        proposed_by: str,
        ground: str,
        period: str | None = None,
        theme: str | None = None,
        rank: str | None = None,
        office: str | None = None,
        person: str | None = None,
        activity: Annotated[UUID, Activity] | None = None,
    ) -> Self:
        """Propose to commend, reward, criticize, rectify or rank an organization or a person of it.

        `activity` is the review or conference that it comes from, `rank` the proposed level of
        emulation.
        """
        return cls._create(
            ReactionProposed,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            kind=kind,
            occasion=occasion,
            proposed_by=require_words("proposedBy", proposed_by, 300),
            ground=require_words("ground", ground, 2000),
            period=optional_period("period", period),
            theme=optional_words("theme", theme, 300),
            rank=optional_words("rank", rank, 100),
            office=optional_words("office", office),
            activity=activity,
            person=optional_words("person", person),
        )

    @property
    def proposed(self) -> ReactionProposed:
        """What is proposed."""
        return self.latest(ReactionProposed)

    def decided(self, on: date | None = None) -> ReactionDecided | None:
        """What was decided by a day, if it was."""
        entries = [each for each in self.live(on) if isinstance(each, ReactionDecided)]
        return entries[-1] if entries else None


def decide_reaction(
    reaction: Reaction,
    day: Day,
    *,
    agreed: bool,
    decided_by: str,
    document: Annotated[UUID, Document] | None = None,
    decision_number: str | None = None,
    rank: str | None = None,
) -> None:
    """Record what the competent committee decided on a proposal; once.

    Raises Conflict for a proposal that is decided already.
    """
    if reaction.decided() is not None:
        raise Conflict(
            "REACTION_DECIDED",
            Text("Đề nghị này đã được quyết định.", "The proposal is decided already."),
            field="reaction",
        )
    reaction.enter(
        ReactionDecided,
        day.on,
        agreed=agreed,
        decided_by=require_words("decidedBy", decided_by, 300),
        document=document,
        decision_number=optional_words("decisionNumber", decision_number, 100),
        rank=optional_words("rank", rank, 100) or reaction.proposed.rank,
    )
