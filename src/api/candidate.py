"""Candidates as GraphQL shows them. Personal fields are null for roles that may not read them."""

from datetime import date
from uuid import UUID

import strawberry

from api import candidate_facts as facts
from api import organization as organizations
from api.access import may_read_persons, require_cases
from api.connection import PageInfo, page_info, page_size
from api.context import Info
from api.described import field
from api.finding import Finding, finding
from api.node import GlobalId, Node
from api.scalars import Sex, Stage
from commands.ports import Recorded
from commands.scope import inside
from domain.candidate import Candidate as Record
from domain.errors import NotFound
from domain.record import record_not_found
from projections.basis import At
from projections.candidate_card import CandidateCard


@strawberry.type(description="One person's pursuit of admission, as of the asked day.")
class Candidate(Node):
    stage: Stage
    groups: list[str]
    dates: facts.CandidateDates
    certificate: facts.Certificate | None
    vetting: facts.Vetting | None
    votes: list[facts.CellVote]
    decision: facts.Decision | None
    recognition: facts.Recognition | None
    findings: list[Finding]
    full_name: str | None
    birth_date: date | None
    sex: Sex | None
    ethnicity: str | None
    religion: str | None
    identity_number: str | None
    personal_data_erased_on: date | None
    cell: strawberry.Private[str]
    at: strawberry.Private[At]

    @field("The cell that handles the case, in the asked tree.")
    async def organization(self, info: Info) -> organizations.Organization:
        return await organizations.place_of(info, self.cell, self.at)


@strawberry.type
class CandidateEdge:
    cursor: str
    node: Candidate


@strawberry.type
class CandidateConnection:
    edges: list[CandidateEdge]
    nodes: list[Candidate]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="An empty list of stages means all.")
class CandidateFilter:
    stages: list[Stage] | None = None
    group: str | None = None


async def candidate_by_id(info: Info, tenant_id: int, candidate: UUID, at: At) -> Candidate:
    """The card of a candidate inside the caller's scope. Raises NotFound and NotPermitted."""
    require_cases(info.context)
    return await _opened(info, tenant_id, candidate, at)


async def candidate_after(info: Info, recorded: Recorded) -> Candidate:
    """The card as it stands after a command of this caller."""
    return await _opened(info, recorded.tenant_id, recorded.subject, At())


async def _opened(info: Info, tenant_id: int, candidate: UUID, at: At) -> Candidate:
    services = info.context.services
    until = None
    if at.known is not None:
        positions = await services.store.positions_known_at([tenant_id], at.known)
        until = positions[tenant_id]
    card = await services.cards.card(
        tenant_id,
        candidate,
        at.effective or services.desk.clock.today(tenant_id),
        until_position=until,
        personal=may_read_persons(info.context),
    )
    if card is None:
        raise record_not_found(Record)
    try:
        holder = await services.desk.directory.organization_by_id(tenant_id, card.organization_id)
    except NotFound:
        raise record_not_found(Record) from None
    if not await inside(services.desk, info.context.actor, holder):
        raise record_not_found(Record)
    return _shown(info, card, holder.code, at)


async def candidates_of(
    info: Info,
    code: str,
    given: CandidateFilter | None,
    page: tuple[int | None, str | None],
    at: At,
) -> CandidateConnection:
    """A page of the people of an organization and all below it, in Vietnamese name order."""
    first, after = page
    require_cases(info.context)
    top = await organizations.opened(info, code, at)
    services = info.context.services
    found = await services.cards.page(
        top.figures,
        top.node,
        stages=frozenset((given.stages if given else None) or ()),
        group=given.group if given else None,
        first=page_size(first),
        after=after,
        personal=may_read_persons(info.context),
    )
    info.context.spend(len(found.cards))
    nodes = [_shown(info, card, await _cell(info, card) or code, at) for card in found.cards]
    edges = [
        CandidateEdge(cursor=str(card.id), node=node)
        for card, node in zip(found.cards, nodes, strict=True)
    ]
    return CandidateConnection(
        edges=edges,
        nodes=nodes,
        page_info=page_info(
            [edge.cursor for edge in edges], after=after, more=found.after is not None
        ),
        total_count=found.total,
    )


async def _cell(info: Info, card: CandidateCard) -> str | None:
    return await info.context.services.codes.organization(card.tenant_id, card.organization_id)


def _shown(info: Info, card: CandidateCard, cell: str, at: At) -> Candidate:
    case = card.case
    person = case.identified
    rules = info.context.services.desk.rules
    assert person is not None
    return Candidate(
        id=GlobalId("Candidate", card.tenant_id, card.id).encode(),
        stage=card.stage,
        groups=list(card.groups),
        dates=facts.dates(case),
        certificate=facts.certificate(case),
        vetting=facts.vetting(case),
        votes=facts.votes(case),
        decision=facts.decision(case),
        recognition=facts.recognition(case),
        findings=[finding(rules, rule, day, info.context.language) for rule, day in card.findings],
        full_name=person.full_name,
        birth_date=person.birth_date,
        sex=person.sex,
        ethnicity=person.ethnicity,
        religion=person.religion,
        identity_number=person.identity_number,
        personal_data_erased_on=None if case.erased is None else case.erased.effective_on,
        cell=cell,
        at=at,
    )
