"""The organizations of the demo: Lâm Đồng in the structure of 2023 and Bình Định's bloc.

Nobody is in them yet.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypedDict, cast

from domain.organization import OrganizationKind, code_segment, plain_words


class Setting(StrEnum):
    """What kind of people are met in an organization."""

    RESIDENTIAL = "RESIDENTIAL"
    AGENCY = "AGENCY"
    COLLEGE = "COLLEGE"
    HOSPITAL = "HOSPITAL"
    SCHOOL = "SCHOOL"


@dataclass(frozen=True, slots=True)
class PlannedOrganization:
    """One organization to establish; its superior and its tenant follow from its code."""

    code: str
    name: str
    kind: OrganizationKind
    setting: Setting = Setting.RESIDENTIAL
    characteristics: tuple[str, ...] = ()

    @property
    def parent(self) -> str | None:
        """The code of the superior; None for a province."""
        return self.code.rpartition("/")[0] or None

    @property
    def tenant(self) -> str:
        """The code of the tenant that keeps its records."""
        return "/".join(self.code.split("/")[:2])

    @property
    def grassroots(self) -> str:
        """The code of the grassroots organization that it is or belongs to."""
        return "/".join(self.code.split("/")[:3])


class _District(TypedDict):
    name: str
    communes: list[list[str]]


class _Agencies(TypedDict, total=False):
    under: str
    setting: str
    committees: list[str]
    parts: list[str]
    cells: list[str]


class _FurtherCell(TypedDict):
    name: str
    setting: str
    communes: list[str]


class _Settings(TypedDict):
    established_on: date
    document: str
    minority: dict[str, float]
    areas: dict[str, list[str]]
    agencies: list[_Agencies]
    further_cells: list[_FurtherCell]


BAO_LAM = "lam-dong/bao-lam"
LAM_DONG_BLOC = "lam-dong/khoi"
BINH_DINH_BLOC = "binh-dinh/khoi"
_ROOTS = (
    PlannedOrganization("lam-dong", "Đảng bộ tỉnh Lâm Đồng", OrganizationKind.PROVINCE),
    PlannedOrganization("binh-dinh", "Đảng bộ tỉnh Bình Định", OrganizationKind.PROVINCE),
)
_BLOCS = (
    PlannedOrganization(
        LAM_DONG_BLOC, "Đảng bộ Khối các cơ quan tỉnh Lâm Đồng", OrganizationKind.BLOC
    ),
    PlannedOrganization(
        BINH_DINH_BLOC, "Đảng bộ Khối các cơ quan tỉnh Bình Định", OrganizationKind.BLOC
    ),
)
_URBAN = ("Phường", "Thị trấn")


@cache
def settings() -> _Settings:
    """The data file beside the communes."""
    text = files("app.demo").joinpath("organizations.toml").read_text("utf-8")
    return cast("_Settings", tomllib.loads(text))


@cache
def organizations() -> tuple[PlannedOrganization, ...]:
    """All organizations, each after its superior."""
    planned = [*_ROOTS, *_BLOCS]
    for district in _districts():
        planned += _district(district)
    for agencies in settings()["agencies"]:
        planned += _agencies(agencies)
    return tuple(sorted(planned, key=lambda organization: organization.code.count("/")))


@cache
def cells(tenant: str) -> tuple[PlannedOrganization, ...]:
    """The cells of a tenant, where people are identified, in the order of the data."""
    return tuple(o for o in organizations() if o.tenant == tenant and o.kind.is_cell)


def tenants() -> tuple[str, ...]:
    """The codes of all tenants, provinces first."""
    return tuple(o.code for o in organizations() if o.code == o.tenant)


@cache
def communes() -> dict[str, dict[str, PlannedOrganization]]:
    """The communes of Lâm Đồng: by district, then by the number of the commune in the data."""
    found = {}
    for district in _districts():
        code, *below = _district(district)
        own = [each for each in below if each.kind is OrganizationKind.GRASSROOTS_COMMITTEE]
        numbers = [number for number, _ in district["communes"]]
        found[code.code] = dict(zip(numbers, own, strict=True))
    return found


def _districts() -> list[_District]:
    text = files("app.demo").joinpath("units.json").read_text("utf-8")
    return cast("list[_District]", json.loads(text)["districts"])


def _district(district: _District) -> Iterator[PlannedOrganization]:
    kind, _, bare = district["name"].partition(" ")
    if kind == "Thành":
        kind, bare = "Thành phố", bare.removeprefix("phố ")
    code = f"lam-dong/{plain_words(bare)}"
    yield PlannedOrganization(code, f"Đảng bộ {kind.lower()} {bare}", OrganizationKind.DISTRICT)
    names = [name for _, name in district["communes"]]
    taken = Counter(code_segment(name) for name in names)
    for name in names:
        segment = code_segment(name)
        if taken[segment] > 1:
            segment = plain_words(name)
        yield from _commune(f"{code}/{segment}", name)


def _commune(code: str, name: str) -> Iterator[PlannedOrganization]:
    characteristics = tuple(
        sorted(area for area, codes in settings()["areas"].items() if code in codes)
    )
    kind = next((word for word in (*_URBAN, "Xã") if name.startswith(word)), "")
    full_name = f"Đảng bộ {kind.lower()}{name.removeprefix(kind)}"
    yield PlannedOrganization(
        code,
        full_name,
        OrganizationKind.GRASSROOTS_COMMITTEE,
        characteristics=characteristics,
    )
    place = "tổ dân phố" if kind in _URBAN else "thôn"
    parts = [(f"Chi bộ {place} {n}", Setting.RESIDENTIAL) for n in range(1, _villages(code) + 1)]
    for part, setting in (*parts, *_further_cells(code)):
        yield PlannedOrganization(
            f"{code}/{_segment(part)}",
            part,
            OrganizationKind.SUBORDINATE_CELL,
            setting,
            characteristics,
        )


def _villages(code: str) -> int:
    return 3 if code.startswith(f"{BAO_LAM}/") else 2


def _further_cells(code: str) -> list[tuple[str, Setting]]:
    segment = code.removeprefix(f"{BAO_LAM}/")
    further = settings()["further_cells"]
    return [
        (cell["name"], Setting(cell["setting"])) for cell in further if segment in cell["communes"]
    ]


def _agencies(agencies: _Agencies) -> Iterator[PlannedOrganization]:
    setting = Setting(agencies["setting"])
    under = agencies["under"]
    for name in agencies.get("committees", []):
        code = f"{under}/{_segment(name)}"
        yield PlannedOrganization(code, name, OrganizationKind.GRASSROOTS_COMMITTEE, setting)
        for part in agencies["parts"]:
            yield PlannedOrganization(
                f"{code}/{_segment(part)}", part, OrganizationKind.SUBORDINATE_CELL, setting
            )
    for name in agencies.get("cells", []):
        yield PlannedOrganization(
            f"{under}/{_segment(name)}", name, OrganizationKind.GRASSROOTS_CELL, setting
        )


def _segment(name: str) -> str:
    """The last part of an agency's code: its name without the kind of organization."""
    return plain_words(name.removeprefix("Chi bộ ").removeprefix("Đảng bộ "))
