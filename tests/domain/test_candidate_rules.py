"""The dated rules of the way to admission, each on its last valid and its first invalid day."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from tests.domain.steps import (
    Given,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    on,
    path,
    recognized,
    submitted,
    vetting,
    void,
    vote,
)

from domain.admission import AdmissionDecided, CellVoteHeld, DossierSubmitted
from domain.candidate import Person
from domain.case import VettingConclusion
from domain.certificate import CertificateIssued
from domain.dossier import DossierOpened
from domain.errors import RuleViolated
from domain.groups import Sex
from domain.judgment import Day, Judgment
from domain.probation import CeremonyHeld
from domain.procedure import Effect, rule_book
from domain.recognition import FullMemberRecognized


def born(day: date) -> Person:
    """Somebody born on a day."""
    return Person(full_name="Lê Văn Mẫu", birth_date=day, sex=Sex.MALE)


def to_vetting(person: Person) -> Given:
    """A case that is vetted by 20 April 2023."""
    *first, _ = path(certificate)
    steps = (certificate(date(2023, 4, 3)), dossier(date(2023, 4, 4)), vetting(date(2023, 4, 20)))
    return given(*first, *steps, person=person)


def test_age_is_judged_on_the_day_of_the_review() -> None:
    """A decision is refused when it turns out that the person was too young at the vote."""
    start = given(*path(submitted), void(1, replaced=True))
    start.case.restate(on(date(2023, 3, 1)), born(date(2005, 7, 1)))

    start.when(decided(date(2023, 7, 3))).refused("UNDER_AGE", rule="T1", field="candidate")


def test_over_sixty_on_the_day_of_review_needs_consent() -> None:
    """Over 720 months when the cell reviewed the case, the decision needs a consent."""
    young_enough = to_vetting(born(date(1963, 5, 20)))
    for step in (vote(date(2023, 5, 31)), submitted(date(2023, 6, 2))):
        step(young_enough.case)
    too_old = to_vetting(born(date(1963, 4, 20)))
    for step in (vote(date(2023, 5, 1)), submitted(date(2023, 6, 2))):
        step(too_old.case)

    young_enough.when(decided(date(2023, 6, 5))).then(AdmissionDecided)
    too_old.when(decided(date(2023, 6, 5))).refused(
        "OVER_AGE_WITHOUT_CONSENT", rule="T2", field="consentNumber"
    )
    too_old.when(decided(date(2023, 6, 5), " ")).refused("INVALID_TEXT", field="consentNumber")
    too_old.when(decided(date(2023, 6, 5), "5-CV/TU")).then(AdmissionDecided)


def test_the_rule_book_says_what_a_breach_does() -> None:
    """The same breach refuses, asks for consent or is a finding, as its version says."""
    shipped = rule_book()

    def judged(effect: Effect) -> Judgment:
        version = replace(shipped.on("T9", date(2023, 7, 3)), effect=effect)
        book = replace(shipped, versions={**shipped.versions, "T9": (version,)})
        return Judgment(Day(date(2023, 7, 3), book))

    late = (date(2023, 1, 2), date(2023, 7, 3))
    finding = judged(Effect.FINDING)
    finding.in_time("T9", *late)

    assert [f.rule for f in finding.findings] == ["T9"]
    with pytest.raises(RuleViolated):
        judged(Effect.REFUSE).in_time("T9", *late, consent="5-CV/TU")
    with pytest.raises(RuleViolated):
        judged(Effect.CONSENT).in_time("T9", *late)
    judged(Effect.CONSENT).in_time("T9", *late, consent="5-CV/TU")


def test_a_dossier_whose_vetting_turned_is_not_submitted() -> None:
    """The proposal of somebody found not eligible after the vote is not adopted."""
    start = given(*path(submitted, without=submitted))
    vetting(date(2023, 6, 10), VettingConclusion.NOT_ELIGIBLE)(start.case)

    start.when(submitted(date(2023, 6, 20))).refused(
        "VETTING_NOT_ELIGIBLE", rule="P6", field="candidate"
    )


@pytest.mark.parametrize(
    ("issued", "last", "first_after"),
    [
        (date(2024, 2, 29), date(2029, 2, 28), date(2029, 3, 1)),
        (date(2023, 4, 3), date(2028, 4, 3), date(2028, 4, 4)),
        (date(2023, 8, 31), date(2028, 8, 31), date(2028, 9, 1)),
        (date(2023, 4, 30), date(2028, 4, 30), date(2028, 5, 1)),
    ],
)
def test_certificate_lasts_sixty_months(issued: date, last: date, first_after: date) -> None:
    """A certificate is valid on the same day 60 months later, or on the last day of that month."""
    start = given(*path(dossier, without=dossier)[:2])
    (entry,) = start.when(certificate(issued)).then(CertificateIssued)

    assert isinstance(entry, CertificateIssued)
    assert last == entry.valid_until
    start.when(dossier(first_after)).refused("CERTIFICATE_NOT_VALID", rule="T4", field="candidate")
    start.when(dossier(last)).then(DossierOpened)
    vetting(last)(start.case)
    start.when(vote(first_after)).refused("CERTIFICATE_NOT_VALID", rule="T4", field="candidate")
    start.when(vote(last)).then(CellVoteHeld)


def test_certificate_of_the_review_counts() -> None:
    """A certificate that lapsed after the review, even if there is a new one, does not matter."""
    late = vote(date(2028, 4, 3))
    lapsed = given(*path(vetting), late, submitted(date(2028, 4, 4)))
    lapsed.when(decided(date(2028, 4, 20))).then(AdmissionDecided)

    renewed = given(*path(vetting), late, submitted(date(2028, 4, 4)))
    certificate(date(2028, 4, 10), "9/2028")(renewed.case)
    renewed.when(decided(date(2028, 4, 20))).then(AdmissionDecided)


@each(official=st.integers(3, 400), data=st.data())
def test_two_thirds_of_all_official_members(official: int, data: st.DataObject) -> None:
    """A vote passes with exactly two thirds of the official members and not with fewer."""
    in_favor = data.draw(st.integers(0, official))
    (entry,) = (
        given(*path(vetting)).when(vote(official=official, in_favor=in_favor)).then(CellVoteHeld)
    )

    assert isinstance(entry, CellVoteHeld)
    assert entry.passed is (Fraction(in_favor, official) >= Fraction(2, 3))


@pytest.mark.parametrize(
    ("official", "in_favor", "field"),
    [
        (-1, 0, "officialMembers"),
        (100_001, 5, "officialMembers"),
        (9, 10, "inFavor"),
        (9, -1, "inFavor"),
    ],
)
def test_votes_are_possible_counts(official: int, in_favor: int, field: str) -> None:
    """There are no more votes than members, and no negative ones."""
    given(*path(vetting)).when(vote(official=official, in_favor=in_favor)).refused(
        "COUNT_OUT_OF_RANGE", field=field
    )


def test_failed_vote() -> None:
    """A failed vote is recorded; submitting is refused until a later one passes."""
    failed = given(*path(vetting), vote(date(2023, 6, 5), 9, 5))

    failed.when(submitted()).refused("CELL_VOTE_NOT_PASSED", rule="T7", field="candidate")
    failed.when(vote(date(2023, 6, 12), 9, 6)).then(CellVoteHeld)
    failed.when(submitted(date(2023, 6, 11))).refused(
        "CELL_VOTE_NOT_PASSED", rule="T7", field="candidate"
    )
    failed.when(submitted()).then(DossierSubmitted)


def decided_in_march() -> Given:
    """A case decided on 20 March 2024."""
    return given(
        *path(vetting),
        vote(date(2024, 3, 4)),
        submitted(date(2024, 3, 12)),
        decided(date(2024, 3, 20)),
    )


def test_ceremony_counts_from_the_decision_if_its_receipt_is_unknown() -> None:
    """Without a day of receipt the limit counts from the decision: 20 March to 6 May 2024."""
    decided_in_march().when(ceremony(date(2024, 5, 6))).then(CeremonyHeld)
    decided_in_march().when(ceremony(date(2024, 5, 7))).refused(
        "CEREMONY_LATE_WITHOUT_CONSENT", rule="T10", field="consentNumber"
    )


@pytest.mark.parametrize("received", [date(2024, 3, 19), date(2024, 4, 2)])
def test_decision_received_between_decision_and_ceremony(received: date) -> None:
    """A decision is received neither before it was taken nor after the ceremony."""
    decided_in_march().when(ceremony(date(2024, 4, 1), received)).refused(
        "DATE_OUT_OF_RANGE", field="decisionReceivedOn"
    )


@pytest.mark.parametrize(
    ("held", "ends"),
    [(date(2024, 4, 1), date(2025, 4, 1)), (date(2024, 3, 31), date(2025, 3, 31))],
)
def test_probation_ends_on_the_exact_day(held: date, ends: date) -> None:
    """The probation lasts 12 months from the ceremony; from its last day on the cell may vote."""
    start = decided_in_march()
    (entry,) = start.when(ceremony(held)).then(CeremonyHeld)

    assert isinstance(entry, CeremonyHeld)
    assert ends == entry.probation_ends_on
    day_before = date.fromordinal(ends.toordinal() - 1)
    start.when(recognized(day_before, day_before)).refused(
        "PROBATION_NOT_ENDED", rule="T11", field="occurredOn"
    )
    start.when(recognized(ends, day_before)).refused(
        "PROBATION_NOT_ENDED", rule="T11", field="cellVoteOn"
    )
    (entry,) = start.when(recognized(ends, ends)).then(FullMemberRecognized)
    assert isinstance(entry, FullMemberRecognized)
    assert ends == entry.member_from


def probationary(held: date) -> Given:
    """A case whose ceremony was held on a day of early 2024."""
    steps = (vote(date(2023, 12, 4)), submitted(date(2023, 12, 8)), decided(date(2024, 1, 3)))
    return given(*path(vetting), *steps, ceremony(held, consent="7-CV/HU"))


def test_recognition_needs_two_thirds_on_a_past_day() -> None:
    """A recognition is refused after a failed vote, and for a vote after the decision."""
    start = given(*path(ceremony))

    start.when(recognized(in_favor=5)).refused("CELL_VOTE_NOT_PASSED", rule="T7", field="inFavor")
    start.when(recognized(date(2024, 8, 20), date(2024, 8, 21))).refused(
        "DATE_OUT_OF_RANGE", field="cellVoteOn"
    )
    start.when(recognized(official=9, in_favor=10)).refused("COUNT_OUT_OF_RANGE", field="inFavor")


def test_refusal_names_its_source() -> None:
    """A refusal by rule names the document in force on the day, in both languages."""
    refusal = given().when(dossier(date(2025, 8, 1))).refusal

    assert isinstance(refusal, RuleViolated)
    assert (refusal.rule, refusal.source) == ("T4", "06-HD/TW, 5.4")
    assert "01/08/2025" in refusal.text.vi
    assert "60 months" in refusal.text.en
