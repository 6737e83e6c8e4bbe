"""Two records of one person: the duplicate ends, the other one survives."""

from dataclasses import dataclass
from uuid import UUID

from domain.admission import AdmissionDecided, CellVoteHeld, DossierSubmitted
from domain.candidate import Candidate
from domain.case import Case, CaseEntry
from domain.certificate import CertificateIssued, CertificateRevoked
from domain.dossier import DossierOpened
from domain.errors import Conflict
from domain.judgment import Day, Judgment
from domain.probation import CeremonyHeld
from domain.recognition import FullMemberRecognized
from domain.record import Entry, optional_words
from domain.sympathizer import SympathizerListed
from domain.target import CountingDate
from domain.text import Text
from domain.vetting import VettingConcluded


class Merged(CaseEntry):
    """The record was found to be a second one of the same person; from that day it counts nowhere.

    `countedTwice` names the admissions that the survivor counts too: they are taken back that day.
    """

    TOPIC = "candidate.merged"
    ENDS_CASE = True
    survivor_tenant: str
    survivor_id: UUID
    counted_twice: tuple[CountingDate, ...]
    document: str | None

    def take(self, case: Case) -> None:
        """The case has ended here."""
        case.merged = self


class FactsAdopted(CaseEntry):
    """Facts of a duplicate that this record lacked are taken over; `history` is what they were."""

    TOPIC = "candidate.facts_adopted"
    duplicate_tenant: str
    duplicate_id: UUID
    history: tuple[Entry, ...]

    def take(self, case: Case) -> None:
        """The facts stand as if they had been recorded here."""
        for entry in self.history:
            assert isinstance(entry, CaseEntry)
            entry.take(case)


_ADOPTED: dict[type[CaseEntry], str] = {
    SympathizerListed: "listed",
    CertificateIssued: "certificate",
    CertificateRevoked: "certificate",
    DossierOpened: "dossier",
    VettingConcluded: "vetting",
    CellVoteHeld: "vote",
    DossierSubmitted: "submitted",
    AdmissionDecided: "decided",
    CeremonyHeld: "ceremony",
    FullMemberRecognized: "recognized",
}
"""Entry to the fact of a case that it makes."""


@dataclass(frozen=True, slots=True)
class Twin:
    """One of two records of a person, and the code of the tenant that keeps it."""

    tenant: str
    candidate: Candidate


def merge(duplicate: Twin, survivor: Twin, day: Day, *, document: str | None = None) -> None:
    """End the duplicate in favor of the survivor. Raises Conflict when either has ended."""
    judged = Judgment(day)
    _require_two(duplicate.candidate, survivor.candidate)
    duplicate.candidate.require(judged, "identified")
    survivor.candidate.require(judged, "identified")
    kept = survivor.candidate.facts()
    admissions = {CountingDate.DECISION: kept.decided, CountingDate.CEREMONY: kept.ceremony}
    duplicate.candidate.record(
        Merged,
        judged,
        survivor_tenant=survivor.tenant,
        survivor_id=survivor.candidate.id,
        counted_twice=tuple(day for day, fact in admissions.items() if _is_own(fact, survivor)),
        document=optional_words("document", document),
    )


def adopt(survivor: Candidate, day: Day, duplicate: Twin) -> bool:
    """Let the survivor take over what it lacks as of the day; whether there was anything.

    Raises Conflict when that would not fit together with what it has.
    """
    judged = Judgment(day)
    has = survivor.require(judged, "identified")
    lacked = {kind for kind, fact in _ADOPTED.items() if getattr(has, fact) is None}
    taken = [e for e in duplicate.candidate.live(day.on) if type(e) in lacked]
    if not taken:
        return False
    survivor.record(
        FactsAdopted,
        judged,
        duplicate_tenant=duplicate.tenant,
        duplicate_id=duplicate.candidate.id,
        history=tuple(taken),
    )
    survivor.require_sound()
    return True


def _is_own(fact: CaseEntry | None, survivor: Twin) -> bool:
    """Whether the survivor's own record counted it, not the duplicate's whose facts it took."""
    return fact is not None and fact in survivor.candidate.live()


def _require_two(duplicate: Candidate, survivor: Candidate) -> None:
    if duplicate.id == survivor.id:
        raise Conflict(
            "SAME_CANDIDATE",
            Text(
                "Hai hồ sơ phải khác nhau.",
                "A record cannot be merged with itself.",
            ),
            field="survivor",
        )
