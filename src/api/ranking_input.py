"""What the results of development give to the ranking of organizations, as GraphQL shows it."""

from datetime import date

import strawberry

from api import organization as organizations
from api.access import may_read_all_vetting, require_code
from api.context import Info
from api.described import field
from api.dossier_return import DossierReturns, returns_of
from api.organization import Organization
from api.progress import Period, Progress, period_of, progress_of
from api.scalars import CountingDate, Ranked, Review
from domain import confidential, ranking
from domain import period as periods
from domain.access import Action
from domain.reaction import ReactionKind
from projections import figures as figures_
from projections import ranking_input as rankings
from projections.basis import At
from projections.dossier_return import DossierReturnProjection
from projections.ranking_input import Ranking, Readers


@strawberry.type(
    description="The rules by which organizations are ranked. Nothing here ranks anybody."
)
class RankingRules:
    number: str
    valid_from: date
    reviews: list[Review]
    source: str


@strawberry.type(
    description="Admissions of the period, by the date that counts, beside those of the same days "
    "a year before; null for what is longer than a year."
)
class RankedAdmissions:
    counting: CountingDate
    admitted: int
    admitted_year_before: int | None
    growth_percent: float | None


@strawberry.type(
    description="Duties whose last day lies in the period and has passed. `missing` was not handed "
    "in, or went back and did not come again; `released` was excused, withdrawn, or has nothing to "
    "report."
)
class RankedDuties:
    on_time: int
    late: int
    missing: int
    released: int


@strawberry.type
class RuleCount:
    rule: str
    count: int


@strawberry.type(
    description="Steps of the period that break rules which did not stop them. Rules that tell of "
    "the vetting count for those who vet."
)
class RankedFindings:
    steps: int
    rules: list[RuleCount] = strawberry.field(description="A step may break several.")


@strawberry.type(description="Defects that inspections noted in the period.")
class RankedDefects:
    noted: int
    open: int = strawberry.field(description="Of these, as of the asked day.")


@strawberry.type(
    description="Reactions agreed to by the asked day that name the period, or name none and were "
    "decided in it; of those proposed since the year before."
)
class RankedReactions:
    kind: ReactionKind
    count: int
    own: int = strawberry.field(description="To the organization itself, not to one below it.")


@strawberry.type(description="One organization with all below it.")
class RankingLine:
    organization: Organization
    ranking: strawberry.Private[Ranking]

    @field(
        "Its own targets by basis, and what was achieved of them. A part of a year is measured by "
        "the year's target, as of the end of that part."
    )
    async def progress(self) -> list[Progress]:
        found = await rankings.progress(
            self.ranking.rollup, self.organization.node, self.ranking.period
        )
        return [progress_of(each) for each in found]

    @field("By the decision and by the ceremony.")
    async def admissions(self) -> list[RankedAdmissions]:
        rollup, node, period = self.ranking.rollup, self.organization.node, self.ranking.period
        found = [await rankings.admissions(rollup, node, period, each) for each in CountingDate]
        return [
            RankedAdmissions(
                counting=each.counting,
                admitted=each.admitted,
                admitted_year_before=each.admitted_year_before,
                growth_percent=each.growth_percent,
            )
            for each in found
        ]

    @field()
    async def duties(self) -> RankedDuties:
        found = await self.ranking.duties(self.organization.node)
        return RankedDuties(
            on_time=found.on_time, late=found.late, missing=found.missing, released=found.released
        )

    @field()
    async def findings(self, info: Info) -> RankedFindings:
        hidden = frozenset() if may_read_all_vetting(info.context) else confidential.RULES
        found = await self.ranking.findings(self.organization.node)
        rules: dict[str, int] = {}
        for broken, count in found.items():
            for rule in sorted(set(broken) - hidden):
                rules[rule] = rules.get(rule, 0) + count
        return RankedFindings(
            steps=sum(count for broken, count in found.items() if not hidden.issuperset(broken)),
            rules=[RuleCount(rule=rule, count=rules[rule]) for rule in sorted(rules)],
        )

    @field()
    async def defects(self) -> RankedDefects:
        found = await self.ranking.defects(self.organization.node)
        return RankedDefects(noted=found.noted, open=found.open)

    @field("What came back of the dossiers first submitted in the period.")
    async def dossier_returns(self, info: Info) -> DossierReturns:
        await info.context.services.read_models.caught_up(
            self.ranking.rollup.basis, DossierReturnProjection.name
        )
        return await returns_of(info, self.organization, self.ranking.period)

    @field("Kinds of which there are none are left out.")
    async def reactions(self) -> list[RankedReactions]:
        found = await self.ranking.reactions(self.organization.node)
        return [
            RankedReactions(kind=kind, count=found.every[kind], own=found.own[kind])
            for kind in ReactionKind
            if found.every[kind]
        ]

    @field("How many cells it has in the asked tree.")
    def cells(self) -> int:
        return sum(1 for each in self.organization.node.subtree() if each.kind.is_cell)

    @field("Of these, at least so many years old, who admitted nobody in these years.")
    async def cells_without_admission(self, years: int = 1) -> int:
        found = await figures_.dry_cells(self.ranking.rollup, self.organization.node, years)
        return len(found)


@strawberry.type(
    description="Results of a year, a term or a part of a year (a quarter as a range of days), "
    "organization by organization: an input to the ranking, not the ranking itself."
)
class RankingInput:
    organization: Organization
    period: Period
    review: Review | None = strawberry.field(
        description="What the period is; null for a range that is no quarter."
    )
    rules: RankingRules | None = strawberry.field(
        description="In force at its end, by the asked day; null before the first that are known."
    )
    is_foreseen: bool = strawberry.field(description="Whether they review such a period.")
    lines: list[RankingLine]


async def ranking_input(
    info: Info, code: str, period: periods.Period, of: Ranked, at: At
) -> RankingInput:
    """The figures of a ranking. Raises NotFound and NotPermitted."""
    await require_code(info, code, Action.READ_RECORDS)
    top = await organizations.opened(info, code, at)
    services = info.context.services
    nodes = rankings.ranked(top.node, of)
    held = Ranking(
        top.figures,
        nodes,
        period,
        Readers(services.read_models, services.register, services.obligations, info.context.spend),
    )
    review = ranking.review_of(period)
    rules = ranking.rules_on(min(period.last, top.figures.basis.effective))
    return RankingInput(
        organization=top,
        period=period_of(period),
        review=review,
        rules=None if rules is None else _rules(rules),
        is_foreseen=rules is not None and review in rules.reviews,
        lines=[
            RankingLine(
                organization=organizations.organization(info, top.figures, node, at),
                ranking=held,
            )
            for node in nodes
        ],
    )


def _rules(found: ranking.RankingRules) -> RankingRules:
    return RankingRules(
        number=found.number,
        valid_from=found.valid_from,
        reviews=list(found.reviews),
        source=found.source,
    )
