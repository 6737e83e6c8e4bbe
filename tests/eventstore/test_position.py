"""The cursor: opaque, exact, and never mistaken for another text."""

import base64
import random

import pytest

from domain.errors import InvalidInput
from eventstore.position import InvalidPosition, Position


def test_a_position_comes_back_from_its_text() -> None:
    choice = random.Random(20260106)
    for _ in range(200):
        tenants = [choice.randrange(1, 2**31) for _ in range(choice.randrange(6))]
        position = Position.of({tenant: choice.randrange(2**62) for tenant in tenants})
        text = position.encode()
        assert Position.decode(text) == position
        assert text.replace("-", "").replace("_", "").isalnum()


def test_a_tenant_that_is_not_named_is_at_its_beginning() -> None:
    position = Position.of({7: 5, 3: 0})
    assert position == Position(((7, 5),))
    assert (position.at(7), position.at(3)) == (5, 0)
    assert position.as_dict() == {7: 5}


def test_merging_takes_the_furthest_of_each_tenant_and_covers_both() -> None:
    one, two = Position.of({1: 5, 2: 7}), Position.of({2: 9, 3: 1})
    merged = one.merge(two)
    assert merged == Position.of({1: 5, 2: 9, 3: 1}) == two.merge(one)
    assert merged.covers(one)
    assert merged.covers(two)
    assert not one.covers(two)
    assert one.covers(Position())


def raw(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "không phải",
        "AVtd====",
        "AVtd AVtd",
        raw(b"\x02[[1,2]]"),
        raw(b"\x01"),
        raw(b"\x01{}"),
        raw(b"\x01[[1]]"),
        raw(b'\x01[["1",2]]'),
        raw(b"\x01[[1,2],[1,3]]"),
        raw(b"\x01[[2,2],[1,3]]"),
        raw(b"\x01[[0,2]]"),
        raw(b"\x01[[1,-2]]"),
        raw(b"\x01[[1,0]]"),
        raw(b"\x01[[1,9223372036854775808]]"),
        raw(b"\x01[[2147483648,1]]"),
        raw(b"\x01[[1,\xff]]"),
        "A" * 1_000_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidPosition) as caught:
        Position.decode(text)
    assert isinstance(caught.value, InvalidInput)
    assert caught.value.code == "INVALID_POSITION"
