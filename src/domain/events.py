"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import (
    admission,
    candidate,
    certificate,
    dossier,
    erasure,
    identity,
    log,
    merging,
    organization,
    placement,
    probation,
    sympathizer,
    target,
    transfer,
    vetting,
)
from domain.candidate import Candidate
from domain.identity import Identity
from domain.log import Log
from domain.organization import Organization
from domain.record import CreatedEntry, Entry, Record
from domain.target import Target
from domain.transfer import Transfer

EVENTS: Final[tuple[type[Entry], ...]] = (
    organization.Established,
    organization.Renamed,
    organization.OrganizationEntryVoided,
    target.TargetSet,
    target.TargetAdjusted,
    target.TargetEntryVoided,
    candidate.Identified,
    sympathizer.SympathizerListed,
    sympathizer.SympathizerRemoved,
    sympathizer.HelperAssigned,
    certificate.CertificateIssued,
    dossier.DossierOpened,
    vetting.VettingConcluded,
    admission.CellVoteHeld,
    admission.DossierSubmitted,
    admission.AdmissionDecided,
    probation.CeremonyHeld,
    probation.FullMemberRecognized,
    placement.Moved,
    placement.HandedOver,
    placement.TakenBack,
    placement.Received,
    merging.Merged,
    merging.FactsAdopted,
    erasure.ErasureOrdered,
    erasure.PersonalDataErased,
    candidate.CandidateEntryVoided,
    transfer.TransferDecided,
    transfer.TransferDeparted,
    transfer.TransferAccepted,
    transfer.TransferTurnedBack,
    transfer.TransferCompleted,
    identity.IdentityReserved,
    identity.IdentityPassed,
    identity.IdentityReleased,
    identity.IdentityMatched,
    identity.IdentityMatchRead,
    log.EpochStarted,
)

CREATED: Final[dict[type[CreatedEntry], type[Record]]] = {
    organization.Established: Organization,
    target.TargetSet: Target,
    candidate.Identified: Candidate,
    placement.Received: Candidate,
    transfer.TransferDecided: Transfer,
    identity.IdentityReserved: Identity,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
