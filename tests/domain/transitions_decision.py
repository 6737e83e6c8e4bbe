"""C.2, 16 to 21, 29 and 30: submitted, decided, and the ceremony."""

from datetime import date
from functools import partial

from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.steps import CELL
from tests.domain.transition import (
    GRASSROOTS,
    LATE,
    NEEDS_SCHOOL,
    NO_CERTIFICATE,
    NO_COMMITTEE,
    NO_MAJORITY,
    NOT_VETTED,
    OF_MINORITY,
    OVER_SIXTY,
    PRIMARY,
    TWICE,
    UNSCHOOLED,
    Transition,
    Wrong,
    after,
    early,
    missing,
    otherwise,
    schooled,
)

from domain import (
    admission,
    ending,
    probation,
    submission,
    sympathizer,
)
from domain.case import Stage
from domain.submission import ReturnedTo

DECISION = (
    Transition(
        "16",
        steps.submitted,
        steps.submitted,
        admission.DossierSubmitted,
        Stage.SUBMITTED,
        (
            missing(steps.voted, NO_MAJORITY),
            missing(steps.vetted, NOT_VETTED),
            missing(steps.resolved, "G3"),
            missing(steps.tally, "S3"),
            Wrong("no committee needed", None, without=steps.resolved, cell=GRASSROOTS),
            after(steps.submitted()),
        ),
    ),
    Transition(
        "17",
        steps.decided,
        steps.decided,
        admission.AdmissionDecided,
        Stage.DECIDED,
        (
            missing(steps.certified, NO_CERTIFICATE),
            missing(steps.vetted, NOT_VETTED),
            missing(steps.voted, NO_MAJORITY),
            missing(steps.submitted),
            Wrong(
                "over sixty",
                ("OVER_AGE_WITHOUT_CONSENT", "T2", "consentNumber"),
                person=OVER_SIXTY,
            ),
            Wrong(
                "over sixty with consent",
                None,
                person=OVER_SIXTY,
                step=steps.decided(consent_number="5-CV/TU"),
            ),
            schooled("primary school", CELL, NEEDS_SCHOOL, PRIMARY),
            schooled("primary school in a minority area", OF_MINORITY, None, PRIMARY),
            schooled("no school in a minority area", OF_MINORITY, NEEDS_SCHOOL, UNSCHOOLED),
            otherwise("late", steps.decided(LATE), "T9"),
            Wrong("late, extended", None, more=(steps.extended(),), step=steps.decided(LATE)),
            otherwise("by who vetted", steps.decided(actor="vetter"), "S1"),
            otherwise(
                "by an authorized committee",
                steps.authorized(),
                None,
            ),
            otherwise(
                "by a committee of too few",
                steps.authorized(in_favor=9),
                ("COMMITTEE_VOTE_NOT_PASSED", "T8", "committeeInFavor"),
            ),
            otherwise(
                "by a committee that did not vote",
                steps.authorized(members=None, in_favor=None, number=None),
                ("COMMITTEE_VOTE_NOT_PASSED", "T8", "committeeInFavor"),
            ),
            otherwise(
                "by a committee that was not authorized",
                steps.authorized(delegated=False),
                ("ADMISSION_NOT_DELEGATED", "G4", "authorizationNumber"),
            ),
            Wrong(
                "by a committee that is not there",
                NO_COMMITTEE,
                cell=GRASSROOTS,
                step=steps.authorized(),
            ),
            after(steps.decided()),
        ),
    ),
    Transition(
        "17",
        steps.extended,
        steps.decided,
        submission.DecisionTermExtended,
        Stage.SUBMITTED,
        (
            missing(steps.opened),
            missing(steps.submitted),
            otherwise(
                "too long",
                steps.extended(working_days=31),
                ("DECISION_EXTENSION_TOO_LONG", "T9E", "workingDays"),
            ),
            otherwise(
                "by no day",
                steps.extended(working_days=0),
                ("DECISION_EXTENSION_TOO_LONG", "T9E", "workingDays"),
            ),
            after(steps.extended()),
        ),
    ),
    Transition(
        "18",
        steps.refused,
        steps.decided,
        submission.AdmissionRefused,
        Stage.REFUSED,
        (missing(steps.opened), missing(steps.submitted)),
    ),
    Transition(
        "K.3",
        steps.returned,
        steps.decided,
        submission.DossierReturned,
        Stage.CELL_REVIEW,
        (missing(steps.opened), missing(steps.submitted)),
    ),
    Transition(
        "K.3",
        partial(steps.returned, to=ReturnedTo.GRASSROOTS_COMMITTEE),
        steps.decided,
        submission.DossierReturned,
        Stage.GRASSROOTS_REVIEW,
        (
            missing(steps.opened),
            missing(steps.submitted),
            Wrong("to no committee", ("NO_GRASSROOTS_COMMITTEE", "G1", "to"), cell=GRASSROOTS),
        ),
    ),
    Transition(
        "K.3",
        steps.removed,
        steps.decided,
        sympathizer.SympathizerRemoved,
        Stage.REMOVED,
        (missing(steps.listed), after(steps.decided(month(24, 6)), name="after the decision")),
    ),
    Transition(
        "19",
        steps.ceremony,
        steps.ceremony,
        probation.CeremonyHeld,
        Stage.PROBATIONARY,
        (missing(steps.decided), after(steps.ceremony())),
    ),
    Transition(
        "20",
        partial(steps.ceremony, day=date(2023, 8, 21), consent="7-CV/HU"),
        steps.ceremony,
        probation.CeremonyHeld,
        Stage.PROBATIONARY,
        (
            otherwise(
                "without consent",
                steps.ceremony(date(2023, 8, 21)),
                ("CEREMONY_LATE_WITHOUT_CONSENT", "T10", "consentNumber"),
            ),
        ),
    ),
    Transition(
        "21",
        steps.revoked,
        steps.ceremony,
        ending.DecisionRevoked,
        Stage.DECISION_REVOKED,
        (
            missing(steps.decided),
            after(
                steps.ceremony(month(10, 7)),
                ("REVOKED_AFTER_CEREMONY", "M1", "candidate"),
                name="after the ceremony",
            ),
        ),
    ),
    Transition(
        "30",
        steps.withdrawn,
        steps.ceremony,
        ending.CandidateWithdrawn,
        Stage.WITHDRAWN,
        (missing(steps.listed), after(steps.ceremony(month(11, 7)), name="after the ceremony")),
    ),
    Transition(
        "30",
        partial(steps.withdrawn, day=month(21)),
        steps.proposed,
        ending.CandidateWithdrawn,
        Stage.WITHDRAWN,
        (missing(steps.listed),),
    ),
    Transition(
        "29",
        steps.died,
        steps.ceremony,
        ending.PersonDied,
        Stage.DECEASED,
        (after(steps.ceremony(date(2023, 7, 26)), TWICE, "before a later step"),),
    ),
    Transition(
        "29",
        partial(steps.died, day=month(3)),
        steps.helper,
        ending.PersonDied,
        Stage.DECEASED,
        (early(steps.died),),
    ),
)
