"""What came of the classes of a period, by who sent the people, as GraphQL shows it."""

from typing import Final

import strawberry

from api import organization as organizations
from api.access import require_code
from api.context import Info
from api.course_people import CourseGrade
from api.organization import Organization
from api.progress import Period, period_of
from domain import period as periods
from domain.access import Action
from domain.characteristic import require_characteristics
from domain.grading import Grade
from domain.groups import require_group
from domain.schedule import CourseKind
from projections import class_result as results_
from projections.basis import At
from projections.class_result import Chosen, Classes, ClassResultProjection

_OF_A_CLASS: Final = 10
"""What a class costs of a request's budget: it has more to read than an organization."""


@strawberry.type(
    description="What came of classes that begin in the period for the people whom an organization "
    "and all below it sent. Who was sent to two classes was sent twice; each person counts by the "
    "last result in a class."
)
class ClassResults:
    organization: Organization
    held: int = strawberry.field(description="Classes that it and those below it held.")
    classes: int = strawberry.field(description="Classes in which it has places or people.")
    places: int
    sent: int = strawberry.field(description="Who stands on the call-up lists.")
    enrolled: int
    attended: int = strawberry.field(description="Who was at one session at least.")
    passed: int = strawberry.field(description="Whose certificate was revoked since included.")
    not_passed: int
    retakes: int
    pass_percent: float | None = strawberry.field(description="`passed` of all who were assessed.")
    certificates: list[CourseGrade] = strawberry.field(description="By grade, best first.")
    revoked: int


@strawberry.type(description="The results of an organization and of each directly below it.")
class ClassResultBoard:
    period: Period
    whole: ClassResults
    children: list[ClassResults]


def chosen(kind: CourseKind | None, characteristic: str | None, groups: list[str] | None) -> Chosen:
    """What is asked for. Raises InvalidInput for an unknown characteristic or group."""
    if characteristic is not None:
        require_characteristics([characteristic], "characteristic")
    for group in groups or ():
        require_group(group, "groups")
    return Chosen(kind=kind, characteristic=characteristic, groups=frozenset(groups or ()))


async def class_results(
    info: Info, code: str, period: periods.Period, asked: Chosen, at: At
) -> ClassResultBoard:
    """The board of an organization. Raises NotFound, NotPermitted, InvalidInput."""
    await require_code(info, code, Action.READ_RECORDS)
    top = await organizations.opened(info, code, at)
    services = info.context.services
    await services.read_models.caught_up(top.figures.basis, ClassResultProjection.name)
    classes = Classes(services.database, services.register)
    whole, parts = await classes.results(top.figures, period, asked)
    info.context.spend(_OF_A_CLASS * max(whole.held, whole.classes))
    return ClassResultBoard(
        period=period_of(period),
        whole=_shown(top, whole),
        children=[
            _shown(organizations.organization(info, top.figures, node, at), parts[node.id])
            for node in top.node.children
        ],
    )


def _shown(organization: Organization, found: results_.ClassResults) -> ClassResults:
    return ClassResults(
        organization=organization,
        held=found.held,
        classes=found.classes,
        places=found.places,
        sent=found.sent,
        enrolled=found.enrolled,
        attended=found.attended,
        passed=found.passed,
        not_passed=found.not_passed,
        retakes=found.retakes,
        pass_percent=found.pass_percent,
        certificates=[CourseGrade(grade=grade, count=found.grades[grade]) for grade in Grade],
        revoked=found.revoked,
    )
