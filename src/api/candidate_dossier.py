"""The dossier of a case, its papers and what each body made of it, as GraphQL types."""

from datetime import date

import strawberry

from api.scalars import (
    IntroducingUnion,
    OpinionSource,
    PaperState,
    ReturnedTo,
    Schooling,
    Stage,
)
from domain.case import Case, CaseEntry
from domain.paper import Checked
from domain.record import Entry


@strawberry.type(
    description="A paper of the check-list; `formCode` by the guidance in force on the "
    "paper's day, on the asked day for a missing one."
)
class Paper:
    code: str
    title: str
    form_code: str | None
    dated_on: date | None
    state: PaperState


@strawberry.type
class Introduction:
    number: int
    introducer_name: str | None
    introducer_official_since: date
    worked_together_since: date
    given_on: date


@strawberry.type
class UnionResolution:
    union: IntroducingUnion
    resolution_number: str | None
    given_on: date


@strawberry.type
class Opinions:
    source: OpinionSource
    asked: int | None
    in_favor: int | None
    document_number: str | None
    collected_on: date


@strawberry.type
class VettingLetter:
    sent_on: date
    document_number: str | None
    replies_expected: int


@strawberry.type
class VettingReply:
    received_on: date
    document_number: str | None


@strawberry.type(description="Papers, introductions and opinions; empty before there is a dossier.")
class Dossier:
    papers: list[Paper]
    schooling: Schooling | None
    history_stamped_on: date | None
    introductions: list[Introduction]
    union_resolution: UnionResolution | None
    opinions: list[Opinions]
    vetting_letters: list[VettingLetter]
    vetting_replies: list[VettingReply]


@strawberry.type
class SectionalAppraisal:
    agrees: bool
    document_number: str | None
    given_on: date


@strawberry.type
class GrassrootsResolution:
    resolution_number: str | None
    committee_members: int | None
    committee_in_favor: int | None
    adopted_on: date


@strawberry.type
class DossierReturn:
    to: ReturnedTo
    defects: list[str] | None
    papers: list[str] = strawberry.field(description="Those of the check-list that they concern.")
    letter_number: str | None
    returned_on: date


@strawberry.type
class DecisionTermExtension:
    working_days: int
    document_number: str | None
    extended_on: date


@strawberry.type(description="What the bodies made of the proposal, beside the cell's votes.")
class Review:
    tally_confirmed_on: date | None
    sectional_appraisal: SectionalAppraisal | None
    grassroots_resolution: GrassrootsResolution | None
    returned: DossierReturn | None
    extension: DecisionTermExtension | None


@strawberry.type(description="How a pursuit ended that led to no membership.")
class Ending:
    outcome: Stage
    ended_on: date
    reason: str | None
    document_number: str | None


def dossier(case: Case, checked: list[Checked], language: str) -> Dossier:
    """The dossier with its check-list."""
    return Dossier(
        papers=[_paper(each, language) for each in checked],
        schooling=case.history.schooling if case.history else None,
        history_stamped_on=_day(case.stamped),
        introductions=[
            Introduction(
                number=fact.originator_version,
                introducer_name=fact.introducer_name,
                introducer_official_since=fact.introducer_official_since,
                worked_together_since=fact.worked_together_since,
                given_on=fact.effective_on,
            )
            for fact in case.introductions
        ],
        union_resolution=_union_resolution(case),
        opinions=[
            Opinions(
                source=fact.source,
                asked=fact.asked,
                in_favor=fact.in_favor,
                document_number=fact.document_number,
                collected_on=fact.effective_on,
            )
            for fact in case.opinions
        ],
        vetting_letters=[
            VettingLetter(
                sent_on=fact.effective_on,
                document_number=fact.document_number,
                replies_expected=fact.replies_expected,
            )
            for fact in case.vetting_requests
        ],
        vetting_replies=[
            VettingReply(received_on=fact.effective_on, document_number=fact.document_number)
            for fact in case.vetting_replies
        ],
    )


def _day(fact: Entry | None) -> date | None:
    return fact.effective_on if fact is not None else None


def _paper(each: Checked, language: str) -> Paper:
    form = each.form
    return Paper(
        code=each.paper.code,
        title=each.paper.title.in_language(language),
        form_code=form.code if form else None,
        dated_on=each.dated_on,
        state=each.state,
    )


def _union_resolution(case: Case) -> UnionResolution | None:
    fact = case.union_resolution
    if fact is None:
        return None
    return UnionResolution(
        union=fact.union, resolution_number=fact.resolution_number, given_on=fact.effective_on
    )


def review(case: Case) -> Review:
    """What stands of the review."""
    return Review(
        tally_confirmed_on=_day(case.tally),
        sectional_appraisal=_appraisal(case),
        grassroots_resolution=_resolution(case),
        returned=_returned(case),
        extension=_extension(case),
    )


def _appraisal(case: Case) -> SectionalAppraisal | None:
    fact = case.appraisal
    if fact is None:
        return None
    return SectionalAppraisal(
        agrees=fact.agrees, document_number=fact.document_number, given_on=fact.effective_on
    )


def _resolution(case: Case) -> GrassrootsResolution | None:
    fact = case.resolution
    if fact is None:
        return None
    return GrassrootsResolution(
        resolution_number=fact.resolution_number,
        committee_members=fact.committee_members,
        committee_in_favor=fact.committee_in_favor,
        adopted_on=fact.effective_on,
    )


def _returned(case: Case) -> DossierReturn | None:
    fact = case.returned
    if fact is None:
        return None
    return DossierReturn(
        to=fact.to,
        defects=None if fact.defects is None else list(fact.defects),
        papers=list(fact.papers),
        letter_number=fact.letter_number,
        returned_on=fact.effective_on,
    )


def _extension(case: Case) -> DecisionTermExtension | None:
    fact = case.extended
    if fact is None:
        return None
    return DecisionTermExtension(
        working_days=fact.working_days,
        document_number=fact.document_number,
        extended_on=fact.effective_on,
    )


_DOCUMENTS = ("document_number", "resolution_number", "notice_number", "letter_number")


def ending(case: Case) -> Ending | None:
    """How the last pursuit ended, unless another has begun; death before anything else."""
    fact: CaseEntry | None = case.died or case.struck_off or case.ended
    if fact is None or fact.OUTCOME is None:
        return None
    numbers = (getattr(fact, name, None) for name in (*_DOCUMENTS, "decision_number"))
    return Ending(
        outcome=fact.OUTCOME,
        ended_on=fact.effective_on,
        reason=getattr(fact, "reason", None),
        document_number=next((number for number in numbers if number is not None), None),
    )
