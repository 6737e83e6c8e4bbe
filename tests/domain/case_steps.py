"""The whole way of a case up to the ceremony, each step on its day and with all it stands on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from tests.domain.steps import Step, Taken

from domain import (
    admission,
    assessment,
    awareness_class,
    certificate,
    dossier,
    ending,
    introduction,
    probation,
    recommendation,
    review,
    submission,
    sympathizer,
    trial_task,
    vetting,
)
from domain.assessment import Quality
from domain.awareness_class import ClassOutcome
from domain.candidate import Candidate
from domain.case import VettingConclusion
from domain.dossier import Schooling
from domain.introduction import IntroducingUnion, OpinionSource
from domain.judgment import Day
from domain.procedure import rule_book
from domain.recommendation import Recommender
from domain.submission import ReturnedTo


def taken(decision: Callable[..., object], day: date, /, actor: str = "", **fields: Any) -> Taken:  # noqa: ANN401
    """A step on a day, recorded by somebody."""
    return Taken(decision, day, fields, actor or None)


def month(day: int, month: int = 3) -> date:
    """A day of 2023."""
    return date(2023, month, day)


GRADES = {"study_or_work": Quality.GOOD, "character": Quality.EXCELLENT, "motive": Quality.GOOD}
MEMBER: dict[str, Any] = {
    "introducer_name": "Trần Văn Giúp",
    "introducer_official_since": date(2015, 1, 1),
    "worked_together_since": date(2020, 1, 1),
}


def recommended(day: date = date(2023, 3, 2)) -> Step:
    by = Recommender.YOUTH_UNION
    return taken(recommendation.recommend_person, day, recommended_by=by, organization_name="Đoàn")


def helper(day: date = date(2023, 3, 10), since: date = date(2015, 1, 1)) -> Step:
    return taken(
        sympathizer.assign_helper, day, helper_name="Trần Văn Giúp", helper_official_since=since
    )


def listed(day: date = date(2023, 3, 15)) -> Step:
    return taken(sympathizer.list_sympathizer, day)


def confirmed(day: date = date(2023, 3, 20)) -> Step:
    return taken(sympathizer.confirm_sympathizer, day)


def assessed(day: date = date(2023, 3, 31), period: str = "2023-03") -> Step:
    return taken(assessment.assess_progress, day, period=period, **GRADES)


def task(day: date = date(2023, 3, 16)) -> Step:
    return taken(trial_task.assign_trial_task, day, description="Vận động bà con", due_on=day)


def task_closed(day: date = date(2023, 3, 17), number: int = 1) -> Step:
    return taken(trial_task.close_trial_task, day, task=number, fulfilled=True)


def proposed(day: date = date(2023, 3, 22)) -> Step:
    return taken(awareness_class.propose_for_class, day)


def agreed(day: date = date(2023, 3, 24)) -> Step:
    return taken(awareness_class.agree_to_class, day, list_number="2")


def enrolled(day: date = date(2023, 3, 27)) -> Step:
    return taken(awareness_class.enroll_in_class, day, class_name="Lớp 1/2023")


def not_passed(day: date = date(2023, 3, 30), outcome: ClassOutcome = ClassOutcome.FAILED) -> Step:
    return taken(awareness_class.record_class_failure, day, outcome=outcome)


def certified(day: date = date(2023, 4, 3)) -> Step:
    return taken(certificate.record_certificate, day, number="12/2023")


def opened(day: date = date(2023, 5, 4)) -> Step:
    return taken(dossier.open_dossier, day)


def applied(day: date = date(2023, 5, 5)) -> Step:
    return taken(dossier.submit_application, day, written_on=day)


def declared(
    day: date = date(2023, 5, 6), schooling: Schooling = Schooling.UPPER_SECONDARY
) -> Step:
    return taken(dossier.declare_history, day, written_on=day, schooling=schooling)


def stamped(day: date = date(2023, 5, 8), pages: int = 12) -> Step:
    return taken(dossier.stamp_history, day, pages=pages)


def requested(day: date = date(2023, 5, 9), replies: int = 2) -> Step:
    return taken(vetting.request_vetting, day, replies_expected=replies)


def replied(day: date = date(2023, 5, 15)) -> Step:
    return taken(vetting.record_vetting_reply, day)


def replied_again(day: date = date(2023, 5, 20)) -> Step:
    return taken(vetting.record_vetting_reply, day)


def vetted(
    day: date = date(2023, 6, 1), conclusion: VettingConclusion = VettingConclusion.ELIGIBLE
) -> Step:
    return taken(vetting.conclude_vetting, day, actor="vetter", conclusion=conclusion)


def reopened(day: date = date(2023, 6, 4)) -> Step:
    return taken(vetting.reopen_vetting, day)


def introduced(day: date = date(2023, 6, 2), **other: Any) -> Step:  # noqa: ANN401
    return taken(introduction.give_introduction, day, **{**MEMBER, **other})


def introducer_replaced(day: date = date(2023, 6, 4), number: int = 0) -> Step:
    """Of the introduction of a number, or of the first one there is."""

    def step(case: Candidate) -> object:
        given = case.facts().introductions
        found = number or (given[0].originator_version if given else 99)
        fields = {**MEMBER, "introducer_name": "Lê Thị Mới", "worked_together_since": day}
        make = taken(
            introduction.replace_introducer, day, introduction=found, reason="Chuyển", **fields
        )
        return make(case)

    return step


def union_resolved(day: date = date(2023, 6, 2)) -> Step:
    return taken(introduction.record_union_resolution, day, union=IntroducingUnion.YOUTH_UNION)


def opinions(
    day: date = date(2023, 6, 3),
    source: OpinionSource = OpinionSource.ORGANIZATIONS,
    in_favor: int = 5,
) -> Step:
    return taken(introduction.collect_opinions, day, source=source, asked=5, in_favor=in_favor)


def residence(day: date = date(2023, 6, 3)) -> Step:
    return opinions(day, OpinionSource.RESIDENCE)


def voted(day: date = date(2023, 6, 5), official: int = 9, in_favor: int = 9) -> Step:
    return taken(
        admission.record_cell_vote,
        day,
        actor="teller",
        official_members=official,
        in_favor=in_favor,
    )


def tally(day: date = date(2023, 6, 6), actor: str = "grassroots", in_favor: int = 9) -> Taken:
    return taken(review.confirm_vote_tally, day, actor=actor, official_members=9, in_favor=in_favor)


def appraised(day: date = date(2023, 6, 8)) -> Step:
    return taken(review.give_sectional_appraisal, day, agrees=True)


def resolved(day: date = date(2023, 6, 12)) -> Step:
    return taken(review.adopt_grassroots_resolution, day)


def proposal_refused(day: date = date(2023, 6, 7)) -> Step:
    return taken(review.refuse_proposal, day, reason="Chưa đạt")


def resolution_refused(day: date = date(2023, 6, 12)) -> Step:
    return taken(review.refuse_grassroots_resolution, day, reason="Chưa đạt")


def submitted(day: date = date(2023, 6, 20)) -> Step:
    return taken(admission.submit_dossier, day)


def returned(day: date = date(2023, 6, 22), to: ReturnedTo = ReturnedTo.CELL) -> Step:
    return taken(submission.return_dossier, day, to=to, defects=("Thiếu dấu",))


def extended(day: date = date(2023, 6, 23), working_days: int = 30) -> Step:
    return taken(
        submission.extend_decision_term, day, working_days=working_days, reason="Chờ xác minh"
    )


def refused(day: date = date(2023, 6, 26)) -> Step:
    return taken(submission.refuse_admission, day, reason="Chưa đạt", notice_number="3-TB/HU")


def decided(day: date = date(2023, 7, 3), actor: str = "board", **more: Any) -> Step:  # noqa: ANN401
    return taken(
        admission.decide_admission, day, actor=actor, **{"decision_number": "45-QĐ/HU", **more}
    )


def authorized(
    day: date = date(2023, 7, 3),
    members: int | None = 15,
    in_favor: int | None = 10,
    *,
    delegated: bool = True,
    number: str | None = "1-QĐ/HU",
) -> Step:
    """The grassroots committee decides, where that is delegated to it on the day."""

    def step(case: Candidate) -> object:
        cell = replace(case.cell_on(day), delegated=delegated)
        return admission.decide_admission(
            case,
            Day(day, rule_book(), "board", cell),
            decision_number="45-QĐ/HU",
            authorization_number=number,
            committee_members=members,
            committee_in_favor=in_favor,
        )

    return step


def ceremony(day: date = date(2023, 7, 20), consent: str | None = None) -> Step:
    return taken(probation.hold_ceremony, day, consent_number=consent)


def revoked(day: date = date(2023, 7, 10)) -> Step:
    return taken(ending.revoke_decision, day, reason="Sai tiêu chuẩn", decision_number="50-QĐ/HU")


def withdrawn(day: date = date(2023, 7, 11)) -> Step:
    return taken(ending.record_withdrawal, day, reason="Chuyển nơi ở")


def removed(day: date = date(2023, 6, 24)) -> Step:
    return taken(sympathizer.remove_sympathizer, day, reason="Không còn phấn đấu")


def died(day: date = date(2023, 7, 25)) -> Step:
    return taken(ending.record_death, day)


WAY: tuple[Callable[[], Step], ...] = (
    *(recommended, helper, listed, confirmed, proposed, agreed, enrolled, certified, opened),
    *(applied, declared, stamped, requested, replied, replied_again, vetted, introduced),
    *(union_resolved, opinions, residence, voted, tally, appraised, resolved, submitted),
    *(decided, ceremony),
)
"""Every step in its order, each recording one entry: the version of an entry is its place + 2."""


def way(before: Callable[..., Step]) -> list[Step]:
    """All steps before one."""
    return [make() for make in WAY[: WAY.index(before)]]


def version(step: Callable[..., Step]) -> int:
    """The version of the entry that a step of the way records."""
    return WAY.index(step) + 2
