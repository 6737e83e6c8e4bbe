"""Kinds and levels of organizations, and what may stand under what on a day.

Holds no value of its own; all of them stand in `organization_kinds.toml`.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.errors import InvalidInput
from domain.text import Text


class Level(StrEnum):
    """The levels of the domain sheet, B.1, from the top down."""

    PROVINCE = "PROVINCE"
    ABOVE_GRASSROOTS = "ABOVE_GRASSROOTS"
    GRASSROOTS = "GRASSROOTS"
    SECTIONAL = "SECTIONAL"
    CELL = "CELL"


class OrganizationKind(StrEnum):
    """The types of the domain sheet, A.1 and B.1."""

    PROVINCE = "PROVINCE"
    DISTRICT = "DISTRICT"
    BLOC = "BLOC"
    COMMUNE = "COMMUNE"
    WARD = "WARD"
    SPECIAL_ZONE = "SPECIAL_ZONE"
    PROVINCIAL_AGENCIES = "PROVINCIAL_AGENCIES"
    MILITARY = "MILITARY"
    POLICE = "POLICE"
    GRASSROOTS_COMMITTEE = "GRASSROOTS_COMMITTEE"
    GRASSROOTS_CELL = "GRASSROOTS_CELL"
    SECTIONAL_COMMITTEE = "SECTIONAL_COMMITTEE"
    SUBORDINATE_CELL = "SUBORDINATE_CELL"

    @property
    def is_cell(self) -> bool:
        """Whether cases are handled there."""
        return self in (OrganizationKind.GRASSROOTS_CELL, OrganizationKind.SUBORDINATE_CELL)


@dataclass(frozen=True, slots=True)
class KindPlace:
    """One kind under one other (None: under nothing), the level it has there, and from when."""

    kind: OrganizationKind
    under: OrganizationKind | None
    level: Level
    first: date
    last: date


@cache
def kind_places() -> tuple[KindPlace, ...]:
    """All of them, in the order of the data file."""
    data = tomllib.loads(files("domain").joinpath("organization_kinds.toml").read_text("utf-8"))
    return tuple(
        KindPlace(
            OrganizationKind(row["kind"]),
            None if above is None else OrganizationKind(above),
            Level(row["level"]),
            row.get("valid_from", date.min),
            row.get("valid_to", date.max),
        )
        for row in data["place"]
        for above in row.get("under", [None])
    )


def level_of(kind: OrganizationKind, superior: OrganizationKind | None) -> Level:
    """The level of a kind under a superior of a kind.

    The kind's first level where it does not belong there, or where the superior is not known.
    """
    places = [place for place in kind_places() if place.kind is kind]
    return next((place.level for place in places if place.under is superior), places[0].level)


def may_be_on(kind: OrganizationKind, level: Level) -> bool:
    """Whether organizations of a kind can stand on a level."""
    return any(place.kind is kind and place.level is level for place in kind_places())


def kind_under(kind: OrganizationKind, superior: OrganizationKind, on: date) -> OrganizationKind:
    """The kind that an organization of a kind becomes under a superior of a kind.

    Its own where that fits, else that of a grassroots organization: cell or committee.
    """
    if any(
        place.kind is kind and place.under is superior and place.first <= on <= place.last
        for place in kind_places()
    ):
        return kind
    if kind.is_cell:
        return OrganizationKind.GRASSROOTS_CELL
    return OrganizationKind.GRASSROOTS_COMMITTEE


def require_kind_fits(
    kind: OrganizationKind, superior: OrganizationKind | None, on: date, field: str = "kind"
) -> None:
    """Passes for a kind that may stand under a superior of a kind on a day.

    Raises InvalidInput.
    """
    for place in kind_places():
        if place.kind is kind and place.under is superior and place.first <= on <= place.last:
            return
    raise InvalidInput(
        "KIND_DOES_NOT_FIT",
        Text(
            f"Loại {kind} không thể trực thuộc {superior or 'cấp trên nào'} ngày {on:%d/%m/%Y}.",
            f"{kind} cannot stand under {superior or 'nothing'} on {on}.",
        ),
        field=field,
    )
