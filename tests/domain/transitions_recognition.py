"""C.2, 24: the recognition's papers, the cell's vote, what the committee decides."""

from datetime import date, timedelta
from functools import partial

from tests.domain import case_steps as steps
from tests.domain import membership as member
from tests.domain.steps import Step, recognized, void
from tests.domain.transition import TWICE, Made, Transition, Wrong, after, missing, order, otherwise
from tests.domain.transitions_probation import STRUCK_OFF, too_late

from domain import recognition
from domain.case import Stage

NOT_ENDED = ("PROBATION_NOT_ENDED", "T11", "occurredOn")
NOT_PASSED = ("CELL_VOTE_NOT_PASSED", "T7", "inFavor")
DIFFERS = ("VOTE_DIFFERS", None, "cellVoteOn")
EVE = member.ENDS - timedelta(days=1)
OF_DOSSIER: tuple[Made, ...] = (
    *(member.new_member_class, member.self_review, member.helper_remarks),
    member.opinions_filed,
)
WAY: tuple[Made, ...] = (
    *(*steps.WAY, *OF_DOSSIER),
    *(member.recognition_vote, member.recognized_by_vote),
)
"""The whole way of a case up to the recognition."""
FAILED = member.recognition_vote(in_favor=5)
AGAIN = date(2024, 8, 7)
FAILED_THREE = (
    member.recognition_vote(date(2024, 7, 22), 5),
    member.recognition_vote(date(2024, 7, 23), 6),
    member.recognition_refused(date(2024, 7, 24)),
    member.recognition_vote(date(2024, 7, 25), 0),
)
GONE = Wrong(
    "after the striking off",
    TWICE,
    more=(
        member.striking_off_proposed(date(2024, 8, 2)),
        member.struck_off(date(2024, 8, 3)),
    ),
)


def recognition_row(  # noqa: PLR0913, PLR0917 (the cells of a row)
    step: Made,
    before: Made,
    kind: type,
    after_it: Stage,
    wrong: tuple[Wrong, ...],
    more: tuple[Step, ...] = (),
) -> Transition:
    """A row of 24, on the way to the recognition."""
    return Transition("24", step, before, kind, after_it, wrong, more, WAY)


ON_VOTE = (
    GONE,
    missing(steps.ceremony),
    missing(member.recognition_vote),
    Wrong(
        "after a vote that failed",
        order(),
        without=member.recognition_vote,
        more=(FAILED,),
    ),
    after(member.recognized_by_vote(date(2024, 8, 2)), name="after the recognition"),
)
RECOGNITION = (
    *(
        recognition_row(
            paper,
            paper,
            recognition.RecognitionPaperFiled,
            Stage.PROBATIONARY,
            (
                missing(steps.ceremony),
                after(paper(), None, "filed before"),
                otherwise("no paper", member.paper("POEM"), ("UNKNOWN_PAPER", None, "paper")),
                *too_late(paper),
            ),
        )
        for paper in (member.self_review, member.helper_remarks, member.opinions_filed)
    ),
    recognition_row(
        member.recognition_vote,
        member.recognition_vote,
        recognition.RecognitionVoteHeld,
        Stage.RECOGNITION_DUE,
        (
            missing(steps.ceremony),
            Wrong("after the striking off", TWICE, more=STRUCK_OFF),
            *(missing(paper, "M3") for paper in OF_DOSSIER),
            otherwise("before the end", member.recognition_vote(EVE), NOT_ENDED),
            otherwise("on the last timely day", member.recognition_vote(date(2024, 8, 30)), None),
            otherwise("late", member.recognition_vote(date(2024, 9, 4)), "T12"),
            otherwise(
                "two members",
                member.recognition_vote(official=2, in_favor=2),
                ("TOO_FEW_OFFICIAL_MEMBERS", "T19", "officialMembers"),
            ),
            otherwise(
                "more votes than members",
                member.recognition_vote(in_favor=10),
                ("COUNT_OUT_OF_RANGE", None, "inFavor"),
            ),
            Wrong("after two failures", None, more=FAILED_THREE[:2]),
            Wrong("after three failures", "T15", more=FAILED_THREE),
        ),
    ),
    recognition_row(
        partial(member.recognition_vote, in_favor=5),
        member.recognition_vote,
        recognition.RecognitionVoteHeld,
        Stage.RECOGNITION_DUE,
        (missing(steps.ceremony),),
    ),
    recognition_row(
        member.recognition_returned,
        member.recognized_by_vote,
        recognition.RecognitionReturned,
        Stage.RECOGNITION_DUE,
        (
            *ON_VOTE,
            otherwise(
                "for no paper",
                member.recognition_returned(date(2024, 8, 5), "POEM"),
                ("UNKNOWN_PAPER", None, "lacking"),
            ),
        ),
    ),
    recognition_row(
        member.recognition_refused,
        member.recognized_by_vote,
        recognition.RecognitionRefused,
        Stage.RECOGNITION_DUE,
        (*ON_VOTE, after(member.recognition_refused(), order(), "after another refusal")),
    ),
    recognition_row(
        member.recognized_by_vote,
        member.recognized_by_vote,
        recognition.FullMemberRecognized,
        Stage.FULL_MEMBER,
        (
            GONE,
            missing(steps.ceremony),
            missing(member.recognition_vote),
            Wrong(
                "after a vote that failed",
                NOT_PASSED,
                without=member.recognition_vote,
                more=(FAILED,),
            ),
            after(member.recognition_refused(), order(), "after a refusal"),
            Wrong(
                "stated anew after a refusal",
                order(),
                more=(member.recognition_refused(),),
                step=recognized(),
            ),
            Wrong(
                "before the end",
                NOT_ENDED,
                without=member.recognition_vote,
                step=member.recognized_by_vote(EVE),
            ),
            otherwise("with another day", recognized(voted_on=date(2024, 8, 2)), DIFFERS),
            otherwise("with another tally", recognized(in_favor=8), DIFFERS),
            otherwise("with another number", recognized(official=10, in_favor=9), DIFFERS),
            otherwise("with the same vote", recognized(), None),
            otherwise("on the last day", member.recognized_by_vote(date(2024, 9, 16)), None),
            otherwise("late", member.recognized_by_vote(date(2024, 9, 17)), "T13"),
            Wrong(
                "after a return",
                None,
                more=(member.recognition_returned(),),
            ),
            after(member.recognized_by_vote()),
        ),
    ),
    recognition_row(
        recognized,
        member.recognized_by_vote,
        recognition.FullMemberRecognized,
        Stage.FULL_MEMBER,
        (
            otherwise(
                "voted before the end",
                recognized(voted_on=EVE),
                ("PROBATION_NOT_ENDED", "T11", "cellVoteOn"),
            ),
            otherwise(
                "voted after the decision",
                recognized(voted_on=date(2024, 8, 21)),
                ("DATE_OUT_OF_RANGE", None, "cellVoteOn"),
            ),
            otherwise("without two thirds", recognized(in_favor=5), NOT_PASSED),
            otherwise(
                "two members",
                recognized(official=2, in_favor=2),
                ("TOO_FEW_OFFICIAL_MEMBERS", "T19", "officialMembers"),
            ),
            otherwise("voted late", recognized(date(2024, 9, 4), date(2024, 9, 4)), "T12"),
        ),
        (void(len(WAY)),),
    ),
)
"""The last row states the vote with the decision: the one on record was never true."""
