"""The catalogue of groups that targets and figures speak of.

A person may be in several, so group figures never add up.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.calendar import months_between
from domain.errors import InvalidInput
from domain.text import Text


class Sex(StrEnum):
    """As written in the identity papers."""

    FEMALE = "FEMALE"
    MALE = "MALE"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of people by its stable code."""

    code: str
    name: Text
    bit: int


@cache
def catalogue() -> dict[str, Group]:
    """All groups by code, in the order of the data file."""
    data = tomllib.loads(files("domain").joinpath("groups.toml").read_text("utf-8"))
    return {
        row["code"]: Group(row["code"], Text(row["vi"], row["en"]), row["bit"])
        for row in data["group"]
    }


def require_group(code: str | None, field: str = "group") -> str | None:
    """The code itself. Raises InvalidInput for one that is not in the catalogue."""
    if code is not None and code not in catalogue():
        raise InvalidInput(
            "UNKNOWN_GROUP",
            Text(f"Không có nhóm đối tượng “{code}”.", f"There is no group “{code}”."),
            field=field,
        )
    return code


def mask(codes: Iterable[str]) -> int:
    """The groups as one number, a bit each; codes that are not in the catalogue are left out."""
    bits, found = _bits(), 0
    for code in codes:
        found |= bits.get(code, 0)
    return found


@cache
def _bits() -> dict[str, int]:
    return {code: 1 << group.bit for code, group in catalogue().items()}


def unmask(groups: int) -> tuple[str, ...]:
    """The codes of a mask in the catalogue's order."""
    return tuple(code for code, group in catalogue().items() if groups >> group.bit & 1)


AGE_BANDS: tuple[tuple[int, str], ...] = (
    (18, "under-18"),
    (31, "18-30"),
    (41, "31-40"),
    (51, "41-50"),
    (61, "51-60"),
)
YOUTH_AGE = "YOUTH_AGE"
YOUTH_YEARS = range(16, 31)
"""Youth Union age in whole years. Source: Luật Thanh niên 57/2020/QH14, Art. 1 (16 to 30)."""

AREA_GROUPS = {"ETHNIC_MINORITY_AREA": "MINORITY_AREA", "RELIGIOUS_AREA": "RELIGIOUS_AREA"}
"""Characteristic of an organization → group of the people in its area."""


def age_on(birth_date: date, day: date) -> int:
    """Whole years by month: the month of the birthday already counts as reached."""
    return months_between(birth_date, day) // 12


def age_band(birth_date: date, day: date) -> str:
    """The band of ages that stands in the clear beside every event of a person."""
    age = age_on(birth_date, day)
    return next((band for below, band in AGE_BANDS if age < below), "over-60")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of a person that decides groups; None means unknown."""

    birth_date: date
    sex: Sex
    ethnicity: str | None
    religion: str | None


MAJORITY_ETHNICITY = "kinh"
NO_RELIGION = frozenset({"không", "khong", "none", "-"})


def person_groups(stated: frozenset[str], particulars: Particulars) -> frozenset[str]:
    """The groups that belong to the person.

    Those stated, and those that follow from sex, ethnicity and religion.

    Raises InvalidInput for an unknown group, an area group (it follows from the organization), or a
    stated group that the particulars contradict.
    """
    follows: dict[str, bool | None] = {
        "WOMEN": particulars.sex is Sex.FEMALE,
        "ETHNIC_MINORITY": _differs(particulars.ethnicity, frozenset({MAJORITY_ETHNICITY})),
        "RELIGIOUS": _differs(particulars.religion, NO_RELIGION),
    }
    for code in sorted(stated):
        require_group(code, "groups")
        if code in AREA_GROUPS.values() or follows.get(code) is False:
            raise InvalidInput(
                "GROUP_CONTRADICTED",
                Text(
                    f"Nhóm “{code}” trái với thông tin đã khai của người này.",
                    f"The group “{code}” contradicts what is stated of the person.",
                ),
                field="groups",
            )
    return frozenset(stated | {code for code, holds in follows.items() if holds}) - {YOUTH_AGE}


def _differs(value: str | None, usual: frozenset[str]) -> bool | None:
    if value is None or not value.strip():
        return None
    return value.strip().casefold() not in usual


def groups_on(
    of_person: frozenset[str], birth_date: date, day: date, characteristics: frozenset[str]
) -> tuple[str, ...]:
    """All groups of a person on a day in the catalogue's order.

    The person's own, by age and by area.
    """
    found = set(of_person) | {AREA_GROUPS[c] for c in characteristics if c in AREA_GROUPS}
    if age_on(birth_date, day) in YOUTH_YEARS:
        found.add(YOUTH_AGE)
    return tuple(code for code in catalogue() if code in found)
