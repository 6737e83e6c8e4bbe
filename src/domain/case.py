"""What the entries of a candidate's case add up to.

The facts of a day and the stage, one pure function of them.

No rule of procedure is applied here; everything that depends on a rule (a certificate's last day,
the end of a probation) was written into the entry when it was recorded. The entries themselves
stand with the steps that record them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeAlias
from uuid import UUID

from domain.record import Entry

if TYPE_CHECKING:
    from domain.admission import AdmissionDecided, CellVoteHeld, DossierSubmitted
    from domain.candidate import Identified
    from domain.certificate import CertificateIssued
    from domain.dossier import DossierOpened
    from domain.erasure import PersonalDataErased
    from domain.merging import Merged
    from domain.placement import HandedOver, Moved, Received
    from domain.probation import CeremonyHeld, FullMemberRecognized
    from domain.sympathizer import HelperAssigned, SympathizerListed, SympathizerRemoved
    from domain.vetting import VettingConcluded

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

    ENDS_PURSUIT: ClassVar[bool] = False
    """Whether what comes after it is another pursuit of admission."""
    ENDS_CASE: ClassVar[bool] = False
    """Whether another tenant or another record goes on with the case."""
    OPEN_TO_ENDED: ClassVar[bool] = False
    """Whether it may be recorded of a case that another tenant or another record goes on with."""
    STANDS_ON_LIST: ClassVar[bool] = False
    """Whether it takes for granted that the person is on the list of sympathizers."""

    groups: tuple[str, ...]
    age_band: str
    regulation: str
    findings: tuple[str, ...]

    def take(self, case: "Case") -> None:
        """Change the facts; an entry that says nothing here changes none."""


@dataclass(slots=True)
class Case:
    """The facts of a case as they stand on a day. A fact that is None is not there."""

    identified: "Identified | None" = None
    placed: "Placed | None" = None
    listed: "SympathizerListed | None" = None
    removed: "SympathizerRemoved | None" = None
    helper: "HelperAssigned | None" = None
    certificate: "CertificateIssued | None" = None
    dossier: "DossierOpened | None" = None
    vetting: "VettingConcluded | None" = None
    votes: "list[CellVoteHeld]" = field(default_factory=list)
    submitted: "DossierSubmitted | None" = None
    decided: "AdmissionDecided | None" = None
    ceremony: "CeremonyHeld | None" = None
    recognized: "FullMemberRecognized | None" = None
    erased: "PersonalDataErased | None" = None
    handed_over: "HandedOver | None" = None
    merged: "Merged | None" = None

    @property
    def cell_id(self) -> UUID:
        """The cell that handles the case."""
        assert self.placed is not None
        return self.placed.organization_id

    @property
    def vote(self) -> "CellVoteHeld | None":
        """The vote that counts: the last one."""
        return self.votes[-1] if self.votes else None


def fold(entries: Iterable[Entry]) -> Case:
    """The facts that live entries add up to, taken in the order in which they count."""
    case = Case()
    fold_into(case, entries)
    return case


def fold_into(case: Case, entries: Iterable[Entry]) -> None:
    """Let further entries change the facts, in the order in which they count."""
    for entry in entries:
        if isinstance(entry, CaseEntry):
            entry.take(case)


def stage(case: Case, day: date) -> Stage | None:
    """How far the case has come on a day, the clock's own changes included.

    None when there is no case.

    The facts must be those of the same day.
    """
    if case.identified is None:
        return None
    return (
        _stage_ended(case)
        or _stage_of_member(case, day)
        or _stage_of_dossier(case)
        or _stage_before_dossier(case, day)
    )


def _stage_ended(case: Case) -> Stage | None:
    if case.merged is not None:
        return Stage.MERGED
    return Stage.TRANSFERRED_OUT if case.handed_over is not None else None


def _stage_of_member(case: Case, day: date) -> Stage | None:
    if case.recognized is not None:
        return Stage.FULL_MEMBER
    if case.ceremony is not None:
        due = day >= case.ceremony.probation_ends_on
        return Stage.RECOGNITION_DUE if due else Stage.PROBATIONARY
    if case.decided is not None:
        return Stage.DECIDED
    return Stage.REMOVED if case.removed is not None else None


def _stage_of_dossier(case: Case) -> Stage | None:
    if case.submitted is not None:
        return Stage.SUBMITTED
    if case.vote is not None:
        assert case.placed is not None
        goes_on = case.vote.passed and not case.placed.grassroots_cell
        return Stage.GRASSROOTS_REVIEW if goes_on else Stage.CELL_REVIEW
    if case.vetting is not None:
        eligible = case.vetting.conclusion is VettingConclusion.ELIGIBLE
        return Stage.OPINIONS if eligible else Stage.VETTING
    return Stage.DOSSIER_OPEN if case.dossier is not None else None


def _stage_before_dossier(case: Case, day: date) -> Stage:
    if case.certificate is not None:
        valid = day <= case.certificate.valid_until
        return Stage.CERTIFIED if valid else Stage.CERTIFICATE_EXPIRED
    return Stage.SYMPATHIZER if case.listed is not None else Stage.IDENTIFIED
