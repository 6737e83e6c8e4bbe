"""Monthly and quarterly assessment of a followed person, from the first stage to the decision."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from domain.calendar import add_months
from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.errors import Finding, InvalidInput
from domain.judgment import Day, Judgment
from domain.personal import SEALED
from domain.record import optional_words
from domain.text import Text

_PERIOD: Final = re.compile(r"((?:19|20)\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))")


class Quality(StrEnum):
    """How the person does in one respect."""

    EXCELLENT = "EXCELLENT"
    GOOD = "GOOD"
    FAIR = "FAIR"
    WEAK = "WEAK"


class ProgressAssessed(CaseEntry):
    """The cell assessed the person for a month (`2023-04`) or a quarter (`2023-Q2`)."""

    TOPIC = "candidate.progress_assessed"
    MOVES_CASE = False
    period: str
    study_or_work: Quality
    character: Quality
    motive: Quality
    remark: Annotated[str | None, SEALED]
    measures: Annotated[str | None, SEALED]

    def take(self, case: Case) -> None:
        """Every assessment is kept."""
        case.assessments.append(self)


def assess_progress(
    candidate: Candidate,
    day: Day,
    *,
    period: str,
    study_or_work: Quality,
    character: Quality,
    motive: Quality,
    remark: str | None = None,
    measures: str | None = None,
) -> list[Finding]:
    """Assess the person for a month (`2023-04`) or a quarter (`2023-Q2`), once for each."""
    judged = Judgment(day)
    case = candidate.require(judged, "identified")
    candidate.require_none(case.decided)
    if _first_day(period) > day.on:
        raise _invalid_period(period)
    same = [held for held in candidate.facts().assessments if held.period == period]
    candidate.require_none(same[0] if same else None)
    return candidate.record(
        ProgressAssessed,
        judged,
        period=period,
        study_or_work=study_or_work,
        character=character,
        motive=motive,
        remark=optional_words("remark", remark, 2000),
        measures=optional_words("measures", measures, 2000),
    )


def missing_assessments(case: Case, day: date) -> list[str]:
    """The months and quarters that ended before a day without the assessment due, oldest first.

    Due are all that began after the identification, up to the decision or the end of the pursuit.
    Source: domain sheet, R003-10.
    """
    assert case.identified is not None
    ends = (case.decided, case.ended, case.died, case.ceremony)
    until = min([day, *(end.effective_on for end in ends if end is not None)])
    held = {assessment.period for assessment in case.assessments}
    since = case.identified.effective_on
    return [period for period in _periods_between(since, until) if period not in held]


def _periods_between(since: date, until: date) -> Iterator[str]:
    month = since.replace(day=1)
    if since.day > 1:
        month = add_months(month, 1)
    quarter_whole = 0
    while add_months(month, 1) <= until:
        quarter_whole = 1 if month.month % 3 == 1 else quarter_whole and quarter_whole + 1
        yield f"{month:%Y-%m}"
        if month.month % 3 == 0 and quarter_whole:
            yield f"{month.year}-Q{month.month // 3}"
        month = add_months(month, 1)


def _first_day(period: str) -> date:
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise _invalid_period(period)
    year, month, quarter = found.groups()
    return date(int(year), int(month) if month else 3 * int(quarter) - 2, 1)


def _invalid_period(period: str) -> InvalidInput:
    return InvalidInput(
        "INVALID_PERIOD",
        Text(
            f"Kỳ “{period[:20]}” phải là tháng (2023-04) hoặc quý (2023-Q2) đã bắt đầu.",
            f"“{period[:20]}” must be a month (2023-04) or a quarter (2023-Q2) that has begun.",
        ),
        field="period",
    )
