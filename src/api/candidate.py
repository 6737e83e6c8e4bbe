"""Candidates as GraphQL shows them. Personal fields are null for roles that may not read them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import strawberry

from api import candidate_dossier, candidate_progress
from api import candidate_facts as facts
from api import membership as memberships
from api import organization as organizations
from api.access import (
    may_read_cases,
    may_read_persons,
    may_read_vetting,
    require_cases,
)
from api.basis import known_until
from api.candidate_filter import CandidateFilter, paper_months, permitted, wanted
from api.connection import PageInfo, page_info, page_size
from api.context import Info
from api.described import field
from api.finding import Finding, finding
from api.node import GlobalId, Node
from api.scalars import Sex, Stage, VettingStatus
from commands.ports import Recorded
from commands.scope import inside
from domain import confidential
from domain.assessment import missing_assessments
from domain.candidate import Candidate as Record
from domain.case import Case, stage
from domain.errors import NotFound
from domain.groups import YOUTH_AGE
from domain.merging import Merged
from domain.paper import checklist
from domain.record import record_not_found
from domain.vetting import vetting_status
from projections.basis import At
from projections.candidate_card import CandidateCard


@strawberry.type(description="One person's pursuit of admission, as of the asked day.")
class Candidate(Node):
    stage: Stage
    groups: list[str]
    dates: facts.CandidateDates
    helper: candidate_progress.Helper | None
    recommendations: list[candidate_progress.Recommendation]
    assessments: list[candidate_progress.Assessment]
    missing_assessments: list[str] = strawberry.field(
        description="Months and quarters that ended without the assessment due, oldest first."
    )
    trial_tasks: list[candidate_progress.TrialTask]
    awareness_class: candidate_progress.AwarenessClass
    certificate: facts.Certificate | None
    revoked_certificates: list[facts.RevokedCertificate]
    dossier: candidate_dossier.Dossier
    vetting: facts.Vetting | None
    vetting_status: VettingStatus | None = strawberry.field(
        description="Null for who may not see the vetting."
    )
    votes: list[facts.CellVote]
    review: candidate_dossier.Review
    conditions: list[facts.AttestedCondition]
    decision: facts.Decision | None
    ending: candidate_dossier.Ending | None
    recognition: facts.Recognition | None
    membership: memberships.Membership
    striking_off: memberships.StrikingOff | None
    readmission: memberships.Readmission | None
    deadlines: list[memberships.ProcedureDeadline] = strawberry.field(
        description="What is due, first due first, by the rules of the asked day."
    )
    findings: list[Finding]
    full_name: str | None
    birth_date: date | None
    sex: Sex | None
    ethnicity: str | None
    religion: str | None
    identity_number: str | None
    personal_data_erased_on: date | None
    transferred_from: str | None = strawberry.field(
        description="The tenant that handed the case over."
    )
    transferred_to: str | None = strawberry.field(description="The tenant that goes on with it.")
    cell: strawberry.Private[str]
    at: strawberry.Private[At]
    merged: strawberry.Private[Merged | None]

    @field("The cell that handles the case, in the asked tree.")
    async def organization(self, info: Info) -> organizations.Organization:
        return await organizations.place_of(info, self.cell, self.at)

    @field("The record that goes on, where this one was found to be a duplicate.")
    async def merged_into(self, info: Info) -> strawberry.ID | None:
        if self.merged is None:
            return None
        directory = info.context.services.desk.directory
        tenant = await directory.tenant_of(self.merged.survivor_tenant)
        return GlobalId("Candidate", tenant, self.merged.survivor_id).encode()


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


async def candidate_by_id(info: Info, tenant_id: int, candidate: UUID, at: At) -> Candidate:
    """The card of a candidate inside the caller's scope. Raises NotFound and NotPermitted."""
    require_cases(info.context)
    return await _opened(info, tenant_id, candidate, at)


async def candidate_after(info: Info, recorded: Recorded) -> Candidate:
    """The card as it stands after a command of this caller."""
    return await _opened(info, recorded.tenant_id, recorded.subject, At())


async def _opened(info: Info, tenant_id: int, candidate: UUID, at: At) -> Candidate:
    services = info.context.services
    card = await services.cards.card(
        tenant_id,
        candidate,
        at.effective or services.desk.clock.today(tenant_id),
        until_position=await known_until(info, tenant_id, at),
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
    return await _shown(info, card, holder.code, at)


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
    given = permitted(info, given or CandidateFilter())
    top = await organizations.opened(info, code, at)
    services = info.context.services
    rules = await services.desk.rules.of(top.node.tenant_id)
    found = await services.cards.page(
        top.figures,
        top.node,
        wanted(rules, given, top.figures.basis.effective),
        first=page_size(first),
        after=after,
        personal=may_read_persons(info.context),
    )
    info.context.spend(len(found.cards))
    nodes = [await _shown(info, card, await _cell(info, card) or code, at) for card in found.cards]
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


async def _shown(info: Info, card: CandidateCard, cell: str, at: At) -> Candidate:
    whole = may_read_cases(info.context)
    vetted = may_read_vetting(info.context, card.case)
    known = card.case if vetted else confidential.without_vetting(card.case)
    case = known if whole else _outcome(known)
    hidden = frozenset() if vetted else confidential.RULES
    person = case.identified
    desk, language = info.context.services.desk, info.context.language
    rules = await desk.rules.of(card.tenant_id)
    day = at.effective or desk.clock.today(card.tenant_id)
    assert person is not None
    months = paper_months(rules, day)
    papers = [
        each
        for each in checklist(case, day, young=YOUTH_AGE in card.groups, months=months)
        if vetted or each.paper.code not in confidential.PAPERS
    ]
    return Candidate(
        id=GlobalId("Candidate", card.tenant_id, card.id).encode(),
        stage=card.stage if vetted else _stage_shown(known, day, votes=whole) or card.stage,
        groups=list(card.groups),
        dates=facts.dates(case),
        helper=candidate_progress.helper(case),
        recommendations=candidate_progress.recommendations(case),
        assessments=candidate_progress.assessments(case),
        missing_assessments=missing_assessments(case, day) if whole else [],
        trial_tasks=candidate_progress.trial_tasks(case),
        awareness_class=candidate_progress.awareness_class(case),
        certificate=facts.certificate(case),
        revoked_certificates=facts.revoked_certificates(case),
        dossier=candidate_dossier.dossier(case, papers, language),
        vetting=facts.vetting(case),
        vetting_status=vetting_status(case) if vetted else None,
        votes=facts.votes(case),
        review=candidate_dossier.review(case),
        conditions=facts.attested(case),
        decision=facts.decision(case),
        ending=candidate_dossier.ending(case),
        recognition=facts.recognition(case),
        findings=[
            finding(rules, rule, on, language)
            for rule, on in card.findings
            if whole and rule not in hidden
        ],
        membership=memberships.membership(case),
        striking_off=memberships.striking_off(case),
        readmission=memberships.readmission(case),
        deadlines=memberships.due(case, rules, day) if whole else [],
        full_name=person.full_name,
        birth_date=person.birth_date,
        sex=person.sex,
        ethnicity=person.ethnicity,
        religion=person.religion,
        identity_number=person.identity_number,
        personal_data_erased_on=None if case.erased is None else case.erased.effective_on,
        transferred_from=card.received_from,
        transferred_to=None if case.handed_over is None else case.handed_over.to_tenant,
        cell=cell,
        at=at,
        merged=case.merged,
    )


def _stage_shown(case: Case, day: date, *, votes: bool) -> Stage | None:
    """How far the case has come by the facts that are shown."""
    return stage(case if votes else replace(case, votes=[], returned=None), day)


def _outcome(case: Case) -> Case:
    """What a union sees of a case beside its stage: who it speaks for, and what it recorded.

    Source: domain sheet, F.1.
    """
    return Case(
        identified=case.identified,
        recommendations=case.recommendations,
        union_resolution=case.union_resolution,
    )
