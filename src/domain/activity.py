"""Activities: training, education, propaganda, reviews, conferences, inspections, models, examples.

What was done, by whom, for whom, with which results; people are counted here, never named.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from domain.characteristic import require_characteristics
from domain.document import Document
from domain.errors import Conflict, InvalidInput
from domain.groups import require_group
from domain.judgment import Day
from domain.organization import OrganizationRef
from domain.period import optional_period
from domain.record import CreatedEntry, Entry, Record, Voided, optional_words, require_words
from domain.text import Text
from domain.words import words_of

PEOPLE_MAX = 1_000_000


class ActivityKind(StrEnum):
    """What kind of thing was done."""

    TRAINING = "TRAINING"
    EDUCATION = "EDUCATION"
    PROPAGANDA = "PROPAGANDA"
    EMULATION = "EMULATION"
    REVIEW = "REVIEW"
    CONFERENCE = "CONFERENCE"
    INSPECTION = "INSPECTION"
    SELF_CHECK = "SELF_CHECK"
    URGING = "URGING"
    MODEL = "MODEL"
    EXAMPLE = "EXAMPLE"
    RECONCILIATION = "RECONCILIATION"
    """The register of members was reconciled with the levels above and below (7-HSĐV, T21)."""
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participants:
    """How many people of a role took part or were reached: cell secretaries, pupils, members."""

    role: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many people a review found: of a group, of a kind of area, with a grade, or any of it."""

    count: int
    group: str | None = None
    area: str | None = None
    grade: str | None = None


class ActivityHeld(CreatedEntry):
    """Something was done. `organization_id` is whose it is, `body` which of its bodies did it."""

    TOPIC = "activity.held"
    kind: ActivityKind
    title: str
    body: str | None
    until: date | None
    period: str | None
    topics: tuple[str, ...]
    audience: tuple[Participants, ...]
    areas: tuple[str, ...]
    groups: tuple[str, ...]
    documents: tuple[UUID, ...]


class ActivityReviewed(Entry):
    """What came of it: what was found, learned, and is to be done."""

    TOPIC = "activity.reviewed"
    results: str
    lessons: str | None
    measures: tuple[str, ...]
    tallies: tuple[Tally, ...]


class ActivityReplicated(Entry):
    """A model or an example was taken up elsewhere."""

    TOPIC = "activity.replicated"
    at_organization_id: UUID
    note: str | None


class ActivityEntryVoided(Voided):
    """An entry about the activity was never true."""

    TOPIC = "activity.entry_voided"
    reason: str


class Activity(Record):
    """One activity."""

    voided_entry: ClassVar[type[Voided]] = ActivityEntryVoided
    missing: ClassVar[Text] = Text("Không tìm thấy hoạt động.", "There is no such activity.")
    LISTED: ClassVar[bool] = True

    @classmethod
    def hold(
        cls,
        record_id: UUID,
        day: Day,
        place: OrganizationRef,
        *,
        kind: ActivityKind,
        title: str,
        body: str | None = None,
        until: date | None = None,
        period: str | None = None,
        topics: tuple[str, ...] = (),
        audience: tuple[Participants, ...] = (),
        areas: tuple[str, ...] = (),
        groups: tuple[str, ...] = (),
        documents: tuple[Annotated[UUID, Document], ...] = (),
    ) -> Self:
        """Record something that was done, from its first day on; `until` is its last one.

        Raises InvalidInput for an unknown group or kind of area, and a last day before the first.
        """
        if until is not None and until < day.on:
            raise InvalidInput(
                "ENDS_BEFORE_IT_BEGINS",
                Text("Ngày kết thúc trước ngày bắt đầu.", "It ends before it begins."),
                field="until",
            )
        for group in groups:
            require_group(group, "groups")
        return cls._create(
            ActivityHeld,
            id=record_id,
            effective_on=day.on,
            organization_id=place.id,
            kind=kind,
            title=require_words("title", title, 500),
            body=optional_words("body", body),
            until=until,
            period=optional_period("period", period),
            topics=words_of("topics", topics),
            audience=tuple(_participants(each) for each in audience),
            areas=require_characteristics(areas, "areas"),
            groups=tuple(sorted(set(groups))),
            documents=documents,
        )

    @property
    def began(self) -> ActivityHeld:
        """What was done."""
        return self.latest(ActivityHeld)


def review_activity(
    activity: Activity,
    day: Day,
    *,
    results: str,
    lessons: str | None = None,
    measures: tuple[str, ...] = (),
    tallies: tuple[Tally, ...] = (),
) -> None:
    """Record what came of it: results, lessons, measures, and people counted by group or grade."""
    for each in tallies:
        require_group(each.group, "tallies.group")
        require_characteristics(() if each.area is None else (each.area,), "tallies.area")
    activity.enter(
        ActivityReviewed,
        day.on,
        results=require_words("results", results, 4000),
        lessons=optional_words("lessons", lessons, 4000),
        measures=words_of("measures", measures),
        tallies=tuple(
            Tally(
                count=_people("tallies.count", each.count),
                group=each.group,
                area=each.area,
                grade=optional_words("tallies.grade", each.grade, 50),
            )
            for each in tallies
        ),
    )


def replicate_activity(
    activity: Activity, day: Day, *, at: OrganizationRef, note: str | None = None
) -> None:
    """Record that another organization has taken up a model or an example.

    Raises InvalidInput for any other kind of activity, Conflict for a second time.
    """
    if activity.began.kind not in {ActivityKind.MODEL, ActivityKind.EXAMPLE}:
        raise InvalidInput(
            "NOT_A_MODEL",
            Text(
                "Chỉ mô hình hoặc điển hình mới được nhân rộng.",
                "Only a model or an example is replicated.",
            ),
            field="activity",
        )
    if any(
        isinstance(each, ActivityReplicated) and each.at_organization_id == at.id
        for each in activity.live()
    ):
        raise Conflict(
            "ALREADY_REPLICATED",
            Text("Đơn vị này đã nhân rộng.", "It is replicated there already."),
            field="at",
        )
    activity.enter(
        ActivityReplicated,
        day.on,
        at_organization_id=at.id,
        note=optional_words("note", note, 1000),
    )


def _participants(given: Participants) -> Participants:
    return Participants(
        role=require_words("audience.role", given.role, 200),
        count=_people("audience.count", given.count),
    )


def _people(field: str, count: int) -> int:
    if not 0 <= count <= PEOPLE_MAX:
        raise InvalidInput(
            "COUNT_OUT_OF_RANGE",
            Text(f"“{field}” phải từ 0 đến {PEOPLE_MAX}.", f"“{field}” must be 0 to {PEOPLE_MAX}."),
            field=field,
        )
    return count
