"""What a committee looks at: who answers for which result, and how well each part works."""

import strawberry

from api import dossier_return as returns_
from api.context import Info
from api.described import field
from api.scalars import At, PeriodInput, as_at, as_period


@strawberry.type
class BoardQuery:
    @field("Dossiers submitted in a period and what of them came back, with the reasons.")
    async def dossier_returns(
        self, info: Info, organization: str, period: PeriodInput, at: At | None = None
    ) -> returns_.DossierReturnBoard:
        return await returns_.dossier_returns(info, organization, as_period(period), as_at(at))
