"""A receipt is written and read again; any other text is refused as such."""

import base64
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.receipt import FORMAT, InvalidBasis, LogReceipt, Receipt

DAYS = st.dates(date(1930, 1, 1), date(9999, 12, 31))
NUMBERS = st.integers(0, 2**63 - 1)
FOLDS = ("organization", "pipeline")
VERSIONS = st.tuples(st.integers(0, 99), st.integers(0, 99))
LOGS = st.dictionaries(
    st.integers(0, 2**31),
    st.tuples(NUMBERS, NUMBERS, VERSIONS, st.none() | NUMBERS, st.none() | st.binary(max_size=32)),
    min_size=1,
)


@given(DAYS, DAYS, LOGS)
def test_a_receipt_is_read_as_it_was_written(
    effective: date,
    tree_on: date,
    logs: dict[int, tuple[int, int, tuple[int, int], int | None, bytes | None]],
) -> None:
    """Given any receipt, then its token says all of it."""
    rows = tuple(LogReceipt(tenant, *logs[tenant]) for tenant in sorted(logs))
    receipt = Receipt(effective, tree_on, FOLDS, rows)

    assert Receipt.decode(receipt.encode()) == receipt
    assert all(receipt.position(row.tenant_id) == row.position for row in rows)
    with pytest.raises(InvalidBasis):
        receipt.position(-1)


@given(
    st.text(max_size=60) | st.binary(max_size=60).map(base64.urlsafe_b64encode).map(bytes.decode)
)
def test_no_other_text_is_a_receipt(text: str) -> None:
    """Given any other text, then it is refused and nothing else happens."""
    with pytest.raises(InvalidBasis):
        Receipt.decode(text)


@pytest.mark.parametrize(
    "logs",
    [
        "[]",
        "[[1,2,3,[]],[1,2,3,[]]]",
        "[[2,2,3,[]],[1,2,3,[]]]",
        "[[1,-2,3,[]]]",
        "[[1,9223372036854775808,3,[]]]",
        "[[1,2,3,[1]]]",
    ],
)
def test_logs_are_in_order_and_positions_in_range(logs: str) -> None:
    """Given logs twice, out of order, none, or numbers that no log has, then it is refused."""
    raw = FORMAT + f'["2022-01-01","2022-01-01",[],{logs}]'.encode()
    with pytest.raises(InvalidBasis):
        Receipt.decode(base64.urlsafe_b64encode(raw).decode().rstrip("="))
