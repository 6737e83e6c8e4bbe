"""The recognition: its papers, the cell's vote, the committee's answer; there is no extension."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from tests.domain.membership import (
    ENDS,
    at,
    new_member_class,
    paper,
    papers,
    recognition_refused,
    recognition_returned,
    recognition_vote,
    recognized_by_vote,
    striking_off_proposed,
    struck_off,
)
from tests.domain.steps import Given, Step, Taken, ceremony, given, path, recognized

from domain.case import Stage, stage
from domain.errors import InvalidInput
from domain.judgment import Day
from domain.procedure import rule_book
from domain.recognition import (
    FullMemberRecognized,
    RecognitionPaperFiled,
    RecognitionRefused,
    RecognitionReturned,
    RecognitionVoteHeld,
    return_recognition,
)


def complete(*more: Step) -> Given:
    """A case whose recognition dossier is complete."""
    return given(*path(ceremony), new_member_class(), *papers(), *more)


def test_the_vote_with_a_complete_dossier() -> None:
    """A vote on a complete dossier has no finding, and the decision stands on it."""
    start = complete()
    start.when(recognition_vote()).then(RecognitionVoteHeld)
    (entry,) = start.when(recognized_by_vote()).then(FullMemberRecognized)

    assert isinstance(entry, FullMemberRecognized)
    assert (entry.cell_vote_on, entry.official_members, entry.in_favor) == (date(2024, 8, 1), 9, 9)
    assert entry.member_from == ENDS


@pytest.mark.parametrize("lacking", range(4))
def test_a_vote_on_an_incomplete_dossier_is_a_finding(lacking: int) -> None:
    """Each paper, and the certificate of the class, belongs to the dossier."""
    steps = [new_member_class(), *papers()]
    del steps[lacking]
    outcome = given(*path(ceremony), *steps).when(recognition_vote())

    outcome.then(RecognitionVoteHeld, findings=("M3",))
    assert isinstance(outcome.findings, list)
    assert "," not in outcome.findings[0].text.vi


def test_papers_are_known_by_their_codes() -> None:
    """A code that the rule book does not know is refused; a paper may be filed again."""
    start = given(*path(ceremony))

    start.when(paper("SELF_REVIEW")).then(RecognitionPaperFiled)
    start.when(paper("SELF_REVIEW")).then(RecognitionPaperFiled)
    start.when(paper("POEM")).refused("UNKNOWN_PAPER", field="paper")


def test_no_vote_before_the_end_of_the_probation() -> None:
    """The cell votes from the last day on, and a failed vote changes no date."""
    start = complete()
    start.when(recognition_vote(date(2024, 7, 19))).refused(
        "PROBATION_NOT_ENDED", rule="T11", field="occurredOn"
    )
    start.when(recognition_vote(ENDS, 5)).then(RecognitionVoteHeld)

    assert stage(start.case.case(ENDS), ENDS) is Stage.RECOGNITION_DUE


@each(official=st.integers(3, 400), data=st.data())
def test_two_thirds_of_all_official_members(official: int, data: st.DataObject) -> None:
    """A recognition vote passes with two thirds of all official members."""
    in_favor = data.draw(st.integers(0, official))
    case = complete(recognition_vote(official=official, in_favor=in_favor)).case

    held = case.facts().membership.recognition_vote
    assert held is not None
    assert held.passed is (3 * in_favor >= 2 * official)


@pytest.mark.parametrize(
    ("official", "in_favor", "code"),
    [(2, 2, "TOO_FEW_OFFICIAL_MEMBERS"), (9, 10, "COUNT_OUT_OF_RANGE")],
)
def test_a_vote_of_too_few(official: int, in_favor: int, code: str) -> None:
    """A cell of two cannot vote on a recognition either."""
    refusal = complete().when(recognition_vote(official=official, in_favor=in_favor)).refusal

    assert refusal is not None
    assert refusal.code == code


def test_a_failed_vote_carries_no_decision() -> None:
    """After a failed vote the decision is refused; after a later one that passed it is not."""
    start = complete(recognition_vote(in_favor=5))
    start.when(recognized_by_vote()).refused("CELL_VOTE_NOT_PASSED", rule="T7", field="inFavor")
    start.when(recognized(voted_on=date(2024, 8, 1), in_favor=9)).refused(
        "VOTE_DIFFERS", field="cellVoteOn"
    )
    start.when(recognition_refused()).refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")
    start.when(recognition_returned()).refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")
    start.when(recognition_vote(date(2024, 8, 7), 6)).then(RecognitionVoteHeld)
    start.when(recognized_by_vote()).then(FullMemberRecognized)


def test_a_decision_states_the_vote_that_was_not_recorded() -> None:
    """Without a recorded vote all of it is stated with the decision."""
    start = complete()

    start.when(recognized_by_vote()).refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")
    start.when(recognized_by_vote(date(2024, 7, 19))).refused(
        "PROBATION_NOT_ENDED", rule="T11", field="occurredOn"
    )
    start.when(recognized()).then(FullMemberRecognized)
    for step in (recognition_vote(), paper("OPINIONS"), recognized()):
        start.when(step).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_three_failures_refer_to_the_superior() -> None:
    """Failed votes of the cell and refusals of the committee count together (T15)."""
    failed = complete(
        recognition_vote(date(2024, 7, 22), 5),
        recognition_vote(date(2024, 7, 23), 6),
        recognition_refused(date(2024, 7, 24)),
    )
    failed.when(recognition_vote(date(2024, 7, 25), 5)).then(RecognitionVoteHeld)
    failed.when(recognition_vote(date(2024, 7, 26), 9)).then(RecognitionVoteHeld, findings=("T15",))


def test_a_refusal_needs_another_vote() -> None:
    """What the committee did not agree to is voted on anew; stating a vote is not enough."""
    start = complete(recognition_vote())
    start.when(recognition_refused()).then(RecognitionRefused)

    start.when(recognized_by_vote()).refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")
    start.when(recognized()).refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")
    start.when(recognition_vote(date(2024, 8, 8))).then(RecognitionVoteHeld)
    start.when(recognized_by_vote()).then(FullMemberRecognized)
    assert start.case.facts().membership.failed_recognitions == 1


def test_a_returned_dossier_lacks_papers() -> None:
    """What was named as lacking is filed again; the vote stands."""
    start = complete(recognition_vote())
    (entry,) = start.when(
        recognition_returned(date(2024, 8, 5), "OPINIONS", "SELF_REVIEW", "OPINIONS")
    ).then(RecognitionReturned)

    assert isinstance(entry, RecognitionReturned)
    assert entry.lacking == ("OPINIONS", "SELF_REVIEW")
    assert list(start.case.facts().membership.papers) == ["HELPER_REMARKS"]
    start.when(recognition_returned(date(2024, 8, 5), "POEM")).refused(
        "UNKNOWN_PAPER", field="lacking"
    )
    with pytest.raises(InvalidInput):
        return_recognition(start.case, Day(date(2024, 8, 5), rule_book()), lacking=())
    start.when(recognized_by_vote()).then(FullMemberRecognized)


def test_nothing_of_a_recognition_after_a_striking_off() -> None:
    """Who was struck off is not recognized."""
    gone = given(*path(ceremony), striking_off_proposed(), struck_off())

    for step in (recognition_vote(), recognized(), paper("OPINIONS")):
        gone.when(step).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_a_dossier_that_was_sent_back_says_so() -> None:
    """The return is on the card with what was lacking; a paper without a name is an error."""
    start = complete(recognition_vote())

    for lacking in ((), (" ",)):
        start.when(at(return_recognition, date(2024, 8, 5), lacking=lacking)).refused(
            "UNKNOWN_PAPER", field="lacking"
        )
    (entry,) = start.when(recognition_returned()).then(RecognitionReturned)
    assert start.case.facts().membership.returned is entry


@pytest.mark.parametrize("left_out", ["cell_vote_on", "official_members", "in_favor"])
def test_a_vote_is_stated_whole(left_out: str) -> None:
    """Day, members and votes in favor: without any of them there is no vote."""
    step = recognized()
    assert isinstance(step, Taken)
    in_part = replace(step, stated={**step.stated, left_out: None})

    complete().when(in_part).refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")


def test_on_the_last_day_of_the_probation_a_vote_is_missing_and_no_time() -> None:
    """The refusal is that of the first thing that lacks."""
    start = complete()

    start.when(recognized_by_vote(date(2024, 7, 19))).refused(
        "PROBATION_NOT_ENDED", rule="T11", field="occurredOn"
    )
    start.when(recognized_by_vote(date(2024, 7, 20))).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field="occurredOn"
    )
