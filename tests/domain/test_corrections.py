"""Voiding entries and recording them again: what counts afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from tests.domain.steps import (
    PATH,
    PERSON,
    Step,
    ceremony,
    certificate,
    given,
    listed,
    on,
    path,
    recognized,
    removed,
    vetting,
    void,
    vote,
)

from domain.admission import AdmissionDecided, CellVoteHeld, DossierSubmitted, submit_dossier
from domain.candidate import CandidateEntryVoided
from domain.certificate import CertificateIssued
from domain.errors import Conflict
from domain.record import Entry
from domain.sympathizer import SympathizerListed, SympathizerRemoved


def test_void_without_replacement() -> None:
    """A voided entry counts on no day any more, but stays readable, with the reason beside it."""
    start = given(*path(listed))
    (entry,) = start.when(void(3)).then(CandidateEntryVoided)

    assert isinstance(entry, CandidateEntryVoided)
    assert (entry.voided_version, entry.voided_position) == (3, 3)
    assert entry.effective_on == date(2025, 1, 2)
    assert start.case.case(date(2026, 1, 1)).listed is None
    assert isinstance(start.case.entries[2], SympathizerListed)


def test_void_with_replacement() -> None:
    """The replacement counts from its own day on."""
    case = given(*path(certificate), void(4), certificate(date(2023, 4, 5), "77")).case

    assert case.case(date(2023, 4, 4)).certificate is None
    found = case.case(date(2023, 4, 5)).certificate
    assert found is not None
    assert found.number == "77"


def test_already_corrected() -> None:
    """An entry is corrected once; a correction itself is not corrected."""
    start = given(*path(listed), void(3))

    start.when(void(3)).refused("EVENT_ALREADY_CORRECTED", field="event")
    start.when(void(4)).refused("EVENT_ALREADY_CORRECTED", field="event")


@pytest.mark.parametrize("version", [-1, 0, 4])
def test_no_such_entry(version: int) -> None:
    """Only an entry of the record is corrected."""
    given(*path(listed)).when(void(version)).refused("EVENT_NOT_FOUND", field="event")


def test_reason_needed() -> None:
    """A correction says why."""
    given(*path(listed)).when(
        lambda case: case.void(3, position=3, reason=" ", on=date(2025, 1, 2))
    ).refused("INVALID_TEXT", field="reason")


def test_first_entry_stands_while_others_stand_on_it() -> None:
    """An identification is voided alone only when nothing stands on it."""
    given(*path(listed)).when(void(1)).refused("EVENT_HAS_SUCCESSORS", field="event")
    alone = given()
    alone.when(void(1)).then(CandidateEntryVoided)
    alone.when(listed()).refused("STEP_OUT_OF_ORDER", rule="P8", field="occurredOn")
    assert alone.case.identified is alone.case.entries[0]


def test_first_entry_replaced() -> None:
    """A replaced identification joins the record it began and is the one that counts."""
    case = given(*path(listed), void(1, replaced=True)).case
    case.restate(on(date(2023, 2, 1)), PERSON)

    assert case.identified.originator_version == 5
    assert case.case(date(2023, 2, 1)).identified is case.identified
    assert case.case(date(2023, 1, 31)).identified is None
    assert len(case.entries) == 5
    copy: object = None
    for entry in case.collect_events():
        copy = entry.mutate(copy)  # type: ignore[arg-type]
    assert case == copy


@pytest.mark.parametrize("step", PATH)
def test_every_step_corrected_after_the_end(step: Callable[..., Step]) -> None:
    """Each step is voided and recorded again long after the case came to its end."""
    start = given(*path(recognized), void(PATH.index(step) + 2))
    outcome = start.when(step())

    assert outcome.refusal is None
    assert len(start.case.entries) == len(PATH) + 3


def test_removal_corrected_after_relisting() -> None:
    """A removal is recorded again even when the person was listed again since."""
    start = given(
        *path(listed),
        removed(date(2023, 3, 20)),
        listed(date(2023, 4, 1)),
        void(4),
        *path(vote)[2:],
    )
    start.when(removed(date(2023, 3, 21))).then(SympathizerRemoved)


def test_corrected_vote_counts() -> None:
    """A vote corrected to a failed one keeps the dossier from being submitted."""
    start = given(*path(vote), void(7), vote(official=9, in_favor=5))

    start.when(lambda case: submit_dossier(case, on(date(2023, 6, 20)))).refused(
        "CELL_VOTE_NOT_PASSED", rule="T7", field="candidate"
    )
    vote(date(2023, 6, 6))(start.case)
    start.when(lambda case: submit_dossier(case, on(date(2023, 6, 20)))).then(DossierSubmitted)


def test_order_of_entries_is_their_own_day_then_their_version() -> None:
    """Entries count by day, those of one day in the order in which they were recorded."""
    day = date(2023, 6, 1)
    case = given(
        *path(vetting), vote(day, 9, 5), vote(day, 9, 9), certificate(date(2023, 4, 1))
    ).case

    live: list[Entry] = case.live(day)
    assert [type(e) for e in live[-2:]] == [CellVoteHeld, CellVoteHeld]
    assert [e.passed for e in live if isinstance(e, CellVoteHeld)] == [False, True]
    first = next(e for e in live if isinstance(e, CertificateIssued))
    assert first.effective_on == date(2023, 4, 1)
    assert case.latest(CertificateIssued).effective_on == date(2023, 4, 3)


def test_a_decision_is_not_taken_from_under_its_ceremony() -> None:
    """Whatever is voided or moved, a later step keeps what it stands on."""
    case = given(*path(ceremony)).case
    decision = next(e for e in case.entries if isinstance(e, AdmissionDecided))
    case.require_sound()
    case.void(decision.originator_version, position=1, reason="Sai", on=date(2024, 1, 2))

    with pytest.raises(Conflict) as refusal:
        case.require_sound()

    assert refusal.value.code == "EVENT_HAS_SUCCESSORS"


def test_the_identity_number_is_held_by_one_case_as_it_stands_now() -> None:
    """However it is written; a voided identification holds nothing, its replacement does."""
    numbered = replace(PERSON, identity_number="068 300-001 234")
    start = given(person=numbered)
    assert start.case.exclusive() == {("identity number", "068300001234")}
    start.case.void(1, position=1, reason="Ghi nhầm", on=date(2023, 3, 2), replaced=True)
    assert start.case.exclusive() == frozenset()
    start.case.restate(on(date(2023, 3, 1)), replace(PERSON, identity_number="x1"))
    assert start.case.exclusive() == {("identity number", "X1")}
    assert given().case.exclusive() == frozenset()
