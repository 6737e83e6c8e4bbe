"""Commands about candidates: from identifying a person to recognizing a full member."""

from typing import Final
from uuid import uuid5

from commands.ports import Command, Desk, Recorded
from commands.scope import require_organization
from commands.step import Step, day_of
from domain import admission, certificate, dossier, probation, sympathizer, vetting
from domain.access import Action
from domain.candidate import Candidate, Cell, Person
from domain.errors import InvalidInput
from domain.organization import OrganizationKind, organization_ended
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
    if cell.ended_on is not None and cell.ended_on <= command.occurred_on:
        raise organization_ended(cell.ended_on)
    candidate = Candidate.identify(
        uuid5(command.id, "candidate"),
        day_of(desk, cell.tenant_id, command),
        Cell(cell.id, cell.kind is OrganizationKind.GRASSROOTS_CELL, cell.characteristics),
        person,
    )
    return await desk.log.save(cell.tenant_id, command, candidate, subject=candidate.id)


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
    Action.DECIDE,
    Candidate,
    admission.decide_admission,
    admission.AdmissionDecided,
)
hold_ceremony: Final = Step(
    "hold_ceremony",
    Action.RECORD_CELL_STEP,
    Candidate,
    probation.hold_ceremony,
    probation.CeremonyHeld,
)
recognize_full_member: Final = Step(
    "recognize_full_member",
    Action.DECIDE,
    Candidate,
    probation.recognize_full_member,
    probation.FullMemberRecognized,
)
