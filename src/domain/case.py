"""What the entries of a candidate's case add up to: the facts of a day, and the stage by them.

No rule of procedure is applied here; everything that depends on a rule (a certificate's last day,
the end of a probation) was written into the entry when it was recorded. The entries themselves
stand with the steps that record them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from domain.membership import Membership
from domain.record import Entry

if TYPE_CHECKING:
    from domain.admission import AdmissionDecided, CellVoteHeld, DossierSubmitted
    from domain.assessment import ProgressAssessed
    from domain.awareness_class import ClassAgreed, ClassEnrolled, ClassNotPassed, ClassProposed
    from domain.candidate import Identified
    from domain.certificate import CertificateIssued, CertificateRevoked
    from domain.dossier import ApplicationSubmitted, DossierOpened, HistoryDeclared, HistoryStamped
    from domain.ending import PersonDied
    from domain.erasure import PersonalDataErased
    from domain.introduction import Introduced, OpinionsCollected, UnionResolutionGiven
    from domain.merging import Merged
    from domain.placement import HandedOver, Moved, Received
    from domain.probation import CeremonyHeld
    from domain.readmission import ReadmissionOpened
    from domain.recognition import FullMemberRecognized
    from domain.recommendation import PersonRecommended
    from domain.review import GrassrootsResolutionAdopted, SectionalAppraisalGiven, TallyConfirmed
    from domain.striking_off import StruckOff
    from domain.submission import DecisionTermExtended, DossierReturned
    from domain.sympathizer import HelperAssigned, SympathizerConfirmed, SympathizerListed
    from domain.trial_task import TrialTaskAssigned, TrialTaskClosed
    from domain.vetting import (
        VettingConcluded,
        VettingReopened,
        VettingReplyReceived,
        VettingRequested,
    )

    Placed: TypeAlias = Identified | Moved | Received
    """What brought the case to the cell that handles it."""


class Stage(StrEnum):
    """How far a case has come; facts overlap, and the furthest counts (domain sheet, C.1)."""

    IDENTIFIED = "IDENTIFIED"
    SYMPATHIZER = "SYMPATHIZER"
    CLASS_PROPOSED = "CLASS_PROPOSED"
    CLASS_ATTENDING = "CLASS_ATTENDING"
    CERTIFIED = "CERTIFIED"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    DOSSIER_OPEN = "DOSSIER_OPEN"
    VETTING = "VETTING"
    OPINIONS = "OPINIONS"
    CELL_REVIEW = "CELL_REVIEW"
    GRASSROOTS_REVIEW = "GRASSROOTS_REVIEW"
    SUBMITTED = "SUBMITTED"
    DECIDED = "DECIDED"
    PROBATIONARY = "PROBATIONARY"
    RECOGNITION_DUE = "RECOGNITION_DUE"
    FULL_MEMBER = "FULL_MEMBER"
    REMOVED = "REMOVED"
    WITHDRAWN = "WITHDRAWN"
    REFUSED = "REFUSED"
    STRUCK_OFF = "STRUCK_OFF"
    DECEASED = "DECEASED"
    TRANSFERRED_OUT = "TRANSFERRED_OUT"
    IN_TRANSIT = "IN_TRANSIT"
    """Between two tenants: counted in the province's own unit, a stage of no single case."""
    MERGED = "MERGED"
    """A second record of somebody: shown, and counted nowhere."""
    DECISION_REVOKED = "DECISION_REVOKED"


class VettingConclusion(StrEnum):
    """The conclusion code of a vetting; no narrative is kept."""

    ELIGIBLE = "ELIGIBLE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    SUPPLEMENT_NEEDED = "SUPPLEMENT_NEEDED"
    REFER_UPWARD = "REFER_UPWARD"


class CaseEntry(Entry):
    """An entry of a case.

    `groups` and `age_band` are the person's on the entry's day; `findings` are rule ids.
    """

    BEGINS_PURSUIT: ClassVar[bool] = False
    """Whether a pursuit of admission begins with it."""
    ENDS_PURSUIT: ClassVar[bool] = False
    """Whether what comes after it is another pursuit of admission."""
    ENDS_ROUND: ClassVar[bool] = False
    """Whether what was reviewed before it is reviewed again after it."""
    OUTCOME: ClassVar[Stage | None] = None
    """Where the case stands when the pursuit ends with it."""
    ENDS_CASE: ClassVar[bool] = False
    """Whether another tenant or another record goes on with the case."""
    BRINGS_TO_CELL: ClassVar[bool] = False
    """Whether another cell handles the case from it on."""
    OPEN_TO_ENDED: ClassVar[bool] = False
    """Whether it may be recorded of a case that another tenant or another record goes on with."""
    STANDS_ON_LIST: ClassVar[bool] = False
    """Whether it takes for granted that the person is on the list of sympathizers."""
    STANDS_ON: ClassVar[tuple[str, ...]] = ()
    """The facts without which it cannot stand, even after a correction."""
    STANDS_WITHOUT: ClassVar[tuple[str, ...]] = ()
    """The facts that may not be there already when it comes, even after a correction."""
    MOVES_CASE: ClassVar[bool] = True
    """Whether it may change the stage, what is due, or what is counted."""
    OF_THE_LIVING: ClassVar[bool] = True
    """Whether nobody is concerned by it who has died."""

    groups: tuple[str, ...]
    age_band: str
    regulation: str
    findings: tuple[str, ...]

    def take(self, case: "Case") -> None:
        """Change the facts; an entry that says nothing here changes none."""

    def told(self) -> "tuple[CaseEntry, ...]":
        """The facts that it tells of: its own, or those taken over from another record."""
        return (self,)


@dataclass(slots=True)
class Case:
    """The facts of a case as they stand on a day. A fact that is None is not there."""

    identified: "Identified | None" = None
    recommendations: "list[PersonRecommended]" = field(default_factory=list)
    placed: "Placed | None" = None
    helper: "HelperAssigned | None" = None
    assessments: "list[ProgressAssessed]" = field(default_factory=list)
    tasks: "list[TrialTaskAssigned]" = field(default_factory=list)
    closed_tasks: "list[TrialTaskClosed]" = field(default_factory=list)
    listed: "SympathizerListed | None" = None
    confirmed: "SympathizerConfirmed | None" = None
    proposed: "ClassProposed | None" = None
    agreed: "ClassAgreed | None" = None
    enrolled: "ClassEnrolled | None" = None
    not_passed: "list[ClassNotPassed]" = field(default_factory=list)
    certificates: "list[CertificateIssued]" = field(default_factory=list)
    revoked: "list[CertificateRevoked]" = field(default_factory=list)
    dossier: "DossierOpened | None" = None
    application: "ApplicationSubmitted | None" = None
    history: "HistoryDeclared | None" = None
    stamped: "HistoryStamped | None" = None
    introductions: "list[Introduced]" = field(default_factory=list)
    union_resolution: "UnionResolutionGiven | None" = None
    opinions: "list[OpinionsCollected]" = field(default_factory=list)
    vetting_requests: "list[VettingRequested]" = field(default_factory=list)
    vetting_replies: "list[VettingReplyReceived]" = field(default_factory=list)
    vetting: "VettingConcluded | None" = None
    reopened: "VettingReopened | None" = None
    votes: "list[CellVoteHeld]" = field(default_factory=list)
    tally: "TallyConfirmed | None" = None
    appraisal: "SectionalAppraisalGiven | None" = None
    resolution: "GrassrootsResolutionAdopted | None" = None
    submitted: "DossierSubmitted | None" = None
    returned: "DossierReturned | None" = None
    extended: "DecisionTermExtended | None" = None
    decided: "AdmissionDecided | None" = None
    ceremony: "CeremonyHeld | None" = None
    recognized: "FullMemberRecognized | None" = None
    membership: Membership = field(default_factory=Membership)
    struck_off: "StruckOff | None" = None
    readmission: "ReadmissionOpened | None" = None
    attested: Mapping[str, str] = field(default_factory=dict)  # condition to document
    ended: CaseEntry | None = None
    died: "PersonDied | None" = None
    erased: "PersonalDataErased | None" = None
    handed_over: "HandedOver | None" = None
    merged: "Merged | None" = None

    def end(self, ending: CaseEntry) -> None:
        """The pursuit is over: the person, who helped and the certificate remain."""
        self._forget(_OF_PURSUIT)
        self.ended = ending

    def begin_again(self) -> None:
        """A former member's new pursuit: what was decided and held before is over, too."""
        self._forget(_OF_MEMBERSHIP)

    def leave_class(self) -> None:
        """Nobody waits for a class or sits in one any more."""
        self.proposed = self.agreed = self.enrolled = None

    def review_again(self, *, by_cell: bool) -> None:
        """The dossier came back: the committee, or the cell as well, has it to review again."""
        self.submitted = self.resolution = self.extended = None
        if by_cell:
            self.votes, self.tally, self.appraisal = [], None, None

    @property
    def certificate(self) -> "CertificateIssued | None":
        """The certificate that counts: the last one that is not revoked."""
        return self.certificates[-1] if self.certificates else None

    @property
    def vote(self) -> "CellVoteHeld | None":
        """The vote that counts: the last one."""
        return self.votes[-1] if self.votes else None

    def _forget(self, names: tuple[str, ...]) -> None:
        fresh = Case()
        for name in names:
            setattr(self, name, getattr(fresh, name))


_OF_PURSUIT = (
    *("listed", "confirmed", "proposed", "agreed", "enrolled", "dossier", "application"),
    *("history", "stamped", "introductions", "union_resolution", "opinions"),
    *("vetting_requests", "vetting_replies", "vetting", "reopened", "votes", "tally"),
    *("appraisal", "resolution", "submitted", "returned", "extended", "decided", "membership"),
)
"""The facts that end with a pursuit."""
_OF_MEMBERSHIP = (*_OF_PURSUIT, "ended", "ceremony", "recognized", "struck_off", "readmission")


def fold(entries: Iterable[Entry]) -> Case:
    """The facts that live entries add up to, taken in the order in which they count."""
    case = Case()
    for entry in entries:
        if isinstance(entry, CaseEntry):
            entry.take(case)
    return case


def stage(case: Case, day: date) -> Stage | None:
    """How far the case has come on a day, the clock's own changes included.

    None when there is no case. The facts must be those of the same day.
    """
    if case.identified is None:
        return None
    return (
        _stage_ended(case)
        or _stage_of_member(case, day)
        or (case.ended.OUTCOME if case.ended is not None else None)
        or _stage_of_dossier(case)
        or _stage_before_dossier(case, day)
    )


def _stage_ended(case: Case) -> Stage | None:
    if case.merged is not None:
        return Stage.MERGED
    if case.handed_over is not None:
        return Stage.TRANSFERRED_OUT
    return Stage.DECEASED if case.died is not None else None


def _stage_of_member(case: Case, day: date) -> Stage | None:
    if case.struck_off is not None:
        return Stage.STRUCK_OFF
    if case.recognized is not None:
        return Stage.FULL_MEMBER
    if case.ceremony is not None:
        due = day >= case.ceremony.probation_ends_on
        return Stage.RECOGNITION_DUE if due else Stage.PROBATIONARY
    return Stage.DECIDED if case.decided is not None else None


def _stage_of_dossier(case: Case) -> Stage | None:
    if case.submitted is not None:
        return Stage.SUBMITTED
    if case.vote is not None:
        assert case.placed is not None
        goes_on = case.vote.passed and not case.placed.grassroots_cell
        return Stage.GRASSROOTS_REVIEW if goes_on else Stage.CELL_REVIEW
    if case.returned is not None:
        return Stage.CELL_REVIEW
    if case.vetting is not None and case.vetting.conclusion is VettingConclusion.ELIGIBLE:
        return Stage.OPINIONS
    if case.vetting or case.vetting_requests or case.reopened:
        return Stage.VETTING
    return Stage.DOSSIER_OPEN if case.dossier is not None else None


def _stage_before_dossier(case: Case, day: date) -> Stage:
    assert case.placed is not None
    if case.certificate is not None and day <= case.certificate.valid_until:
        return Stage.CERTIFIED
    if case.enrolled is not None:
        return Stage.CLASS_ATTENDING
    if case.proposed is not None and (case.agreed or case.placed.grassroots_cell):
        return Stage.CLASS_PROPOSED
    if case.certificate is not None:
        return Stage.CERTIFICATE_EXPIRED
    return Stage.SYMPATHIZER if case.listed is not None else Stage.IDENTIFIED
