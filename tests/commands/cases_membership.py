"""The commands about a membership, for `test_every_command`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from commands.membership import (
    assess_probation,
    complete_history_file,
    complete_new_member_class,
    consent_to_late_ceremony,
    discipline_probationary_member,
    file_recognition_paper,
    finish_probation_task,
    give_probation_task,
    open_readmission,
    propose_striking_off,
    receive_decision,
    record_recognition_vote,
    refuse_recognition,
    return_recognition,
    strike_off,
)
from domain.access import Role
from domain.discipline import DisciplinaryMeasure
from domain.probation_duty import Assessed, AssessmentInterval

TODAY: Final = date(2029, 3, 1)
DUE: Final = date(2025, 1, 20)
OUT_OF_ORDER: Final = ({"on": date(2024, 1, 8)}, "STEP_OUT_OF_ORDER")
UNSAID: Final = ({"decision_number": " "}, "INVALID_TEXT")
VOTES: Final[dict[str, Any]] = {"official_members": 9, "in_favor": 8}
TOO_FEW: Final = ({"official_members": 2, "in_favor": 2}, "TOO_FEW_OFFICIAL_MEMBERS")


def membership_cases(case: Callable[..., Any], path: Sequence[Any]) -> list[Any]:
    """Each command with the steps that come before it; `case` makes one of a command."""
    *decided, _ = path
    first, second = date(2024, 2, 1), date(2024, 2, 2)
    task = case(
        give_probation_task,
        first,
        Role.STANDING,
        {"content": ""},
        "INVALID_TEXT",
        content="Phụ trách tổ",
    )
    vote = case(record_recognition_vote, DUE, Role.STANDING, *TOO_FEW, **VOTES)
    proposal = case(
        propose_striking_off,
        first,
        Role.STANDING,
        {"ground": "POEM"},
        "NO_GROUND_FOR_STRIKING_OFF",
        ground="NO_ACTIVITY",
        **VOTES,
    )
    strike = case(strike_off, second, Role.CELL, *UNSAID, decision_number="12")
    made = [
        (decided, case(receive_decision, date(2024, 1, 22), Role.STANDING, *OUT_OF_ORDER)),
        (
            decided,
            case(
                consent_to_late_ceremony,
                first,
                Role.CELL,
                {"consent_number": ""},
                "INVALID_TEXT",
                consent_number="7-CV/ĐU",
            ),
        ),
        (path, task),
        (
            [*path, task],
            case(
                finish_probation_task,
                second,
                Role.STANDING,
                {"task": 2},
                "TASK_NOT_FOUND",
                task=1,
            ),
        ),
        (
            path,
            case(
                assess_probation,
                first,
                Role.STANDING,
                *OUT_OF_ORDER,
                interval=AssessmentInterval.MONTH,
                assessed=Assessed.GOOD,
            ),
        ),
        (
            path,
            case(
                complete_new_member_class,
                first,
                Role.CELL,
                {"certificate_number": ""},
                "INVALID_TEXT",
                certificate_number="3/ĐVM",
            ),
        ),
        (path, case(complete_history_file, first, Role.CELL, *OUT_OF_ORDER)),
        (
            path,
            case(
                file_recognition_paper,
                first,
                Role.STANDING,
                {"paper": "POEM"},
                "UNKNOWN_PAPER",
                paper="SELF_REVIEW",
            ),
        ),
        (path, vote),
        (
            [*path, vote],
            case(
                return_recognition,
                DUE,
                Role.CELL,
                {"lacking": ("POEM",)},
                "UNKNOWN_PAPER",
                lacking=("OPINIONS",),
            ),
        ),
        ([*path, vote], case(refuse_recognition, DUE, Role.CELL, *UNSAID, decision_number="8")),
        (
            path,
            case(
                discipline_probationary_member,
                first,
                Role.STANDING,
                {"measure": DisciplinaryMeasure.EXPULSION},
                "MEASURE_NOT_FOR_PROBATIONARY",
                measure=DisciplinaryMeasure.WARNING,
                decision_number="3",
            ),
        ),
        (path, proposal),
        ([*path, proposal], strike),
        (
            [*path, proposal, strike],
            case(
                open_readmission,
                date(2027, 2, 2),
                Role.STANDING,
                {"departure": "CORRUPTION"},
                "READMISSION_EXCLUDED",
                departure="STRUCK_OFF",
                left_on=second,
                consent_number="99-CV/TU",
            ),
        ),
    ]
    return [replace(each, before=tuple(before), today=TODAY) for before, each in made]
