"""Bodies under their names, and who answers for which organizations from when to when."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.domain.steps import on

from domain.body import (
    Body,
    BodyEnded,
    BodyKind,
    BodyRenamed,
    end_body,
    establish_body,
    rename_body,
)
from domain.errors import Conflict, InvalidInput
from domain.organization import OrganizationKind, OrganizationRef
from domain.territory import (
    Charge,
    Territory,
    TerritoryChanged,
    TerritoryEnded,
    assign_territory,
    change_territory,
    end_territory,
)

FIRST, SECOND, THIRD = date(2023, 1, 5), date(2023, 6, 15), date(2024, 1, 5)
BEFORE = FIRST - timedelta(days=1)


def ref(number: int, ended_on: date | None = None) -> OrganizationRef:
    """An organization."""
    kind = OrganizationKind.GRASSROOTS_COMMITTEE
    own = UUID(int=number)
    return OrganizationRef(2, own, f"a/b/{number}", kind, (own,), frozenset(), ended_on=ended_on)


def board(day: date = FIRST, holder: OrganizationRef | None = None) -> Body:
    """An organization board."""
    return establish_body(
        UUID(int=7),
        on(day),
        holder or ref(1),
        kind=BodyKind.ORGANIZATION_BOARD,
        name="Ban Tổ chức",
    )


def territory(
    *organizations: int, number: int = 8, others: tuple[Territory, ...] = ()
) -> Territory:
    """A territory of some organizations."""
    return assign_territory(
        UUID(int=number),
        on(FIRST),
        ref(1),
        others,
        member="uvtv-3",
        member_name="Lê Văn Phụ Trách",
        organizations=tuple(ref(each) for each in organizations),
    )


def test_a_body_has_the_name_of_the_day() -> None:
    """From its beginning to its end."""
    body = board()
    rename_body(body, on(SECOND), name="Ban Xây dựng tổ chức cơ sở đảng", document="9-QĐ/ĐU")
    end_body(body, on(THIRD))
    first, second = body.standing(FIRST), body.standing(SECOND)

    assert body.standing(BEFORE) is None
    assert first is not None
    assert second is not None
    assert (first.name, first.established_on, first.ended_on) == ("Ban Tổ chức", FIRST, THIRD)
    assert second.name == "Ban Xây dựng tổ chức cơ sở đảng"
    assert body.standing(THIRD) is None
    assert body.last() == second


def test_a_body_cannot_change_outside_its_time() -> None:
    """Not before it began, not after it ended, and not under a committee that ended."""
    body = board()
    with pytest.raises(Conflict) as early:
        rename_body(body, on(BEFORE), name="Khác")
    end_body(body, on(SECOND))
    with pytest.raises(Conflict) as late:
        end_body(body, on(THIRD))
    with pytest.raises(Conflict) as ended:
        board(SECOND, ref(1, ended_on=SECOND))

    assert {early.value.code, late.value.code} == {"BODY_NOT_STANDING"}
    assert ended.value.code == "ORGANIZATION_ENDED"
    assert board(FIRST, ref(1, ended_on=SECOND)).last() is not None


def test_what_a_body_stands_on_is_corrected_last() -> None:
    """An end comes after everything; a beginning that never was leaves nothing."""
    body = board()
    rename_body(body, on(SECOND), name="Khác")
    with pytest.raises(Conflict):
        end_body(body, on(FIRST))
    body = board()
    rename_body(body, on(SECOND), name="Khác")
    body.void(1, position=1, reason="Ghi nhầm", on=THIRD, replaced=True)
    with pytest.raises(Conflict):
        body.require_sound()
    assert body.standing(THIRD) is None
    gone = board()
    gone.void(1, position=1, reason="Ghi nhầm", on=THIRD)
    assert gone.last() is None
    assert isinstance(body.latest(BodyRenamed), BodyRenamed)
    assert not any(isinstance(entry, BodyEnded) for entry in body.live())


def test_charges_have_their_days() -> None:
    """What stays keeps its first day; what goes has a last one."""
    given = territory(1, 2)
    change_territory(given, on(SECOND), organizations=(ref(2), ref(3)), document="8-QĐ/HU")
    end_territory(given, on(THIRD))
    one, two, three = (UUID(int=each) for each in (1, 2, 3))

    assert given.organizations(BEFORE) == frozenset()
    assert given.organizations(FIRST) == {one, two}
    assert given.organizations(SECOND) == {two, three}
    assert given.organizations(THIRD) == frozenset()
    assert sorted(given.charges()) == sorted(
        [Charge(one, FIRST, SECOND), Charge(two, FIRST, THIRD), Charge(three, SECOND, THIRD)]
    )
    assert territory(1).charges() == [Charge(one, FIRST, None)]


def test_a_shared_organization_is_a_finding() -> None:
    """It is recorded all the same (O3)."""
    first = territory(1, 2)
    second = territory(2, 3, number=9, others=(first,))
    findings = change_territory(second, on(SECOND), (first,), organizations=(ref(1), ref(2)))

    assert second.assigned.findings == ("O3",)
    assert [each.code for each in findings] == ["TERRITORY_SHARED"]
    assert second.latest(TerritoryChanged).findings == ("O3",)
    assert change_territory(second, on(THIRD), (first,), organizations=(ref(3),)) == []


def test_a_territory_is_changed_while_it_stands() -> None:
    """Nobody is relieved twice, nobody answers for nothing, and an end comes last."""
    given = territory(1)
    with pytest.raises(Conflict) as early:
        end_territory(given, on(BEFORE))
    with pytest.raises(InvalidInput):
        change_territory(given, on(SECOND), organizations=())
    change_territory(given, on(THIRD), organizations=(ref(2),))
    with pytest.raises(Conflict) as late:
        end_territory(given, on(SECOND))
    given = territory(1)
    end_territory(given, on(SECOND))
    with pytest.raises(Conflict):
        end_territory(given, on(THIRD))
    given.void(1, position=1, reason="Ghi nhầm", on=THIRD, replaced=True)
    with pytest.raises(Conflict):
        given.require_sound()

    assert early.value.code == "TERRITORY_NOT_STANDING"
    assert late.value.code == "EVENT_HAS_SUCCESSORS"
    assert isinstance(given.latest(TerritoryEnded), TerritoryEnded)
