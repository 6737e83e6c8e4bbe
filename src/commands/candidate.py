"""Commands about candidates: from identifying a person to recognizing a full member."""

from datetime import date
from typing import Final
from uuid import UUID, uuid5

from commands.identity import save_person
from commands.ports import Command, Desk, Recorded
from commands.scope import require_organization, require_record
from commands.step import Step, day_of
from domain import (
    access,
    admission,
    certificate,
    dossier,
    probation,
    recognition,
    sympathizer,
    vetting,
)
from domain.access import Action
from domain.candidate import Candidate, Person
from domain.placement import as_cell, move


async def identify_candidate(
    desk: Desk, command: Command, *, organization: str, person: Person
) -> Recorded:
    """Begin to follow an outstanding person in a cell.

    Raises InvalidInput when the organization is not a cell or not yet there on the day, Conflict
    when it has ended by then, and as `save_person`.
    """
    cell = await require_organization(desk, command.actor, Action.INTRODUCE, organization)
    candidate = Candidate.identify(
        uuid5(command.id, "candidate"),
        await day_of(desk, cell.tenant_id, command),
        as_cell(cell, command.occurred_on),
        person,
    )
    return await save_person(desk, command, cell.tenant_id, candidate)


async def move_candidate(
    desk: Desk,
    command: Command,
    *,
    tenant_id: int,
    subject: UUID,
    organization: str,
    document: str | None = None,
    helper_name: str | None = None,
    helper_official_since: date | None = None,
) -> Recorded:
    """Let another cell of the same tenant go on with a case; both lie inside the actor's scope.

    Raises NotFound, NotPermitted, and the refusals of `placement.move`.
    """
    action = Action.RECORD_GRASSROOTS_STEP
    access.require(command.actor.role, action)
    record = await desk.log.load(tenant_id, Candidate, subject)
    await require_record(desk, command.actor, tenant_id, record)
    to = await require_organization(desk, command.actor, action, organization)
    move(
        record,
        await day_of(desk, tenant_id, command),
        cell=to,
        document=document,
        helper_name=helper_name,
        helper_official_since=helper_official_since,
    )
    return await desk.log.save(tenant_id, command, record, subject=subject)


list_sympathizer: Final = Step(
    "list_sympathizer",
    Action.RECORD_CELL_STEP,
    Candidate,
    sympathizer.list_sympathizer,
    sympathizer.SympathizerListed,
)
remove_sympathizer: Final = Step(
    "remove_sympathizer",
    Action.RECORD_CELL_STEP,
    Candidate,
    sympathizer.remove_sympathizer,
    sympathizer.SympathizerRemoved,
)
assign_helper: Final = Step(
    "assign_helper",
    Action.RECORD_CELL_STEP,
    Candidate,
    sympathizer.assign_helper,
    sympathizer.HelperAssigned,
)
record_certificate: Final = Step(
    "record_certificate",
    Action.RECORD_CERTIFICATE,
    Candidate,
    certificate.record_certificate,
    certificate.CertificateIssued,
)
revoke_recorded_certificate: Final = Step(
    "revoke_recorded_certificate",
    Action.RECORD_CERTIFICATE,
    Candidate,
    certificate.revoke_certificate,
    certificate.CertificateRevoked,
)
open_dossier: Final = Step(
    "open_dossier",
    Action.RECORD_CELL_STEP,
    Candidate,
    dossier.open_dossier,
    dossier.DossierOpened,
)
conclude_vetting: Final = Step(
    "conclude_vetting",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    vetting.conclude_vetting,
    vetting.VettingConcluded,
)
record_cell_vote: Final = Step(
    "record_cell_vote",
    Action.RECORD_CELL_STEP,
    Candidate,
    admission.record_cell_vote,
    admission.CellVoteHeld,
)
submit_dossier: Final = Step(
    "submit_dossier",
    Action.RECORD_GRASSROOTS_STEP,
    Candidate,
    admission.submit_dossier,
    admission.DossierSubmitted,
)
decide_admission: Final = Step(
    "decide_admission",
    Action.ADMIT,
    Candidate,
    admission.decide_admission,
    admission.AdmissionDecided,
    in_place=True,
)
hold_ceremony: Final = Step(
    "hold_ceremony",
    Action.RECORD_CELL_STEP,
    Candidate,
    probation.hold_ceremony,
    probation.CeremonyHeld,
    in_place=True,
)
recognize_full_member: Final = Step(
    "recognize_full_member",
    Action.ADMIT,
    Candidate,
    recognition.recognize_full_member,
    recognition.FullMemberRecognized,
    in_place=True,
)
