"""The commands of a case up to the decision, as rows of the table in `test_every_command`.

Each says what must have been recorded before it, beside what the table's own path records.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.commands.cases import Before, Run

from commands import awareness_class, candidate, dossier, review, sympathizer
from domain.access import Role
from domain.assessment import Quality
from domain.awareness_class import ClassOutcome
from domain.dossier import Schooling
from domain.introduction import IntroducingUnion, OpinionSource
from domain.recommendation import Recommender
from domain.submission import ReturnedTo

VOTED = date(2024, 1, 16)
ONCE_IDENTIFIED, ONCE_LISTED, ONCE_OPEN, ONCE_VETTED, ONCE_VOTED, ONCE_SUBMITTED, ONCE_DECIDED = (
    *(1, 3, 5, 6, 7, 8, 9),
)
"""How many steps of the table's path come before a command."""
GRADES = {"study_or_work": Quality.GOOD, "character": Quality.GOOD, "motive": Quality.GOOD}
MEMBER = {
    "introducer_name": "Lê Thị Giới Thiệu",
    "introducer_official_since": date(2010, 1, 1),
    "worked_together_since": date(2020, 1, 1),
}
FAILED: Before = (
    candidate.record_cell_vote,
    date(2024, 1, 15),
    {"official_members": 9, "in_favor": 1},
)


@dataclass(frozen=True)
class Row:
    """A command, its day, a role that may not give it, what is refused and how, and its fields."""

    run: Run
    steps: int
    forbidden: Role
    fields: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=lambda: {"on": date(2024, 1, 1)})
    code: str = "STEP_OUT_OF_ORDER"
    before: tuple[Before, ...] = ()
    on: date = date(2024, 1, 25)


HISTORY: Before = (
    dossier.declare_history,
    date(2024, 1, 13),
    {"written_on": date(2024, 1, 12), "schooling": Schooling.COLLEGE},
)
NO_REASON: tuple[dict[str, Any], str] = ({"reason": " "}, "INVALID_TEXT")
CLASS = awareness_class
ROWS = (
    Row(
        sympathizer.recommend_person,
        ONCE_IDENTIFIED,
        Role.STANDING,
        {"recommended_by": Recommender.YOUTH_UNION},
    ),
    Row(
        sympathizer.assess_progress,
        ONCE_IDENTIFIED,
        Role.UNION,
        {"period": "2024-01", **GRADES},
        {"period": "2024-13"},
        "INVALID_PERIOD",
    ),
    Row(
        sympathizer.assign_trial_task,
        ONCE_IDENTIFIED,
        Role.UNION,
        {"description": "Vận động bà con"},
        {"due_on": date(2024, 1, 1)},
        "DUE_BEFORE_ASSIGNED",
    ),
    Row(
        sympathizer.close_trial_task,
        ONCE_IDENTIFIED,
        Role.UNION,
        {"task": 1, "fulfilled": True},
        {"task": 2},
        "TASK_NOT_FOUND",
        ((sympathizer.assign_trial_task, date(2024, 1, 9), {"description": "Trực Tết"}),),
    ),
    Row(sympathizer.confirm_sympathizer, ONCE_LISTED, Role.CELL),
    Row(CLASS.propose_for_class, ONCE_LISTED, Role.CLASSES),
    Row(
        CLASS.agree_to_class,
        ONCE_LISTED,
        Role.CELL,
        before=((CLASS.propose_for_class, date(2024, 1, 11), {}),),
    ),
    Row(CLASS.enroll_in_class, ONCE_LISTED, Role.CELL, {"class_name": "Lớp 1/2024"}),
    Row(
        CLASS.record_class_failure,
        ONCE_LISTED,
        Role.CELL,
        {"outcome": ClassOutcome.FAILED},
        before=((CLASS.enroll_in_class, date(2024, 1, 11), {"class_name": "Lớp 1/2024"}),),
    ),
    Row(
        candidate.revoke_recorded_certificate,
        4,
        Role.CELL,
        {"number": "1/2024", "document_number": "9-QĐ/TTCT", "reason": "Thi hộ"},
        {"number": "2/2024"},
        "NO_CERTIFICATE",
    ),
    Row(
        dossier.submit_application,
        ONCE_OPEN,
        Role.UNION,
        {"written_on": date(2024, 1, 20)},
        {"written_on": date(2024, 1, 26)},
        "DATE_IN_FUTURE",
    ),
    Row(dossier.declare_history, ONCE_OPEN, Role.UNION, HISTORY[2]),
    Row(
        dossier.stamp_history,
        ONCE_OPEN,
        Role.CELL,
        {"pages": 12},
        {"pages": 0},
        "COUNT_OUT_OF_RANGE",
        (HISTORY,),
    ),
    Row(
        dossier.request_vetting,
        ONCE_OPEN,
        Role.CELL,
        {"replies_expected": 2},
        {"replies_expected": 0},
        "COUNT_OUT_OF_RANGE",
    ),
    Row(
        dossier.record_vetting_reply,
        ONCE_OPEN,
        Role.CELL,
        before=((dossier.request_vetting, date(2024, 1, 13), {"replies_expected": 1}),),
    ),
    Row(dossier.reopen_vetting, ONCE_VETTED, Role.CELL),
    Row(
        dossier.give_introduction,
        ONCE_OPEN,
        Role.UNION,
        MEMBER,
        {"worked_together_since": date(2024, 1, 1)},
        "INTRODUCER_TOO_SHORT_TOGETHER",
    ),
    Row(
        dossier.replace_introducer,
        ONCE_OPEN,
        Role.UNION,
        {**MEMBER, "introduction": 6, "reason": "Chuyển công tác"},
        {"introduction": 5},
        "NO_SUCH_INTRODUCTION",
        ((dossier.give_introduction, date(2024, 1, 13), {**MEMBER, "introducer_name": "Vũ Mẫu"}),),
    ),
    Row(
        dossier.record_union_resolution,
        ONCE_OPEN,
        Role.STANDING,
        {"union": IntroducingUnion.YOUTH_UNION},
    ),
    Row(
        dossier.collect_opinions,
        ONCE_OPEN,
        Role.UNION,
        {"source": OpinionSource.RESIDENCE, "asked": 3, "in_favor": 3},
        {"in_favor": 4},
        "COUNT_OUT_OF_RANGE",
    ),
    Row(
        review.confirm_vote_tally,
        ONCE_VETTED,
        Role.CELL,
        {"official_members": 9, "in_favor": 8},
        {"in_favor": 7},
        "TALLY_DIFFERS",
        ((candidate.record_cell_vote, VOTED, {"official_members": 9, "in_favor": 8}),),
    ),
    Row(
        review.refuse_proposal,
        ONCE_VETTED,
        Role.UNION,
        {"reason": "Không đạt"},
        *NO_REASON,
        (FAILED,),
    ),
    Row(review.give_sectional_appraisal, ONCE_VOTED, Role.CELL, {"agrees": True}),
    Row(
        review.adopt_grassroots_resolution,
        ONCE_VOTED,
        Role.CELL,
        {},
        {"committee_members": 5, "committee_in_favor": 6},
        "COUNT_OUT_OF_RANGE",
    ),
    Row(
        review.refuse_grassroots_resolution,
        ONCE_VOTED,
        Role.CELL,
        {"reason": "Chưa đủ tiêu chuẩn"},
        *NO_REASON,
    ),
    Row(
        review.return_dossier,
        ONCE_SUBMITTED,
        Role.GRASSROOTS,
        {"to": ReturnedTo.CELL, "defects": ("Thiếu chữ ký",)},
        {"defects": ()},
        "COUNT_OUT_OF_RANGE",
    ),
    Row(
        review.extend_decision_term,
        ONCE_SUBMITTED,
        Role.GRASSROOTS,
        {"working_days": 30, "reason": "Chờ xác minh"},
        {"working_days": 31},
        "DECISION_EXTENSION_TOO_LONG",
    ),
    Row(
        review.refuse_admission,
        ONCE_SUBMITTED,
        Role.CELL,
        {"reason": "Chưa đủ tiêu chuẩn", "notice_number": "3-TB/HU"},
        *NO_REASON,
    ),
    Row(
        review.revoke_decision,
        ONCE_DECIDED,
        Role.GRASSROOTS,
        {"reason": "Sai tiêu chuẩn", "decision_number": "9-QĐ/HU"},
        *NO_REASON,
    ),
    Row(review.record_withdrawal, ONCE_LISTED, Role.UNION),
    Row(review.record_death, ONCE_IDENTIFIED, Role.UNION),
)
