"""Dossiers that the organization board lays before the monthly conference together."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.candidate import Candidate
from domain.errors import InvalidInput
from domain.judgment import Day, Judgment, out_of_range
from domain.organization import OrganizationRef
from domain.record import CreatedEntry, Record, Voided, optional_words, require_words
from domain.text import Text

DOSSIERS_MAX = 100


class DocketMatter(StrEnum):
    """What the conference is asked for."""

    ADMIT = "ADMIT"
    RECOGNIZE = "RECOGNIZE"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One person's dossier, and what is asked for."""

    matter: DocketMatter
    candidate: Annotated[UUID, Candidate]


class DocketLaid(CreatedEntry):
    """Dossiers were submitted together for the conference of `meets_on`."""

    TOPIC = "docket.laid"
    body: str
    letter_number: str | None
    meets_on: date
    dossiers: tuple[Dossier, ...]


class DocketEntryVoided(Voided):
    """An entry about the docket was never true."""

    TOPIC = "docket.entry_voided"
    reason: str


class Docket(Record):
    """The dossiers laid before one conference by one letter."""

    voided_entry: ClassVar[type[Voided]] = DocketEntryVoided
    missing: ClassVar[Text] = Text(
        "Không tìm thấy danh sách hồ sơ trình họp.", "There is no such docket."
    )
    LISTED: ClassVar[bool] = True

    @classmethod
    def lay(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        body: str,
        meets_on: date,
        dossiers: tuple[Dossier, ...],
        letter_number: str | None = None,
    ) -> Self:
        """Lay dossiers before the conference of a day, which has not been yet.

        Raises InvalidInput for none or too many, and for one twice.
        """
        last = date(day.on.year + 1, 12, 31)
        if not day.on <= meets_on <= last:
            raise out_of_range("meetsOn", day.on, last)
        if not 1 <= len(dossiers) <= DOSSIERS_MAX or len(set(dossiers)) < len(dossiers):
            raise InvalidInput(
                "INVALID_DOSSIERS",
                Text(
                    f"Mỗi lần trình từ 1 đến {DOSSIERS_MAX} hồ sơ, mỗi hồ sơ một lần.",
                    f"Lay 1 to {DOSSIERS_MAX} dossiers, each once.",
                ),
                field="dossiers",
            )
        return cls._create(
            DocketLaid,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            body=require_words("body", body, 200),
            letter_number=optional_words("letterNumber", letter_number, 100),
            meets_on=meets_on,
            dossiers=dossiers,
        )

    @property
    def laid(self) -> DocketLaid:
        """What was laid before the conference."""
        return self.latest(DocketLaid)


def require_ready(candidate: Candidate, day: Day, matter: DocketMatter, meets_on: date) -> None:
    """Passes for a dossier that the conference can decide on its day.

    Raises RuleViolated before the dossier is submitted, or for a probation that still lasts then
    (T11); Conflict for what is decided already.
    """
    judged = Judgment(day)
    if matter is DocketMatter.ADMIT:
        case = candidate.require(judged, "submitted")
        candidate.require_none(case.decided)
        return
    case = candidate.require(judged, "ceremony")
    candidate.require_none(case.recognized)
    assert case.ceremony is not None
    if meets_on < case.ceremony.probation_ends_on:
        judged.breach("T11", at="meetsOn", day=case.ceremony.probation_ends_on)
