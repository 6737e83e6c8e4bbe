"""What a committee looks at: who answers for which result, and how well each part works."""

import strawberry

from api import class_result as classes_
from api import dossier_return as returns_
from api import ranking_input as rankings_
from api import scoreboard as scoreboards_
from api.context import Info
from api.described import field
from api.scalars import At, CountingDate, PeriodInput, Ranked, TargetBasis, as_at, as_period
from domain.schedule import CourseKind
from projections.scoreboard import Asked


@strawberry.type
class BoardQuery:
    @field(
        "What each member of a standing committee answers for on the asked day, or one `member` "
        "by id: the results of the territory by group and by area, against targets of a basis; "
        "`belowPercent` says from where on they are enough."
    )
    async def territory_scoreboard(  # noqa: PLR0913, PLR0917 - the query's arguments
        self,
        info: Info,
        organization: str,
        period: PeriodInput,
        basis: TargetBasis = TargetBasis.ASSIGNED,
        counting: CountingDate = CountingDate.DECISION,
        below_percent: float = 50,
        member: str | None = None,
        at: At | None = None,
    ) -> scoreboards_.TerritoryScoreboard:
        asked = Asked(
            period=as_period(period),
            basis=basis,
            counting=counting,
            below_percent=below_percent,
        )
        return await scoreboards_.territory_scoreboard(info, organization, asked, member, as_at(at))

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

    @field(
        "What the results of a period give to the ranking of the organizations directly below one, "
        "or of all grassroots organizations below it."
    )
    async def ranking_input(
        self,
        info: Info,
        organization: str,
        period: PeriodInput,
        of: Ranked = Ranked.CHILDREN,
        at: At | None = None,
    ) -> rankings_.RankingInput:
        return await rankings_.ranking_input(info, organization, as_period(period), of, as_at(at))
