"""The log's epochs: the first begins with the log, each later one with an entry and a reason."""

from datetime import date

import pytest

from domain.errors import InvalidInput
from domain.log import EpochStarted, Log, log_id
from domain.organization import organization_id

CODE = "lam-dong/bao-lam"
DAY = date(2023, 5, 2)


def started() -> Log:
    return Log.start_second(CODE, 2, on=DAY, reason=" Restored. ", signed=(300, "AAAA"))


def test_an_epoch_says_why_it_began_and_what_was_signed_before() -> None:
    log = started()
    [entry] = log.entries
    assert isinstance(entry, EpochStarted)
    assert (log.id, entry.organization_id) == (log_id(CODE), organization_id(CODE))
    assert (entry.epoch, entry.reason, entry.effective_on) == (2, "Restored.", DAY)
    assert (entry.signed_size, entry.signed_root) == (300, "AAAA")


def test_one_follows_the_other() -> None:
    log = started()
    log.start(3, on=DAY, reason="Restored again.", signed=None)
    last = log.entries[-1]
    assert isinstance(last, EpochStarted)
    assert (last.epoch, last.signed_size, last.signed_root) == (3, None, None)
    assert last.organization_id == organization_id(CODE)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "\x00"])
def test_an_epoch_needs_a_reason(reason: str) -> None:
    with pytest.raises(InvalidInput):
        Log.start_second(CODE, 2, on=DAY, reason=reason, signed=None)
