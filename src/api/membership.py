"""The facts of a membership as GraphQL types, from the receipt of the decision to the end."""

from datetime import date

import strawberry

from api.candidate_facts import CellVote
from api.scalars import Assessed, AssessmentInterval, DisciplinaryMeasure, DutyKind
from domain.case import Case
from domain.discipline import Disciplined
from domain.limits import deadlines
from domain.probation_duty import NewMemberClassCompleted, ProbationAssessed
from domain.procedure import RuleBook
from domain.recognition import RecognitionReturned, RecognitionVoteHeld
from domain.striking_off import StrikingOffVoteHeld


@strawberry.type(description="A task given in probation, or a condition created for the member.")
class ProbationTask:
    task: int
    kind: DutyKind
    content: str | None
    given_on: date
    due_on: date | None
    done_on: date | None


@strawberry.type
class ProbationAssessment:
    assessed_on: date
    interval: AssessmentInterval
    assessed: Assessed | None
    opinion: str | None


@strawberry.type
class NewMemberClass:
    completed_on: date
    certificate_number: str
    grade: str | None


@strawberry.type(description="A paper of the recognition dossier, by its code.")
class RecognitionPaper:
    paper: str
    filed_on: date


@strawberry.type
class RecognitionReturn:
    returned_on: date
    lacking: list[str]
    letter_number: str | None


@strawberry.type
class RecognitionRefusal:
    refused_on: date
    decision_number: str


@strawberry.type
class Discipline:
    decided_on: date
    measure: DisciplinaryMeasure | None
    decision_number: str


@strawberry.type(description="The facts of a membership; empty before the decision.")
class Membership:
    decision_received_on: date | None
    late_ceremony_consent: str | None
    tasks: list[ProbationTask]
    assessments: list[ProbationAssessment]
    new_member_class: NewMemberClass | None
    history_file_on: date | None
    papers: list[RecognitionPaper]
    recognition_votes: list[CellVote]
    returned: RecognitionReturn | None
    refusals: list[RecognitionRefusal]
    measures: list[Discipline]
    striking_off_votes: list[CellVote]


@strawberry.type(description="The name was struck off, on a ground of the rule book (T23).")
class StrikingOff:
    decided_on: date
    decision_number: str
    ground: str | None


@strawberry.type(description="A former member's new pursuit, which is counted apart.")
class Readmission:
    opened_on: date
    left_on: date
    departure: str | None
    record_cleared_on: date | None
    consent_number: str | None


@strawberry.type(description="The last timely day of a step that is still to come.")
class ProcedureDeadline:
    rule: str
    due_on: date
    is_past: bool


def membership(case: Case) -> Membership:
    """All facts of the membership."""
    facts = case.membership
    return Membership(
        decision_received_on=facts.received.effective_on if facts.received else None,
        late_ceremony_consent=facts.late_consent.consent_number if facts.late_consent else None,
        tasks=_tasks(case),
        assessments=[_assessment(each) for each in facts.assessments],
        new_member_class=_class(facts.new_member_class),
        history_file_on=facts.history_file.effective_on if facts.history_file else None,
        papers=[
            RecognitionPaper(paper=code, filed_on=filed.effective_on)
            for code, filed in sorted(facts.papers.items())
        ],
        recognition_votes=[_vote(each) for each in facts.recognition_votes],
        returned=_return(facts.returned),
        refusals=[
            RecognitionRefusal(refused_on=each.effective_on, decision_number=each.decision_number)
            for each in facts.refusals
        ],
        measures=[_measure(each) for each in facts.measures],
        striking_off_votes=[_vote(each) for each in facts.striking_off_votes],
    )


def _assessment(fact: ProbationAssessed) -> ProbationAssessment:
    return ProbationAssessment(
        assessed_on=fact.effective_on,
        interval=fact.interval,
        assessed=fact.assessed,
        opinion=fact.opinion,
    )


def _class(fact: NewMemberClassCompleted | None) -> NewMemberClass | None:
    if fact is None:
        return None
    return NewMemberClass(
        completed_on=fact.effective_on,
        certificate_number=fact.certificate_number,
        grade=fact.grade,
    )


def _return(fact: RecognitionReturned | None) -> RecognitionReturn | None:
    if fact is None:
        return None
    return RecognitionReturn(
        returned_on=fact.effective_on,
        lacking=list(fact.lacking),
        letter_number=fact.letter_number,
    )


def _measure(fact: Disciplined) -> Discipline:
    return Discipline(
        decided_on=fact.effective_on, measure=fact.measure, decision_number=fact.decision_number
    )


def _tasks(case: Case) -> list[ProbationTask]:
    done = case.membership.tasks_done
    return [
        ProbationTask(
            task=each.task,
            kind=each.kind,
            content=each.content,
            given_on=each.effective_on,
            due_on=each.due_on,
            done_on=done[each.task].effective_on if each.task in done else None,
        )
        for each in case.membership.tasks
    ]


def _vote(held: RecognitionVoteHeld | StrikingOffVoteHeld) -> CellVote:
    return CellVote(
        held_on=held.effective_on,
        official_members=held.official_members,
        in_favor=held.in_favor,
        passed=held.passed,
        resolution_number=held.resolution_number,
    )


def striking_off(case: Case) -> StrikingOff | None:
    """The decision that struck the name off."""
    fact = case.struck_off
    if fact is None:
        return None
    return StrikingOff(
        decided_on=fact.effective_on, decision_number=fact.decision_number, ground=fact.ground
    )


def readmission(case: Case) -> Readmission | None:
    """What makes the pursuit a re-admission."""
    fact = case.readmission
    if fact is None:
        return None
    return Readmission(
        opened_on=fact.effective_on,
        left_on=fact.left_on,
        departure=fact.departure,
        record_cleared_on=fact.record_cleared_on,
        consent_number=fact.consent_number,
    )


def due(case: Case, rules: RuleBook, day: date) -> list[ProcedureDeadline]:
    """What is due on a day, first due first."""
    return [
        ProcedureDeadline(rule=each.rule, due_on=each.due_on, is_past=each.due_on < day)
        for each in deadlines(case, rules, day)
    ]
