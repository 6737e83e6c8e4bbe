"""C.2, 14 to 16: the cell and the grassroots committee review the case."""

from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.steps import void
from tests.domain.transition import (
    FAILED,
    NO_CERTIFICATE,
    NO_MAJORITY,
    NOT_VETTED,
    OVER_SIXTY,
    SECOND,
    TOO_YOUNG,
    Transition,
    Wrong,
    after,
    missing,
    of_grassroots_cell,
    order,
    otherwise,
)

from domain import (
    admission,
    review,
)
from domain.case import Stage

THREE_FAILED = tuple(steps.voted(month(day, 6), in_favor=1) for day in (4, 4, 5))
REVIEW = (
    Transition(
        "14",
        steps.voted,
        steps.voted,
        admission.CellVoteHeld,
        Stage.GRASSROOTS_REVIEW,
        (
            missing(steps.opened),
            missing(steps.certified, NO_CERTIFICATE),
            missing(steps.vetted, NOT_VETTED),
            missing(steps.applied, "D2"),
            missing(steps.declared, "D2"),
            missing(steps.opinions, "D2"),
            missing(steps.residence, "D2"),
            missing(steps.introduced, "P5"),
            missing(steps.union_resolved, "P5"),
            Wrong("too young", ("UNDER_AGE", "T1", "candidate"), person=TOO_YOUNG),
            Wrong("past youth age", "P5", person=OVER_SIXTY),
            Wrong("past youth age, two", None, person=OVER_SIXTY, more=(SECOND(month(4, 6)),)),
            otherwise(
                "two members",
                steps.voted(official=2, in_favor=2),
                ("TOO_FEW_OFFICIAL_MEMBERS", "T19", "officialMembers"),
            ),
            otherwise("papers of a year", steps.voted(date(2024, 5, 5)), None),
            otherwise("papers older than a year", steps.voted(date(2024, 5, 6)), "T5"),
            after(steps.voted(), name="after a vote that passed"),
            Wrong("after three failed votes", "T15", more=THREE_FAILED),
        ),
    ),
    Transition(
        "15",
        partial(steps.voted, in_favor=5),
        steps.voted,
        admission.CellVoteHeld,
        Stage.CELL_REVIEW,
        (missing(steps.opened),),
    ),
    Transition(
        "15",
        steps.proposal_refused,
        steps.voted,
        review.ProposalRefused,
        Stage.REFUSED,
        (
            Wrong("without a dossier", order(), more=(void(steps.version(steps.opened)),)),
            after(steps.voted(), ("PROPOSAL_WAS_ADOPTED", "G2", "candidate")),
            Wrong("without a vote", order(), more=(void(len(steps.way(steps.voted)) + 2),)),
        ),
        (FAILED,),
    ),
    Transition(
        "14",
        steps.tally,
        steps.tally,
        review.TallyConfirmed,
        Stage.GRASSROOTS_REVIEW,
        (
            missing(steps.opened),
            missing(steps.voted),
            otherwise(
                "by who recorded it",
                steps.tally(actor="teller"),
                ("TALLY_CONFIRMED_BY_RECORDER", "S2", "candidate"),
            ),
            otherwise("another tally", steps.tally(in_favor=8), ("TALLY_DIFFERS", "S4", "inFavor")),
            after(steps.tally()),
        ),
    ),
    Transition(
        "16",
        steps.appraised,
        steps.appraised,
        review.SectionalAppraisalGiven,
        Stage.GRASSROOTS_REVIEW,
        (
            missing(steps.opened),
            missing(steps.voted, NO_MAJORITY),
            of_grassroots_cell(),
            after(steps.appraised()),
        ),
    ),
    Transition(
        "16",
        steps.resolved,
        steps.resolved,
        review.GrassrootsResolutionAdopted,
        Stage.GRASSROOTS_REVIEW,
        (
            missing(steps.opened),
            missing(steps.voted, NO_MAJORITY),
            missing(steps.vetted, NOT_VETTED),
            of_grassroots_cell(),
            after(steps.resolved()),
        ),
    ),
    Transition(
        "K.3",
        steps.resolution_refused,
        steps.resolved,
        review.GrassrootsResolutionRefused,
        Stage.REFUSED,
        (
            missing(steps.opened),
            missing(steps.voted, NO_MAJORITY),
            of_grassroots_cell(),
            after(steps.submitted(month(12, 6)), name="after the submission"),
        ),
    ),
)
