"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import (
    admission,
    candidate,
    certificate,
    closing,
    dossier,
    erasure,
    log,
    organization,
    probation,
    sympathizer,
    target,
    vetting,
)
from domain.candidate import Candidate
from domain.closing import Closing
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
    target.TargetCarried,
    target.TargetEntryVoided,
    closing.FiguresClosed,
    closing.FiguresSubmitted,
    closing.FiguresReopened,
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
    candidate.CandidateEntryVoided,
    log.EpochStarted,
)

CREATED: Final[dict[type[CreatedEntry], type[Record]]] = {
    organization.Established: Organization,
    target.TargetSet: Target,
    closing.FiguresClosed: Closing,
    candidate.Identified: Candidate,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
