"""A candidate: one person's pursuit of admission, from being identified to recognition.

Each method is one step.

A step is judged on the facts of its own day, whenever it is recorded. What a breach of a rule does
stands in the rule book.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self
from uuid import UUID

from domain.calendar import add_months, add_working_days, months_between
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
from domain.errors import Conflict, Finding, InvalidInput, RuleViolated
from domain.groups import Particulars, Sex, age_band, groups_on, person_groups
from domain.procedure import RuleBook
from domain.record import (
    Record,
    Voided,
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


@dataclass(frozen=True, slots=True)
class Day:
    """The day a step took place, and the rules it is judged by."""

    on: date
    rules: RuleBook


class Candidate(Record):
    """One case.

    Raises of every step: RuleViolated by the rule book, Conflict for a fact already there,
    InvalidInput.
    """

    voided_entry: ClassVar[type[Voided]] = CandidateEntryVoided

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
        case = self._require(day, "identified")
        self._require_none(self._pursuit(day).listed, "SympathizerListed")
        self._require_none(case.decided, "AdmissionDecided")
        findings = [] if case.helper else [day.rules.on("P2", day.on).finding()]
        self._record(
            SympathizerListed,
            day,
            findings,
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )
        return findings

    def remove_sympathizer(
        self, day: Day, *, reason: str, resolution_number: str | None = None
    ) -> list[Finding]:
        """Take the person off the list; possible from any stage before the decision."""
        case = self._require(day, "listed")
        self._require_none(case.decided, "AdmissionDecided")
        later = self._next_on_list(day)
        self._require_none(later, type(later).__name__)
        return self._record(
            SympathizerRemoved,
            day,
            reason=require_words("reason", reason, 2000),
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )

    def assign_helper(
        self, day: Day, *, helper_name: str, helper_official_since: date
    ) -> list[Finding]:
        """Assign an official member to help; possible from the first stage on."""
        self._require(day, "identified")
        require_age_of_party("helperOfficialSince", helper_official_since)
        if helper_official_since > day.on:
            raise day.rules.on("P3", day.on).refusal("helperOfficialSince", day=day.on)
        return self._record(
            HelperAssigned,
            day,
            helper_name=require_words("helperName", helper_name, 200),
            helper_official_since=helper_official_since,
        )

    def record_certificate(
        self, day: Day, *, number: str, grade: str | None = None
    ) -> list[Finding]:
        """The awareness class was passed.

        The certificate bears the step's day and lasts for months set by T4.
        """
        self._require(day, "identified")
        months = day.rules.on("T4", day.on).parameters["months"]
        return self._record(
            CertificateIssued,
            day,
            number=require_words("number", number, 100),
            grade=optional_words("grade", grade, 50),
            valid_until=add_months(day.on, months),
        )

    def open_dossier(self, day: Day, *, resolution_number: str | None = None) -> list[Finding]:
        """Let the sympathizer begin the procedure: listed, with a certificate valid on the day."""
        case = self._require(day, "identified")
        self._require_certificate(case, day, day.on)
        self._require(day, "listed")
        self._require_none(self._pursuit(day).dossier, "DossierOpened")
        return self._record(
            DossierOpened,
            day,
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )

    def conclude_vetting(
        self, day: Day, *, conclusion: VettingConclusion, document_number: str | None = None
    ) -> list[Finding]:
        """Record the conclusion code of the vetting.

        A later conclusion replaces it until the decision.
        """
        case = self._require(day, "dossier")
        self._require_none(case.decided, "AdmissionDecided")
        return self._record(
            VettingConcluded,
            day,
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
        case = self._require(day, "identified")
        _require_votes(official_members, in_favor)
        self._require_age(day, day.on)
        self._require_certificate(case, day, day.on)
        self._require(day, "dossier")
        self._require_vetting(case, day)
        _require_members(day, official_members)
        passed = [vote for vote in self._pursuit(day).votes if vote.passed]
        self._require_none(passed[-1] if passed else None, "CellVoteHeld")
        self._require_none(case.decided, "AdmissionDecided")
        refer = day.rules.on("T15", day.on)
        failed = sum(1 for held in case.votes if not held.passed)
        findings = [refer.finding()] if failed >= refer.parameters["votes"] else []
        return self._record(
            CellVoteHeld,
            day,
            findings,
            official_members=official_members,
            in_favor=in_favor,
            passed=_has_majority(day, official_members, in_favor),
            resolution_number=optional_words("resolutionNumber", resolution_number),
        )

    def submit_dossier(self, day: Day, *, letter_number: str | None = None) -> list[Finding]:
        """Adopt the proposal and submit the dossier; impossible after a failed vote."""
        case = self._require(day, "identified")
        self._require_vote(case, day)
        self._require_none(self._pursuit(day).submitted, "DossierSubmitted")
        return self._record(
            DossierSubmitted, day, letter_number=optional_words("letterNumber", letter_number)
        )

    def decide_admission(
        self, day: Day, *, decision_number: str, consent_number: str | None = None
    ) -> list[Finding]:
        """Record the committee's decision.

        Age and certificate are judged on the day the cell reviewed the case.
        """
        case = self._require(day, "identified")
        self._require_none(self._facts().decided, "AdmissionDecided")
        reviewed_on = case.vote.effective_on if case.vote else day.on
        self._require_age(day, reviewed_on)
        self._require_consent_over_age(day, consent_number)
        self._require_certificate(self.case(reviewed_on), day, reviewed_on)
        self._require_vetting(case, day)
        self._require_vote(case, day)
        self._require(day, "submitted")
        limit = day.rules.on("T9", day.on)
        last = add_working_days(reviewed_on, limit.parameters["working_days"])
        return self._record(
            AdmissionDecided,
            day,
            [limit.finding(day=reviewed_on)] if day.on > last else [],
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
        case = self._require(day, "decided")
        self._require_none(self._facts().ceremony, "CeremonyHeld")
        assert case.decided is not None
        received_on = decision_received_on or case.decided.effective_on
        if not case.decided.effective_on <= received_on <= day.on:
            raise _out_of_range("decisionReceivedOn", case.decided.effective_on, day.on)
        limit = day.rules.on("T10", day.on)
        late = day.on > add_working_days(received_on, limit.parameters["working_days"])
        if late and consent_number is None:
            raise limit.refusal("consentNumber", day=received_on)
        months = day.rules.on("T11", day.on).parameters["months"]
        return self._record(
            CeremonyHeld,
            day,
            decision_received_on=decision_received_on,
            consent_number=optional_words("consentNumber", consent_number),
            probation_ends_on=add_months(day.on, months),
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
        case = self._require(day, "ceremony")
        self._require_none(self._facts().recognized, "FullMemberRecognized")
        assert case.ceremony is not None
        ends_on = case.ceremony.probation_ends_on
        if min(day.on, cell_vote_on) < ends_on:
            field = "occurredOn" if day.on < ends_on else "cellVoteOn"
            raise day.rules.on("T11", day.on).refusal(field, day=ends_on)
        if cell_vote_on > day.on:
            raise _out_of_range("cellVoteOn", ends_on, day.on)
        _require_votes(official_members, in_favor)
        _require_members(day, official_members)
        if not _has_majority(day, official_members, in_favor):
            raise day.rules.on("T7", day.on).refusal("inFavor")
        return self._record(
            FullMemberRecognized,
            day,
            _lateness(day, "T12", ends_on, cell_vote_on)
            + _lateness(day, "T13", cell_vote_on, day.on),
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
            raise self._out_of_order(self.live()[0].effective_on, day.rules, "identified")
        self.trigger_event(
            Identified,
            originator_topic=self.identified.originator_topic,
            effective_on=day.on,
            organization_id=cell.id,
            **_particulars(day, cell, person),
        )

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

    def _record(
        self,
        entry: type[CaseEntry],
        day: Day,
        findings: list[Finding] | None = None,
        **values: object,
    ) -> list[Finding]:
        first = self.identified
        found = findings or []
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
            findings=tuple(finding.rule for finding in found),
            **values,
        )
        return found

    def _require(self, day: Day, fact: str) -> Case:
        case = self.case(day.on)
        if getattr(case, fact) is None:
            raise self._out_of_order(day.on, day.rules, fact)
        return case

    def _out_of_order(self, on: date, rules: RuleBook, fact: str) -> RuleViolated:
        vi, en = _MISSING[fact]
        return rules.on("P8", on).refusal("occurredOn", missing_vi=vi, missing_en=en, day=on)

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

    def _require_age(self, day: Day, on: date) -> None:
        rule = day.rules.on("T1", on)
        if months_between(self.identified.birth_date, on) < rule.parameters["months_min"]:
            raise rule.refusal("candidate", day=on)

    def _require_consent_over_age(self, day: Day, consent_number: str | None) -> None:
        rule = day.rules.on("T2", day.on)
        over = months_between(self.identified.birth_date, day.on) > rule.parameters["months_max"]
        if over and consent_number is None:
            raise rule.refusal("consentNumber", day=day.on)

    def _require_certificate(self, case: Case, day: Day, on: date) -> None:
        if case.certificate is None or not (
            case.certificate.effective_on <= on <= case.certificate.valid_until
        ):
            raise day.rules.on("T4", on).refusal("candidate", day=on)

    def _require_vetting(self, case: Case, day: Day) -> None:
        if case.vetting is None or case.vetting.conclusion is not VettingConclusion.ELIGIBLE:
            raise day.rules.on("P6", day.on).refusal("candidate", day=day.on)

    def _require_vote(self, case: Case, day: Day) -> None:
        if case.vote is None or not case.vote.passed:
            raise day.rules.on("T7", day.on).refusal("candidate")


_STANDS_ON_LIST = (
    SympathizerRemoved,
    DossierOpened,
    VettingConcluded,
    CellVoteHeld,
    DossierSubmitted,
    AdmissionDecided,
)

_MISSING = {
    "identified": ("chưa ghi nhận là quần chúng ưu tú", "the person is not identified"),
    "listed": ("chưa có trong danh sách cảm tình Đảng", "the person is not on the list"),
    "dossier": ("chưa được phép làm thủ tục", "the dossier is not open"),
    "submitted": ("hồ sơ chưa trình", "the dossier is not submitted"),
    "decided": ("chưa có quyết định kết nạp", "the admission is not decided"),
    "ceremony": ("chưa tổ chức lễ kết nạp", "the ceremony is not held"),
}


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


def _require_members(day: Day, official_members: int) -> None:
    rule = day.rules.on("T19", day.on)
    if official_members < rule.parameters["members_min"]:
        raise rule.refusal("officialMembers", official_members=official_members)


def _has_majority(day: Day, official_members: int, in_favor: int) -> bool:
    share = day.rules.on("T7", day.on).parameters
    return in_favor * share["denominator"] >= official_members * share["numerator"]


def _lateness(day: Day, rule: str, counted_from: date, done_on: date) -> list[Finding]:
    limit = day.rules.on(rule, day.on)
    last = add_working_days(counted_from, limit.parameters["working_days"])
    return [limit.finding(day=counted_from)] if done_on > last else []


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
