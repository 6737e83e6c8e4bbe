"""A candidate: one person's pursuit of admission, from being identified to recognition.

Each method is one step.

A step is judged on the facts of its own day, whenever it is recorded. What a breach of a rule does
stands in the rule book.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import ClassVar, Self
from uuid import UUID

from domain.case import (
    AdmissionDecided,
    CandidateEntryVoided,
    Case,
    CaseEntry,
    CellVoteHeld,
    CeremonyHeld,
    CertificateIssued,
    DossierOpened,
    DossierSubmitted,
    FullMemberRecognized,
    HelperAssigned,
    Identified,
    SympathizerListed,
    SympathizerRemoved,
    VettingConcluded,
    VettingConclusion,
    fold,
)
from domain.errors import Conflict, Finding, InvalidInput
from domain.groups import Particulars, Sex, age_band, groups_on, person_groups
from domain.judgment import Day, Judgment
from domain.record import (
    Record,
    Taken,
    Voided,
    entry_has_successors,
    optional_words,
    require_age_of_party,
    require_past,
    require_words,
)
from domain.text import Text


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell that handles a case.

    Its id, whether it is a grassroots cell, and the characteristics of its area.
    """

    id: UUID
    grassroots: bool
    characteristics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the person is, as stated. Unknown stays None."""

    full_name: str
    birth_date: date
    sex: Sex
    ethnicity: str | None = None
    religion: str | None = None
    identity_number: str | None = None
    groups: frozenset[str] = frozenset()


class Candidate(Record):
    """One case.

    Raises of every step: RuleViolated by the rule book, Conflict for a fact already there,
    InvalidInput.
    """

    voided_entry: ClassVar[type[Voided]] = CandidateEntryVoided
    held_elsewhere: ClassVar[Taken] = Taken(
        "PERSON_ALREADY_RECORDED",
        Text(
            "Đã có hồ sơ khác mang số định danh này.",
            "Another case has this identity number.",
        ),
        "identityNumber",
    )

    @classmethod
    def identify(cls, candidate_id: UUID, day: Day, cell: Cell, person: Person) -> Self:
        """Begin to follow an outstanding person in a cell."""
        return cls._create(
            Identified,
            id=candidate_id,
            effective_on=day.on,
            organization_id=cell.id,
            **_particulars(day, cell, person),
        )

    def list_sympathizer(self, day: Day, *, resolution_number: str | None = None) -> list[Finding]:
        """Put the person on the list of sympathizers; without a helper that is a finding."""
        judged = Judgment(day)
        case = self._require(judged, "identified")
        self._require_none(self._pursuit(day).listed, "SympathizerListed")
        self._require_none(case.decided, "AdmissionDecided")
        judged.helper(case)
        return self.record(
            SympathizerListed,
            judged,
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )

    def remove_sympathizer(
        self, day: Day, *, reason: str, resolution_number: str | None = None
    ) -> list[Finding]:
        """Take the person off the list; possible from any stage before the decision."""
        judged = Judgment(day)
        case = self._require(judged, "listed")
        self._require_none(case.decided, "AdmissionDecided")
        later = self._next_on_list(day)
        self._require_none(later, type(later).__name__)
        return self.record(
            SympathizerRemoved,
            judged,
            reason=require_words("reason", reason, 2000),
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )

    def assign_helper(
        self, day: Day, *, helper_name: str, helper_official_since: date
    ) -> list[Finding]:
        """Assign an official member to help; possible from the first stage on."""
        judged = Judgment(day)
        self._require(judged, "identified")
        require_age_of_party("helperOfficialSince", helper_official_since)
        judged.official_since(helper_official_since)
        return self.record(
            HelperAssigned,
            judged,
            helper_name=require_words("helperName", helper_name, 200),
            helper_official_since=helper_official_since,
        )

    def record_certificate(
        self, day: Day, *, number: str, grade: str | None = None
    ) -> list[Finding]:
        """The awareness class was passed.

        The certificate bears the step's day and lasts for months set by T4.
        """
        judged = Judgment(day)
        self._require(judged, "identified")
        return self.record(
            CertificateIssued,
            judged,
            number=require_words("number", number, 100),
            grade=optional_words("grade", grade, 50),
            valid_until=judged.certificate_ends_on(),
        )

    def open_dossier(self, day: Day, *, resolution_number: str | None = None) -> list[Finding]:
        """Let the sympathizer begin the procedure: listed, with a certificate valid on the day."""
        judged = Judgment(day)
        case = self._require(judged, "identified")
        judged.certificate(case, day.on)
        self._require(judged, "listed")
        self._require_none(self._pursuit(day).dossier, "DossierOpened")
        return self.record(
            DossierOpened,
            judged,
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )

    def conclude_vetting(
        self, day: Day, *, conclusion: VettingConclusion, document_number: str | None = None
    ) -> list[Finding]:
        """Record the conclusion code of the vetting.

        A later conclusion replaces it until the decision.
        """
        judged = Judgment(day)
        case = self._require(judged, "dossier")
        self._require_none(case.decided, "AdmissionDecided")
        return self.record(
            VettingConcluded,
            judged,
            conclusion=conclusion,
            document_number=optional_words("documentNumber", document_number),
        )

    def record_cell_vote(
        self,
        day: Day,
        *,
        official_members: int,
        in_favor: int,
        resolution_number: str | None = None,
    ) -> list[Finding]:
        """Record the cell's vote, passed or failed.

        The base is all official members, present or not.
        """
        judged = Judgment(day)
        case = self._require(judged, "identified")
        _require_votes(official_members, in_favor)
        judged.age(self.identified.birth_date, day.on)
        judged.certificate(case, day.on)
        self._require(judged, "dossier")
        judged.vetting(case)
        judged.members(official_members)
        passed = [vote for vote in self._pursuit(day).votes if vote.passed]
        self._require_none(passed[-1] if passed else None, "CellVoteHeld")
        self._require_none(case.decided, "AdmissionDecided")
        judged.failed_votes(case)
        return self.record(
            CellVoteHeld,
            judged,
            official_members=official_members,
            in_favor=in_favor,
            passed=judged.has_majority(official_members, in_favor),
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )

    def submit_dossier(self, day: Day, *, letter_number: str | None = None) -> list[Finding]:
        """Adopt the proposal and submit the dossier; impossible after a failed vote."""
        judged = Judgment(day)
        case = self._require(judged, "identified")
        judged.vote(case)
        judged.vetting(case)
        self._require_none(self._pursuit(day).submitted, "DossierSubmitted")
        return self.record(
            DossierSubmitted, judged, letter_number=optional_words("letterNumber", letter_number)
        )

    def decide_admission(
        self, day: Day, *, decision_number: str, consent_number: str | None = None
    ) -> list[Finding]:
        """Record the committee's decision.

        Age and certificate are judged on the day the cell reviewed the case.
        """
        judged = Judgment(day)
        case = self._require(judged, "identified")
        self._require_none(self._facts().decided, "AdmissionDecided")
        reviewed_on = case.vote.effective_on if case.vote else day.on
        judged.age(self.identified.birth_date, reviewed_on)
        judged.age_without_consent(self.identified.birth_date, reviewed_on, consent_number)
        judged.certificate(self.case(reviewed_on), reviewed_on)
        judged.vetting(case)
        judged.vote(case)
        self._require(judged, "submitted")
        judged.in_time("T9", reviewed_on, day.on)
        return self.record(
            AdmissionDecided,
            judged,
            decision_number=require_words("decisionNumber", decision_number, 100),
            consent_number=optional_words("consentNumber", consent_number),
        )

    def hold_ceremony(
        self,
        day: Day,
        *,
        decision_received_on: date | None = None,
        consent_number: str | None = None,
    ) -> list[Finding]:
        """Record the ceremony.

        The limit counts from the receipt of the decision, from its date when that is unknown.
        """
        judged = Judgment(day)
        case = self._require(judged, "decided")
        self._require_none(self._facts().ceremony, "CeremonyHeld")
        assert case.decided is not None
        received_on = decision_received_on or case.decided.effective_on
        if not case.decided.effective_on <= received_on <= day.on:
            raise _out_of_range("decisionReceivedOn", case.decided.effective_on, day.on)
        judged.in_time("T10", received_on, day.on, consent=consent_number)
        return self.record(
            CeremonyHeld,
            judged,
            decision_received_on=decision_received_on,
            consent_number=optional_words("consentNumber", consent_number),
            probation_ends_on=judged.probation_ends_on(),
        )

    def recognize_full_member(
        self,
        day: Day,
        *,
        decision_number: str,
        cell_vote_on: date,
        official_members: int,
        in_favor: int,
    ) -> list[Finding]:
        """Record the decision on recognition.

        Full membership holds from the exact end of the probation, late or not.
        """
        judged = Judgment(day)
        case = self._require(judged, "ceremony")
        self._require_none(self._facts().recognized, "FullMemberRecognized")
        assert case.ceremony is not None
        ends_on = case.ceremony.probation_ends_on
        if min(day.on, cell_vote_on) < ends_on:
            field = "occurredOn" if day.on < ends_on else "cellVoteOn"
            judged.breach("T11", at=field, day=ends_on)
        if cell_vote_on > day.on:
            raise _out_of_range("cellVoteOn", ends_on, day.on)
        _require_votes(official_members, in_favor)
        judged.members(official_members)
        if not judged.has_majority(official_members, in_favor):
            judged.breach("T7", at="inFavor")
        judged.in_time("T12", ends_on, cell_vote_on)
        judged.in_time("T13", cell_vote_on, day.on)
        return self.record(
            FullMemberRecognized,
            judged,
            decision_number=require_words("decisionNumber", decision_number, 100),
            cell_vote_on=cell_vote_on,
            official_members=official_members,
            in_favor=in_favor,
            member_from=ends_on,
        )

    def restate(self, day: Day, person: Person) -> None:
        """Record the identification again, as it truly was; the old one must have been voided.

        Raises RuleViolated for a day after another step of the case.
        """
        cell = self.cell
        if any(entry.effective_on < day.on for entry in self.live()):
            raise Judgment(day).out_of_order("identified", self.live()[0].effective_on)
        self.trigger_event(
            Identified,
            originator_topic=self.identified.originator_topic,
            effective_on=day.on,
            organization_id=cell.id,
            **_particulars(day, cell, person),
        )

    def exclusive(self) -> frozenset[tuple[str, str]]:
        """The identity number: one person, one case."""
        voided = {e.voided_version for e in self.entries if isinstance(e, Voided)}
        live = [
            entry
            for entry in self.entries
            if isinstance(entry, Identified) and entry.originator_version not in voided
        ]
        if not live or live[-1].identity_number is None:
            return frozenset()
        digits = "".join(sign for sign in live[-1].identity_number if sign.isalnum())
        return frozenset({("identity number", digits.upper())})

    def require_sound(self) -> None:
        """Passes unless a correction took away what a later membership step stands on.

        Raises Conflict: the later step is to be corrected first.
        """
        facts = self._facts()
        chain = (facts.decided, facts.ceremony, facts.recognized)
        for earlier, later in pairwise(chain):
            if later is not None and (earlier is None or earlier.effective_on > later.effective_on):
                raise entry_has_successors()

    @property
    def identified(self) -> Identified:
        """The identification, the voided one only while no other replaces it."""
        live = self._facts().identified
        return live or next(e for e in reversed(self.entries) if isinstance(e, Identified))

    @property
    def cell(self) -> Cell:
        """The cell that handles the case."""
        first = self.identified
        return Cell(first.organization_id, first.grassroots_cell, frozenset(first.characteristics))

    def case(self, on: date) -> Case:
        """The facts as they stood on a day, with all that is known of it now."""
        return fold(self.live(on))

    def _facts(self) -> Case:
        return fold(self.live())

    def _pursuit(self, day: Day) -> Case:
        """The facts at the end of the pursuit that a day falls into: up to the next removal."""
        live = self.live()
        ends = (
            index
            for index, entry in enumerate(live)
            if isinstance(entry, SympathizerRemoved) and entry.effective_on > day.on
        )
        return fold(live[: next(ends, None)])

    def _next_on_list(self, day: Day) -> CaseEntry | None:
        """The next later step that stands on being on the list as of a day."""
        for entry in self.live():
            if entry.effective_on > day.on and isinstance(entry, SympathizerListed):
                return None
            if entry.effective_on > day.on and isinstance(entry, _STANDS_ON_LIST):
                return entry
        return None

    def record(self, entry: type[CaseEntry], judged: Judgment, **values: object) -> list[Finding]:
        """Add an entry of the judged day, with the person's groups and age band on it."""
        first, day = self.identified, judged.day
        self.trigger_event(
            entry,
            effective_on=day.on,
            organization_id=first.organization_id,
            groups=groups_on(
                frozenset(first.own_groups),
                first.birth_date,
                day.on,
                frozenset(first.characteristics),
            ),
            age_band=age_band(first.birth_date, day.on),
            regulation=day.rules.regulation_on(day.on),
            findings=tuple(finding.rule for finding in judged.findings),
            **values,
        )
        return judged.findings

    def _require(self, judged: Judgment, fact: str) -> Case:
        case = self.case(judged.day.on)
        if getattr(case, fact) is None:
            raise judged.out_of_order(fact)
        return case

    def _require_none(self, fact: CaseEntry | None, name: str) -> None:
        if fact is not None:
            raise Conflict(
                "STEP_ALREADY_RECORDED",
                Text(
                    f"Bước này đã ghi ngày {fact.effective_on:%d/%m/%Y}; nếu sai, hãy đính chính.",
                    f"{name} is recorded on {fact.effective_on}; correct it if it is wrong.",
                ),
                field="candidate",
            )


_STANDS_ON_LIST = (
    SympathizerRemoved,
    DossierOpened,
    VettingConcluded,
    CellVoteHeld,
    DossierSubmitted,
    AdmissionDecided,
)


def _particulars(day: Day, cell: Cell, person: Person) -> dict[str, object]:
    require_past("birthDate", person.birth_date, day.on)
    own = person_groups(
        person.groups,
        Particulars(person.birth_date, person.sex, person.ethnicity, person.religion),
    )
    return {
        "full_name": require_words("fullName", person.full_name, 200),
        "birth_date": person.birth_date,
        "sex": person.sex,
        "ethnicity": optional_words("ethnicity", person.ethnicity, 100),
        "religion": optional_words("religion", person.religion, 100),
        "identity_number": optional_words("identityNumber", person.identity_number, 20),
        "own_groups": tuple(sorted(own)),
        "characteristics": tuple(sorted(cell.characteristics)),
        "grassroots_cell": cell.grassroots,
        "groups": groups_on(own, person.birth_date, day.on, cell.characteristics),
        "age_band": age_band(person.birth_date, day.on),
        "regulation": day.rules.regulation_on(day.on),
        "findings": (),
    }


def _require_votes(official_members: int, in_favor: int) -> None:
    if not 0 <= official_members <= 100_000:
        raise _count("officialMembers", 100_000)
    if not 0 <= in_favor <= official_members:
        raise _count("inFavor", official_members)


def _count(field: str, most: int) -> InvalidInput:
    return InvalidInput(
        "COUNT_OUT_OF_RANGE",
        Text(f"“{field}” phải từ 0 đến {most}.", f"“{field}” must be 0 to {most}."),
        field=field,
    )


def _out_of_range(field: str, first: date, last: date) -> InvalidInput:
    return InvalidInput(
        "DATE_OUT_OF_RANGE",
        Text(
            f"“{field}” phải từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}.",
            f"“{field}” must be from {first} to {last}.",
        ),
        field=field,
    )
