"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import (
    admission,
    assessment,
    awareness_class,
    candidate,
    certificate,
    dossier,
    ending,
    erasure,
    introduction,
    log,
    organization,
    probation,
    recommendation,
    review,
    submission,
    sympathizer,
    target,
    trial_task,
    vetting,
)
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
    candidate.Identified,
    recommendation.PersonRecommended,
    assessment.ProgressAssessed,
    trial_task.TrialTaskAssigned,
    trial_task.TrialTaskClosed,
    sympathizer.SympathizerListed,
    sympathizer.SympathizerConfirmed,
    sympathizer.SympathizerRemoved,
    sympathizer.HelperAssigned,
    awareness_class.ClassProposed,
    awareness_class.ClassAgreed,
    awareness_class.ClassEnrolled,
    awareness_class.ClassNotPassed,
    certificate.CertificateIssued,
    dossier.DossierOpened,
    dossier.ApplicationSubmitted,
    dossier.HistoryDeclared,
    dossier.HistoryStamped,
    introduction.IntroductionGiven,
    introduction.IntroducerReplaced,
    introduction.UnionResolutionGiven,
    introduction.OpinionsCollected,
    vetting.VettingRequested,
    vetting.VettingReplyReceived,
    vetting.VettingConcluded,
    vetting.VettingReopened,
    admission.CellVoteHeld,
    review.TallyConfirmed,
    review.ProposalRefused,
    review.SectionalAppraisalGiven,
    review.GrassrootsResolutionAdopted,
    review.GrassrootsResolutionRefused,
    admission.DossierSubmitted,
    submission.DossierReturned,
    submission.DecisionTermExtended,
    submission.AdmissionRefused,
    admission.AdmissionDecided,
    ending.DecisionRevoked,
    ending.CandidateWithdrawn,
    ending.PersonDied,
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
    candidate.Identified: Candidate,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
