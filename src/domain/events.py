"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import (
    admission,
    body,
    candidate,
    certificate,
    dossier,
    erasure,
    log,
    organization_entry,
    part,
    probation,
    reorganization,
    sympathizer,
    target,
    territory,
    vetting,
)
from domain.body import Body
from domain.candidate import Candidate
from domain.log import Log
from domain.organization import Organization
from domain.record import CreatedEntry, Entry, Record
from domain.reorganization import Reorganization
from domain.target import Target
from domain.territory import Territory

EVENTS: Final[tuple[type[Entry], ...]] = (
    organization_entry.Established,
    organization_entry.Renamed,
    organization_entry.Retyped,
    organization_entry.Moved,
    organization_entry.CharacteristicAssigned,
    organization_entry.CharacteristicRemoved,
    organization_entry.MembersCounted,
    organization_entry.AdmissionDelegated,
    organization_entry.AdmissionWithdrawn,
    organization_entry.Ended,
    organization_entry.Divided,
    organization_entry.Succeeded,
    organization_entry.OrganizationEntryVoided,
    body.BodyEstablished,
    body.BodyRenamed,
    body.BodyEnded,
    body.BodyEntryVoided,
    territory.TerritoryAssigned,
    territory.TerritoryChanged,
    territory.TerritoryEnded,
    territory.TerritoryEntryVoided,
    reorganization.ReorganizationDrafted,
    reorganization.ReorganizationRevised,
    reorganization.ReorganizationExecuted,
    reorganization.ReorganizationReversed,
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
    erasure.ErasureOrdered,
    erasure.PersonalDataErased,
    part.AssignedToPart,
    candidate.CandidateEntryVoided,
    log.EpochStarted,
)

CREATED: Final[dict[type[CreatedEntry], type[Record]]] = {
    organization_entry.Established: Organization,
    body.BodyEstablished: Body,
    territory.TerritoryAssigned: Territory,
    reorganization.ReorganizationDrafted: Reorganization,
    target.TargetSet: Target,
    candidate.Identified: Candidate,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
