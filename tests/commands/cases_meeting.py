"""The commands about meetings and what lies before them."""

from datetime import date

from tests.commands.cases import Case
from tests.commands.cases_course import candidate
from tests.commands.memory import CELL, DISTRICT, Memory

from commands.meeting import hold_meeting, lay_docket
from domain.access import Role
from domain.docket import DocketMatter, Dossier
from domain.meeting import AgendaItem, MeetingKind

MEETING_CASES = [
    Case(
        hold_meeting,
        {
            "organization": CELL,
            "kind": MeetingKind.CELL_MEETING,
            "members": 9,
            "present": 8,
            "absent": ("Đảng viên Vắng Mặt",),
            "agenda": (AgendaItem(text="Kế hoạch tạo nguồn năm 2024"),),
        },
        date(2024, 1, 8),
        Role.CLASSES,
        {"present": 10},
        "NUMBER_OUT_OF_RANGE",
    )
]


def _dossiers(memory: Memory) -> tuple[Dossier, ...]:
    return (Dossier(DocketMatter.ADMIT, candidate(memory)),)


def docket_case(submitted: list[Case]) -> Case:
    """Laying a dossier before the conference, after the steps up to its submission."""
    return Case(
        lay_docket,
        {
            "organization": DISTRICT,
            "body": "Ban Tổ chức",
            "meets_on": date(2024, 1, 25),
            "dossiers": _dossiers,
        },
        date(2024, 1, 18),
        Role.STANDING,
        {"meets_on": date(2024, 1, 17)},
        "DATE_OUT_OF_RANGE",
        tuple(submitted),
    )
