"""Steps of a membership for `steps.given`: the usual case was decided on 3 July 2023.

Its ceremony was held on 20 July 2023, so the probation ends on 20 July 2024.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.domain.steps import Step, Taken

from domain import (
    discipline,
    ending,
    probation,
    probation_duty,
    readmission,
    recognition,
    striking_off,
)
from domain.discipline import DisciplinaryMeasure
from domain.probation_duty import Assessed, AssessmentInterval, DutyKind

ENDS = date(2024, 7, 20)


def at(step: Callable[..., object], day: date, **fields: Any) -> Step:  # noqa: ANN401
    """A step on a day."""
    return Taken(step, day, fields)


def received(day: date = date(2023, 7, 7)) -> Step:
    return at(probation.receive_decision, day)


def consented(day: date = date(2023, 8, 21), number: str = "7-CV/HU") -> Step:
    return at(probation.consent_to_late_ceremony, day, consent_number=number)


def revoked(day: date = date(2023, 7, 10)) -> Step:
    return at(ending.revoke_decision, day, reason="Sai tiêu chuẩn", decision_number="50-QĐ/HU")


def task(day: date = date(2023, 8, 1), kind: DutyKind = DutyKind.TASK) -> Step:
    return at(probation_duty.give_probation_task, day, content="Phụ trách tổ dân vận", kind=kind)


def task_done(day: date = date(2023, 9, 1), number: int = 1) -> Step:
    return at(probation_duty.finish_probation_task, day, task=number)


def assessed(day: date = date(2023, 8, 31)) -> Step:
    return at(
        probation_duty.assess_probation,
        day,
        interval=AssessmentInterval.MONTH,
        assessed=Assessed.GOOD,
        opinion="Hoàn thành tốt",
    )


def new_member_class(day: date = date(2023, 11, 3)) -> Step:
    return at(
        probation_duty.complete_new_member_class, day, certificate_number="31/ĐVM", grade="Giỏi"
    )


def history_file(day: date = date(2023, 8, 1)) -> Step:
    return at(probation_duty.complete_history_file, day)


def paper(code: str, day: date = date(2024, 7, 1)) -> Step:
    return at(recognition.file_recognition_paper, day, paper=code)


def self_review(day: date = date(2024, 7, 1)) -> Step:
    return paper("SELF_REVIEW", day)


def helper_remarks(day: date = date(2024, 7, 1)) -> Step:
    return paper("HELPER_REMARKS", day)


def opinions_filed(day: date = date(2024, 7, 1)) -> Step:
    return paper("OPINIONS", day)


def papers(day: date = date(2024, 7, 1)) -> list[Step]:
    return [paper(code, day) for code in ("SELF_REVIEW", "HELPER_REMARKS", "OPINIONS")]


def recognition_vote(day: date = date(2024, 8, 1), in_favor: int = 9, official: int = 9) -> Step:
    return at(
        recognition.record_recognition_vote, day, official_members=official, in_favor=in_favor
    )


def recognition_returned(day: date = date(2024, 8, 5), *lacking: str) -> Step:
    return at(recognition.return_recognition, day, lacking=lacking or ("OPINIONS",))


def recognition_refused(day: date = date(2024, 8, 6)) -> Step:
    return at(recognition.refuse_recognition, day, decision_number="8-TB/HU")


def recognized_by_vote(day: date = date(2024, 8, 20)) -> Step:
    return at(recognition.recognize_full_member, day, decision_number="60-QĐ/HU")


def disciplined(
    day: date = date(2023, 10, 2), measure: DisciplinaryMeasure = DisciplinaryMeasure.WARNING
) -> Step:
    return at(discipline.discipline, day, measure=measure, decision_number="3-QĐ/ĐU")


def striking_off_proposed(
    day: date = date(2024, 2, 1),
    in_favor: int = 9,
    ground: str = "NO_ACTIVITY",
    official: int = 9,
) -> Step:
    return at(
        striking_off.propose_striking_off,
        day,
        ground=ground,
        official_members=official,
        in_favor=in_favor,
    )


def struck_off(day: date = date(2024, 3, 1)) -> Step:
    return at(striking_off.strike_off, day, decision_number="12-QĐ/HU")


def died(day: date = date(2023, 12, 1)) -> Step:
    return at(ending.record_death, day)


def readmission_opened(
    day: date = date(2027, 3, 1),
    left: date = date(2024, 3, 1),
    departure: str = "STRUCK_OFF",
    consent: str | None = "99-CV/TU",
    cleared: date | None = None,
) -> Step:
    return at(
        readmission.open_readmission,
        day,
        departure=departure,
        left_on=left,
        consent_number=consent,
        record_cleared_on=cleared,
    )
