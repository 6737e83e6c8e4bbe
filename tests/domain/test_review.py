"""The tally that a second person confirms."""

from datetime import date
from typing import Any

import pytest
from tests.domain import case_steps as full
from tests.domain.case_steps import taken, way
from tests.domain.steps import given, vote

from domain.review import (
    GrassrootsResolutionAdopted,
    TallyConfirmed,
    adopt_grassroots_resolution,
    confirm_vote_tally,
)


def test_a_tally_is_a_count_of_people() -> None:
    """What cannot be is no difference to the vote, but a slip of the pen."""
    step = taken(
        confirm_vote_tally, full.tally().day, actor="other", official_members=9, in_favor=10
    )

    given(*way(full.tally)).when(step).refused("COUNT_OUT_OF_RANGE", field="inFavor")


def test_nobody_known_is_not_the_same_person() -> None:
    """Given a vote that was brought in without who recorded it, then anybody may confirm it."""
    start = given(*way(full.voted), vote())

    start.when(full.tally(actor="")).then(TallyConfirmed)


def test_a_resolution_comes_before_the_submission() -> None:
    """What lies with the district already is not agreed to below it."""
    start = given(*way(full.resolved), full.submitted(date(2023, 6, 11)))

    refusal = start.when(full.resolved()).refused("STEP_ALREADY_RECORDED", field="candidate")
    assert refusal.text.en.startswith("DossierSubmitted is recorded on 2023-06-11")


@pytest.mark.parametrize(
    ("votes", "field"),
    [
        ({"committee_members": 9, "committee_in_favor": 10}, "inFavor"),
        ({"committee_members": -1}, "committeeMembers"),
        ({"committee_in_favor": 1}, "inFavor"),
    ],
)
def test_a_committee_votes_with_the_people_it_has(votes: dict[str, Any], field: str) -> None:
    """Counts that cannot be are refused."""
    step = taken(adopt_grassroots_resolution, date(2023, 6, 12), **votes)

    given(*way(full.resolved)).when(step).refused("COUNT_OUT_OF_RANGE", field=field)


def test_nothing_is_refused_before_what_was_done_later() -> None:
    """Given a later vote or submission, then a refusal entered for an earlier day is wrong."""
    again = given(*way(full.voted), full.voted(in_favor=5), full.voted(date(2023, 6, 7)))
    full.submitted()(again.case)
    resolved = given(*way(full.decided))

    for start, step in (
        (again, full.proposal_refused(date(2023, 6, 6))),
        (resolved, full.resolution_refused(date(2023, 6, 12))),
    ):
        start.when(step).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_votes_that_are_not_stated_are_none() -> None:
    """Members without votes in favor are a vote that nobody was for, and can be."""
    step = taken(adopt_grassroots_resolution, date(2023, 6, 12), committee_members=0)

    given(*way(full.resolved)).when(step).then(GrassrootsResolutionAdopted)
