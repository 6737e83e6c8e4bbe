"""Every step of a case: accepted with all it stands on, refused when any single one is missing."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.domain.case_steps import confirmed
from tests.domain.steps import (
    CELL,
    PATH,
    PERSON,
    Given,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    helper,
    listed,
    on,
    path,
    recognized,
    removed,
    submitted,
    vetting,
    void,
    vote,
)

from domain.admission import AdmissionDecided, CellVoteHeld, DossierSubmitted
from domain.candidate import Candidate, Identified, Person
from domain.case import CaseEntry, VettingConclusion
from domain.certificate import CertificateIssued, record_certificate
from domain.dossier import DossierOpened
from domain.errors import InvalidInput
from domain.groups import Sex
from domain.probation import CeremonyHeld
from domain.recognition import FullMemberRecognized
from domain.sympathizer import (
    HelperAssigned,
    SympathizerListed,
    SympathizerRemoved,
    remove_sympathizer,
)
from domain.vetting import VettingConcluded

KINDS: dict[Callable[..., Step], type[CaseEntry]] = {
    helper: HelperAssigned,
    listed: SympathizerListed,
    certificate: CertificateIssued,
    dossier: DossierOpened,
    vetting: VettingConcluded,
    vote: CellVoteHeld,
    submitted: DossierSubmitted,
    decided: AdmissionDecided,
    ceremony: CeremonyHeld,
    recognized: FullMemberRecognized,
}
VERSION = {step: version for version, step in enumerate(PATH, start=2)}


def before(step: Callable[..., Step], *more: Step) -> Given:
    """The usual case just before a step."""
    return given(*(make() for make in PATH[: PATH.index(step)]), *more)


def test_identified_as_stated() -> None:
    """An identification keeps what was stated and begins the record."""
    entry = given().case.entries[0]

    assert isinstance(entry, Identified)
    assert PERSON.full_name == entry.full_name
    assert CELL.id == entry.organization_id
    assert entry.own_groups == ("WOMEN",)
    assert entry.groups == ("WOMEN", "YOUTH_AGE")
    assert entry.age_band == "18-30"
    assert entry.regulation == "24-QĐ/TW"


@pytest.mark.parametrize("step", PATH)
def test_accepted_with_all_preconditions(step: Callable[..., Step]) -> None:
    """With all that it stands on, each step records its one entry without a finding."""
    before(step).when(step()).then(KINDS[step])


NO = "occurredOn"


@pytest.mark.parametrize(
    ("step", "missing", "code", "rule", "field"),
    [
        (dossier, certificate, "CERTIFICATE_NOT_VALID", "T4", "candidate"),
        (dossier, listed, "STEP_OUT_OF_ORDER", "P8", NO),
        (vetting, dossier, "STEP_OUT_OF_ORDER", "P8", NO),
        (vote, certificate, "CERTIFICATE_NOT_VALID", "T4", "candidate"),
        (vote, dossier, "STEP_OUT_OF_ORDER", "P8", NO),
        (vote, vetting, "VETTING_NOT_ELIGIBLE", "P6", "candidate"),
        (submitted, vote, "CELL_VOTE_NOT_PASSED", "T7", "candidate"),
        (decided, certificate, "CERTIFICATE_NOT_VALID", "T4", "candidate"),
        (decided, vetting, "VETTING_NOT_ELIGIBLE", "P6", "candidate"),
        (decided, vote, "CELL_VOTE_NOT_PASSED", "T7", "candidate"),
        (decided, submitted, "STEP_OUT_OF_ORDER", "P8", NO),
        (ceremony, decided, "STEP_OUT_OF_ORDER", "P8", NO),
        (recognized, ceremony, "STEP_OUT_OF_ORDER", "P8", NO),
    ],
)
def test_refused_when_one_is_missing(
    step: Callable[..., Step], missing: Callable[..., Step], code: str, rule: str, field: str
) -> None:
    """Without one of the entries that it stands on, a step is refused by that entry's rule."""
    before(step, void(VERSION[missing])).when(step()).refused(code, rule=rule, field=field)


@pytest.mark.parametrize("step", [*PATH, removed])
def test_refused_before_identification(step: Callable[..., Step]) -> None:
    """No step is dated before the person was identified."""
    early = step(date(2023, 2, 28))
    given().when(early).refused("STEP_OUT_OF_ORDER", rule="P8", field=NO)


@pytest.mark.parametrize("step", [s for s in PATH if s not in (helper, certificate, vetting)])
def test_recorded_once(step: Callable[..., Step]) -> None:
    """A step that happens once is refused the second time, with the day it was recorded on."""
    refusal = given(*path(step)).when(step()).refused("STEP_ALREADY_RECORDED", field="candidate")

    assert "20" in refusal.text.vi


@pytest.mark.parametrize("step", [helper, certificate])
def test_recorded_again(step: Callable[..., Step]) -> None:
    """A helper is replaced, and a class is passed again, as often as it happens."""
    given(*path(step)).when(step()).then(KINDS[step])


def test_vetting_replaced() -> None:
    """A later vetting conclusion replaces the earlier one."""
    unclear = vetting(date(2023, 5, 20), VettingConclusion.SUPPLEMENT_NEEDED)
    start = given(*path(dossier), unclear)

    start.when(vote()).refused("VETTING_NOT_ELIGIBLE", rule="P6", field="candidate")
    start.when(vetting()).then(VettingConcluded)
    start.when(vote()).then(CellVoteHeld)


@pytest.mark.parametrize(
    "conclusion", [c for c in VettingConclusion if c is not VettingConclusion.ELIGIBLE]
)
def test_vote_needs_an_eligible_vetting(conclusion: VettingConclusion) -> None:
    """Any other conclusion than eligible keeps the case from the vote and from the decision."""
    given(*path(dossier), vetting(conclusion=conclusion)).when(vote()).refused(
        "VETTING_NOT_ELIGIBLE", rule="P6", field="candidate"
    )
    later = vetting(date(2023, 6, 25), conclusion)
    given(*path(submitted), later).when(decided()).refused(
        "VETTING_NOT_ELIGIBLE", rule="P6", field="candidate"
    )


def test_listed_without_helper() -> None:
    """Listing somebody without a helper is recorded with a finding."""
    (entry,) = given().when(listed()).then(SympathizerListed, findings=("P2",))

    assert isinstance(entry, SympathizerListed)
    assert entry.findings == ("P2",)


def test_helper_not_yet_official() -> None:
    """A helper is an official member on the day of the assignment at the latest."""
    day = date(2023, 3, 10)
    given().when(helper(day, day)).then(HelperAssigned)
    given().when(helper(day, date(2023, 3, 11))).refused(
        "HELPER_NOT_OFFICIAL_MEMBER", rule="P3", field="helperOfficialSince"
    )
    given().when(helper(day, date(1930, 2, 2))).refused(
        "DATE_TOO_EARLY", field="helperOfficialSince"
    )


@pytest.mark.parametrize("after", [listed, vetting, vote])
def test_nothing_changes_after_the_decision(after: Callable[..., Step]) -> None:
    """Nothing of the way to the decision is recorded for a day after it."""
    late = date(2023, 7, 4)
    start = given(*path(decided), *([void(3)] if after is listed else []), void(7))
    start.when(after(late)).refused("STEP_ALREADY_RECORDED", field="candidate")
    assert VERSION[vote] == 7


def test_no_removal_after_the_decision() -> None:
    """Nobody decided upon is removed from the list of sympathizers."""
    given(*path(decided)).when(removed(date(2023, 7, 4))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )


def test_removal_of_nobody() -> None:
    """Nobody is removed who is not on the list, nor twice."""
    given().when(removed(date(2023, 4, 1))).refused("STEP_OUT_OF_ORDER", rule="P8", field=NO)
    given(*path(listed), removed(date(2023, 4, 1))).when(removed(date(2023, 4, 2))).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field=NO
    )


def test_removal_resets_the_dossier() -> None:
    """After a removal the person, helper and certificate stay; the dossier starts anew."""
    again = given(*path(submitted), removed(date(2023, 6, 25)))

    again.when(decided()).refused("VETTING_NOT_ELIGIBLE", rule="P6", field="candidate")
    again.when(dossier(date(2023, 6, 26))).refused("STEP_OUT_OF_ORDER", rule="P8", field=NO)
    again.when(listed(date(2023, 6, 27))).then(SympathizerListed)
    again.when(vote(date(2023, 6, 28))).refused("STEP_OUT_OF_ORDER", rule="P8", field=NO)
    again.when(dossier(date(2023, 6, 28))).then(DossierOpened)
    again.when(vetting(date(2023, 6, 29))).then(VettingConcluded)
    again.when(vote(date(2023, 6, 30))).then(CellVoteHeld)


def test_no_late_step_twice_in_an_ended_pursuit() -> None:
    """A step of a pursuit that a removal ended is not recorded a second time by a late entry."""
    ended = given(*path(submitted), removed(date(2023, 6, 25)), listed(date(2023, 6, 27)))

    for step in (listed(date(2023, 3, 12)), dossier(date(2023, 5, 5)), vote(date(2023, 6, 6))):
        ended.when(step).refused("STEP_ALREADY_RECORDED", field="candidate")
    ended.when(submitted(date(2023, 6, 21))).refused("STEP_ALREADY_RECORDED", field="candidate")
    removed_only = given(*path(listed), removed(date(2023, 6, 25)))
    removed_only.when(listed(date(2023, 3, 12))).refused("STEP_ALREADY_RECORDED", field="candidate")


def test_no_late_removal_under_later_steps() -> None:
    """A removal is not dated before a step that stands on the list, but before a re-listing."""
    given(*path(vetting)).when(removed(date(2023, 5, 10))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
    given(*path(listed), removed(date(2023, 4, 20))).when(removed(date(2023, 4, 10))).refused(
        "STEP_ALREADY_RECORDED", field="candidate"
    )
    relisted = given(
        *path(listed), removed(date(2023, 4, 10)), listed(date(2023, 4, 20)), void(4, replaced=True)
    )
    relisted.when(removed(date(2023, 4, 11))).then(SympathizerRemoved)


def test_late_entries_are_judged_on_their_own_day() -> None:
    """A step recorded late stands on what was true on its day, not on what came after."""
    start = given(helper(), listed(), certificate(), dossier(date(2023, 9, 1)))

    start.when(vetting(date(2023, 8, 1))).refused("STEP_OUT_OF_ORDER", rule="P8", field=NO)
    start.when(vetting(date(2023, 9, 2))).then(VettingConcluded)
    start.when(vote(date(2023, 9, 1))).refused("VETTING_NOT_ELIGIBLE", rule="P6", field="candidate")


@pytest.mark.parametrize("value", ["", "   ", "x" * 2001, "a\x00b", "hai\ndòng"])
def test_reason_has_printable_words(value: str) -> None:
    """A reason has 1 to 2000 printable characters."""
    given(*path(listed)).when(
        lambda case: remove_sympathizer(case, on(date(2023, 4, 1)), reason=value)
    ).refused("INVALID_TEXT", field="reason")


def test_words_are_trimmed() -> None:
    """Outer blanks do not count, and an optional text is left out but never empty."""
    (entry,) = (
        given()
        .when(lambda case: record_certificate(case, on(date(2023, 4, 3)), number=" 7 ", grade=None))
        .then(CertificateIssued)
    )

    assert isinstance(entry, CertificateIssued)
    assert (entry.number, entry.grade) == ("7", None)
    given().when(
        lambda case: record_certificate(case, on(date(2023, 4, 3)), number="7", grade=" ")
    ).refused("INVALID_TEXT", field="grade")


def test_born_in_the_past() -> None:
    """A birth date is neither after the identification nor before the Party was founded."""
    for birth_date in (date(2023, 3, 2), date(1929, 12, 31)):
        with pytest.raises(InvalidInput) as refusal:
            given(person=Person(full_name="Mẫu", birth_date=birth_date, sex=Sex.MALE))
        assert refusal.value.field == "birthDate"


def test_restated_on_an_earlier_day_only() -> None:
    """A corrected identification is not later than a step that stands on it."""
    start = given(listed(), void(1, replaced=True))

    def restate(day: date) -> Callable[[Candidate], None]:
        return lambda case: case.restate(on(day), PERSON)

    start.when(restate(date(2023, 3, 16))).refused("STEP_OUT_OF_ORDER", rule="P8", field=NO)
    start.when(restate(date(2023, 3, 15))).then(Identified)
    assert start.case.identified.effective_on == date(2023, 3, 15)
    assert start.case.cell == CELL


def test_a_step_that_is_there_is_named_with_its_day() -> None:
    """Listed on 15 March, then a second listing says so."""
    refusal = (
        before(certificate)
        .when(listed(date(2023, 4, 1)))
        .refused("STEP_ALREADY_RECORDED", field="candidate")
    )

    assert refusal.text.en.startswith("SympathizerListed is recorded on 2023-03-15")
    assert "15/03/2023" in refusal.text.vi


def test_before_the_identification_that_is_what_lacks() -> None:
    """Not the listing, which would come after it."""
    refusal = (
        before(certificate)
        .when(confirmed(date(2023, 2, 1)))
        .refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")
    )

    assert "the person is not identified" in refusal.text.en
