"""Commands about candidates.

The core path, from identifying a person to recognizing a full member.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid5

from commands.ports import Command, Desk, Recorded
from commands.scope import require_case, require_organization
from domain import access
from domain.access import Action
from domain.candidate import Candidate, Cell, Person
from domain.case import VettingConclusion
from domain.errors import Finding, InvalidInput
from domain.judgment import Day
from domain.organization import OrganizationKind
from domain.record import require_past
from domain.text import Text


async def identify_candidate(
    desk: Desk, command: Command, *, organization: str, person: Person
) -> Recorded:
    """Begin to follow an outstanding person in a cell.

    Raises InvalidInput when the organization is not a cell.
    """
    cell = await require_organization(desk, command.actor, Action.INTRODUCE, organization)
    if not cell.kind.is_cell:
        raise InvalidInput(
            "ORGANIZATION_NOT_A_CELL",
            Text(
                "Quần chúng ưu tú được ghi nhận tại chi bộ.",
                "An outstanding person is recorded in a cell.",
            ),
            field="organization",
        )
    candidate = Candidate.identify(
        uuid5(command.id, "candidate"),
        _day(desk, cell.tenant_id, command),
        Cell(cell.id, cell.kind is OrganizationKind.GRASSROOTS_CELL, cell.characteristics),
        person,
    )
    return await desk.log.save(cell.tenant_id, command, candidate, subject=candidate.id)


async def list_sympathizer(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    resolution_number: str | None = None,
) -> Recorded:
    """Put a person on the cell's list of sympathizers."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_CELL_STEP,
        lambda case, day: case.list_sympathizer(day, resolution_number=resolution_number),
    )


async def remove_sympathizer(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    reason: str,
    resolution_number: str | None = None,
) -> Recorded:
    """Take a person off the list, with the reason."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_CELL_STEP,
        lambda case, day: case.remove_sympathizer(
            day, reason=reason, resolution_number=resolution_number
        ),
    )


async def assign_helper(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    helper_name: str,
    helper_official_since: date,
) -> Recorded:
    """Assign an official member to help a person."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_CELL_STEP,
        lambda case, day: case.assign_helper(
            day, helper_name=helper_name, helper_official_since=helper_official_since
        ),
    )


async def record_certificate(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    number: str,
    grade: str | None = None,
) -> Recorded:
    """Record the certificate of the awareness class; `occurred_on` is the day it bears."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_CERTIFICATE,
        lambda case, day: case.record_certificate(day, number=number, grade=grade),
    )


async def open_dossier(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    resolution_number: str | None = None,
) -> Recorded:
    """Allow a sympathizer to begin the procedure."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_CELL_STEP,
        lambda case, day: case.open_dossier(day, resolution_number=resolution_number),
    )


async def conclude_vetting(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    conclusion: VettingConclusion,
    document_number: str | None = None,
) -> Recorded:
    """Record the conclusion code of the vetting."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_GRASSROOTS_STEP,
        lambda case, day: case.conclude_vetting(
            day, conclusion=conclusion, document_number=document_number
        ),
    )


async def record_cell_vote(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    official_members: int,
    in_favor: int,
    resolution_number: str | None = None,
) -> Recorded:
    """Record the cell's vote on proposing the admission, passed or failed."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_CELL_STEP,
        lambda case, day: case.record_cell_vote(
            day,
            official_members=official_members,
            in_favor=in_favor,
            resolution_number=resolution_number,
        ),
    )


async def submit_dossier(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    letter_number: str | None = None,
) -> Recorded:
    """Adopt the proposal and submit the dossier to the competent committee."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_GRASSROOTS_STEP,
        lambda case, day: case.submit_dossier(day, letter_number=letter_number),
    )


async def decide_admission(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    decision_number: str,
    consent_number: str | None = None,
) -> Recorded:
    """Record the committee's decision to admit; `occurred_on` is the decision's date."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.DECIDE,
        lambda case, day: case.decide_admission(
            day, decision_number=decision_number, consent_number=consent_number
        ),
    )


async def hold_ceremony(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    decision_received_on: date | None = None,
    consent_number: str | None = None,
) -> Recorded:
    """Record the admission ceremony, which begins the probation."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.RECORD_CELL_STEP,
        lambda case, day: case.hold_ceremony(
            day, decision_received_on=decision_received_on, consent_number=consent_number
        ),
    )


async def recognize_full_member(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    candidate: UUID,
    decision_number: str,
    cell_vote_on: date,
    official_members: int,
    in_favor: int,
) -> Recorded:
    """Record the decision that recognizes a full member."""
    return await step_of(
        desk,
        command,
        tenant_id,
        candidate,
        Action.DECIDE,
        lambda case, day: case.recognize_full_member(
            day,
            decision_number=decision_number,
            cell_vote_on=cell_vote_on,
            official_members=official_members,
            in_favor=in_favor,
        ),
    )


async def step_of(
    desk: Desk,
    command: Command,
    tenant_id: int,
    candidate: UUID,
    action: Action,
    take: Callable[[Candidate, Day], list[Finding]],
) -> Recorded:
    """Access check, load, decide, save; the same four moves for every step of a case."""
    access.require(command.actor.role, action)
    record = await desk.log.load(tenant_id, Candidate, candidate)
    await require_case(desk, command.actor, tenant_id, record.cell.id)
    take(record, _day(desk, tenant_id, command))
    return await desk.log.save(tenant_id, command, record, subject=candidate)


def _day(desk: Desk, tenant_id: int, command: Command) -> Day:
    today = desk.clock.today(tenant_id)
    return Day(require_past("occurredOn", command.occurred_on, today), desk.rules)
