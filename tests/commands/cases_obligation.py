"""The commands about obligations."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.commands.cases import TENANT, Case, Run
from tests.commands.cases_document import REGISTERED
from tests.commands.memory import COMMITTEE, DISTRICT

from commands.obligation import (
    Owner,
    approve_submission,
    consolidate_obligations,
    excuse_obligation,
    follow_up_obligation,
    impose_obligations,
    interpret_deadline,
    remind_obligations,
    report_none,
    return_submission,
    submit_obligation,
    urge_obligations,
    withdraw_obligations,
)
from domain.access import Role
from domain.obligation import Demand, ObligationKind
from domain.urging import FollowUp, Trigger

DEMAND = Demand(
    kind=ObligationKind.PLAN,
    title="Kế hoạch tạo nguồn",
    condition="còn nguồn quần chúng ưu tú",
    deadline="trước ngày 15/02/2024",
)
IMPOSED = Case(
    impose_obligations,
    {"organization": DISTRICT, "demand": DEMAND, "owners": (Owner(organization=COMMITTEE),)},
    date(2024, 1, 8),
    Role.CELL,
    {"owners": ()},
    "COUNT_OUT_OF_RANGE",
)


def _step(  # noqa: PLR0913 (what one case consists of)
    run: Run,
    wrong: dict[str, Any],
    code: str,
    *,
    forbidden: Role = Role.CELL,
    before: tuple[Case, ...] = (IMPOSED,),
    joint: bool = False,
    **fields: object,
) -> Case:
    """A command about the imposed obligation."""
    place = {"tenant_id": TENANT, "subjects" if joint else "subject": None}
    return Case(run, {**place, **fields}, date(2024, 1, 9), forbidden, wrong, code, before)


SUBMITTED = _step(
    submit_obligation,
    {"named": None},
    "NOTHING_SUBMITTED",
    forbidden=Role.STANDING,
    named="Kế hoạch số 12-KH/ĐU",
)
OBLIGATION_CASES = [
    IMPOSED,
    SUBMITTED,
    _step(
        interpret_deadline,
        {"due": date(2024, 1, 7)},
        "DEADLINE_IMPOSSIBLE",
        joint=True,
        due=date(2024, 2, 15),
        inclusive=False,
        by="Ban Tổ chức Huyện ủy",
        reason="Văn bản ghi “trước ngày”",
    ),
    _step(
        report_none,
        {"occurrence": "2024"},
        "UNKNOWN_OCCURRENCE",
        forbidden=Role.STANDING,
        reason="Không còn nguồn",
    ),
    _step(
        follow_up_obligation,
        {"by": " "},
        "INVALID_TEXT",
        forbidden=Role.STANDING,
        kind=FollowUp.SELF_CHECK,
        by="Đảng ủy xã",
        result="Đã rà soát",
    ),
    _step(
        return_submission,
        {"reasons": ()},
        "NO_REASON",
        before=(IMPOSED, SUBMITTED),
        reasons=("Thiếu chỉ tiêu nhiệm kỳ",),
    ),
    _step(
        approve_submission,
        {"occurrence": "2024"},
        "DUTY_OUT_OF_ORDER",
        before=(IMPOSED, SUBMITTED),
    ),
    _step(excuse_obligation, {"reason": " "}, "INVALID_TEXT", reason="Mới thành lập"),
    _step(withdraw_obligations, {"reason": " "}, "INVALID_TEXT", joint=True, reason="Giao nhầm"),
    _step(
        consolidate_obligations,
        {"occurrence": "2024"},
        "NOTHING_TO_CONSOLIDATE",
        before=(IMPOSED, SUBMITTED),
        joint=True,
    ),
    _step(
        remind_obligations,
        {"subjects": ()},
        "COUNT_OUT_OF_RANGE",
        joint=True,
        trigger=Trigger.DUE_SOON,
    ),
    _step(
        urge_obligations,
        {"note": " "},
        "INVALID_TEXT",
        before=(REGISTERED, IMPOSED),
        joint=True,
        trigger=Trigger.OVERDUE,
        document=UUID(int=0),
    ),
]
