"""The counts and days of a dossier's papers and of its vetting."""

from datetime import date

import pytest
from tests.domain import case_steps as full
from tests.domain.case_steps import month, taken, way
from tests.domain.steps import given

from domain.dossier import (
    PAGES_MAX,
    ApplicationSubmitted,
    HistoryDeclared,
    HistoryStamped,
    Schooling,
    declare_history,
    submit_application,
)
from domain.vetting import REPLIES_MAX, VettingReplyReceived, VettingRequested


def test_papers_are_not_of_the_future() -> None:
    """An application and a history are written by the day on which they are handed in."""
    day, later = month(5, 5), month(6, 5)
    schooling = Schooling.UPPER_SECONDARY
    start = given(*way(full.applied))

    start.when(taken(submit_application, day, written_on=later)).refused(
        "DATE_IN_FUTURE", field="writtenOn"
    )
    start.when(full.applied(day)).then(ApplicationSubmitted)
    start.when(taken(declare_history, day, written_on=later, schooling=schooling)).refused(
        "DATE_IN_FUTURE", field="writtenOn"
    )
    start.when(full.declared(day)).then(HistoryDeclared)


@pytest.mark.parametrize("pages", [1, PAGES_MAX])
def test_the_pages_of_a_history(pages: int) -> None:
    """From one page on."""
    given(*way(full.stamped)).when(full.stamped(pages=pages)).then(HistoryStamped)


def test_as_many_letters_as_may_be_sent() -> None:
    """Replies to all of them are expected."""
    given(*way(full.requested)).when(full.requested(replies=REPLIES_MAX)).then(VettingRequested)


def test_no_reply_comes_before_the_request() -> None:
    """Given letters of 9 May, then a reply that is entered for 8 May is wrong."""
    start = given(*way(full.replied))

    start.when(full.replied(date(2023, 5, 8))).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field="occurredOn"
    )
    start.when(full.replied(date(2023, 5, 9))).then(VettingReplyReceived)
