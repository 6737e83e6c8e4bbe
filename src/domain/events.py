"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import case, log, organization, target
from domain.candidate import Candidate
from domain.log import Log
from domain.organization import Organization
from domain.record import CreatedEntry, Entry, Record
from domain.target import Target

EVENTS: Final[tuple[type[Entry], ...]] = (
    organization.Established,
    organization.Renamed,
    organization.OrganizationEntryVoided,
    target.TargetSet,
    target.TargetAdjusted,
    target.TargetEntryVoided,
    case.Identified,
    case.SympathizerListed,
    case.SympathizerRemoved,
    case.HelperAssigned,
    case.CertificateIssued,
    case.DossierOpened,
    case.VettingConcluded,
    case.CellVoteHeld,
    case.DossierSubmitted,
    case.AdmissionDecided,
    case.CeremonyHeld,
    case.FullMemberRecognized,
    case.ErasureOrdered,
    case.PersonalDataErased,
    case.CandidateEntryVoided,
    log.EpochStarted,
)

CREATED: Final[dict[type[CreatedEntry], type[Record]]] = {
    organization.Established: Organization,
    target.TargetSet: Target,
    case.Identified: Candidate,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
