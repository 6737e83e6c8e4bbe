"""The transitions of the domain sheet, C.2 and K.3, up to the ceremony: the one table of them.

Each row has a step, what it stands on, where the case stands after it, and for each single thing
that may be wrong what comes of it: a refusal (code, rule, field) or a finding (the rule).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from uuid import UUID

from tests.domain import case_steps as steps
from tests.domain.case_steps import month
from tests.domain.steps import CELL, PERSON, Step, void

from domain import (
    admission,
    assessment,
    awareness_class,
    certificate,
    dossier,
    ending,
    introduction,
    probation,
    recommendation,
    review,
    submission,
    sympathizer,
    trial_task,
    vetting,
)
from domain.awareness_class import ClassOutcome
from domain.candidate import Cell, Person
from domain.case import CaseEntry, Stage, VettingConclusion
from domain.dossier import Schooling
from domain.introduction import OpinionSource
from domain.submission import ReturnedTo

Made = Callable[..., Step]
Refusal = tuple[str, str | None, str | None]
GRASSROOTS = Cell(UUID(int=2), grassroots=True, characteristics=frozenset())
OF_MINORITY = replace(CELL, characteristics=frozenset({"ETHNIC_MINORITY_AREA"}))


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong, and what comes of it."""

    name: str
    comes_of_it: Refusal | str | None
    """A refusal, the rule of a finding, or None where it is accepted all the same."""
    without: Made | None = None
    more: tuple[Step, ...] = ()
    step: Step | None = None
    person: Person = PERSON
    cell: Cell = CELL


@dataclass(frozen=True)
class Transition:
    """One row of C.2: `before` names the step of the way that it stands in the place of."""

    number: str
    step: Made
    before: Made
    kind: type[CaseEntry]
    after: Stage
    wrong: tuple[Wrong, ...]
    more: tuple[Step, ...] = field(default=())

    @property
    def name(self) -> str:
        """For the test's report."""
        return f"{self.number} {self.step.__name__}"


def order(field: str = "occurredOn") -> Refusal:
    """A step before the one that it stands on."""
    return ("STEP_OUT_OF_ORDER", "P8", field)


TWICE: Refusal = ("STEP_ALREADY_RECORDED", None, "candidate")
NO_COMMITTEE: Refusal = ("NO_GRASSROOTS_COMMITTEE", "G1", "candidate")
NO_MAJORITY: Refusal = ("CELL_VOTE_NOT_PASSED", "T7", "candidate")
NOT_VETTED: Refusal = ("VETTING_NOT_ELIGIBLE", "P6", "candidate")
NO_CERTIFICATE: Refusal = ("CERTIFICATE_NOT_VALID", "T4", "candidate")


def missing(step: Made, comes_of_it: Refusal | str | None = None) -> Wrong:
    """One of the steps before it was never taken; without more, out of order."""
    return Wrong(f"without {step.__name__}", comes_of_it or order(), without=step)


def early(step: Made) -> Wrong:
    """The step is dated before the person was identified."""
    return Wrong("before identification", order(), step=step(date(2023, 2, 28)))


def otherwise(name: str, step: Step, comes_of_it: Refusal | str | None) -> Wrong:
    """The step is taken in another way."""
    return Wrong(name, comes_of_it, step=step)


def after(step: Step, comes_of_it: Refusal | str | None = TWICE, name: str = "after more") -> Wrong:
    """Something else came before it."""
    return Wrong(name, comes_of_it, more=(step,))


def of_grassroots_cell(comes_of_it: Refusal = NO_COMMITTEE) -> Wrong:
    """The case is a grassroots cell's, which has no committee."""
    return Wrong("of a grassroots cell", comes_of_it, cell=GRASSROOTS)


TOO_YOUNG = replace(PERSON, birth_date=date(2005, 7, 1))
OVER_SIXTY = replace(PERSON, birth_date=date(1963, 4, 20))
LATE = date(2023, 8, 31)
"""The first working day after the sixtieth from the vote of 5 June 2023 has passed."""
FAILED = steps.voted(month(5, 6), in_favor=5)
PRIMARY = steps.declared(month(6, 5), Schooling.PRIMARY)
UNSCHOOLED = steps.declared(month(6, 5), Schooling.NONE)
NEEDS_SCHOOL: Refusal = ("SCHOOLING_WITHOUT_CONSENT", "T3", "consentNumber")
SECOND = partial(steps.introduced, introducer_name="Vũ Thị Hai")


def schooled(name: str, cell: Cell, comes_of_it: Refusal | None, *steps_: Step) -> Wrong:
    """The history says another schooling; it stands instead of the usual one."""
    return Wrong(name, comes_of_it, without=steps.declared, more=steps_, cell=cell)


FIRST_STAGE = (
    Transition(
        "1",
        steps.recommended,
        steps.recommended,
        recommendation.PersonRecommended,
        Stage.IDENTIFIED,
        (early(steps.recommended), after(steps.recommended(month(1)))),
    ),
    Transition(
        "2",
        steps.helper,
        steps.helper,
        sympathizer.HelperAssigned,
        Stage.IDENTIFIED,
        (
            early(steps.helper),
            otherwise(
                "not official yet",
                steps.helper(since=month(11)),
                ("HELPER_NOT_OFFICIAL_MEMBER", "P3", "helperOfficialSince"),
            ),
        ),
    ),
    Transition(
        "2",
        steps.listed,
        steps.listed,
        sympathizer.SympathizerListed,
        Stage.SYMPATHIZER,
        (early(steps.listed), missing(steps.helper, "P2"), after(steps.listed())),
    ),
    Transition(
        "2",
        steps.confirmed,
        steps.confirmed,
        sympathizer.SympathizerConfirmed,
        Stage.SYMPATHIZER,
        (missing(steps.listed), of_grassroots_cell(), after(steps.confirmed())),
    ),
    Transition(
        "3",
        steps.assessed,
        steps.helper,
        assessment.ProgressAssessed,
        Stage.IDENTIFIED,
        (
            early(steps.assessed),
            after(steps.assessed()),
            otherwise(
                "of a month to come",
                steps.assessed(period="2023-04"),
                ("INVALID_PERIOD", None, "period"),
            ),
        ),
    ),
    Transition(
        "3",
        steps.task,
        steps.helper,
        trial_task.TrialTaskAssigned,
        Stage.IDENTIFIED,
        (early(steps.task),),
    ),
    Transition(
        "3",
        partial(steps.task_closed, number=3),
        steps.helper,
        trial_task.TrialTaskClosed,
        Stage.IDENTIFIED,
        (
            otherwise("of no task", steps.task_closed(number=1), ("NO_SUCH_TASK", None, "task")),
            after(steps.task_closed(number=3)),
        ),
        (steps.task(),),
    ),
    Transition(
        "4",
        steps.removed,
        steps.confirmed,
        sympathizer.SympathizerRemoved,
        Stage.REMOVED,
        (missing(steps.listed),),
    ),
)
CLASS = (
    Transition(
        "5",
        steps.proposed,
        steps.proposed,
        awareness_class.ClassProposed,
        Stage.SYMPATHIZER,
        (
            early(steps.proposed),
            missing(steps.confirmed, "L1"),
            missing(steps.listed, "L2"),
            after(steps.proposed()),
        ),
    ),
    Transition(
        "5",
        steps.agreed,
        steps.agreed,
        awareness_class.ClassAgreed,
        Stage.CLASS_PROPOSED,
        (missing(steps.proposed), of_grassroots_cell(), after(steps.agreed())),
    ),
    Transition(
        "6",
        steps.enrolled,
        steps.enrolled,
        awareness_class.ClassEnrolled,
        Stage.CLASS_ATTENDING,
        (
            early(steps.enrolled),
            missing(steps.proposed, "L3"),
            missing(steps.agreed, "L3"),
            after(steps.enrolled()),
        ),
    ),
    Transition(
        "6",
        steps.certified,
        steps.certified,
        certificate.CertificateIssued,
        Stage.CERTIFIED,
        (early(steps.certified),),
    ),
    Transition(
        "7",
        steps.not_passed,
        steps.certified,
        awareness_class.ClassNotPassed,
        Stage.SYMPATHIZER,
        (missing(steps.enrolled),),
    ),
    Transition(
        "7",
        partial(steps.not_passed, outcome=ClassOutcome.ABSENT),
        steps.certified,
        awareness_class.ClassNotPassed,
        Stage.SYMPATHIZER,
        (missing(steps.enrolled),),
    ),
    Transition(
        "9",
        partial(steps.agreed, day=date(2028, 4, 6)),
        steps.opened,
        awareness_class.ClassAgreed,
        Stage.CLASS_PROPOSED,
        (),
        (steps.proposed(date(2028, 4, 5)),),
    ),
)
DOSSIER = (
    Transition(
        "10",
        steps.opened,
        steps.opened,
        dossier.DossierOpened,
        Stage.DOSSIER_OPEN,
        (
            missing(steps.listed),
            missing(steps.certified, NO_CERTIFICATE),
            otherwise("after 60 months", steps.opened(date(2028, 4, 4)), NO_CERTIFICATE),
            after(steps.opened()),
        ),
    ),
    Transition(
        "10",
        steps.applied,
        steps.applied,
        dossier.ApplicationSubmitted,
        Stage.DOSSIER_OPEN,
        (missing(steps.opened), after(steps.applied())),
    ),
    Transition(
        "10",
        steps.declared,
        steps.declared,
        dossier.HistoryDeclared,
        Stage.DOSSIER_OPEN,
        (missing(steps.opened), missing(steps.applied, "D1"), after(steps.declared())),
    ),
    Transition(
        "11",
        steps.stamped,
        steps.stamped,
        dossier.HistoryStamped,
        Stage.DOSSIER_OPEN,
        (missing(steps.opened), missing(steps.declared), after(steps.stamped())),
    ),
    Transition(
        "11",
        steps.requested,
        steps.requested,
        vetting.VettingRequested,
        Stage.VETTING,
        (
            missing(steps.opened),
            missing(steps.stamped, "V1"),
            after(steps.vetted(month(9, 5)), name="after it was concluded"),
        ),
    ),
    Transition(
        "11",
        steps.replied,
        steps.replied,
        vetting.VettingReplyReceived,
        Stage.VETTING,
        (missing(steps.opened), missing(steps.requested)),
    ),
    Transition(
        "12",
        steps.vetted,
        steps.vetted,
        vetting.VettingConcluded,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            missing(steps.requested, "V3"),
            missing(steps.replied, ("VETTING_REPLIES_OUTSTANDING", "V2", "conclusion")),
        ),
    ),
    Transition(
        "12",
        partial(steps.vetted, conclusion=VettingConclusion.NOT_ELIGIBLE),
        steps.vetted,
        vetting.VettingConcluded,
        Stage.VETTING,
        (missing(steps.opened),),
    ),
    Transition(
        "12",
        steps.reopened,
        steps.voted,
        vetting.VettingReopened,
        Stage.VETTING,
        (missing(steps.opened), missing(steps.vetted)),
    ),
    Transition(
        "13",
        steps.introduced,
        steps.introduced,
        introduction.IntroductionGiven,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            otherwise(
                "a day too short together",
                steps.introduced(worked_together_since=date(2022, 6, 3)),
                ("INTRODUCER_TOO_SHORT_TOGETHER", "T6", "workedTogetherSince"),
            ),
            otherwise(
                "twelve months together, official for less",
                steps.introduced(
                    worked_together_since=date(2022, 6, 2),
                    introducer_official_since=month(1, 6),
                ),
                None,
            ),
            otherwise(
                "not official yet",
                steps.introduced(introducer_official_since=month(3, 6)),
                ("INTRODUCER_NOT_OFFICIAL_MEMBER", "P4", "introducerOfficialSince"),
            ),
            after(steps.introduced(), ("INTRODUCER_ALREADY_RECORDED", None, "introducerName")),
        ),
    ),
    Transition(
        "13",
        steps.introducer_replaced,
        steps.voted,
        introduction.IntroducerReplaced,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            missing(steps.introduced, ("NO_SUCH_INTRODUCTION", None, "introduction")),
        ),
    ),
    Transition(
        "13",
        steps.union_resolved,
        steps.union_resolved,
        introduction.UnionResolutionGiven,
        Stage.OPINIONS,
        (missing(steps.opened), after(steps.union_resolved())),
    ),
    Transition(
        "13",
        steps.opinions,
        steps.opinions,
        introduction.OpinionsCollected,
        Stage.OPINIONS,
        (
            missing(steps.opened),
            after(steps.opinions()),
            after(steps.opinions(source=OpinionSource.RESIDENCE), None, "of the other side"),
        ),
    ),
)
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
                steps.decided(
                    authorization_number="1-QĐ/HU", committee_members=15, committee_in_favor=10
                ),
                None,
            ),
            otherwise(
                "by a committee of too few",
                steps.decided(
                    authorization_number="1-QĐ/HU", committee_members=15, committee_in_favor=9
                ),
                ("COMMITTEE_VOTE_NOT_PASSED", "T8", "committeeInFavor"),
            ),
            otherwise(
                "by a committee that did not vote",
                steps.decided(authorization_number="1-QĐ/HU"),
                ("COMMITTEE_VOTE_NOT_PASSED", "T8", "committeeInFavor"),
            ),
            Wrong(
                "by a committee that is not there",
                NO_COMMITTEE,
                cell=GRASSROOTS,
                step=steps.decided(
                    authorization_number="1-QĐ/HU", committee_members=15, committee_in_favor=10
                ),
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
TABLE = (*FIRST_STAGE, *CLASS, *DOSSIER, *REVIEW, *DECISION)
