"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import (
    admission,
    candidate,
    certificate,
    deadline,
    distribution,
    document,
    dossier,
    erasure,
    log,
    obligation,
    organization,
    probation,
    submission,
    sympathizer,
    target,
    urging,
    vetting,
)
from domain.candidate import Candidate
from domain.document import Document
from domain.log import Log
from domain.obligation import Obligation
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
    document.DocumentRegistered,
    document.DocumentLinked,
    document.DocumentAddressed,
    distribution.DocumentAcknowledged,
    distribution.DocumentPublished,
    distribution.TemplateOffered,
    document.DocumentEntryVoided,
    obligation.ObligationImposed,
    deadline.DeadlineInterpreted,
    submission.ObligationSubmitted,
    submission.ObligationReturned,
    submission.ObligationApproved,
    submission.NoneReported,
    submission.ObligationExcused,
    submission.ObligationWithdrawn,
    submission.ObligationConsolidated,
    urging.ReminderSent,
    urging.UrgingLetterIssued,
    urging.ObligationFollowedUp,
    obligation.ObligationEntryVoided,
    log.EpochStarted,
)

CREATED: Final[dict[type[CreatedEntry], type[Record]]] = {
    organization.Established: Organization,
    target.TargetSet: Target,
    candidate.Identified: Candidate,
    document.DocumentRegistered: Document,
    obligation.ObligationImposed: Obligation,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
