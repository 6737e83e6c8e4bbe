"""Deadlines: the words stay, people interpret them, and the last interpretation counts."""

from datetime import date
from typing import Any

import pytest
from tests.domain.obligations import IMPOSED_ON, imposed
from tests.domain.steps import on

from domain.deadline import (
    DAYS_AFTER_MAX,
    Due,
    interpret_deadline,
    interpretations,
    is_impossible,
    written_date,
)
from domain.duty import duties, require_occurrence
from domain.errors import InvalidInput
from domain.obligation import Obligation
from domain.recurrence import Recurrence

SAID: dict[str, Any] = {"by": "Ban Tổ chức Huyện ủy", "reason": "Công văn ban hành năm 2022"}
DAY = on(date(2022, 1, 12))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("trước ngày 15/02/2021", date(2021, 2, 15)),
        ("từ 01-3-2021 đến hết ngày 5.3.2021", date(2021, 3, 5)),
        ("trước ngày 30/02/2021", None),
        ("vào dịp sơ kết 6 tháng", None),
        (None, None),
    ],
)
def test_a_date_is_found_in_the_words(words: str | None, expected: date | None) -> None:
    """The last one that is written out and exists."""
    assert written_date(words) == expected


def test_a_deadline_before_the_letter_is_impossible() -> None:
    """And stays as it was written; a later one, or none, is not."""
    assert is_impossible(imposed())
    assert imposed().imposed.deadline == "trước ngày 15/02/2021"
    assert not is_impossible(imposed(deadline="trước ngày 15/02/2022"))
    assert not is_impossible(imposed(deadline=None))


def test_before_a_date_leaves_the_date_out() -> None:
    """“Trước ngày” is not “đến ngày”."""
    assert Due(date(2022, 2, 15), inclusive=False).last_day == date(2022, 2, 14)
    assert Due(date(2022, 2, 15), inclusive=True).last_day == date(2022, 2, 15)


def test_the_last_interpretation_by_a_day_counts() -> None:
    """The history is kept; before the first one nothing is due, and nobody is late."""
    plan = imposed()
    interpret_deadline(plan, DAY, due=date(2022, 2, 15), inclusive=False, **SAID)
    interpret_deadline(plan, on(date(2022, 2, 20)), due=date(2022, 2, 28), **SAID)

    assert duties(plan, IMPOSED_ON)[0].due is None
    assert duties(plan, date(2022, 2, 15))[0].is_late
    assert duties(plan, date(2022, 2, 20))[0].due == Due(date(2022, 2, 28), inclusive=True)
    assert not duties(plan, date(2022, 2, 28))[0].is_late
    assert len(interpretations(plan)) == 2


ONCE: dict[str, Any] = {"due": date(2022, 2, 15)}


@pytest.mark.parametrize(
    ("recurrence", "given", "code"),
    [
        (None, {}, "INVALID_DEADLINE"),
        (None, {**ONCE, "occurrence": "2022"}, "INVALID_DEADLINE"),
        (None, {**ONCE, "days": 5}, "INVALID_DEADLINE"),
        (None, {"due": date(2022, 1, 9)}, "DEADLINE_IMPOSSIBLE"),
        (None, {"due": IMPOSED_ON, "inclusive": False}, "DEADLINE_IMPOSSIBLE"),
        (None, {"due": date(1, 1, 1), "inclusive": False}, "DATE_TOO_EARLY"),
        (Recurrence.YEARLY, ONCE, "INVALID_DEADLINE"),
        (Recurrence.YEARLY, {}, "INVALID_DEADLINE"),
        (Recurrence.YEARLY, {**ONCE, "days": 3}, "INVALID_DEADLINE"),
        (Recurrence.YEARLY, {"days": DAYS_AFTER_MAX + 1}, "INVALID_DEADLINE"),
        (Recurrence.YEARLY, {**ONCE, "occurrence": "năm nay"}, "INVALID_DEADLINE"),
        (Recurrence.PERIODIC, {"every": Recurrence.PERIODIC}, "INVALID_DEADLINE"),
    ],
)
def test_what_does_not_fit_is_refused(
    recurrence: Recurrence | None, given: dict[str, Any], code: str
) -> None:
    """A single duty needs a date, a recurring one a rule or the date of one interval."""
    with pytest.raises(InvalidInput, match=code):
        interpret_deadline(imposed(recurrence=recurrence), DAY, **SAID, **given)


def reports(recurrence: Recurrence, **fields: Any) -> Obligation:  # noqa: ANN401 (the fields of the form)
    """A report that returns, without a date."""
    return imposed(recurrence=recurrence, deadline=None, **fields)


def test_an_interval_that_is_not_given_is_fixed_by_a_person() -> None:
    """“Định kỳ” has no occurrences until somebody says how often."""
    report = reports(Recurrence.PERIODIC)
    assert [each.occurrence for each in duties(report, date(2022, 7, 1))] == [None]

    interpret_deadline(report, DAY, every=Recurrence.QUARTERLY, days=10, **SAID)

    found = duties(report, date(2022, 7, 1))
    assert [each.occurrence for each in found] == ["2022-Q1", "2022-Q2", "2022-Q3"]
    assert found[0].due == Due(date(2022, 4, 10), inclusive=True)
    assert [each.is_late for each in found] == [True, False, False]


def test_the_occasion_of_a_review_gets_its_date_when_it_is_known() -> None:
    """Without a date a report on the occasion of a review is never late."""
    report = reports(Recurrence.SIX_MONTHS_AND_YEAR)
    assert not duties(report, date(2023, 3, 1))[0].is_late

    interpret_deadline(report, DAY, due=date(2022, 7, 8), occurrence="2022-H1", **SAID)

    half, year, _ = duties(report, date(2023, 3, 1))
    assert (half.is_late, half.due) == (True, Due(date(2022, 7, 8), inclusive=True))
    assert (year.is_late, year.due) == (False, None)


def test_a_month_ends_by_itself() -> None:
    """What is due every month is due by the month's last day."""
    report = reports(Recurrence.MONTHLY)

    january, february = duties(report, date(2022, 2, 3))
    assert (january.due, january.is_late) == (Due(date(2022, 1, 31), inclusive=True), True)
    assert (february.due, february.is_late) == (Due(date(2022, 2, 28), inclusive=True), False)


@pytest.mark.parametrize(
    ("rule", "period", "expected"),
    [
        (Recurrence.QUARTERLY, "2022", ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]),
        (Recurrence.QUARTERLY, "2015-2020", []),
        (Recurrence.YEARLY, "2020-2025", ["2022", "2023", "2024"]),
    ],
)
def test_a_duty_of_a_period_ends_with_it(
    rule: Recurrence, period: str, expected: list[str]
) -> None:
    """No occurrence lies outside the year or the term, nor in part."""
    report = reports(rule, period=period)

    assert [each.occurrence for each in duties(report, date(2030, 1, 1))] == expected


def test_a_duty_can_be_seen_ahead_and_not_before_it_was_imposed() -> None:
    """The next quarter within so many days."""
    report = reports(Recurrence.QUARTERLY)

    assert duties(report, date(2022, 1, 9)) == []
    assert [each.occurrence for each in duties(report, date(2022, 3, 30), ahead=2)] == [
        "2022-Q1",
        "2022-Q2",
    ]


def test_a_duty_without_a_period_is_seen_one_interval_ahead_at_most() -> None:
    """However many days are asked for; within its period it is seen to the end of that."""
    endless, of_year = reports(Recurrence.MONTHLY), reports(Recurrence.MONTHLY, period="2022")
    day = date(2022, 2, 28)

    assert [each.occurrence for each in duties(endless, day, ahead=366)] == [
        *("2022-01", "2022-02", "2022-03")
    ]
    assert len(duties(of_year, day, ahead=366)) == 12
    assert len(duties(endless, day)) == 2


@pytest.mark.parametrize(
    ("recurrence", "given", "code", "field"),
    [
        (None, {}, "INVALID_DEADLINE", "due"),
        (None, {**ONCE, "every": Recurrence.YEARLY}, "INVALID_DEADLINE", "due"),
        (None, {**ONCE, "occurrence": "2022"}, "INVALID_DEADLINE", "due"),
        (None, {"due": date(2022, 1, 9)}, "DEADLINE_IMPOSSIBLE", "due"),
        (None, {"due": date(1900, 1, 1)}, "DATE_TOO_EARLY", "due"),
        (Recurrence.YEARLY, ONCE, "INVALID_DEADLINE", "occurrence"),
        (Recurrence.YEARLY, {"occurrence": "2022"}, "INVALID_DEADLINE", "occurrence"),
        (Recurrence.YEARLY, {**ONCE, "days": 3}, "INVALID_DEADLINE", "due"),
        (Recurrence.YEARLY, {"days": 3, "occurrence": "2022"}, "INVALID_DEADLINE", "due"),
        (Recurrence.YEARLY, {"days": -1}, "INVALID_DEADLINE", "days"),
        (Recurrence.YEARLY, {"every": Recurrence.PERIODIC}, "INVALID_DEADLINE", "every"),
        (Recurrence.YEARLY, {**ONCE, "occurrence": "x"}, "INVALID_DEADLINE", "occurrence"),
        (None, {**ONCE, "by": " "}, "INVALID_TEXT", "by"),
        (None, {**ONCE, "by": "x" * 301}, "INVALID_TEXT", "by"),
        (None, {**ONCE, "reason": " "}, "INVALID_TEXT", "reason"),
        (None, {**ONCE, "reason": "x" * 2001}, "INVALID_TEXT", "reason"),
    ],
)
def test_the_field_that_does_not_fit_is_named(
    recurrence: Recurrence | None, given: dict[str, Any], code: str, field: str
) -> None:
    """Of the date, the rule, the interval, and who said it why."""
    with pytest.raises(InvalidInput) as refusal:
        interpret_deadline(imposed(recurrence=recurrence), DAY, **{**SAID, **given})

    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize(
    ("recurrence", "given"),
    [
        (None, {"due": IMPOSED_ON}),
        (None, {**ONCE, "by": "x" * 300, "reason": "x" * 2000}),
        (Recurrence.YEARLY, {"days": 0}),
        (Recurrence.YEARLY, {"days": DAYS_AFTER_MAX}),
        (Recurrence.YEARLY, {"every": Recurrence.QUARTERLY}),
    ],
)
def test_what_just_fits_is_taken(recurrence: Recurrence | None, given: dict[str, Any]) -> None:
    """The day of the letter itself, no days after an interval, the longest words."""
    duty = imposed(recurrence=recurrence)
    interpret_deadline(duty, DAY, **{**SAID, **given})

    assert len(interpretations(duty)) == 1


def test_a_deadline_on_the_day_of_the_letter_is_possible() -> None:
    """If only just."""
    assert not is_impossible(imposed(deadline=f"đến hết ngày {IMPOSED_ON:%d/%m/%Y}"))


def test_an_occurrence_that_is_not_there() -> None:
    """Nobody hands in for a year that the duty does not have yet."""
    with pytest.raises(InvalidInput) as refusal:
        require_occurrence(reports(Recurrence.YEARLY), date(2022, 7, 1), "2031")

    assert (refusal.value.code, refusal.value.field) == ("UNKNOWN_OCCURRENCE", "occurrence")
