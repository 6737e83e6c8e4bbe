"""What a committee looks at: who answers for which result, and how well each part works."""

import strawberry

from api import class_result as classes_
from api import dossier_return as returns_
from api.context import Info
from api.described import field
from api.scalars import At, PeriodInput, as_at, as_period
from domain.schedule import CourseKind


@strawberry.type
class BoardQuery:
    @field("Dossiers submitted in a period and what of them came back, with the reasons.")
    async def dossier_returns(
        self, info: Info, organization: str, period: PeriodInput, at: At | None = None
    ) -> returns_.DossierReturnBoard:
        return await returns_.dossier_returns(info, organization, as_period(period), as_at(at))

    @field(
        "What came of the classes that begin in a period, by who sent the people: of one kind, of "
        "the people who are in all `groups`, and of units of a characteristic, if asked."
    )
    async def class_results(  # noqa: PLR0913, PLR0917 - the query's arguments
        self,
        info: Info,
        organization: str,
        period: PeriodInput,
        kind: CourseKind | None = None,
        characteristic: str | None = None,
        groups: list[str] | None = None,
        at: At | None = None,
    ) -> classes_.ClassResultBoard:
        asked = classes_.chosen(kind, characteristic, groups)
        return await classes_.class_results(info, organization, as_period(period), asked, as_at(at))
