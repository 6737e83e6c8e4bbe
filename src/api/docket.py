"""What lies before the monthly conference: the dossiers laid before it, and all that wait."""

from datetime import date

import strawberry

from api.access import require_cases
from api.candidate import CandidateConnection, candidates_of
from api.candidate_filter import CandidateFilter
from api.context import Info
from api.described import field
from api.node import GlobalId, Node
from api.record import after_command, id_of
from api.scalars import Stage
from api.step import answer, written
from commands import meeting as commands
from domain import docket as domain
from domain.docket import DocketMatter
from projections.basis import At


@strawberry.type
class DocketDossier:
    matter: DocketMatter
    candidate: strawberry.ID


@strawberry.type(description="Dossiers that a board laid together before a conference.")
class Docket(Node):
    organization: str | None
    body: str
    letter_number: str | None
    laid_on: date
    meets_on: date
    record: strawberry.Private[domain.Docket]
    tenant_id: strawberry.Private[int]

    @field()
    def dossiers(self, info: Info) -> list[DocketDossier]:
        require_cases(info.context)
        return [
            DocketDossier(
                matter=each.matter,
                candidate=GlobalId("Candidate", self.tenant_id, each.candidate).encode(),
            )
            for each in self.record.laid.dossiers
        ]


@strawberry.type(description="What waits for the monthly conference on the asked day.")
class MonthlyAgenda:
    code: strawberry.Private[str]
    at: strawberry.Private[At]

    @field("Dossiers submitted and not decided yet.")
    async def admissions(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> CandidateConnection:
        return await self._at_stage(info, Stage.SUBMITTED, (first, after))

    @field("Probations that have ended.")
    async def recognitions(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> CandidateConnection:
        return await self._at_stage(info, Stage.RECOGNITION_DUE, (first, after))

    async def _at_stage(
        self, info: Info, stage: Stage, page: tuple[int | None, str | None]
    ) -> CandidateConnection:
        return await candidates_of(info, self.code, CandidateFilter(stages=[stage]), page, self.at)


async def show(info: Info, record: domain.Docket, tenant_id: int, at: At) -> Docket:  # noqa: ARG001 - a docket is of one day
    """A docket as it was laid."""
    laid = record.laid
    codes = info.context.services.codes
    return Docket(
        id=id_of(record, tenant_id),
        organization=await codes.organization(tenant_id, record.organization_id),
        body=laid.body,
        letter_number=laid.letter_number,
        laid_on=laid.effective_on,
        meets_on=laid.meets_on,
        record=record,
        tenant_id=tenant_id,
    )


DocketResult, _shown = answer(Docket, after_command(domain.Docket, show))
DocketMutation = written(
    "DocketMutation", (commands.lay_docket,), (domain.Docket, DocketResult, _shown)
)
