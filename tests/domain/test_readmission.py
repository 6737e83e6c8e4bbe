"""A second procedure of a former member is opened once at a time."""

from datetime import date

from tests.domain import membership as member
from tests.domain.case_steps import withdrawn
from tests.domain.steps import Given, Step, ceremony, given, path

from domain.readmission import ReadmissionOpened


def struck_off(*more: Step) -> Given:
    """A name struck off on 1 March 2024."""
    return given(*path(ceremony), member.striking_off_proposed(), member.struck_off(), *more)


def test_who_withdrew_may_come_again_on_the_same_day() -> None:
    """What was opened and given up is over."""
    day = date(2027, 3, 1)

    struck_off(member.readmission_opened(day), withdrawn(day)).when(
        member.readmission_opened(day)
    ).then(ReadmissionOpened)


def test_nothing_is_opened_before_what_was_opened_later() -> None:
    """Given procedures of March, given up in April, and of June, then May has no place for one."""
    march, april = date(2027, 3, 1), date(2027, 4, 1)
    start = struck_off(
        member.readmission_opened(march),
        withdrawn(april),
        member.readmission_opened(date(2027, 6, 1)),
    )

    start.when(member.readmission_opened(date(2027, 5, 4))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
