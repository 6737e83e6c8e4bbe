"""Dossiers that came back from the competent committee, as GraphQL shows them."""

import strawberry

from api import organization as organizations
from api.access import may_read_all_vetting
from api.context import Info
from api.organization import Organization
from api.progress import Period, period_of
from domain import confidential, paper
from domain import period as periods
from projections import dossier_return as returns_
from projections.basis import At
from projections.dossier_return import DossierReturnProjection


@strawberry.type(description="How many returns concern a paper of the check-list.")
class ReturnReason:
    paper: str | None = strawberry.field(description="Null for returns that name no paper.")
    title: str | None
    count: int


@strawberry.type(
    description="What came back, by the asked day, of the dossiers that were first submitted in "
    "the period in the whole subtree. A dossier counts where it was first submitted."
)
class DossierReturns:
    organization: Organization
    submitted: int
    returned: int = strawberry.field(description="Dossiers that came back at least once.")
    times: int = strawberry.field(description="All returns.")
    resubmitted: int = strawberry.field(description="Returns after which the dossier came again.")
    return_percent: float | None = strawberry.field(description="`returned` of `submitted`.")
    reasons: list[ReturnReason] = strawberry.field(
        description="By the papers that the defects concern, in the order of the check-list; a "
        "return may concern several. Papers that tell of the vetting stand there for those who vet."
    )
    median_days_until_resubmission: float | None


@strawberry.type(description="The dossiers of an organization and of each directly below it.")
class DossierReturnBoard:
    period: Period
    whole: DossierReturns
    children: list[DossierReturns]


async def dossier_returns(
    info: Info, code: str, period: periods.Period, at: At
) -> DossierReturnBoard:
    """The board of an organization. Raises NotFound, NotPermitted and ReadModelBehind."""
    top = await organizations.opened(info, code, at)
    read_models = info.context.services.read_models
    await read_models.caught_up(top.figures.basis, DossierReturnProjection.name)
    children = [
        organizations.organization(info, top.figures, node, at) for node in top.node.children
    ]
    return DossierReturnBoard(
        period=period_of(period),
        whole=await returns_of(info, top, period),
        children=[await returns_of(info, child, period) for child in children],
    )


async def returns_of(
    info: Info, organization: Organization, period: periods.Period
) -> DossierReturns:
    """Those of one organization; its read model has caught up."""
    found = await returns_.returns(organization.figures, organization.node, period)
    hidden = frozenset() if may_read_all_vetting(info.context) else confidential.PAPERS
    return DossierReturns(
        organization=organization,
        submitted=found.submitted,
        returned=found.returned,
        times=found.times,
        resubmitted=found.resubmitted,
        return_percent=found.percent,
        reasons=[
            ReturnReason(
                paper=code,
                title=None
                if code is None
                else paper.papers()[code].title.in_language(info.context.language),
                count=found.papers[code],
            )
            for code in (*paper.papers(), None)
            if found.papers.get(code) and code not in hidden
        ],
        median_days_until_resubmission=found.median_days,
    )
