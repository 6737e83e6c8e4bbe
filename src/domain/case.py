"""The entries of a candidate's case and what they add up to.

The facts of a day and the stage, one pure function of them.

No rule of procedure is applied here; everything that depends on a rule (a certificate's last day,
the end of a probation) was written into the entry when it was recorded.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from domain.groups import Sex
from domain.personal import SEALED
from domain.record import CreatedEntry, Entry, Voided


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

    groups: tuple[str, ...]
    age_band: str
    regulation: str
    findings: tuple[str, ...]


class Identified(CaseEntry, CreatedEntry):
    """An outstanding person was found and is followed from that day on."""

    TOPIC = "candidate.identified"
    full_name: Annotated[str, SEALED]
    birth_date: Annotated[date, SEALED]
    sex: Annotated[Sex, SEALED]
    ethnicity: Annotated[str | None, SEALED]
    religion: Annotated[str | None, SEALED]
    identity_number: Annotated[str | None, SEALED]
    own_groups: tuple[str, ...]
    characteristics: tuple[str, ...]
    grassroots_cell: bool


class SympathizerListed(CaseEntry):
    """The cell put the person on the list of sympathizers."""

    TOPIC = "candidate.sympathizer_listed"
    resolution_number: str | None


class SympathizerRemoved(CaseEntry):
    """The cell took the person off the list."""

    TOPIC = "candidate.sympathizer_removed"
    reason: Annotated[str, SEALED]
    resolution_number: str | None


class HelperAssigned(CaseEntry):
    """An official member was assigned to help the person."""

    TOPIC = "candidate.helper_assigned"
    helper_name: Annotated[str, SEALED]
    helper_official_since: date


class CertificateIssued(CaseEntry):
    """The awareness class was passed.

    The certificate lasts until `valid_until`, that day included.
    """

    TOPIC = "candidate.certificate_issued"
    number: str
    grade: str | None
    valid_until: date


class DossierOpened(CaseEntry):
    """The cell allowed the person to begin the procedure."""

    TOPIC = "candidate.dossier_opened"
    resolution_number: str | None


class VettingConcluded(CaseEntry):
    """The personal history was vetted with this conclusion."""

    TOPIC = "candidate.vetting_concluded"
    conclusion: VettingConclusion
    document_number: str | None


class CellVoteHeld(CaseEntry):
    """The cell voted on proposing the admission.

    `passed` was judged by the rule in force; a failed vote is recorded too.
    """

    TOPIC = "candidate.cell_vote_held"
    official_members: int
    in_favor: int
    passed: bool
    resolution_number: str | None


class DossierSubmitted(CaseEntry):
    """The proposal was adopted and the dossier submitted to the competent committee."""

    TOPIC = "candidate.dossier_submitted"
    letter_number: str | None


class AdmissionDecided(CaseEntry):
    """The competent committee decided the admission."""

    TOPIC = "candidate.admission_decided"
    decision_number: str
    consent_number: str | None


class CeremonyHeld(CaseEntry):
    """The ceremony was held and the probation began; it ends on `probation_ends_on`."""

    TOPIC = "candidate.ceremony_held"
    decision_received_on: date | None
    consent_number: str | None
    probation_ends_on: date


class FullMemberRecognized(CaseEntry):
    """The recognition was decided.

    Full membership holds from `member_from`, the exact end of the probation.
    """

    TOPIC = "candidate.full_member_recognized"
    decision_number: str
    cell_vote_on: date
    official_members: int
    in_favor: int
    member_from: date


class ErasureOrdered(CaseEntry):
    """A competent body ordered that the person's personal data be erased, from a day on.

    `approval_number` is the written approval without which no dossier may be touched.
    """

    TOPIC = "candidate.erasure_ordered"
    document_number: str
    issued_by: str
    approval_number: str | None
    erasable_from: date


class PersonalDataErased(CaseEntry):
    """The key of the person's data was destroyed. The steps and the figures remain."""

    TOPIC = "candidate.personal_data_erased"
    document_number: str


class CandidateEntryVoided(Voided):
    """An entry of the case was never true."""

    TOPIC = "candidate.entry_voided"
    reason: Annotated[str, SEALED]


@dataclass(slots=True)
class Case:
    """The facts of a case as they stand on a day. A fact that is None is not there."""

    identified: Identified | None = None
    listed: SympathizerListed | None = None
    removed: SympathizerRemoved | None = None
    helper: HelperAssigned | None = None
    certificate: CertificateIssued | None = None
    dossier: DossierOpened | None = None
    vetting: VettingConcluded | None = None
    votes: list[CellVoteHeld] = field(default_factory=list)
    submitted: DossierSubmitted | None = None
    decided: AdmissionDecided | None = None
    ceremony: CeremonyHeld | None = None
    recognized: FullMemberRecognized | None = None
    erased: PersonalDataErased | None = None

    @property
    def vote(self) -> CellVoteHeld | None:
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
        take = _TAKES.get(type(entry))
        if take is not None:
            take(entry, case)


_TAKES: Final[dict[type[Entry], Callable[[Any, Case], None]]] = {}
"""What each kind of entry does to the facts; entries of other kinds change nothing."""

E = TypeVar("E", bound=Entry)


def _takes(kind: type[E]) -> Callable[[Callable[[E, Case], None]], None]:
    def register(take: Callable[[E, Case], None]) -> None:
        _TAKES[kind] = take

    return register


@_takes(Identified)
def _(entry: Identified, case: Case) -> None:
    case.identified = entry


@_takes(SympathizerListed)
def _(entry: SympathizerListed, case: Case) -> None:
    case.listed, case.removed = entry, None


@_takes(SympathizerRemoved)
def _(entry: SympathizerRemoved, case: Case) -> None:
    """Off the list.

    The pursuit starts anew from here, only the person, the helper and the certificate remain.
    """
    case.removed, case.listed = entry, None
    case.dossier = case.vetting = case.submitted = None
    case.votes = []


@_takes(HelperAssigned)
def _(entry: HelperAssigned, case: Case) -> None:
    case.helper = entry


@_takes(CertificateIssued)
def _(entry: CertificateIssued, case: Case) -> None:
    case.certificate = entry


@_takes(DossierOpened)
def _(entry: DossierOpened, case: Case) -> None:
    case.dossier = entry


@_takes(VettingConcluded)
def _(entry: VettingConcluded, case: Case) -> None:
    case.vetting = entry


@_takes(CellVoteHeld)
def _(entry: CellVoteHeld, case: Case) -> None:
    case.votes.append(entry)


@_takes(DossierSubmitted)
def _(entry: DossierSubmitted, case: Case) -> None:
    case.submitted = entry


@_takes(AdmissionDecided)
def _(entry: AdmissionDecided, case: Case) -> None:
    case.decided = entry


@_takes(CeremonyHeld)
def _(entry: CeremonyHeld, case: Case) -> None:
    case.ceremony = entry


@_takes(FullMemberRecognized)
def _(entry: FullMemberRecognized, case: Case) -> None:
    case.recognized = entry


@_takes(PersonalDataErased)
def _(entry: PersonalDataErased, case: Case) -> None:
    case.erased = entry


def stage(case: Case, day: date) -> Stage | None:
    """How far the case has come on a day, the clock's own changes included.

    None when there is no case.

    The facts must be those of the same day.
    """
    if case.identified is None:
        return None
    if case.recognized is not None:
        return Stage.FULL_MEMBER
    if case.ceremony is not None:
        due = day >= case.ceremony.probation_ends_on
        return Stage.RECOGNITION_DUE if due else Stage.PROBATIONARY
    if case.decided is not None:
        return Stage.DECIDED
    if case.removed is not None:
        return Stage.REMOVED
    return _stage_of_dossier(case) or _stage_before_dossier(case, day)


def _stage_of_dossier(case: Case) -> Stage | None:
    if case.submitted is not None:
        return Stage.SUBMITTED
    if case.vote is not None:
        assert case.identified is not None
        goes_on = case.vote.passed and not case.identified.grassroots_cell
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
