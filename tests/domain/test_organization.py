"""Organizations: codes made from names, what may stand under what, and names by date."""

from datetime import date
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.organization import (
    Established,
    Organization,
    OrganizationKind,
    Place,
    Renamed,
    code_segment,
    organization_id,
    plain_words,
    require_segment,
)
from domain.organization_kind import Level, level_of

DISTRICT = Place(UUID(int=5), "lam-dong/bao-lam", OrganizationKind.DISTRICT)
DAY = date(2020, 1, 6)


def established(name: str = "Đảng bộ xã Lộc Thắng", segment: str | None = None) -> Organization:
    """A grassroots committee."""
    return Organization.establish(
        DISTRICT,
        on=DAY,
        name=name,
        kind=OrganizationKind.GRASSROOTS_COMMITTEE,
        segment=segment,
        characteristics=["RELIGIOUS_AREA", "ETHNIC_MINORITY_AREA", "RELIGIOUS_AREA"],
    )


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("B'Lá", "b-la"),
        ("Đảng bộ xã B'Lá", "b-la"),
        ("Phường 1", "phuong-1"),
        ("Đảng bộ Phường 1", "phuong-1"),
        ("Huyện Đạ Tẻh", "da-teh"),
        ("Thị trấn Lộc Thắng", "loc-thang"),
        ("Xã Lộc Thắng", "loc-thang"),
        ("Chi bộ thôn 10", "thon-10"),
        ("Thành phố Đà Lạt", "da-lat"),
        ("Xã", "xa"),
        ("ĐƠN DƯƠNG", "don-duong"),
    ],
)
def test_code_segment(name: str, segment: str) -> None:
    """A code is the name without its kind and diacritics; before a number the kind stays."""
    assert segment == code_segment(name)


def test_plain_words() -> None:
    """Every run of other characters is one hyphen, none at the ends."""
    assert plain_words(" – Khối  Cơ quan (tỉnh)! ") == "khoi-co-quan-tinh"


@pytest.mark.parametrize("segment", ["", "-a", "a-", "a--b", "Xã", "a/b", "A", "a" * 61])
def test_bad_segment(segment: str) -> None:
    """A segment is 1 to 60 lower-case letters and digits joined by hyphens."""
    with pytest.raises(InvalidInput) as refusal:
        require_segment(segment)
    assert (refusal.value.code, refusal.value.field) == ("INVALID_CODE", "code")


def test_a_name_without_letters_has_no_code() -> None:
    """A name that leaves nothing for a code is refused unless a code is given."""
    with pytest.raises(InvalidInput):
        established("???")
    assert established("???", "so-1").established.code == "lam-dong/bao-lam/so-1"


def test_same_code_same_identity() -> None:
    """Two names that give one code collide: their identity is the same."""
    first, second = established("Xã Lộc Thắng"), established("Thị trấn Lộc Thắng")

    assert first.id == second.id == organization_id("lam-dong/bao-lam/loc-thang")
    assert first.id != established("Xã Lộc Thắng", "loc-thang-2").id


def test_established() -> None:
    """An organization is its own subject, and its characteristics are a sorted set."""
    entry = established().established

    assert isinstance(entry, Established)
    assert entry.organization_id == entry.originator_id
    assert entry.parent_id == DISTRICT.id
    assert entry.characteristics == ("ETHNIC_MINORITY_AREA", "RELIGIOUS_AREA")


def test_code_too_long() -> None:
    """A code path has at most 200 characters."""
    deep = Place(UUID(int=5), "/".join(["x" * 49] * 3), OrganizationKind.DISTRICT)
    for length, fits in ((50, True), (51, False)):
        made = "y" * length
        if fits:
            Organization.establish(
                deep, on=DAY, name="A", kind=OrganizationKind.GRASSROOTS_CELL, segment=made
            )
            continue
        with pytest.raises(InvalidInput):
            Organization.establish(
                deep, on=DAY, name="A", kind=OrganizationKind.GRASSROOTS_CELL, segment=made
            )


K = OrganizationKind
ABOVE_GRASSROOTS = {K.DISTRICT, K.BLOC, K.MILITARY, K.POLICE}
NEW_ABOVE_GRASSROOTS = {K.COMMUNE, K.WARD, K.SPECIAL_ZONE, K.PROVINCIAL_AGENCIES}
ALWAYS = {
    (None, K.PROVINCE),
    *((K.PROVINCE, kind) for kind in ABOVE_GRASSROOTS),
    *(
        (above, kind)
        for above in ABOVE_GRASSROOTS | NEW_ABOVE_GRASSROOTS
        for kind in (K.GRASSROOTS_COMMITTEE, K.GRASSROOTS_CELL)
    ),
    (K.GRASSROOTS_COMMITTEE, K.SECTIONAL_COMMITTEE),
    *(
        (above, K.SUBORDINATE_CELL)
        for above in (K.GRASSROOTS_COMMITTEE, K.SECTIONAL_COMMITTEE, K.COMMUNE, K.WARD)
    ),
}
FITS = {
    date(2025, 6, 30): {
        *ALWAYS,
        (K.DISTRICT, K.COMMUNE),
        (K.DISTRICT, K.WARD),
        (K.PROVINCE, K.PROVINCIAL_AGENCIES),
    },
    date(2025, 7, 1): {*ALWAYS, *((K.PROVINCE, kind) for kind in NEW_ABOVE_GRASSROOTS)},
}


@pytest.mark.parametrize("on", FITS)
@pytest.mark.parametrize("above", [None, *OrganizationKind])
@pytest.mark.parametrize("kind", list(OrganizationKind))
def test_kinds(above: OrganizationKind | None, kind: OrganizationKind, on: date) -> None:
    """Each kind stands only under the kinds it may stand under on the day."""
    place = Place() if above is None else Place(UUID(int=5), "a", above)
    if (above, kind) in FITS[on]:
        Organization.establish(place, on=on, name="A", kind=kind)
        return
    with pytest.raises(InvalidInput) as refusal:
        Organization.establish(place, on=on, name="A", kind=kind)
    assert (refusal.value.code, refusal.value.field) == ("KIND_DOES_NOT_FIT", "kind")


def test_the_level_belongs_to_the_place() -> None:
    """A commune organization is grassroots under a district, and above it under a province."""
    assert level_of(K.COMMUNE, K.DISTRICT) is Level.GRASSROOTS
    assert level_of(K.COMMUNE, K.PROVINCE) is Level.ABOVE_GRASSROOTS
    assert level_of(K.SUBORDINATE_CELL, None) is Level.CELL


def test_cells_are_where_cases_are() -> None:
    """Cases are handled in the two kinds of cells."""
    assert [kind for kind in OrganizationKind if kind.is_cell] == [
        OrganizationKind.GRASSROOTS_CELL,
        OrganizationKind.SUBORDINATE_CELL,
    ]


def test_unknown_characteristic() -> None:
    """A characteristic is one of the known ones."""
    with pytest.raises(InvalidInput) as refusal:
        Organization.establish(
            Place(), on=DAY, name="A", kind=OrganizationKind.PROVINCE, characteristics=["MOON"]
        )
    assert (refusal.value.code, refusal.value.field) == (
        "UNKNOWN_CHARACTERISTIC",
        "characteristics",
    )


def test_rename() -> None:
    """A new name holds from its day on and not before the organization was established."""
    organization = established()
    organization.rename(" Xã Bảo Lâm 1 ", on=DAY, document="12-QĐ/TU")

    renamed = organization.latest(Renamed)
    assert (renamed.name, renamed.document) == ("Xã Bảo Lâm 1", "12-QĐ/TU")
    assert organization.established.code == "lam-dong/bao-lam/loc-thang"
    with pytest.raises(InvalidInput) as refusal:
        organization.rename("B", on=date(2020, 1, 5))
    assert (refusal.value.code, refusal.value.field) == ("BEFORE_ESTABLISHMENT", "occurredOn")
    assert len(organization.entries) == 2


def test_an_organization_holds_nothing_that_another_could_not() -> None:
    assert established().exclusive() == frozenset()
