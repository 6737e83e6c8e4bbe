"""How far a case has come: every stage that the core path knows, on its first and last day."""

from datetime import date
from uuid import UUID

import pytest
from tests.domain.steps import (
    PERSON,
    Step,
    ceremony,
    certificate,
    decided,
    dossier,
    given,
    listed,
    path,
    recognized,
    removed,
    submitted,
    vetting,
    void,
    vote,
)

from domain.candidate import Cell
from domain.case import Case, Stage, VettingConclusion, fold, stage
from domain.record import Entry

UNCLEAR = vetting(date(2023, 6, 1), VettingConclusion.SUPPLEMENT_NEEDED)


@pytest.mark.parametrize(
    ("steps", "day", "expected"),
    [
        ([], date(2023, 2, 28), None),
        ([], date(2023, 3, 1), Stage.IDENTIFIED),
        (path(listed), date(2023, 3, 14), Stage.IDENTIFIED),
        (path(listed), date(2023, 3, 15), Stage.SYMPATHIZER),
        (path(certificate), date(2028, 4, 3), Stage.CERTIFIED),
        (path(certificate), date(2028, 4, 4), Stage.CERTIFICATE_EXPIRED),
        (path(dossier), date(2028, 4, 4), Stage.DOSSIER_OPEN),
        ([*path(dossier), UNCLEAR], date(2023, 6, 1), Stage.VETTING),
        (path(vetting), date(2023, 6, 1), Stage.OPINIONS),
        ([*path(vetting), vote(in_favor=1)], date(2023, 6, 5), Stage.CELL_REVIEW),
        (path(vote), date(2023, 6, 5), Stage.GRASSROOTS_REVIEW),
        (path(submitted), date(2023, 6, 20), Stage.SUBMITTED),
        (path(decided), date(2023, 7, 3), Stage.DECIDED),
        (path(ceremony), date(2024, 7, 19), Stage.PROBATIONARY),
        (path(ceremony), date(2024, 7, 20), Stage.RECOGNITION_DUE),
        (path(recognized), date(2024, 8, 19), Stage.RECOGNITION_DUE),
        (path(recognized), date(2024, 8, 20), Stage.FULL_MEMBER),
        ([*path(submitted), removed(date(2023, 6, 25))], date(2023, 6, 25), Stage.REMOVED),
        ([void(1)], date(2023, 3, 1), None),
    ],
)
def test_stage(steps: list[Step], day: date, expected: Stage | None) -> None:
    """The furthest fact of the day decides the stage."""
    assert expected is stage(given(*steps).case.case(day), day)


def test_a_grassroots_cell_has_no_committee_of_its_own() -> None:
    """After a passed vote a grassroots cell's case stays in the cell's review."""
    cell = Cell(UUID(int=2), grassroots=True, characteristics=frozenset())
    case = given(*path(vote), cell=cell).case

    assert stage(case.case(date(2023, 6, 5)), date(2023, 6, 5)) is Stage.CELL_REVIEW


def test_listed_again() -> None:
    """Whoever is listed again is certified as before the removal."""
    steps = [*path(submitted), removed(date(2023, 6, 25)), listed(date(2023, 6, 27))]
    case = given(*steps, person=PERSON).case

    assert stage(case.case(date(2023, 6, 27)), date(2023, 6, 27)) is Stage.CERTIFIED


def test_an_entry_of_another_kind_changes_no_fact() -> None:
    """What is no entry of a case leaves the facts alone."""
    voided: Entry = given(void(1)).case.entries[1]

    assert fold([voided]) == Case()
