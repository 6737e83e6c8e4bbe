"""A revoked certificate: what the case loses, what it still has, and what stood on it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from tests.domain.membership import (
    at,
    died,
    readmission_opened,
    striking_off_proposed,
    struck_off,
)
from tests.domain.placing import handed_over
from tests.domain.steps import (
    Given,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    helper,
    listed,
    path,
    recognized,
    submitted,
    vetting,
    void,
    vote,
)
from tests.domain.test_merging import MERGED_ON, joined, record

from domain.case import Stage, stage
from domain.certificate import CertificateIssued, CertificateRevoked, revoke_certificate
from domain.certificate import lose_certificate as lose
from domain.dossier import DossierOpened
from domain.judgment import Day
from domain.procedure import Effect, rule_book

GIVEN_UP = date(2023, 6, 10)


def revoked(
    day: date,
    number: str = "12/2023",
    reason: str = "Thi hộ",
    document: str = "9-QĐ/TTCT",
) -> Step:
    return at(revoke_certificate, day, number=number, document_number=document, reason=reason)


def test_the_stage_follows_from_that_day() -> None:
    """Before it the certificate counts, from it on it does not."""
    start = given(helper(), listed(), certificate())
    start.when(revoked(GIVEN_UP)).then(CertificateRevoked)
    case = start.case
    days = (date(2023, 6, 9), GIVEN_UP)

    assert [stage(case.case(day), day) for day in days] == [Stage.CERTIFIED, Stage.SYMPATHIZER]
    start.when(dossier(GIVEN_UP)).refused("CERTIFICATE_NOT_VALID", rule="T4", field="candidate")


def test_a_certificate_of_before_counts_again() -> None:
    """Of two certificates the other one stays; a new one of later counts."""
    start = given(certificate(), certificate(date(2023, 5, 2), "40/2023"), listed())
    start.when(revoked(GIVEN_UP, "40/2023")).then(CertificateRevoked)
    held = start.case.facts().certificate
    assert held is not None
    assert held.number == "12/2023"
    start.when(revoked(GIVEN_UP)).then(CertificateRevoked)
    start.when(certificate(date(2023, 7, 3), "60/2023")).then(CertificateIssued)
    start.when(dossier(date(2023, 7, 4))).then(DossierOpened)


@pytest.mark.parametrize(
    ("steps", "day", "findings"),
    [
        (path(certificate), GIVEN_UP, ()),
        (path(dossier), GIVEN_UP, ("T4R",)),
        (path(vote), GIVEN_UP, ("T4R",)),
        (path(vote), date(2023, 4, 10), ("T4R",)),
        (path(recognized), date(2024, 9, 2), ("T4R",)),
        ([*path(vetting), certificate(date(2023, 6, 2), "40/2023"), vote()], GIVEN_UP, ("T4R",)),
        (
            [readmission_opened(date(2024, 1, 2), date(2020, 1, 2)), certificate(date(2024, 2, 1))],
            date(2024, 3, 1),
            (),
        ),
    ],
)
def test_what_stood_on_it_is_a_finding(
    steps: list[Step], day: date, findings: tuple[str, ...]
) -> None:
    """Whether the step came before or after that day; nothing where nothing stood on it."""
    given(*steps).when(revoked(day)).then(CertificateRevoked, findings=findings)


def test_a_vote_on_another_certificate_is_no_finding() -> None:
    """The dossier and the vote were judged by the one that counted on their day."""
    start = given(*path(vote), certificate(date(2023, 6, 8), "40/2023"))
    start.when(revoked(GIVEN_UP, "40/2023")).then(CertificateRevoked)


def test_nobody_is_admitted_on_a_revoked_certificate() -> None:
    """The vote before it stands, the decision after it is refused (T4)."""
    start = given(*path(submitted), revoked(date(2023, 6, 25)))
    start.when(decided()).refused("CERTIFICATE_NOT_VALID", rule="T4", field="candidate")


def test_a_revocation_late_in_coming_refuses_no_step_of_before() -> None:
    """What was decided and held before it stays; the finding says what it stood on."""
    start = given(*path(ceremony))
    start.when(revoked(date(2023, 9, 1))).then(CertificateRevoked, findings=("T4R",))
    day = date(2023, 9, 2)

    assert stage(start.case.case(day), day) is Stage.PROBATIONARY


@pytest.mark.parametrize(
    ("step", "code", "field"),
    [
        (revoked(GIVEN_UP, "13/2023"), "NO_CERTIFICATE", "number"),
        (revoked(date(2023, 4, 2)), "NO_CERTIFICATE", "number"),
        (revoked(GIVEN_UP, reason=" "), "INVALID_TEXT", "reason"),
        (revoked(GIVEN_UP, reason="x" * 2001), "INVALID_TEXT", "reason"),
        (revoked(GIVEN_UP, document=" "), "INVALID_TEXT", "documentNumber"),
        (revoked(GIVEN_UP, document="x" * 101), "INVALID_TEXT", "documentNumber"),
    ],
)
def test_what_is_revoked_is_there(step: Step, code: str, field: str) -> None:
    """A certificate of that number, on that day, with the reason."""
    given(certificate()).when(step).refused(code, field=field)


def test_it_is_revoked_once() -> None:
    """Neither after the revocation nor, entered late, before it; voided, it holds again."""
    start = given(certificate(), revoked(GIVEN_UP))
    for day in (date(2023, 6, 9), GIVEN_UP):
        start.when(revoked(day)).refused("NO_CERTIFICATE", field="number")
    void(3)(start.case)
    start.when(revoked(date(2023, 6, 9))).then(CertificateRevoked)


def test_a_case_follows_its_class_only_while_it_goes_on() -> None:
    """Without that certificate nothing is recorded."""
    start = given(listed())
    fields = {"number": "12/2023", "document_number": "9", "reason": "Thi hộ"}
    start.when(at(lose, GIVEN_UP, **fields)).then()
    start.when(certificate()).then(CertificateIssued)
    start.when(at(lose, GIVEN_UP, **fields)).then(CertificateRevoked)


@pytest.mark.parametrize("gone", [died(date(2023, 5, 2)), handed_over(date(2023, 5, 2))])
def test_a_case_that_is_over_does_not_follow_its_class(gone: Step) -> None:
    """The dead keep what they had; what is elsewhere is corrected there."""
    fields = {"number": "12/2023", "document_number": "9", "reason": "Thi hộ"}

    given(listed(), certificate(), gone).when(at(lose, GIVEN_UP, **fields)).then()


def test_a_case_that_was_merged_does_not_follow_its_class() -> None:
    """The record that goes on has the certificate to lose."""
    duplicate, survivor = record(10, listed(), certificate()), record(9)
    joined(duplicate, survivor)
    fields = {"number": "12/2023", "document_number": "9", "reason": "Thi hộ"}

    Given(duplicate).when(at(lose, MERGED_ON, **fields)).then()
    Given(survivor).when(at(lose, MERGED_ON, **fields)).then(CertificateRevoked)


def test_the_longest_words_of_a_revocation() -> None:
    """As long as they may be, and the case says what it lost."""
    start = given(certificate())
    (entry,) = start.when(revoked(GIVEN_UP, reason="x" * 2000, document="x" * 100)).then(
        CertificateRevoked
    )

    assert start.case.facts().revoked == [entry]


def test_a_dossier_without_any_certificate_stood_on_none() -> None:
    """Given a certificate that was never true, then that of another class changes nothing."""
    start = given(*path(dossier), void(4), certificate(date(2023, 5, 20), "40/2023"))

    start.when(revoked(GIVEN_UP, "40/2023")).then(CertificateRevoked)


def test_a_readmission_is_not_opened_on_a_certificate() -> None:
    """A former member begins with the province's consent; an old certificate is not asked for."""
    start = given(*path(ceremony), striking_off_proposed(), struck_off(), readmission_opened())

    start.when(revoked(date(2027, 4, 1))).then(CertificateRevoked)


def test_a_stricter_committee_does_not_revoke_what_was_stood_on() -> None:
    """The refusal is about the person (T4R)."""
    shipped = rule_book()
    strict = tuple(replace(each, effect=Effect.REFUSE) for each in shipped.versions["T4R"])
    book = replace(shipped, versions={**shipped.versions, "T4R": strict})
    fields = {"number": "12/2023", "document_number": "9", "reason": "Thi hộ"}

    given(*path(dossier)).when(
        lambda case: revoke_certificate(case, Day(GIVEN_UP, book), **fields)
    ).refused("CERTIFICATE_REVOKED", rule="T4R", field="candidate")


@each(st.permutations([1, 2, 3]), st.sets(st.sampled_from([1, 2, 3])))
def test_the_last_one_not_revoked_counts(order: list[int], gone: set[int]) -> None:
    """Whatever is issued and revoked, in whatever order it is entered."""
    start = given(*(certificate(date(2023, 4, number), str(number)) for number in order))
    for number in order:
        if number in gone:
            revoked(date(2023, 5, number), str(number))(start.case)
    left = sorted({1, 2, 3} - gone)
    held = start.case.facts().certificate

    assert (held.number if held else None) == (str(left[-1]) if left else None)
