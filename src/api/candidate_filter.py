"""The filter of a list of candidates: which of it a caller may ask, and what it means."""

from dataclasses import replace
from datetime import date

import strawberry

from api.access import may_read_all_vetting
from api.context import Info
from api.scalars import Gap, Recommender, Stage, VettingStatus
from domain import access, confidential
from domain.access import Action
from domain.procedure import RuleBook
from projections.candidate_card import Wanted


@strawberry.input(
    description="An empty list means all. `gap`: people for whom something is left to do."
)
class CandidateFilter:
    stages: list[Stage] | None = None
    group: str | None = None
    gap: Gap | None = None
    vetting: list[VettingStatus] | None = None
    recommended_by: Recommender | None = None


def permitted(info: Info, given: CandidateFilter) -> CandidateFilter:
    """The filter as the caller may ask it: a stage of the vetting is none of its own for some.

    Raises NotPermitted for a filter by what the caller may not see.
    """
    if may_read_all_vetting(info.context):
        return given
    stages = set(given.stages or ())
    if given.vetting or given.gap is Gap.DOSSIER_INCOMPLETE or stages & confidential.STAGES:
        access.require(info.context.actor.role, Action.READ_VETTING)
    if Stage.DOSSIER_OPEN in stages:
        stages |= confidential.STAGES
    return replace(given, stages=sorted(stages))


def wanted(rules: RuleBook, given: CandidateFilter, day: date) -> Wanted:
    """Which people the list is of on a day."""
    return Wanted(
        stages=frozenset(given.stages or ()),
        group=given.group,
        gap=given.gap,
        vetting=frozenset(given.vetting or ()),
        recommended_by=given.recommended_by,
        paper_months=paper_months(rules, day),
    )


def paper_months(rules: RuleBook, day: date) -> int:
    """How many months a paper is good (T5)."""
    return rules.on("T5", day).parameters["months"]
