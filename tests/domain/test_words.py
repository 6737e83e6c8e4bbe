"""Vietnamese order, sentences in two languages, roles and the refusals that are said often."""

from datetime import date
from random import Random

import pytest

from domain.access import PERMITTED, Action, Role, require
from domain.errors import InvalidInput, NotPermitted, organization_not_found
from domain.record import require_past
from domain.text import Text
from domain.vietnamese import person_key, sort_key


@pytest.mark.parametrize(
    "in_order",
    [
        ["a", "ă", "â", "b", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mác"],
        ["thôn 2", "thôn 10", "thôn 10a"],
        ["Bảo Lâm", "Bảo Lộc", "Cát Tiên", "Đạ Huoai", "Đạ Tẻh", "Đơn Dương", "Lạc Dương"],
        ["Phường 1", "Phường 2", "Phường 11"],
        ["da", "Đa"],
    ],
)
def test_vietnamese_order(in_order: list[str]) -> None:
    """Letters come first, then tones, and numbers by their value."""
    shuffled = list(in_order)
    Random(7).shuffle(shuffled)

    assert in_order == sorted(shuffled, key=sort_key)


def test_one_spelling_whatever_its_form() -> None:
    """A letter written with combining marks sorts like the composed one."""
    assert sort_key("Lộc")[:2] == sort_key("Lo\u0323\u0302c")[:2]
    assert sort_key("ž") > sort_key("y")


def test_people_by_given_name() -> None:
    """People stand in the order of their given name, then of the rest."""
    names = ["Trần Văn An", "Lê Thị Ánh", "Nguyễn Văn Bình", "Phạm Bình"]

    assert sorted({*names}, key=person_key) == names
    assert person_key("") == sort_key("")


def test_sentences() -> None:
    """English is given to who asks for it, Vietnamese to everybody else."""
    text = Text("Xin chào {ai}", "Hello {ai}").filled({"ai": "B"})

    assert [text.in_language(code) for code in ("en", "vi", "fr")] == [
        "Hello B",
        "Xin chào B",
        "Xin chào B",
    ]


def test_refusals_say_their_code() -> None:
    """A refusal reads as its code and the English sentence."""
    assert str(organization_not_found("x/y")).startswith("ORGANIZATION_NOT_FOUND: There is no")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_what_a_role_may_do(role: Role, action: Action) -> None:
    """An action that is not permitted is refused."""
    if action in PERMITTED[role]:
        require(role, action)
        return
    with pytest.raises(NotPermitted):
        require(role, action)


def test_every_action_is_permitted_to_somebody() -> None:
    """There is no action that nobody may do, and none that an auditor may do beside reading."""
    assert set(Action) == set().union(*PERMITTED.values())
    assert all(action.startswith("READ_") for action in PERMITTED[Role.AUDITOR])
    assert Action.READ_PERSONS not in PERMITTED[Role.AUDITOR]
    assert not PERMITTED[Role.OPERATOR] | PERMITTED[Role.HELPER]


def test_past_days() -> None:
    """A day is not after today and not before the Party was founded on 3 February 1930."""
    today = date(2026, 11, 21)
    for day in (today, date(1930, 2, 3)):
        assert day == require_past("occurredOn", day, today)
    for day, code in ((date(2026, 11, 22), "DATE_IN_FUTURE"), (date(1930, 2, 2), "DATE_TOO_EARLY")):
        with pytest.raises(InvalidInput) as refusal:
            require_past("occurredOn", day, today)
        assert (refusal.value.code, refusal.value.field) == (code, "occurredOn")
