"""How a person is followed before the dossier, as GraphQL types."""

from datetime import date

import strawberry

from api.scalars import ClassOutcome, Quality, Recommender
from domain.case import Case


@strawberry.type
class Helper:
    name: str | None
    official_since: date
    assigned_on: date


@strawberry.type(description="Who found the person, or spoke for the person.")
class Recommendation:
    recommended_by: Recommender
    organization_name: str | None
    document_number: str | None
    recommended_on: date


@strawberry.type(description="Of a month (2023-04) or a quarter (2023-Q2).")
class Assessment:
    period: str
    assessed_on: date
    study_or_work: Quality
    character: Quality
    motive: Quality
    remark: str | None
    measures: str | None


@strawberry.type
class TrialTask:
    number: int
    description: str | None
    assigned_on: date
    due_on: date | None
    closed_on: date | None
    fulfilled: bool | None
    remark: str | None


@strawberry.type
class ClassNotPassed:
    outcome: ClassOutcome
    recorded_on: date


@strawberry.type(description="On the way to the awareness class; over with the certificate.")
class AwarenessClass:
    proposed_on: date | None
    agreed_on: date | None
    enrolled_on: date | None
    class_name: str | None
    not_passed: list[ClassNotPassed]


def helper(case: Case) -> Helper | None:
    """The last helper."""
    fact = case.helper
    if fact is None:
        return None
    return Helper(
        name=fact.helper_name,
        official_since=fact.helper_official_since,
        assigned_on=fact.effective_on,
    )


def recommendations(case: Case) -> list[Recommendation]:
    """All of them, oldest first."""
    return [
        Recommendation(
            recommended_by=fact.recommended_by,
            organization_name=fact.organization_name,
            document_number=fact.document_number,
            recommended_on=fact.effective_on,
        )
        for fact in case.recommendations
    ]


def assessments(case: Case) -> list[Assessment]:
    """All of them, oldest first."""
    return [
        Assessment(
            period=fact.period,
            assessed_on=fact.effective_on,
            study_or_work=fact.study_or_work,
            character=fact.character,
            motive=fact.motive,
            remark=fact.remark,
            measures=fact.measures,
        )
        for fact in case.assessments
    ]


def trial_tasks(case: Case) -> list[TrialTask]:
    """All of them, oldest first, with how they ended."""
    closed = {fact.task: fact for fact in case.closed_tasks}
    return [
        TrialTask(
            number=fact.number,
            description=fact.description,
            assigned_on=fact.effective_on,
            due_on=fact.due_on,
            closed_on=end.effective_on if end else None,
            fulfilled=end.fulfilled if end else None,
            remark=end.remark if end else None,
        )
        for fact in case.tasks
        for end in [closed.get(fact.number)]
    ]


def awareness_class(case: Case) -> AwarenessClass:
    """Where the person stands with the class."""
    return AwarenessClass(
        proposed_on=case.proposed.effective_on if case.proposed else None,
        agreed_on=case.agreed.effective_on if case.agreed else None,
        enrolled_on=case.enrolled.effective_on if case.enrolled else None,
        class_name=case.enrolled.class_name if case.enrolled else None,
        not_passed=[
            ClassNotPassed(outcome=fact.outcome, recorded_on=fact.effective_on)
            for fact in case.not_passed
        ],
    )
