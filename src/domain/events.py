"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import (
    activity,
    admission,
    candidate,
    certificate,
    defect,
    distribution,
    document,
    dossier,
    erasure,
    guidance,
    log,
    organization,
    probation,
    reaction,
    sympathizer,
    target,
    vetting,
)
from domain.activity import Activity
from domain.candidate import Candidate
from domain.defect import Defect
from domain.document import Document
from domain.guidance import Guidance
from domain.log import Log
from domain.organization import Organization
from domain.reaction import Reaction
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
    activity.ActivityHeld,
    activity.ActivityReviewed,
    activity.ActivityReplicated,
    activity.ActivityEntryVoided,
    defect.DefectNoted,
    defect.DefectReminded,
    defect.DefectClosed,
    defect.DefectEntryVoided,
    guidance.GuidanceRequested,
    guidance.GuidanceGiven,
    guidance.GuidanceEntryVoided,
    reaction.ReactionProposed,
    reaction.ReactionDecided,
    reaction.ReactionEntryVoided,
    log.EpochStarted,
)

CREATED: Final[dict[type[CreatedEntry], type[Record]]] = {
    organization.Established: Organization,
    target.TargetSet: Target,
    candidate.Identified: Candidate,
    document.DocumentRegistered: Document,
    activity.ActivityHeld: Activity,
    defect.DefectNoted: Defect,
    guidance.GuidanceRequested: Guidance,
    reaction.ReactionProposed: Reaction,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
