"""All event classes and aggregates there are. What is not listed here cannot be stored or read."""

from typing import Final

from domain import (
    admission,
    candidate,
    certificate,
    course,
    distribution,
    docket,
    document,
    dossier,
    enrollment,
    erasure,
    grading,
    log,
    meeting,
    organization,
    probation,
    schedule,
    sitting,
    sympathizer,
    target,
    vetting,
)
from domain.candidate import Candidate
from domain.course import Course
from domain.docket import Docket
from domain.document import Document
from domain.log import Log
from domain.meeting import Meeting
from domain.organization import Organization
from domain.record import CreatedEntry, Entry, Record
from domain.schedule import Schedule
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
    schedule.ScheduleMade,
    schedule.ScheduleEntryVoided,
    course.CourseProposed,
    course.CourseApproved,
    course.CourseOpened,
    course.PlacesAllotted,
    enrollment.ParticipantsProposed,
    enrollment.ParticipantsEnrolled,
    enrollment.ParticipantWithdrawn,
    enrollment.SessionHeld,
    grading.ResultRecorded,
    grading.CertificateRevoked,
    course.CourseEntryVoided,
    meeting.MeetingHeld,
    sitting.ItemTaken,
    meeting.MeetingEntryVoided,
    docket.DocketLaid,
    docket.DocketEntryVoided,
    log.EpochStarted,
)

CREATED: Final[dict[type[CreatedEntry], type[Record]]] = {
    organization.Established: Organization,
    target.TargetSet: Target,
    candidate.Identified: Candidate,
    document.DocumentRegistered: Document,
    schedule.ScheduleMade: Schedule,
    course.CourseProposed: Course,
    meeting.MeetingHeld: Meeting,
    docket.DocketLaid: Docket,
    log.EpochStarted: Log,
}
"""The entry that begins each kind of record."""
