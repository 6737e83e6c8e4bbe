"""The commands about activities, defects, guidance and reactions."""

from datetime import date
from typing import Any

from tests.commands.cases import TENANT, Case, Run
from tests.commands.memory import CELL, COMMITTEE

from commands.activity import hold_activity, replicate_activity, review_activity
from commands.defect import close_defect, note_defect, remind_of_defect
from commands.guidance import give_guidance, request_guidance
from commands.reaction import decide_reaction, propose_reaction
from domain.access import Role
from domain.activity import ActivityKind
from domain.reaction import Occasion, ReactionKind

DAY = date(2024, 1, 9)
HELD = Case(
    hold_activity,
    {"organization": COMMITTEE, "kind": ActivityKind.MODEL, "title": "Mô hình mới"},
    DAY,
    Role.STANDING,
    {"groups": ("NOBODY",)},
    "UNKNOWN_GROUP",
)
NOTED = Case(
    note_defect,
    {"organization": COMMITTEE, "found_by": "Ủy ban Kiểm tra", "what": "Thiếu biên bản"},
    DAY,
    Role.GRASSROOTS,
    {"rule": "T99"},
    "UNKNOWN_RULE",
)
ASKED = Case(
    request_guidance,
    {"organization": CELL, "question": "Thiếu đảng viên?", "lead": "Ban Tổ chức"},
    DAY,
    Role.STANDING,
    {"question": " "},
    "INVALID_TEXT",
)
PROPOSED = Case(
    propose_reaction,
    {
        "organization": COMMITTEE,
        "kind": ReactionKind.COMMENDATION,
        "occasion": Occasion.YEARLY,
        "proposed_by": "Ban Tổ chức",
        "ground": "Vượt chỉ tiêu",
    },
    DAY,
    Role.CELL,
    {"period": "hôm qua"},
    "UNKNOWN_PERIOD",
)


def _step(
    run: Run, before: Case, forbidden: Role, wrong: dict[str, Any], code: str, **fields: object
) -> Case:
    place = {"tenant_id": TENANT, "subject": None}
    return Case(run, {**place, **fields}, DAY, forbidden, wrong, code, (before,))


BLANK = "INVALID_TEXT"
RECORD_CASES = [
    HELD,
    _step(review_activity, HELD, Role.STANDING, {"results": " "}, BLANK, results="Tốt"),
    _step(replicate_activity, HELD, Role.STANDING, {"note": " "}, BLANK, at=CELL),
    NOTED,
    _step(remind_of_defect, NOTED, Role.CELL, {"by": " "}, BLANK, by="Ủy ban Kiểm tra"),
    _step(close_defect, NOTED, Role.CELL, {"outcome": " "}, BLANK, outcome="Đã sửa"),
    ASKED,
    _step(
        give_guidance,
        ASKED,
        Role.CELL,
        {"answer": " "},
        BLANK,
        by="Ban Tổ chức",
        answer="Ghép chi bộ",
    ),
    PROPOSED,
    _step(
        decide_reaction,
        PROPOSED,
        Role.GRASSROOTS,
        {"decided_by": " "},
        BLANK,
        agreed=True,
        decided_by="Ban Thường vụ",
    ),
]
