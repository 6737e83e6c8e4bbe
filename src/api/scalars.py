"""Scalars, enums (the domain's own.

Registered here) and the small inputs that many fields share.
"""

from datetime import UTC, date, datetime
from typing import NewType

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from domain import period
from domain.activity import ActivityKind
from domain.assessment import Quality
from domain.awareness_class import ClassOutcome
from domain.body import BodyKind
from domain.calendar import VIETNAM
from domain.case import Stage, VettingConclusion
from domain.change import ChangeKind
from domain.characteristic import Aspect
from domain.closing import ClosingStatus
from domain.course import CourseState
from domain.deciding import DecidingBody
from domain.discipline import DisciplinaryMeasure
from domain.docket import DocketMatter
from domain.document import DocumentKind, RecipientPurpose, Relation
from domain.dossier import Schooling
from domain.due_kind import DueKind
from domain.errors import InvalidInput
from domain.gap import Gap
from domain.grading import AssessmentForm, Grade
from domain.groups import Sex
from domain.introduction import IntroducingUnion, OpinionSource
from domain.meeting import MeetingKind
from domain.obligation import ObligationKind, Part, Standing
from domain.organization_kind import Level, OrganizationKind
from domain.paper import PaperState
from domain.period import Period
from domain.probation_duty import Assessed, AssessmentInterval, DutyKind
from domain.procedure import Effect, GroundKind
from domain.ranking import Review
from domain.reaction import Occasion, ReactionKind
from domain.recommendation import Recommender
from domain.recurrence import Recurrence
from domain.reorganization_entry import Leg as ReorganizationLeg
from domain.reorganization_entry import ReorganizationState
from domain.schedule import CourseKind
from domain.sitting import SittingMatter
from domain.submission import ReturnedTo
from domain.target import CountingDate, TargetBasis
from domain.text import Text
from domain.transfer import TransferState
from domain.urging import FollowUp, Trigger
from domain.vetting import VettingStatus
from eventstore import position
from projections import basis, receipt
from projections.bridge_part import BridgePart
from projections.figures import SourceWarning
from projections.ranking_input import Ranked

__all__ = [
    "Aspect",
    "Assessed",
    "AssessmentInterval",
    "At",
    "BasisToken",
    "BodyKind",
    "BridgePart",
    "ChangeKind",
    "ClassOutcome",
    "ClosingStatus",
    "CountingDate",
    "DateRangeInput",
    "DecidingBody",
    "DisciplinaryMeasure",
    "DueKind",
    "DutyKind",
    "Effect",
    "Gap",
    "GroundKind",
    "IntroducingUnion",
    "Level",
    "OpinionSource",
    "OrganizationKind",
    "PaperState",
    "PeriodInput",
    "Position",
    "Quality",
    "Ranked",
    "Recommender",
    "ReorganizationLeg",
    "ReorganizationState",
    "ReturnedTo",
    "Review",
    "Schooling",
    "Sex",
    "SourceWarning",
    "Stage",
    "TargetBasis",
    "TransferState",
    "VettingConclusion",
    "VettingStatus",
    "as_at",
    "as_period",
    "config",
]
_ALONE = Text(
    "Cơ sở số liệu (basis) không đi cùng thời điểm nào khác.",
    "A basis stands alone: it says all of its days and positions itself.",
)

Position = NewType("Position", position.Position)
POSITION: ScalarDefinition = strawberry.scalar(
    name="Position",
    description="How far somebody has seen the log. Opaque; for a province it covers all its "
    "tenants.",
    serialize=lambda value: value.encode(),
    parse_value=position.Position.decode,
)

BasisToken = NewType("BasisToken", receipt.Receipt)
BASIS_TOKEN: ScalarDefinition = strawberry.scalar(
    name="BasisToken",
    description="What a figure rested on. Opaque; `at: {basis: …}` asks for the same figure again.",
    serialize=lambda value: value.encode(),
    parse_value=receipt.Receipt.decode,
)

for _closed_set in (
    Aspect,
    BodyKind,
    BridgePart,
    DecidingBody,
    ChangeKind,
    Level,
    OrganizationKind,
    ReorganizationLeg,
    ReorganizationState,
    TargetBasis,
    CountingDate,
    Stage,
    Sex,
    VettingConclusion,
    DocumentKind,
    RecipientPurpose,
    Relation,
    ActivityKind,
    ReactionKind,
    Occasion,
    VettingStatus,
    Quality,
    Recommender,
    ClassOutcome,
    Schooling,
    IntroducingUnion,
    OpinionSource,
    PaperState,
    ReturnedTo,
    Gap,
    ClosingStatus,
    SourceWarning,
    TransferState,
    CourseKind,
    CourseState,
    AssessmentForm,
    Grade,
    MeetingKind,
    SittingMatter,
    DocketMatter,
    DueKind,
    ObligationKind,
    Recurrence,
    Standing,
    Trigger,
    FollowUp,
    DutyKind,
    AssessmentInterval,
    Assessed,
    DisciplinaryMeasure,
    GroundKind,
):
    strawberry.enum(_closed_set)
strawberry.enum(Part, name="SubmissionPart")
strawberry.enum(Effect, name="RuleEffect")
strawberry.enum(Ranked, name="RankedOrganizations")
strawberry.enum(Review, name="RankingReview")


def config() -> StrawberryConfig:
    """How Python types appear in the schema."""
    return StrawberryConfig(scalar_map={Position: POSITION, BasisToken: BASIS_TOKEN})


@strawberry.input(
    description="Three clocks: as of a day, as known at a time, in the organization tree of a day. "
    "`after` waits until the answer contains a position. A time without a zone is Vietnam's. "
    "`basis` stands alone: what it was given out for is answered with the same digits."
)
class At:
    effective: date | None = None
    known: datetime | None = None
    tree: date | None = None
    after: Position | None = None
    basis: BasisToken | None = None


def as_at(given: At | None) -> basis.At:
    """The clocks of a query; a time without a zone is Vietnam's.

    Raises InvalidInput for a time that has no place in UTC, or a basis beside something else.
    """
    if given is None:
        return basis.At()
    if given.basis is not None:
        if (given.effective, given.known, given.tree, given.after) != (None,) * 4:
            raise receipt.InvalidBasis("BASIS_STANDS_ALONE", _ALONE)
        return basis.At(effective=given.basis.effective, basis=given.basis)
    known = given.known
    if known is not None and known.tzinfo is None:
        known = known.replace(tzinfo=VIETNAM)
    if known is not None:
        try:
            known = known.astimezone(UTC)
        except OverflowError:
            raise InvalidInput(
                "TIME_OUT_OF_RANGE",
                Text("Thời điểm ngoài phạm vi.", "The time is out of range."),
                field="at.known",
            ) from None
    return basis.At(given.effective, known, given.tree, given.after)


@strawberry.input(description="First and last day, both included.")
class DateRangeInput:
    first: date
    last: date


@strawberry.input(
    one_of=True, description="A year, a congress term such as 2020-2025, or a range of days."
)
class PeriodInput:
    year: strawberry.Maybe[int]
    term: strawberry.Maybe[str]
    range: strawberry.Maybe[DateRangeInput]


def as_period(given: PeriodInput, term_starts_on: date | None = None) -> Period:
    """The period of an input, a term from its own first day where that is given.

    Raises InvalidInput for one that does not exist, or a first day of something else than a term.
    """
    if given.term is not None:
        return period.term(given.term.value, term_starts_on)
    if term_starts_on is not None:
        raise InvalidInput(
            "NOT_A_TERM",
            Text("Chỉ nhiệm kỳ mới có ngày đại hội.", "Only a term begins on a congress day."),
            field="termStartsOn",
        )
    if given.year is not None:
        return period.year(given.year.value)
    assert given.range is not None
    return period.days(given.range.value.first, given.range.value.last)
