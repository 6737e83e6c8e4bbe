"""What a projection passes over stands in the log, with the reason of whoever decided so."""

from datetime import date

import pytest

from domain.errors import InvalidInput
from domain.organization import organization_id
from domain.projection import DifferenceSignedOff, EventSkipped, Projection, projection_id

CODE = "lam-dong/bao-lam"
DAY = date(2023, 5, 2)


def skipped() -> Projection:
    return Projection.begin_skip(CODE, "pipeline", 17, on=DAY, reason=" Damaged. ")


def test_a_skip_says_what_is_passed_over_and_why() -> None:
    record = skipped()
    [entry] = record.entries
    assert isinstance(entry, EventSkipped)
    assert (record.id, entry.organization_id) == (
        projection_id(CODE, "pipeline"),
        organization_id(CODE),
    )
    assert (entry.projection, entry.skipped, entry.reason) == ("pipeline", 17, "Damaged.")
    assert entry.effective_on == DAY


def test_one_follows_the_other() -> None:
    record = skipped()
    record.skip(19, on=DAY, reason="Damaged as well.")
    last = record.entries[-1]
    assert isinstance(last, EventSkipped)
    assert (last.projection, last.skipped) == ("pipeline", 19)
    assert last.organization_id == organization_id(CODE)


def test_each_projection_of_each_tenant_is_a_subject_of_its_own() -> None:
    names = {projection_id(c, n) for c in (CODE, "lam-dong") for n in ("pipeline", "register")}
    assert len(names) == 4


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "\x00"])
def test_a_skip_needs_a_reason(reason: str) -> None:
    with pytest.raises(InvalidInput):
        Projection.begin_skip(CODE, "pipeline", 17, on=DAY, reason=reason)
    with pytest.raises(InvalidInput):
        skipped().skip(18, on=DAY, reason=reason)


def test_rows_that_differ_serve_only_by_a_decision_with_a_reason() -> None:
    """It says how many rows only the old fold had, and how many only the new one."""
    first = Projection.begin_sign_off(
        CODE, "pipeline", 2, (3, 4), on=DAY, reason="A rule is mended."
    )
    second = skipped()
    second.sign_off(2, (3, 4), on=DAY, reason="A rule is mended.")

    for record in (first, second):
        last = record.entries[-1]
        assert isinstance(last, DifferenceSignedOff)
        assert (last.projection, last.version, last.replaced, last.added) == ("pipeline", 2, 3, 4)
        assert last.organization_id == organization_id(CODE)
    with pytest.raises(InvalidInput):
        first.sign_off(2, (1, 1), on=DAY, reason=" ")
    first.skip(17, on=DAY, reason="Damaged.")
    assert first.version == 2
