"""What the committee may do with a submitted dossier before it decides."""

from datetime import date

import pytest
from tests.domain import case_steps as full
from tests.domain.case_steps import taken, way
from tests.domain.steps import Step, given
from tests.domain.transition import GRASSROOTS

from domain.submission import (
    DEFECTS_MAX,
    DecisionTermExtended,
    DossierReturned,
    ReturnedTo,
    return_dossier,
)

OF_COMMITTEE = {full.confirmed, full.agreed, full.appraised, full.resolved}


def sent_back(*defects: str, on: date = date(2023, 6, 22)) -> Step:
    """Returned to the cell for defects."""
    return taken(return_dossier, on, to=ReturnedTo.CELL, defects=defects)


@pytest.mark.parametrize(
    "step",
    [
        full.returned(date(2023, 7, 4)),
        full.extended(date(2023, 7, 4)),
        full.refused(date(2023, 7, 4)),
        full.reopened(date(2023, 7, 4)),
    ],
    ids=["returned", "extended", "refused", "vetted anew"],
)
def test_what_is_decided_stays_decided(step: Step) -> None:
    """Given a decision, then the dossier is neither sent back nor refused, nor has it more time."""
    refusal = (
        given(*way(full.ceremony)).when(step).refused("STEP_ALREADY_RECORDED", field="candidate")
    )

    assert refusal.text.en.startswith("AdmissionDecided is recorded on 2023-07-03")


def test_the_first_version_named_no_papers() -> None:
    """It is read as a return that says its reasons in words only."""
    assert DossierReturned.upcast_v1_v2({"defects": ["Thiếu"]}) == {
        "defects": ["Thiếu"],
        "papers": [],
    }


def test_a_dossier_goes_back_to_a_grassroots_cell() -> None:
    """It has no committee between itself and the district, but is a cell like any other."""
    steps = (
        make() for make in full.WAY[: full.WAY.index(full.decided)] if make not in OF_COMMITTEE
    )

    given(*steps, cell=GRASSROOTS).when(full.returned()).then(DossierReturned)


def test_the_defects_are_named() -> None:
    """At least one, at most so many, and each says something."""
    start = given(*way(full.decided))

    start.when(sent_back(*("Thiếu dấu",) * (DEFECTS_MAX + 1))).refused(
        "COUNT_OUT_OF_RANGE", field="defects"
    )
    for words in (" ", "x" * 501):
        start.when(sent_back("x" * 500, words)).refused("INVALID_TEXT", field="defects")
    start.when(sent_back(*("Thiếu dấu",) * DEFECTS_MAX)).then(DossierReturned)


def test_the_papers_that_defects_concern_are_named_by_code() -> None:
    """Each once, in the order of the check-list; none that no dossier has."""
    start = given(*way(full.decided))

    def naming(*papers: str) -> Step:
        return taken(
            return_dossier,
            date(2023, 6, 22),
            to=ReturnedTo.CELL,
            defects=("Thiếu dấu",),
            papers=papers,
        )

    refusal = start.when(naming("HISTORY", "NOVEL")).refused("UNKNOWN_PAPER", field="papers")
    (returned,) = start.when(naming("HISTORY", "APPLICATION", "HISTORY")).then(DossierReturned)
    assert isinstance(returned, DossierReturned)
    assert returned.papers == ("APPLICATION", "HISTORY")
    assert "“NOVEL”" in refusal.text.en


def test_a_term_is_extended_by_a_day_at_least() -> None:
    """None is no extension (T9E)."""
    start = given(*way(full.decided))

    start.when(full.extended(working_days=0)).refused(
        "DECISION_EXTENSION_TOO_LONG", rule="T9E", field="workingDays"
    )
    start.when(full.extended(working_days=1)).then(DecisionTermExtended)
