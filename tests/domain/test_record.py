"""A record made of its entries at once is the one that they make in turn."""

from datetime import date

import pytest
from eventsourcing.domain import OriginatorVersionError
from tests.databases import organization
from tests.domain.steps import given, path, recognized, void

from domain.period import year
from domain.record import Entry, Record
from domain.target import Amount, Target, TargetBasis, TargetTerms

DAY = date(2023, 4, 20)


def records() -> list[Record]:
    """One of each kind, the first with a voided entry."""
    terms = TargetTerms(basis=TargetBasis.ASSIGNED, period=year(2023), group="WORKER")
    target = Target.set(organization().id, terms, Amount(count=30), on=DAY)
    target.adjust(Amount(count=31), on=DAY, reason="Điều chỉnh")
    return [given(*path(recognized), void(3)).case, target, organization(renamed=2)]


def in_turn(entries: list[Entry]) -> Record | None:
    record: Record | None = None
    for entry in entries:
        record = entry.mutate(record)
    return record


@pytest.mark.parametrize("made", records(), ids=lambda made: type(made).__name__)
def test_at_once_is_the_same_as_in_turn(made: Record) -> None:
    """Type, id, versions, times and entries; nothing waits to be saved."""
    for count in range(1, len(made.entries) + 1):
        entries = made.entries[:count]
        folded, expected = Record.of(entries), in_turn(entries)
        assert type(folded) is type(expected)
        assert folded is not None
        assert vars(folded) == vars(expected)
        assert not folded.pending_events
        assert folded.entries is not entries


def test_no_entries_make_no_record() -> None:
    assert Record.of([]) is None


@pytest.mark.parametrize("left", [[0, 2], [0, 2, 1], [0, 1, 1]], ids=str)
def test_a_gap_is_not_passed_over(left: list[int]) -> None:
    entries = organization(renamed=2).entries
    with pytest.raises(OriginatorVersionError):
        Record.of([entries[place] for place in left])
