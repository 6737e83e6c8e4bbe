"""A transfer and an identity number, as the province's log tells of them."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.errors import Refusal
from domain.identity import Identity, IdentityMatched, IdentityReason, Keeper
from domain.transfer import DECLINED, Transfer, TransferState

PROVINCE, CELL, RECEIVED = UUID(int=1), UUID(int=2), UUID(int=3)
DAY, LATER = date(2024, 1, 8), date(2024, 1, 20)
NUMBER = frozenset({("identity number", "068300001234")})
HERE, THERE = Keeper("lam-dong/bao-lam", UUID(int=5)), Keeper("lam-dong/di-linh", UUID(int=6))


def decided() -> Transfer:
    return Transfer.decide(
        UUID(int=9),
        PROVINCE,
        on=DAY,
        candidate_id=HERE.candidate_id,
        from_tenant=HERE.tenant,
        to_tenant=THERE.tenant,
        cell_id=CELL,
        decided_by="board",
    )


def in_transit() -> Transfer:
    transfer = decided()
    transfer.depart()
    return transfer


def test_a_transfer_that_is_accepted_and_received() -> None:
    """From the decision to the case that goes on in the other tenant."""
    transfer = decided()
    assert (transfer.state, transfer.organization_id) == (TransferState.DECIDED, PROVINCE)
    transfer.depart()
    assert transfer.state is TransferState.IN_TRANSIT
    transfer.accept(LATER, cell_id=CELL, by="other")
    assert (transfer.state, transfer.received_id) == (TransferState.ACCEPTED, None)
    transfer.complete(RECEIVED)
    assert (transfer.state, transfer.received_id) == (TransferState.RECEIVED, RECEIVED)
    assert transfer.turned_back is None


def test_a_transfer_that_is_declined() -> None:
    """It goes back for the reason that the committee gave."""
    transfer = in_transit()
    transfer.decline(LATER, reason="Không nhận", by="other")
    assert transfer.state is TransferState.TURNED_BACK
    transfer.complete()
    assert (transfer.state, transfer.received_id) == (TransferState.RETURNED, None)
    assert transfer.turned_back is not None
    back = transfer.turned_back
    assert (back.code, back.declined_by, back.reason) == (DECLINED, "other", "Không nhận")


def test_a_transfer_that_a_log_forbids() -> None:
    """It goes back on the day of what came last, with the refusal's code."""
    transfer = in_transit()
    transfer.accept(LATER, cell_id=CELL, by="other")
    transfer.turn_back("PERSON_ALREADY_RECORDED")
    assert transfer.turned_back is not None
    assert transfer.turned_back.effective_on == LATER


def test_only_what_is_in_transit_is_taken_or_declined_and_not_before_it_left() -> None:
    """Neither twice."""
    transfer = in_transit()
    with pytest.raises(Refusal, match="DATE_OUT_OF_RANGE"):
        transfer.accept(DAY - timedelta(days=1), cell_id=CELL, by="other")
    transfer.accept(LATER, cell_id=CELL, by="other")
    with pytest.raises(Refusal, match="NOT_IN_TRANSIT"):
        transfer.accept(LATER, cell_id=CELL, by="other")
    with pytest.raises(Refusal, match="NOT_IN_TRANSIT"):
        transfer.decline(LATER, reason="Không", by="other")


def reserved() -> Identity:
    return Identity.reserve(UUID(int=8), PROVINCE, NUMBER, HERE, on=DAY)


def test_a_number_is_kept_by_one_case() -> None:
    """Until it passes on or is given free; the number stands in no entry."""
    identity = reserved()
    assert (identity.keeper, identity.exclusive()) == (HERE, NUMBER)
    identity.pass_to(THERE, IdentityReason.HANDED_OVER, on=LATER)
    assert identity.keeper == THERE
    identity.release(NUMBER, IdentityReason.GIVEN_UP, on=LATER)
    assert (identity.exclusive(), identity.held) == (frozenset(), NUMBER)
    assert "068300001234" not in str([vars(entry) for entry in identity.entries])


def test_a_number_given_free_is_nobodys() -> None:
    """Until it is reserved anew."""
    identity = reserved()
    identity.release(NUMBER, IdentityReason.REFUSED, on=LATER)
    assert identity.keeper is None


def test_a_match_is_taken_down_once_and_its_reading_each_time() -> None:
    """The same command sent again tells the province nothing new."""
    identity = reserved()
    assert identity.match(THERE, on=LATER)
    identity.read(on=LATER)
    assert not identity.match(THERE, on=LATER)
    assert identity.match(Keeper(THERE.tenant, UUID(int=7)), on=LATER)
    identity.read(on=LATER)
    matched = [entry for entry in identity.entries if isinstance(entry, IdentityMatched)]
    assert [(entry.tenant, entry.asking_tenant) for entry in matched] == [
        (HERE.tenant, THERE.tenant)
    ] * 2
    assert identity.keeper == HERE


def test_a_reservation_is_abandoned_after_a_full_day_at_least() -> None:
    """Counted from when it was made or last passed on."""
    identity = reserved()
    assert not identity.is_abandoned(DAY + timedelta(days=1))
    assert identity.is_abandoned(DAY + timedelta(days=2))
    identity.pass_to(THERE, IdentityReason.ABANDONED, on=DAY + timedelta(days=2))
    assert not identity.is_abandoned(DAY + timedelta(days=3))
