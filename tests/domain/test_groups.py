"""The catalogue of groups, and which of them a person is in."""

from datetime import date

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.groups import (
    Particulars,
    Sex,
    age_band,
    age_on,
    catalogue,
    groups_on,
    mask,
    person_groups,
    require_group,
    unmask,
)

NONE = frozenset[str]()


def person(
    sex: Sex = Sex.MALE, ethnicity: str | None = None, religion: str | None = None
) -> Particulars:
    """Somebody of whom little is known."""
    return Particulars(date(2000, 5, 20), sex, ethnicity, religion)


def test_bits_are_the_stored_ones() -> None:
    """The bit of a group is stored in postings and never changes."""
    assert {code: group.bit for code, group in catalogue().items()} == {
        "WOMEN": 0,
        "ETHNIC_MINORITY": 1,
        "RELIGIOUS": 2,
        "YOUTH_UNION": 3,
        "YOUTH_AGE": 4,
        "STUDENT": 5,
        "PUPIL": 6,
        "HEALTH_STAFF": 7,
        "WORKER": 8,
        "MINORITY_AREA": 9,
        "RELIGIOUS_AREA": 10,
    }


@each(codes=st.lists(st.sampled_from(sorted(catalogue()))))
def test_mask_and_back(codes: list[str]) -> None:
    """A mask names the same groups again, in the catalogue's order; unknown codes are left out."""
    assert unmask(mask([*codes, "NOBODY"])) == tuple(c for c in catalogue() if c in codes)


def test_unknown_group() -> None:
    """A code that is not in the catalogue is refused; no code is none."""
    assert require_group(None) is None
    assert require_group("WOMEN") == "WOMEN"
    with pytest.raises(InvalidInput) as refusal:
        require_group("NOBODY")
    assert (refusal.value.code, refusal.value.field) == ("UNKNOWN_GROUP", "group")


@pytest.mark.parametrize(
    ("particulars", "expected"),
    [
        (person(Sex.FEMALE), {"WOMEN"}),
        (person(), set()),
        (person(ethnicity="Kinh"), set()),
        (person(ethnicity=" KINH "), set()),
        (person(ethnicity="K'Ho"), {"ETHNIC_MINORITY"}),
        (person(religion="Không"), set()),
        (person(religion="  "), set()),
        (person(religion="Công giáo"), {"RELIGIOUS"}),
    ],
)
def test_groups_that_follow(particulars: Particulars, expected: set[str]) -> None:
    """Sex, ethnicity and religion put a person into groups without being asked."""
    assert person_groups(NONE, particulars) == expected


def test_stated_groups() -> None:
    """What is unknown may be stated; Youth Union age is computed, whatever is stated."""
    stated = frozenset({"STUDENT", "RELIGIOUS", "ETHNIC_MINORITY", "YOUTH_AGE"})
    assert person_groups(stated, person()) == stated - {"YOUTH_AGE"}


@pytest.mark.parametrize(
    ("code", "particulars"),
    [
        ("WOMEN", person()),
        ("ETHNIC_MINORITY", person(ethnicity="Kinh")),
        ("RELIGIOUS", person(religion="không")),
        ("MINORITY_AREA", person()),
        ("RELIGIOUS_AREA", person()),
    ],
)
def test_contradicted_groups(code: str, particulars: Particulars) -> None:
    """A stated group that the particulars contradict is refused, and so is a group of the area."""
    with pytest.raises(InvalidInput) as refusal:
        person_groups(frozenset({code}), particulars)
    assert (refusal.value.code, refusal.value.field) == ("GROUP_CONTRADICTED", "groups")


def test_unknown_stated_group() -> None:
    """A stated group is one of the catalogue."""
    with pytest.raises(InvalidInput) as refusal:
        person_groups(frozenset({"NOBODY"}), person())
    assert (refusal.value.code, refusal.value.field) == ("UNKNOWN_GROUP", "groups")


@pytest.mark.parametrize(
    ("day", "years", "young"),
    [
        (date(2016, 4, 30), 15, False),
        (date(2016, 5, 1), 16, True),
        (date(2031, 4, 30), 30, True),
        (date(2031, 5, 1), 31, False),
    ],
)
def test_youth_union_age(day: date, years: int, *, young: bool) -> None:
    """Youth Union age is 16 to 30 whole years, counted by month."""
    birth_date = date(2000, 5, 20)

    assert years == age_on(birth_date, day)
    assert young is ("YOUTH_AGE" in groups_on(NONE, birth_date, day, NONE))


def test_area_groups() -> None:
    """The area of the organization adds its groups; everything is in the catalogue's order."""
    found = groups_on(
        frozenset({"WORKER", "WOMEN"}),
        date(1950, 1, 1),
        date(2023, 1, 1),
        frozenset({"RELIGIOUS_AREA", "ETHNIC_MINORITY_AREA", "OTHER"}),
    )
    assert found == ("WOMEN", "WORKER", "MINORITY_AREA", "RELIGIOUS_AREA")


@pytest.mark.parametrize(
    ("years", "band"),
    [(17, "under-18"), (18, "18-30"), (30, "18-30"), (31, "31-40"), (60, "51-60"), (61, "over-60")],
)
def test_age_bands(years: int, band: str) -> None:
    """The band that stands in the clear beside an event."""
    assert band == age_band(date(2023 - years, 6, 1), date(2023, 6, 1))
