"""By which day's rules a step is judged, and what is said of a breach."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.domain import case_steps as full
from tests.domain.case_steps import way
from tests.domain.steps import (
    CELL,
    PERSON,
    Given,
    decided,
    given,
    helper,
    on,
    path,
    submitted,
    vetting,
    void,
    vote,
)

from domain.candidate import Candidate, Person
from domain.errors import RuleViolated
from domain.groups import Sex
from domain.judgment import Day, Judgment
from domain.procedure import rule_book

YOUNG = Person(full_name="Lê Văn Mẫu", birth_date=date(2007, 7, 1), sex=Sex.MALE)
"""Eighteen, counted by month, from 1 July 2025 on."""


def test_an_age_at_the_review_is_judged_by_the_regulation_of_the_review() -> None:
    """Given a vote under 232-QĐ/TW, when the decision comes under the next one, 232 is named."""
    steps = (vote(date(2025, 6, 20)), submitted(date(2025, 6, 24)))
    start = given(*path(vetting), *steps, void(1, replaced=True))
    start.case.restate(on(date(2023, 3, 1)), YOUNG)

    refusal = start.when(decided(date(2025, 7, 3))).refused(
        "UNDER_AGE", rule="T1", field="candidate"
    )

    assert refusal.source == "232-QĐ/TW, 1.1"


def test_a_certificate_at_the_review_is_judged_by_the_guidance_of_the_review() -> None:
    """Given a vote under 01-HD/TW, when its certificate proves untrue later, 01 is named."""
    steps = (vote(date(2025, 6, 5)), submitted(date(2025, 6, 6)))
    start = given(*path(vetting), *steps, void(4))

    refusal = start.when(decided(date(2025, 6, 20))).refused(
        "CERTIFICATE_NOT_VALID", rule="T4", field="candidate"
    )

    assert refusal.source == "01-HD/TW, 3.1"


def test_a_stricter_age_holds_for_the_reviews_of_its_time() -> None:
    """Given twenty years from 2025 on, then a review of 2024 asks for eighteen, whenever judged."""
    shipped = rule_book()
    version = shipped.on("T1", date(2024, 6, 1))
    stricter = replace(version, valid_from=date(2025, 1, 1), parameters={"months_min": 240})
    book = replace(shipped, versions={**shipped.versions, "T1": (version, stricter)})
    judged = Judgment(Day(date(2025, 3, 3), book))

    judged.age(date(2006, 6, 1), date(2024, 6, 1))
    with pytest.raises(RuleViolated):
        judged.age(date(2006, 6, 1), date(2025, 3, 3))


def test_who_was_identified_later_is_told_by_the_day_of_the_step_before() -> None:
    """Given a helper of July 2021, when the identification moves to August, July's rules refuse."""
    case = Candidate.identify(UUID(int=9), on(date(2021, 7, 1)), CELL, PERSON)
    helper(date(2021, 7, 5))(case)
    void(1, replaced=True)(case)
    start = Given(case)

    refusal = start.when(lambda it: it.restate(on(date(2021, 8, 2)), PERSON)).refused(
        "STEP_OUT_OF_ORDER", rule="P8", field="occurredOn"
    )

    assert refusal.source == "Điều lệ Đảng, Art. 4; 29-QĐ/TW, 3–4"
    assert "05/07/2021" in refusal.text.en


def test_a_late_decision_is_told_the_days_that_it_had() -> None:
    """Given thirty working days of extension, then the finding counts ninety."""
    start = given(*way(full.decided), full.extended(date(2023, 6, 23), 30))

    outcome = start.when(full.decided(date(2023, 11, 1)))

    assert isinstance(outcome.findings, list)
    (late,) = (finding for finding in outcome.findings if finding.rule == "T9")
    assert "90 working days" in late.text.en
